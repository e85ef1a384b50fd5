"""What a reviewer does to an interview's evidence (ux.md desk 4). Everything is audited and can be taken back.

Acts give the id of their change. Where somebody changed the same thing since it was looked at they raise Overtaken.
"""

from interviewer.reviewing.finishing import finish, unfinish
from interviewer.reviewing.others import finished, merged, moved, since
from interviewer.reviewing.queue import being_read, next_after, queue, waiting
from interviewer.reviewing.redaction import redact
from interviewer.reviewing.release import release, withdraw
from interviewer.reviewing.statements import reword
from interviewer.reviewing.subjects import merge, subjects
from interviewer.reviewing.tags import STATEMENT, TAG, confirm, confirm_these, mark, reject, reopen, retag
from interviewer.reviewing.undoing import Undone, interview_of, last, undo
from interviewer.reviewing.words import LONGEST_SENTENCE, LONGEST_SUBJECT, Retag

__all__ = [
    "LONGEST_SENTENCE",
    "LONGEST_SUBJECT",
    "STATEMENT",
    "TAG",
    "Retag",
    "Undone",
    "being_read",
    "confirm",
    "confirm_these",
    "finish",
    "finished",
    "interview_of",
    "last",
    "mark",
    "merge",
    "merged",
    "moved",
    "next_after",
    "queue",
    "redact",
    "reject",
    "release",
    "reopen",
    "retag",
    "reword",
    "since",
    "subjects",
    "undo",
    "unfinish",
    "waiting",
    "withdraw",
]

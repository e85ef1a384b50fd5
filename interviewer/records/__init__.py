"""What the desk knows, unfiltered. Each attribute names the field that guards it (see `confidentiality.py`).

Use cases build these and give them to `confidentiality.see`; pages never hold one.
"""

from interviewer.records.calls import Call, Calls, Deal, Link
from interviewer.records.evidence import (
    Change,
    Competitor,
    Contradiction,
    Driver,
    Finding,
    Insight,
    Quote,
    Rejected,
    Release,
    Released,
    Segment,
    Statement,
    Step,
    Story,
    Suggestion,
    Tag,
    View,
)
from interviewer.records.interviews import Count, Exchange, Failure, Head, Interview, Listing, Piece, Status
from interviewer.records.reviewing import Decided, Queue, Subject, Subjects, Waiting

__all__ = [
    "Call",
    "Calls",
    "Change",
    "Competitor",
    "Contradiction",
    "Count",
    "Deal",
    "Decided",
    "Driver",
    "Exchange",
    "Failure",
    "Finding",
    "Head",
    "Insight",
    "Interview",
    "Link",
    "Listing",
    "Piece",
    "Queue",
    "Quote",
    "Rejected",
    "Release",
    "Released",
    "Segment",
    "Statement",
    "Status",
    "Step",
    "Story",
    "Subject",
    "Subjects",
    "Suggestion",
    "Tag",
    "View",
    "Waiting",
]

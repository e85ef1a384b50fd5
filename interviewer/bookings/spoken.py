"""Which turns of an interview a call gave, and which of them are words that were recorded (trust.md 30).

An invitation may come to have several calls, one after the other, and one interview. Each call replaces its own turns
alone; the others' are, like the chat, what was said before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interviewer import store
from interviewer.analysis.steps import STEPS
from interviewer.deps import Deps
from interviewer.importing.agreed import SAME
from interviewer.importing.keeping import HUMAN
from interviewer.store import imported, search, statements
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.transcript import Act, Speaker

FROM_CALL = "call"
"""Source of the turns that a call added."""


def added_by(booking: BookingRow, turn: TurnRow) -> bool:
    """Whether this call added the turn. One that does not say its call is of the release before, which knew one."""
    if turn.source != FROM_CALL:
        return False
    return turn.booking_id == booking.id if turn.booking_id else booking.interview_id == turn.interview_id


def recorded(turns: Iterable[TurnRow]) -> bool:
    """Whether the buyer's words stand there as they were spoken, and not as somebody noted them."""
    return any(turn.speaker == Speaker.BUYER and turn.act == Act.ANSWER and not turn.removed for turn in turns)


def brought_in(interview: InterviewRow | None, booking: BookingRow, turns: Sequence[TurnRow]) -> bool:
    """Whether the words of this very call came from where it was transcribed, without joining it."""
    if interview is None or interview.mode != HUMAN or not interview.source_id:
        return False
    same = abs(interview.started_at - booking.starts_at) <= SAME
    return same and recorded(turn for turn in turns if turn.source != FROM_CALL)


async def forget(deps: Deps, tx: Tx, interview: InterviewRow, booking: BookingRow) -> bool:
    """Drop the recorded words of a call, with all that was made of them; says whether there were any.

    The rest is analysed anew. What was noted stays; notes that the words had taken the place of can be made an
    interview again.
    """
    turns = await store.turns.rows(tx, interview.id)
    gone: list[TurnRow] = []
    own = [turn for turn in turns if added_by(booking, turn)]
    if recorded(own):
        gone, booking.interview_id = own, ""
    if brought_in(interview, booking, turns):
        gone += [turn for turn in turns if turn.source != FROM_CALL and turn.act != Act.NOTED]
    if not gone:
        return False
    left = {turn.number for turn in turns} - {turn.number for turn in gone}
    if not any(turn.number in left and turn.speaker == Speaker.BUYER for turn in turns):
        interview.first_answer_at = None
    interview.reviewed_at, interview.reviewed_by = None, ""
    await imported.drop_turns(tx, interview.id, {turn.number for turn in gone})
    await statements.drop_baseless(tx, interview.id)
    await store.analysis.reopen(tx, interview.id, [step.name for step in STEPS], forget_tries=True)
    await search.index(tx, interview.id)
    await deps.jobs.enqueue(tx, "analyse", interview.id)
    return True

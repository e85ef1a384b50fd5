"""A transcript of a call that was booked here is kept with everybody's yes to being recorded (trust.md 30).

What its host noted is always kept. Which call a transcript is of is told by the buyer's address: the one of their deal,
or of that day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from interviewer.importing import keeping
from interviewer.importing.keeping import Held
from interviewer.interchange import Interview
from interviewer.store import bookings
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.transcript import Act, Speaker

YES, NO = "yes", "no"
"""What a booking's `recording` says of everybody in the call."""
_SAME = timedelta(days=1)
_NOT_ASKED = (
    "was booked here, and no yes to being recorded is kept of everybody who was in it: bring in what was noted, or "
    "keep the answers on the call's page, if they gave them"
)
_REFUSED = "was booked here, and somebody in it said no to being recorded: only what was noted can be brought in"


async def refusals(tx: Tx, held: Sequence[Held], now: datetime) -> Mapping[str, str]:
    """Why interviews of a file must not be kept, by their source."""
    spoken = [one for one in held if keeping.address(one.interview) and _recorded(one.interview)]
    calls = await bookings.begun_with(tx, {keeping.address(one.interview) for one in spoken}, now)
    found = {}
    for one in spoken:
        began = one.course.started_at
        theirs = [
            row
            for email, deal_id, row in calls
            if email == keeping.address(one.interview)
            and (deal_id == one.interview.deal.deal_id or abs(row.starts_at - began) <= _SAME)
        ]
        call = min(theirs, key=lambda row: abs(row.starts_at - began), default=None)
        if call is not None and call.recording != YES:
            found[one.source] = _why(call)
    return found


def _recorded(interview: Interview) -> bool:
    """Whether it has words of the buyer in a call that are more than notes."""
    said = (turn for turn in interview.turns if turn.speaker is Speaker.BUYER and not turn.removed)
    return keeping.mode(interview) == keeping.HUMAN and any(turn.kind != Act.NOTED.value for turn in said)


def _why(call: BookingRow) -> str:
    return _REFUSED if call.recording == NO else _NOT_ASKED

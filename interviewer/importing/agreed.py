"""A transcript of a call that was booked here is kept with everybody's yes to being recorded (trust.md 30).

What its host noted is always kept. Which call a transcript is of is told by the buyer's address: the one of that day,
or of their deal; without an address by company, or name, and day. One no is enough, whatever became of the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from interviewer.importing import keeping
from interviewer.importing.keeping import Held
from interviewer.importing.turns import NONE
from interviewer.interchange import Buyer, Interview
from interviewer.store import bookings, consents
from interviewer.store.bookings import CANCELLED
from interviewer.store.consents import NO, YES
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Act, Speaker

_Call = tuple[InvitationRow, BookingRow]

SAME = timedelta(days=1)
"""A transcript says the day of its call at best."""
_NOT_ASKED = (
    "was booked here, and no yes to being recorded is kept of everybody who was in it: bring in what was noted, or "
    "keep the answers on the call's page, if they gave them in the call or after it"
)
_REFUSED = "was booked here, and somebody in it said no to being recorded: only what was noted can be brought in"
_BY_NAME = ". No address is given: it was told by the name and the day; if it is of another buyer, give theirs"
UNCHECKED = (
    "gives no address of its buyer, and calls were held here around that day: nobody could check whether it is one of "
    "them, and whether everybody in it agreed to being recorded"
)


@dataclass(frozen=True)
class Checked:
    """What came of it, by the source of each interview that it was about."""

    refused: Mapping[str, str]
    """Why it must not be kept."""
    unchecked: Mapping[str, str]
    """What could not be told of one that is kept."""


async def check(tx: Tx, held: Sequence[Held], now: datetime) -> Checked:
    """Which interviews of a file must not be kept, and of which nobody could say."""
    spoken = [one for one in held if _recorded(one.interview)]
    addresses = {keeping.address(one.interview) for one in spoken} - {""}
    calls = await bookings.begun_with(tx, addresses, now)
    refused, unchecked = {}, {}
    for one in spoken:
        if keeping.address(one.interview):
            if why := await _why(tx, _of_address(calls, one), one):
                refused[one.source] = why
            continue
        around = await _around(tx, one, now)
        if why := await _why(tx, [pair for pair in around if _same_buyer(pair[0], one.interview.buyer)], one):
            refused[one.source] = why + _BY_NAME
        elif around:
            unchecked[one.source] = UNCHECKED
    return Checked(refused, unchecked)


def _of_address(calls: Sequence[_Call], one: Held) -> Sequence[_Call]:
    """Calls with this buyer: those of about that day, else those of the deal, since the day may be a slip."""
    theirs = [pair for pair in calls if pair[0].email == keeping.address(one.interview)]
    near = [pair for pair in theirs if abs(pair[1].starts_at - one.course.started_at) <= SAME]
    return near or [pair for pair in theirs if pair[0].deal_id == one.interview.deal.deal_id]


async def _around(tx: Tx, one: Held, now: datetime) -> Sequence[_Call]:
    """Calls with anybody of about that day; of any day where it says none."""
    began = one.course.started_at
    since, until = (began - SAME, began + SAME) if one.course.times != NONE else (datetime.min.replace(tzinfo=UTC), now)
    return await bookings.begun_between(tx, since, until, now)


def _same_buyer(invitation: InvitationRow, buyer: Buyer) -> bool:
    """Whether company or name say so: a tool may know the first name only."""
    ours, theirs = _folded(invitation.company), _folded(buyer.company)
    if ours and theirs:
        return ours == theirs
    return bool(set(_folded(invitation.name).split()) & set(_folded(buyer.name).split()))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


async def _why(tx: Tx, calls: Sequence[_Call], one: Held) -> str:
    """Why it must not be kept, being of one of these calls; empty where it may."""
    holds = await consents.holding(tx, [row for _, row in calls])
    if NO in holds.values():
        return _REFUSED
    # A missed one counts: if there is a transcript, it was held after all. One that was called off was none.
    stand = [row for _, row in calls if row.state != CANCELLED]
    call = min(stand, key=lambda row: abs(row.starts_at - one.course.started_at), default=None)
    return _NOT_ASKED if call is not None and holds[call.id] != YES else ""


def _recorded(interview: Interview) -> bool:
    """Whether it has words of the buyer in a call that are more than notes."""
    said = (turn for turn in interview.turns if turn.speaker is Speaker.BUYER and not turn.removed)
    return keeping.mode(interview) == keeping.HUMAN and any(turn.kind != Act.NOTED.value for turn in said)

"""A person instead of the chat: where the call is booked, and what the buyer left for it.

What was answered stays; asking for a call ends nothing.
"""

from interviewer import deliveries
from interviewer.bookings import external, offering
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFound, Problem
from interviewer.links import digest
from interviewer.store import calls
from interviewer.store.db import Tx
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow

TIMES = "times"
"""What was left are times and a number, rather than that the buyer went to a booking page."""
LONGEST = {"first_time": 120, "second_time": 120, "phone": 40, "time_zone": 60}


async def choose_scheduler(deps: Deps, invitation_id: str, *, prefilled: bool) -> str:
    """Keep that the buyer goes to the booking page, and give its address. Raises NotFound without one.

    What goes along is a random reference, by which the page's messages are known (`external`), and no id or token.
    `prefilled` with name and address only for who may know whose invitation it is: a forwarded link must not tell.
    Empty for a preview, which books nothing.
    """
    if not deps.settings.scheduling_url:
        raise NotFound
    invitation, kept = await _keep(deps, invitation_id, channel="scheduler")
    return external.link(deps, invitation, kept.id, prefilled=prefilled) if kept is not None else ""


async def request(
    deps: Deps, invitation_id: str, *, first_time: str, second_time: str, phone: str, time_zone: str
) -> CallRequestRow | None:
    """Keep two preferred times, a number, or both; asking again replaces them. Raises BadInput by field.

    Gives what was kept; None for a preview, of which nothing is kept and nobody is told.
    """
    given = {"first_time": first_time, "second_time": second_time, "phone": phone, "time_zone": time_zone}
    given = {field: " ".join(text.split()) for field, text in given.items()}
    problems = [Problem(field, "too_long") for field, text in given.items() if len(text) > LONGEST[field]]
    if not (given["first_time"] or given["second_time"] or given["phone"]):
        problems.append(Problem("first_time", "either"))  # by which way to reach them: the desk has their address
    if given["phone"] and sum(c.isdigit() for c in given["phone"]) < 5:
        problems.append(Problem("phone", "not_a_number"))
    if problems:
        raise BadInput(problems)
    _, kept = await _keep(deps, invitation_id, channel=TIMES, **given)
    return kept


async def left(deps: Deps, invitation_id: str) -> CallRequestRow | None:
    """The times and number that were left and that nobody saw to yet. For the browser that left them (`mark`)."""
    async with deps.db.read() as tx:
        kept = await calls.of_invitation(tx, invitation_id)
    return kept if kept is not None and kept.channel == TIMES and kept.handled_at is None else None


async def withdraw(deps: Deps, invitation_id: str) -> None:
    """Forget the times and number that were left, unless somebody saw to them. Twice is harmless."""
    async with deps.db.write() as tx:
        await forget(tx, invitation_id)


async def forget(tx: Tx, invitation_id: str) -> None:
    """As `withdraw`, in a transaction of the caller's."""
    kept = await calls.of_invitation(tx, invitation_id, lock=True)
    if kept is not None and kept.channel == TIMES and kept.handled_at is None:
        await tx.delete(kept)


def mark(kept: CallRequestRow) -> str:
    """By what a browser shows that it left these very words: once others stand there, it no longer fits."""
    return digest("\n".join((kept.id, *(getattr(kept, field) for field in LONGEST))))[:32]


async def _keep(
    deps: Deps, invitation_id: str, *, channel: str, **given: str
) -> tuple[InvitationRow, CallRequestRow | None]:
    """The invitation, and what was kept; nothing of a preview."""
    async with deps.db.write() as tx:
        invitation = await offering.standing(tx, invitation_id, lock=True)
        if invitation.preview:
            return invitation, None
        kept = await calls.of_invitation(tx, invitation_id, lock=True)
        if kept is None:
            kept = CallRequestRow(id=deps.new_id(), invitation_id=invitation_id, channel=channel, created_at=deps.now())
        kept.channel, kept.handled_at = channel, None
        for field, text in given.items():
            setattr(kept, field, text)
        tx.add(kept)
        await deliveries.queue_call_notice(deps, tx, invitation_id)
        return invitation, kept

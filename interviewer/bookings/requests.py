"""A person instead of the chat: where the call is booked, and what the buyer left for it.

What was answered stays; asking for a call ends nothing.
"""

from interviewer import deliveries, store
from interviewer.bookings import external
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFound, Problem
from interviewer.store import calls
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow

LONGEST = {"first_time": 120, "second_time": 120, "phone": 40, "time_zone": 60}


async def choose_scheduler(deps: Deps, invitation_id: str, *, prefilled: bool) -> str:
    """Keep that the buyer goes to the booking page, and give its address. Raises NotFound without one.

    What goes along is a random reference, by which the page's messages are known (`external`), and no id or token.
    `prefilled` with name and address only for who may know whose invitation it is: a forwarded link must not tell.
    Empty for a preview, which books nothing.
    """
    if not deps.settings.scheduling_url:
        raise NotFound
    invitation, reference = await _keep(deps, invitation_id, channel="scheduler")
    return "" if invitation.preview else external.link(deps, invitation, reference, prefilled=prefilled)


async def request(
    deps: Deps, invitation_id: str, *, first_time: str, second_time: str, phone: str, time_zone: str
) -> None:
    """Keep two preferred times, a number, or both; asking again replaces them. Raises BadInput by field.

    For a preview nothing is kept and nobody is told.
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
    await _keep(deps, invitation_id, channel="times", **given)


async def left(deps: Deps, invitation_id: str) -> CallRequestRow | None:
    """What was left for a call: where the buyer went, or two times and a number. For their own browser alone."""
    async with deps.db.read() as tx:
        return await calls.of_invitation(tx, invitation_id)


async def _keep(deps: Deps, invitation_id: str, *, channel: str, **given: str) -> tuple[InvitationRow, str]:
    """The invitation, and the id of what was kept; empty for a preview."""
    async with deps.db.write() as tx:
        invitation = await store.invitations.get(tx, invitation_id, lock=True)
        if invitation is None or invitation.erased_at or invitation.revoked_at:
            raise NotFound
        if invitation.preview:
            return invitation, ""
        kept = await calls.of_invitation(tx, invitation_id, lock=True)
        if kept is None:
            kept = CallRequestRow(id=deps.new_id(), invitation_id=invitation_id, channel=channel, created_at=deps.now())
        kept.channel, kept.handled_at = channel, None
        for field, text in given.items():
            setattr(kept, field, text)
        tx.add(kept)
        await deliveries.queue_call_notice(deps, tx, invitation_id)
        return invitation, kept.id

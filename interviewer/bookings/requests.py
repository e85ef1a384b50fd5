"""A person instead of the chat: where the call is booked, and what the buyer left for it.

What was answered stays; asking for a call ends nothing.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from interviewer import deliveries, store
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFound, Problem
from interviewer.store import calls
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow

LONGEST = {"first_time": 120, "second_time": 120, "phone": 40, "time_zone": 60}


def scheduler_link(scheduling_url: str, invitation: InvitationRow) -> str:
    """The organisation's booking page with name and address filled in. No id or token of ours goes along."""
    parts = urlsplit(scheduling_url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query.update({key: value for key, value in (("name", invitation.name), ("email", invitation.email)) if value})
    return urlunsplit(parts._replace(query=urlencode(query)))


async def choose_scheduler(deps: Deps, invitation_id: str, *, prefilled: bool) -> str:
    """Keep that the buyer goes to the booking page, and give its address. Raises NotFound without one.

    `prefilled` only for who may know whose invitation it is: a forwarded link must not tell. Empty for a preview,
    which books nothing.
    """
    if not deps.settings.scheduling_url:
        raise NotFound
    invitation = await _keep(deps, invitation_id, channel="scheduler")
    if invitation.preview:
        return ""
    return scheduler_link(deps.settings.scheduling_url, invitation) if prefilled else deps.settings.scheduling_url


async def request(
    deps: Deps, invitation_id: str, *, first_time: str, second_time: str, phone: str, time_zone: str
) -> None:
    """Keep two preferred times and a number; asking again replaces them. Raises BadInput by field.

    For a preview nothing is kept and nobody is told.
    """
    given = {"first_time": first_time, "second_time": second_time, "phone": phone, "time_zone": time_zone}
    given = {field: " ".join(text.split()) for field, text in given.items()}
    problems = [Problem(field, "too_long") for field, text in given.items() if len(text) > LONGEST[field]]
    problems += [Problem(field, "missing") for field in ("first_time", "phone") if not given[field]]
    if given["phone"] and sum(c.isdigit() for c in given["phone"]) < 5:
        problems.append(Problem("phone", "not_a_number"))
    if problems:
        raise BadInput(problems)
    await _keep(deps, invitation_id, channel="times", **given)


async def _keep(deps: Deps, invitation_id: str, *, channel: str, **given: str) -> InvitationRow:
    async with deps.db.write() as tx:
        invitation = await store.invitations.get(tx, invitation_id, lock=True)
        if invitation is None or invitation.erased_at or invitation.revoked_at:
            raise NotFound
        if invitation.preview:
            return invitation
        kept = await calls.of_invitation(tx, invitation_id, lock=True)
        if kept is None:
            kept = CallRequestRow(id=deps.new_id(), invitation_id=invitation_id, channel=channel, created_at=deps.now())
        kept.channel, kept.handled_at = channel, None
        for field, text in given.items():
            setattr(kept, field, text)
        tx.add(kept)
        await deliveries.queue_call_notice(deps, tx, invitation_id)
        return invitation

"""Word to the desk that a buyer would rather talk, and left no time that could be booked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from interviewer.confidentiality import Field, Role, Viewer, see
from interviewer.deliveries.copies import PAUSE
from interviewer.deliveries.queueing import Draft, queue
from interviewer.deps import Deps
from interviewer.store import agreement, calls, deliveries, interviews, invitations, users
from interviewer.store.db import Tx


@dataclass(frozen=True)
class CallNotice:
    """That a buyer asked for a person. Times and number stay at the desk."""

    name: Annotated[str, Field.PERSON]
    company: Annotated[str, Field.COMPANY]
    scheduler: Annotated[bool, Field.CALL]
    link: Annotated[str, Field.CALL]


async def queue_call_notice(deps: Deps, tx: Tx, invitation_id: str) -> None:
    """Tell everybody at the desk who sees calls, once `tx` commits, that this buyer wants one."""
    if deps.mail is None or await deliveries.count(tx, "call_requested", invitation_id, since=deps.now() - PAUSE):
        return
    for user in await deliveries.desk_users(tx):
        if user.role in set(Role) and Viewer(user.id, Role(user.role)).sees(Field.CALL):
            payload = {"invitation_id": invitation_id, "user_id": user.id}
            await queue(deps, tx, "call_requested", payload, invitation_id)


async def draft(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    user = await users.get(tx, payload["user_id"])
    call = await calls.of_invitation(tx, payload["invitation_id"])
    invitation = await invitations.get(tx, payload["invitation_id"])
    if user is None or user.disabled_at or call is None or invitation is None or invitation.erased_at:
        return None
    viewer = Viewer(user.id, Role(user.role))
    stopped = agreement.stopped(await interviews.of_invitation(tx, invitation.id))
    if call.handled_at or stopped or not viewer.sees(Field.CALL):
        return None
    notice = CallNotice(
        name=invitation.name,
        company=invitation.company,
        scheduler=call.channel == "scheduler",
        link=f"{deps.settings.base_url.rstrip('/')}/desk/calls",
    )
    return Draft(user.email, "en", {"call": see(viewer, notice)})

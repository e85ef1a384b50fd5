"""Mails to people of the desk about the desk: an invitation to it, and word of a sign-in link made on the server.

What they are told passes `confidentiality.see`, like every page of the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from interviewer.confidentiality import Field, Role, Viewer, see
from interviewer.deliveries.queueing import Draft, queue
from interviewer.deps import Deps
from interviewer.store import users
from interviewer.store.db import Tx
from interviewer.store.tables.people import UserRow

INVITATION, LINK_MADE = "desk_invitation", "link_made"


@dataclass(frozen=True)
class Invited:
    """What somebody is told who was invited to the desk."""

    by: Annotated[str, Field.OWN]
    role: Annotated[str, Field.OWN]
    page: Annotated[str, Field.OWN]


@dataclass(frozen=True)
class LinkMade:
    """What admins are told of a sign-in link that was made on the server."""

    whose: Annotated[str, Field.ACCOUNT]
    role: Annotated[str, Field.ACCOUNT]
    at: Annotated[str, Field.ACCOUNT]
    page: Annotated[str, Field.ACCOUNT]


async def queue_desk_invitation(deps: Deps, tx: Tx, user_id: str, by: str) -> None:
    """Tell somebody, once `tx` commits, that they may come in."""
    if deps.mail is not None:
        await queue(deps, tx, INVITATION, {"user_id": user_id, "by": by}, None)


async def queue_link_made(deps: Deps, tx: Tx, admin_id: str, user_id: str) -> None:
    """Tell an admin, once `tx` commits, that a link was made for this user. The link is not in the mail."""
    if deps.mail is not None:
        payload = {"user_id": admin_id, "whose": user_id, "at": deps.now().isoformat()}
        await queue(deps, tx, LINK_MADE, payload, None)


async def invitation(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    user = await _reader(tx, payload)
    if user is None:
        return None
    by = await users.name_of(tx, payload["by"])
    told = Invited(by=by, role=user.role, page=f"{_desk(deps)}/sign-in")
    return Draft(user.email, "en", {"told": see(_viewer(user), told)})


async def link_made(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    admin, whose = await _reader(tx, payload), await users.get(tx, payload["whose"])
    if admin is None or whose is None or admin.role != Role.ADMIN:
        return None
    at = f"{datetime.fromisoformat(payload['at']):%Y-%m-%d %H:%M} UTC"
    told = LinkMade(whose=whose.name or whose.email, role=whose.role, at=at, page=f"{_desk(deps)}/people")
    return Draft(admin.email, "en", {"told": see(_viewer(admin), told)})


async def _reader(tx: Tx, payload: Mapping[str, Any]) -> UserRow | None:
    user = await users.get(tx, payload["user_id"])
    return None if user is None or user.disabled_at or user.role not in set(Role) else user


def _viewer(user: UserRow) -> Viewer:
    return Viewer(user.id, Role(user.role), user.name)


def _desk(deps: Deps) -> str:
    return f"{deps.settings.base_url.rstrip('/')}/desk"

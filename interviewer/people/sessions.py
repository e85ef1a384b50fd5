"""Sessions at the desk: a secret in a cookie and its digest in the database, so that ending one works at once."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from interviewer.confidentiality import Role, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import NotFound, NotSaved
from interviewer.links import digest
from interviewer.records.people import OwnSession, OwnSessions
from interviewer.store import audit, users
from interviewer.store.db import Tx
from interviewer.store.tables.people import SessionRow, UserRow

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
LINK, COMPANY = "link", "company"
"""How a session came about. COMPANY is also who gave a role or took one, where the company's groups did."""
KEPT = "kept"
"""Whose role the company's groups had given and take away, of one who stays because no other admin is left."""
_TOUCH_AFTER = timedelta(minutes=5)
"""A session that was seen less long ago is not written again."""


async def open_session(
    deps: Deps, tx: Tx, user: UserRow, way: str, *, browser: str = "", provider_session: str = ""
) -> str:
    """A session that never was before; gives the cookie's secret."""
    secret, now = deps.new_id() + deps.new_id(), deps.now()
    await users.forget_old(tx, now=now, idle_since=now - IDLE)
    row = SessionRow(
        digest=digest(secret),
        user_id=user.id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE,
        way=way,
        provider_session=provider_session,
        browser=browser,
    )
    user.last_seen_at = now
    users.add(tx, user)
    users.add(tx, row)
    audit.add(tx, user.id, "signed in", f"user:{user.id}", now)
    return secret


async def viewer(deps: Deps, secret: str) -> Viewer | None:
    """Who holds this cookie; None when it is unknown, too old, or its user disabled."""
    key, now = digest(secret), deps.now()
    async with deps.db.read() as tx:
        found = await users.session(tx, key)
    if found is None:
        return None
    session, user = found
    if user.disabled_at or not _fresh(session, now) or user.role not in set(Role):
        return None
    if session.last_seen_at + _TOUCH_AFTER <= now:
        with suppress(NotSaved):  # looking works while nothing can be written
            async with deps.db.write() as tx:
                await users.touch(tx, key, user.id, now)
    return Viewer(user_id=user.id, role=Role(user.role), name=user.name or user.email)


async def sign_out(deps: Deps, secret: str) -> str:
    """End the session; says how it had come about, or nothing where there was none."""
    async with deps.db.write() as tx:
        found = await users.session(tx, digest(secret))
        await users.end_session(tx, digest(secret))
    return found[0].way if found else ""


async def own_sessions(deps: Deps, viewer: Viewer, secret: str) -> Seen[OwnSessions]:
    """Where the viewer is signed in, this browser included; the one seen last first."""
    async with deps.db.read() as tx:
        rows = await users.sessions(tx, viewer.user_id)
    now, here = deps.now(), digest(secret)
    return see(viewer, OwnSessions(tuple(_record(row, here) for row in rows if _fresh(row, now))))


async def end_one(deps: Deps, viewer: Viewer, session_id: str) -> None:
    """Sign out another browser of one's own. Raises NotFound for anybody else's, too."""
    async with deps.db.write() as tx:
        if not await users.end_session(tx, session_id, viewer.user_id):
            raise NotFound
        audit.add(tx, viewer.user_id, "ended a session", f"user:{viewer.user_id}", deps.now())


async def end_others(deps: Deps, viewer: Viewer, secret: str) -> None:
    """Sign out every browser of one's own but this one."""
    async with deps.db.write() as tx:
        if await users.end_sessions(tx, viewer.user_id, but=digest(secret)):
            audit.add(tx, viewer.user_id, "ended all other sessions", f"user:{viewer.user_id}", deps.now())


def _fresh(session: SessionRow, now: datetime) -> bool:
    return now < session.expires_at and now < session.last_seen_at + IDLE


def _record(row: SessionRow, here: str) -> OwnSession:
    return OwnSession(
        id=row.digest,
        browser=row.browser,
        way=row.way,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        here=row.digest == here,
    )

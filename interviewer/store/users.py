"""Desk users, who they are at the company's provider, their one-time links and their sessions.

Secrets are looked up by digest; they are not kept.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, true, update
from sqlmodel import col, delete, func, or_, select

from interviewer.store.db import Tx, add_new, one_of
from interviewer.store.tables.people import (
    AuditRow,
    IdentityRow,
    SessionRow,
    SignInLinkRow,
    UsedOnceRow,
    UserRow,
)


async def get(tx: Tx, user_id: str, *, lock: bool = False) -> UserRow | None:
    return await tx.get(UserRow, user_id, with_for_update=lock or None, populate_existing=lock)


async def name_of(tx: Tx, user_id: str) -> str:
    """How the desk calls somebody; empty for nobody it knows."""
    row = await get(tx, user_id)
    return (row.name or row.email) if row else ""


async def names(tx: Tx, user_ids: Collection[str]) -> Mapping[str, str]:
    """How the desk calls each of those that it knows."""
    rows = (await tx.exec(select(UserRow).where(col(UserRow.id).in_(user_ids)))).all() if user_ids else ()
    return {row.id: row.name or row.email for row in rows}


async def by_email(tx: Tx, email: str, *, lock: bool = False) -> UserRow | None:
    """The user with this (lowered) address, a disabled one included."""
    query = select(UserRow).where(UserRow.email == email)
    return (await tx.exec(query.with_for_update() if lock else query)).first()


async def all_of_them(tx: Tx) -> Sequence[UserRow]:
    """By address, those who may not come in at the end."""
    query = select(UserRow).order_by(col(UserRow.disabled_at).is_not(None), col(UserRow.email))
    return (await tx.exec(query)).all()


async def of_role(tx: Tx, role: str, *, lock: bool = False) -> Sequence[UserRow]:
    """Those of this role who may come in. Locked in one order, so that two who do it wait for each other."""
    query = select(UserRow).where(UserRow.role == role, col(UserRow.disabled_at).is_(None)).order_by(col(UserRow.id))
    return (await tx.exec(query.with_for_update() if lock else query)).all()


async def kept_admins(tx: Tx) -> Sequence[str]:
    """How the desk calls those whose admin's role stays against the company's groups."""
    query = select(UserRow).where(UserRow.role_from == "kept", col(UserRow.disabled_at).is_(None))
    return [row.name or row.email for row in (await tx.exec(query.order_by(col(UserRow.email)))).all()]


def add(tx: Tx, row: UserRow | SignInLinkRow | SessionRow) -> None:
    tx.add(row)


async def add_new_one(tx: Tx, row: UserRow | IdentityRow) -> bool:
    """Add it at once; False where it is there, also where another transaction adds the same one right now."""
    return await add_new(tx, row)


async def identity(tx: Tx, issuer: str, subject: str) -> IdentityRow | None:
    return await tx.get(IdentityRow, (issuer, subject))


async def linked(tx: Tx) -> set[str]:
    """Ids of all users who came by the provider once."""
    return set((await tx.exec(select(IdentityRow.user_id).distinct())).all())


async def came_in(tx: Tx, user_ids: Collection[str]) -> set[str]:
    """Those of these users of whom anything says that they ever signed in: a session, an account at the provider, a
    used link, or something that they did."""
    used, found = col(SignInLinkRow.used_at).is_not(None), set[str]()
    traces: tuple[tuple[Any, Any], ...] = (
        (SessionRow.user_id, true()),
        (IdentityRow.user_id, true()),
        (SignInLinkRow.user_id, used),
        (AuditRow.user_id, true()),
    )
    for whose, came in traces if user_ids else ():
        query = select(whose).where(one_of(tx, whose, user_ids), came).distinct()
        found.update((await tx.exec(query)).all())
    return found


async def forget_identities(tx: Tx, user_id: str) -> int:
    """Whoever comes by the provider with this user's address is taken for this user again."""
    gone: CursorResult[Any] = await tx.exec(delete(IdentityRow).where(col(IdentityRow.user_id) == user_id))
    return gone.rowcount


async def use_once(tx: Tx, digest: str, expires_at: datetime) -> bool:
    """Exactly one of any number of callers gets True; `expires_at` is when nobody can come with it any more."""
    return await add_new(tx, UsedOnceRow(digest=digest, expires_at=expires_at))


async def link(tx: Tx, digest: str) -> SignInLinkRow | None:
    return await tx.get(SignInLinkRow, digest)


async def drop_links(tx: Tx, user_id: str) -> None:
    """Links of this user that nobody has used work no more."""
    unused = (col(SignInLinkRow.user_id) == user_id, col(SignInLinkRow.used_at).is_(None))
    await tx.exec(delete(SignInLinkRow).where(*unused))


async def use_link(tx: Tx, digest: str, now: datetime) -> bool:
    """Use up a link that is still good. Exactly one of any number of callers gets True."""
    used: CursorResult[Any] = await tx.exec(
        update(SignInLinkRow)
        .where(
            col(SignInLinkRow.digest) == digest,
            col(SignInLinkRow.used_at).is_(None),
            col(SignInLinkRow.expires_at) > now,
        )
        .values(used_at=now)
    )
    return used.rowcount == 1


async def session(tx: Tx, digest: str) -> tuple[SessionRow, UserRow] | None:
    """The session and its user, however old it is and whoever it is."""
    query = select(SessionRow, UserRow).where(SessionRow.digest == digest, SessionRow.user_id == UserRow.id)
    return (await tx.exec(query)).first()


async def sessions(tx: Tx, user_id: str) -> Sequence[SessionRow]:
    """All of a user, however old, the one seen last first."""
    query = select(SessionRow).where(SessionRow.user_id == user_id)
    return (await tx.exec(query.order_by(col(SessionRow.last_seen_at).desc(), col(SessionRow.digest)))).all()


async def count_sessions(tx: Tx) -> Mapping[str, int]:
    """How many sessions there are, by user."""
    return dict((await tx.exec(select(SessionRow.user_id, func.count()).group_by(col(SessionRow.user_id)))).all())


async def touch(tx: Tx, digest: str, user_id: str, now: datetime) -> None:
    await tx.exec(update(SessionRow).where(col(SessionRow.digest) == digest).values(last_seen_at=now))
    await tx.exec(update(UserRow).where(col(UserRow.id) == user_id).values(last_seen_at=now))


async def end_session(tx: Tx, digest: str, user_id: str = "") -> int:
    """Drop a session, with `user_id` only if it is theirs. Says how many that were."""
    query = delete(SessionRow).where(col(SessionRow.digest) == digest)
    gone: CursorResult[Any] = await tx.exec(query.where(col(SessionRow.user_id) == user_id) if user_id else query)
    return gone.rowcount


async def end_sessions(tx: Tx, user_id: str, *, but: str = "", way: str = "", provider_session: str = "") -> int:
    """Drop a user's sessions: all `but` one, of one `way`, of one session at the provider or of none that it named.

    Says how many that were.
    """
    query = delete(SessionRow).where(col(SessionRow.user_id) == user_id, col(SessionRow.digest) != but)
    if way:
        query = query.where(col(SessionRow.way) == way)
    if provider_session:
        query = query.where(col(SessionRow.provider_session).in_((provider_session, "")))
    gone: CursorResult[Any] = await tx.exec(query)
    return gone.rowcount


async def end_provider_session(tx: Tx, provider_session: str) -> int:
    """Drop what came of one session at the provider, whoever's. Says how many that were."""
    theirs = col(SessionRow.way) == "company", col(SessionRow.provider_session) == provider_session
    gone: CursorResult[Any] = await tx.exec(delete(SessionRow).where(*theirs))
    return gone.rowcount


async def end_everything(tx: Tx, user_id: str) -> None:
    """Drop every session and link of a user."""
    await end_sessions(tx, user_id)
    await tx.exec(delete(SignInLinkRow).where(col(SignInLinkRow.user_id) == user_id))


async def forget_old(tx: Tx, *, now: datetime, idle_since: datetime) -> None:
    """Drop sessions, links and what was used once that can never be used again."""
    await tx.exec(
        delete(SessionRow).where(or_(col(SessionRow.expires_at) <= now, col(SessionRow.last_seen_at) <= idle_since))
    )
    await tx.exec(delete(SignInLinkRow).where(col(SignInLinkRow.expires_at) <= now))
    await tx.exec(delete(UsedOnceRow).where(col(UsedOnceRow.expires_at) <= now))

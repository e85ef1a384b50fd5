"""Desk users, their one-time links and their sessions. Secrets are looked up by digest; they are not kept."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, update
from sqlmodel import col, delete, or_, select

from interviewer.store.db import Tx
from interviewer.store.tables.people import SessionRow, SignInLinkRow, UserRow


async def get(tx: Tx, user_id: str) -> UserRow | None:
    return await tx.get(UserRow, user_id)


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


def add(tx: Tx, row: UserRow | SignInLinkRow | SessionRow) -> None:
    tx.add(row)


async def link(tx: Tx, digest: str) -> SignInLinkRow | None:
    return await tx.get(SignInLinkRow, digest)


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


async def touch(tx: Tx, digest: str, now: datetime) -> None:
    await tx.exec(update(SessionRow).where(col(SessionRow.digest) == digest).values(last_seen_at=now))


async def end_session(tx: Tx, digest: str) -> None:
    await tx.exec(delete(SessionRow).where(col(SessionRow.digest) == digest))


async def end_everything(tx: Tx, user_id: str) -> None:
    """Drop every session and link of a user."""
    await tx.exec(delete(SessionRow).where(col(SessionRow.user_id) == user_id))
    await tx.exec(delete(SignInLinkRow).where(col(SignInLinkRow.user_id) == user_id))


async def forget_old(tx: Tx, *, now: datetime, idle_since: datetime) -> None:
    """Drop sessions and links that can never be used again."""
    await tx.exec(
        delete(SessionRow).where(or_(col(SessionRow.expires_at) <= now, col(SessionRow.last_seen_at) <= idle_since))
    )
    await tx.exec(delete(SignInLinkRow).where(col(SignInLinkRow.expires_at) <= now))

"""Keys to the API. What a program sends is looked up by its digest; the key itself is not kept."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from interviewer.store.db import Tx
from interviewer.store.tables.people import UserRow
from interviewer.store.tables.review import TokenRow


def add(tx: Tx, row: TokenRow) -> None:
    tx.add(row)


async def get(tx: Tx, key_id: str) -> TokenRow | None:
    return await tx.get(TokenRow, key_id, with_for_update=True)


async def by_digest(tx: Tx, digest: str) -> tuple[TokenRow, UserRow | None] | None:
    """The key, however old it is, and the one who made it, where that was somebody at the desk."""
    query = select(TokenRow, UserRow).join(UserRow, col(UserRow.id) == col(TokenRow.user_id), isouter=True)
    return (await tx.exec(query.where(TokenRow.digest == digest))).first()


async def all_of_them(tx: Tx) -> list[tuple[TokenRow, UserRow | None]]:
    """The latest first."""
    query = select(TokenRow, UserRow).join(UserRow, col(UserRow.id) == col(TokenRow.user_id), isouter=True)
    return list((await tx.exec(query.order_by(col(TokenRow.created_at).desc(), col(TokenRow.id)))).all())


async def touch(tx: Tx, key_id: str, now: datetime) -> None:
    await tx.exec(update(TokenRow).where(col(TokenRow.id) == key_id).values(last_used_at=now))

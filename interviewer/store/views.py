"""Searches of the library that people keep. One that was shared is everybody's to open, and its owner's to delete."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, or_, select

from interviewer.store.db import Tx
from interviewer.store.tables.review import ViewRow


async def of(tx: Tx, user_id: str) -> Sequence[ViewRow]:
    """Those that this user sees: own and shared ones, by name."""
    query = select(ViewRow).where(or_(ViewRow.user_id == user_id, col(ViewRow.shared)))
    return (await tx.exec(query.order_by(func.lower(ViewRow.name), col(ViewRow.created_at)))).all()


async def count(tx: Tx, user_id: str) -> int:
    """How many this user keeps."""
    return (await tx.exec(select(func.count()).select_from(ViewRow).where(ViewRow.user_id == user_id))).one()


async def get(tx: Tx, view_id: str) -> ViewRow | None:
    return await tx.get(ViewRow, view_id, with_for_update=True)


async def keep(tx: Tx, view_id: str, user_id: str, name: str, query: str, at: datetime, *, shared: bool) -> None:
    tx.add(ViewRow(id=view_id, user_id=user_id, name=name, query=query, shared=shared, created_at=at))


async def drop(tx: Tx, row: ViewRow) -> None:
    await tx.delete(row)

"""Tokens that a model took outside of interviews."""

from datetime import datetime

from sqlmodel import col, delete, func, select

from interviewer.store.db import Tx
from interviewer.store.tables.spending import SpendingRow


def add(tx: Tx, use: str, tokens: int, at: datetime) -> None:
    tx.add(SpendingRow(use=use, tokens=tokens, at=at))


async def since(tx: Tx, moment: datetime) -> int:
    """All that was taken since then."""
    return (await tx.exec(select(func.sum(col(SpendingRow.tokens))).where(col(SpendingRow.at) >= moment))).one() or 0


async def forget(tx: Tx, before: datetime) -> None:
    """Drop what no budget counts any more."""
    await tx.exec(delete(SpendingRow).where(col(SpendingRow.at) < before))

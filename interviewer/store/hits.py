"""Counted tries, for limits that hold across workers. A bucket's name carries digests, never an address."""

from datetime import datetime

from sqlmodel import col, delete, func, select

from interviewer.store.db import Tx
from interviewer.store.tables.deliveries import HitRow


async def count(tx: Tx, bucket: str, *, since: datetime) -> int:
    """Tries in `bucket` after `since`."""
    query = select(func.count()).select_from(HitRow).where(HitRow.bucket == bucket, col(HitRow.at) > since)
    return (await tx.exec(query)).one()


def add(tx: Tx, bucket: str, at: datetime) -> None:
    tx.add(HitRow(bucket=bucket, at=at))


async def forget(tx: Tx, before: datetime) -> None:
    """Drop tries that no limit counts any more."""
    await tx.exec(delete(HitRow).where(col(HitRow.at) < before))

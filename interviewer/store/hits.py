"""Counted tries, for limits that hold across workers. A bucket's name carries digests, never an address."""

from datetime import datetime, timedelta

from sqlmodel import col, delete, func, select

from interviewer.store.db import Tx
from interviewer.store.tables.deliveries import HitRow


async def count(tx: Tx, bucket: str, *, since: datetime) -> int:
    """Tries in `bucket` after `since`."""
    query = select(func.count()).select_from(HitRow).where(HitRow.bucket == bucket, col(HitRow.at) > since)
    return (await tx.exec(query)).one()


async def full_until(tx: Tx, bucket: str, *, limit: int, window: timedelta, now: datetime) -> datetime | None:
    """When there is room again in a `bucket` that holds `limit` tries of the last `window`; None where there is."""
    query = select(HitRow.at).where(HitRow.bucket == bucket, col(HitRow.at) > now - window)
    oldest = (await tx.exec(query.order_by(col(HitRow.at).desc()).offset(limit - 1).limit(1))).first()
    return oldest and oldest + window


def add(tx: Tx, bucket: str, at: datetime) -> HitRow:
    row = HitRow(bucket=bucket, at=at)
    tx.add(row)
    return row


async def take_back(tx: Tx, row: HitRow) -> None:
    """A try that did not come about does not count."""
    await tx.exec(delete(HitRow).where(col(HitRow.id) == row.id))


async def forget(tx: Tx, before: datetime) -> None:
    """Drop tries that no limit counts any more."""
    await tx.exec(delete(HitRow).where(col(HitRow.at) < before))

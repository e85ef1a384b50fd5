"""Counted tries, for limits that hold across workers. A bucket's name carries digests, never an address."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, delete, select

from interviewer.store.db import Tx
from interviewer.store.tables.deliveries import HitRow


async def full_until(tx: Tx, bucket: str, *, limit: int, window: timedelta, now: datetime) -> datetime | None:
    """When there is room again in a `bucket` that holds `limit` tries of the last `window`; None where there is.

    Nobody else asks about this bucket until the transaction ends, so that no two take the last place.
    """
    if tx.get_bind().dialect.name == "postgresql":  # SQLite has one writer
        alone = text("SELECT pg_advisory_xact_lock(hashtextextended(:bucket, 0))")
        await (await tx.connection()).execute(alone, {"bucket": f"hits:{bucket}"})
    query = select(HitRow.at).where(HitRow.bucket == bucket, col(HitRow.at) > now - window)
    oldest = (await tx.exec(query.order_by(col(HitRow.at).desc()).offset(limit - 1).limit(1))).first()
    return oldest and oldest + window


def add(tx: Tx, bucket: str, at: datetime) -> HitRow:
    row = HitRow(bucket=bucket, at=at)
    tx.add(row)
    return row


async def take_back(tx: Tx, row: HitRow | None) -> None:
    """A try that did not come about does not count."""
    if row is not None:
        await tx.exec(delete(HitRow).where(col(HitRow.id) == row.id))


async def forget(tx: Tx, before: datetime) -> None:
    """Drop tries that no limit counts any more."""
    await tx.exec(delete(HitRow).where(col(HitRow.at) < before))

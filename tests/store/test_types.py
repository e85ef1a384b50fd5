"""Moments keep their instant and their zone on either database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import select

from interviewer.store.db import Database
from interviewer.store.tables.deliveries import HeartbeatRow


@pytest.mark.parametrize("offset_h", [0, 2, -8, 5.5])
async def test_a_moment_comes_back_in_utc(db: Database, offset_h: float) -> None:
    zone = timezone(timedelta(hours=offset_h))
    moment = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=zone)
    async with db.write() as tx:
        tx.add(HeartbeatRow(executor_id="one", at=moment))
    async with db.read() as tx:
        kept = (await tx.exec(select(HeartbeatRow))).one().at
    assert kept == moment
    assert kept.tzinfo is UTC


async def test_moments_compare_in_queries(db: Database) -> None:
    noon = datetime(2026, 11, 2, 12, tzinfo=UTC)
    async with db.write() as tx:
        tx.add(HeartbeatRow(executor_id="early", at=noon.astimezone(timezone(timedelta(hours=9)))))
        tx.add(HeartbeatRow(executor_id="late", at=noon + timedelta(seconds=1)))
    async with db.read() as tx:
        found = (await tx.exec(select(HeartbeatRow.executor_id).where(HeartbeatRow.at <= noon))).all()
    assert found == ["early"]


async def test_a_moment_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="time zone"):
        async with db.write() as tx:
            tx.add(HeartbeatRow(executor_id="one", at=datetime(2026, 11, 2)))

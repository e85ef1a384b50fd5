"""One trip to SQLite's thread for each statement: nothing else may differ by it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import func, select

from interviewer.store import sqlite_driver
from interviewer.store.db import Database
from interviewer.store.tables.deliveries import HeartbeatRow

NOW = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture
async def sqlite_db(sqlite_url: str) -> AsyncIterator[Database]:
    database = Database(sqlite_url)
    yield database
    await database.close()


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done in the thread."""
    taken: list[str] = []
    plain = sqlite_driver.Connection._execute

    async def counted(self: Any, what: Any, *given: Any, **named: Any) -> Any:
        taken.append(getattr(what, "__name__", str(what)))
        return await plain(self, what, *given, **named)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(sqlite_driver.Connection, "_execute", counted)
    return taken


async def add(db: Database, *names: str) -> None:
    async with db.write() as tx:
        tx.add_all(HeartbeatRow(executor_id=name, at=NOW) for name in names)


async def count(db: Database) -> int:
    async with db.read() as tx:
        return (await tx.exec(select(func.count()).select_from(HeartbeatRow))).one()


async def test_a_transaction_takes_a_trip_for_each_statement_and_one_to_end(
    sqlite_db: Database, trips: list[str]
) -> None:
    await add(sqlite_db, "one")
    trips.clear()
    async with sqlite_db.write() as tx:
        (row,) = (await tx.exec(select(HeartbeatRow))).all()
        row.at = datetime.now(UTC)
    assert len(trips) == 3, "a query, an update, the commit"


async def test_a_transaction_without_a_statement_takes_no_trip(sqlite_db: Database, trips: list[str]) -> None:
    await add(sqlite_db, "one")
    assert await count(sqlite_db) == 1
    trips.clear()
    async with sqlite_db.write() as tx:
        await tx.connection()
    async with sqlite_db.read() as tx:
        await tx.connection()
    assert not trips
    assert await count(sqlite_db) == 1


@pytest.mark.parametrize(
    "rows", [0, 1, sqlite_driver.AT_ONCE - 1, sqlite_driver.AT_ONCE, 2 * sqlite_driver.AT_ONCE + 1]
)
async def test_every_row_comes_once_however_many(sqlite_db: Database, rows: int) -> None:
    names = [f"{number:05}" for number in range(rows)]
    await add(sqlite_db, *names)
    async with sqlite_db.read() as tx:
        found = await tx.exec(select(HeartbeatRow.executor_id).order_by(HeartbeatRow.executor_id))
        assert list(found.all()) == names
        query = select(HeartbeatRow.executor_id).order_by(HeartbeatRow.executor_id)
        async with (await tx.connection()).stream(query) as streamed:
            assert [row[0] async for part in streamed.partitions(7) for row in part] == names


async def test_a_stream_that_is_left_keeps_nothing_open(sqlite_db: Database) -> None:
    await add(sqlite_db, *(str(number) for number in range(2 * sqlite_driver.AT_ONCE)))
    async with sqlite_db.read() as tx, (await tx.connection()).stream(select(HeartbeatRow.executor_id)) as streamed:
        assert await anext(aiter(streamed))
    async with sqlite_db.write() as tx:
        await tx.exec(text("DELETE FROM heartbeats"))  # type: ignore[call-overload]
    assert await sqlite_db.forget(), "no reader holds the log"


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Statements that have begun wait in the thread: (one has begun, let them go)."""
    begun, go = threading.Event(), threading.Event()
    plain = sqlite_driver._Cursor._at_once

    def slow(self: Any, *given: Any) -> None:
        plain(self, *given)
        begun.set()
        go.wait(30)

    with monkeypatch.context() as patched:
        patched.setattr(sqlite_driver._Cursor, "_at_once", slow)
        yield begun, go


@pytest.mark.parametrize("late", [False, True], ids=["while it is at it", "after it"])
async def test_who_goes_in_the_middle_of_a_statement_leaves_nothing(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    await add(sqlite_db, "before")
    with held(monkeypatch) as (begun, go):
        writing = asyncio.create_task(add(sqlite_db, "gone"))
        await asyncio.to_thread(begun.wait, 30)
        if late:
            go.set()
        writing.cancel()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await writing
    await asyncio.gather(*(add(sqlite_db, str(number)) for number in range(8)))
    async with sqlite_db.read() as tx:
        assert "gone" not in (await tx.exec(select(HeartbeatRow.executor_id))).all()
    assert await count(sqlite_db) == 9

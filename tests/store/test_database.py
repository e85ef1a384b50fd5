"""Transactions: nothing lost among many writers, and a clear error where the database cannot keep a thing now."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlmodel import func, select

from interviewer.errors import NotSaved, Unavailable
from interviewer.store.db import CONNECT_TIMEOUT_S, Database
from interviewer.store.tables.analysis import JobRunRow
from interviewer.store.tables.deliveries import HeartbeatRow

NOW = datetime(2026, 11, 2, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


async def run(module: str, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, *arguments),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "."},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode().strip()


async def test_fifty_writers_in_two_processes_lose_no_update(db: Database) -> None:
    async with db.write() as tx:
        tx.add(JobRunRow(job="count", key="all", state="done", queued_at=NOW))
    await asyncio.gather(*(run("tests.fakes.counter", db.url, "25", "4") for _ in range(2)))
    async with db.read() as tx:
        assert (await tx.exec(select(JobRunRow.attempts))).one() == 200


async def test_an_error_takes_back_the_whole_transaction(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.write() as tx:
            tx.add(HeartbeatRow(executor_id="one", at=NOW))
            await tx.flush()
            raise ZeroDivisionError
    async with db.read() as tx:
        assert (await tx.exec(select(HeartbeatRow))).all() == []


async def test_a_broken_rule_is_no_passing_trouble(db: Database) -> None:
    async with db.write() as tx:
        tx.add(HeartbeatRow(executor_id="one", at=NOW))
    with pytest.raises(IntegrityError):
        async with db.write() as tx:
            tx.add(HeartbeatRow(executor_id="one", at=NOW))


async def test_a_held_lock_ends_in_not_saved(db: Database) -> None:
    async with db.write() as tx:
        tx.add(HeartbeatRow(executor_id="one", at=NOW))
    release = hold_lock(db.url)
    try:
        with pytest.raises(NotSaved):
            async with db.write() as tx:
                row = (await tx.exec(select(HeartbeatRow).with_for_update())).one()
                row.at = datetime.now(UTC)
    finally:
        release()
    async with db.write() as tx:  # and afterwards all is well
        row = (await tx.exec(select(HeartbeatRow).with_for_update())).one()
        assert row.at == NOW


async def test_a_server_that_is_away_ends_in_not_saved(tmp_path: Path) -> None:
    db = Database(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    with pytest.raises(NotSaved):
        async with db.write() as tx:
            tx.add(HeartbeatRow(executor_id="one", at=NOW))
    await db.close()


async def test_what_cannot_be_read_now_is_unavailable(database_url: str, tmp_path: Path) -> None:
    """A server that is away, or a file that is gone from under us; a defect in the code stays one."""
    sqlite = database_url.startswith("sqlite")
    db = Database(database_url if sqlite else f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    if sqlite:
        assert db.file
        db.file.unlink()
        db.file.mkdir()
    with pytest.raises(Unavailable) as caught:
        async with db.read() as tx:
            await tx.exec(select(HeartbeatRow))
    assert not isinstance(caught.value, NotSaved)
    await db.close()
    await asyncio.sleep(0.1)  # the driver's thread still has to tell this loop that it ended


async def test_a_query_that_cannot_be_is_a_defect(db: Database) -> None:
    with pytest.raises(ProgrammingError if not db.sqlite else OperationalError):
        async with db.read() as tx:
            await (await tx.connection()).execute(text("SELECT nothing FROM nowhere"))


async def test_a_server_that_does_not_answer_is_given_up_soon() -> None:
    """A network that swallows packets must not hold a buyer's page for two minutes."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # takes the connection and says nothing
        db = Database(f"postgresql+psycopg://nobody@127.0.0.1:{deaf.getsockname()[1]}/nothing")
        async with asyncio.timeout(CONNECT_TIMEOUT_S + 5):
            with pytest.raises(Unavailable):
                async with db.read() as tx:
                    await tx.exec(select(HeartbeatRow))
        await db.close()


async def test_a_full_disk_ends_in_not_saved_and_what_was_acknowledged_is_there(sqlite_url: str) -> None:
    size = os.stat(sqlite_url.partition(":///")[2]).st_size  # noqa: PTH116 - nothing else waits for this loop
    saved, error = (await run("tests.fakes.filler", sqlite_url, str(size + 300_000))).split()
    assert error == "NotSaved"
    db = Database(sqlite_url)
    async with db.read() as tx:
        assert (await tx.exec(select(func.count()).select_from(JobRunRow))).one() == int(saved) > 0
    await db.close()


async def test_deleted_words_leave_the_file(sqlite_url: str) -> None:
    """Erasing has to reach the disk, not only the tables (trust.md 30)."""
    db = Database(sqlite_url)
    async with db.write() as tx:
        tx.add(JobRunRow(job="j", key="k", state="done", error="canary-in-the-file", queued_at=NOW))
    async with db.write() as tx:
        await tx.delete(await tx.get(JobRunRow, ("j", "k")))
    assert await db.forget()  # connections stay open, as in a server
    assert found(db, b"canary-in-the-file") == []
    await db.close()


async def test_a_reader_keeps_the_log_and_nobody_waits_long_for_it(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    async with db.write() as tx:
        tx.add(JobRunRow(job="j", key="k", state="done", error="canary-in-the-file", queued_at=NOW))
    async with db.read() as reading:
        assert (await reading.exec(select(JobRunRow.error))).one() == "canary-in-the-file"
        async with db.write() as tx:
            await tx.delete(await tx.get(JobRunRow, ("j", "k")))
        began = asyncio.get_running_loop().time()
        assert not await db.forget()
        assert asyncio.get_running_loop().time() - began < 3
    assert await db.forget()
    assert found(db, b"canary-in-the-file") == []
    await db.close()


def found(db: Database, words: bytes) -> list[str]:
    """Files of a database that hold `words`."""
    assert db.file
    return [file.name for file in db.file.parent.glob(f"{db.file.name}*") if words in file.read_bytes()]


def hold_lock(url: str) -> Callable[[], None]:
    """Lock what the test is about to write, from a connection of its own; call the result to let go."""
    if url.startswith("sqlite"):
        file = sqlite3.connect(url.partition(":///")[2], isolation_level=None)
        file.execute("BEGIN IMMEDIATE")
        return file.close
    server = psycopg.connect(url.replace("+psycopg", ""))
    server.execute("SELECT * FROM heartbeats FOR UPDATE")
    return server.close

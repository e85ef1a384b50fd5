"""Transactions: nothing lost among many writers, and a clear error where the database cannot keep a thing now."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import func, select

from interviewer.errors import NotSaved
from interviewer.store.db import Database
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
    await db.close()  # the last connection folds the log into the file
    path = Path(sqlite_url.partition(":///")[2])
    for file in path.parent.glob(f"{path.name}*"):
        assert b"canary-in-the-file" not in file.read_bytes()


def hold_lock(url: str) -> Callable[[], None]:
    """Lock what the test is about to write, from a connection of its own; call the result to let go."""
    if url.startswith("sqlite"):
        file = sqlite3.connect(url.partition(":///")[2], isolation_level=None)
        file.execute("BEGIN IMMEDIATE")
        return file.close
    server = psycopg.connect(url.replace("+psycopg", ""))
    server.execute("SELECT * FROM heartbeats FOR UPDATE")
    return server.close

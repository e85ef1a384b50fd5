"""Several workers share the work, and nothing is lost or done twice when one dies or its database is away."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlmodel import select

from interviewer.errors import NotSaved
from interviewer.jobs import engine as engines
from interviewer.jobs import queue
from interviewer.jobs.engine import Engine
from interviewer.jobs.heart import BEAT
from interviewer.store import jobs as store_jobs
from interviewer.store.db import Database, Tx, blocking
from interviewer.store.tables.deliveries import HeartbeatRow, HitRow
from tests.conftest import MakeDeps
from tests.contract.jobs_scene import PATIENCE_S, SOON, Start, Work, ask, ended, engine, start, until, work
from tests.fakes.databases import PostgresServer

__all__ = ["engine", "start", "work"]


class Clock:
    """Time for one engine, which passes when it is told to."""

    def __init__(self, *, ahead: timedelta = timedelta(0)) -> None:
        self.at = datetime.now(UTC) + ahead
        self._asked = 0

    def __call__(self) -> datetime:
        self._asked += 1
        return self.at

    async def is_asked_often(self) -> None:
        """The worker beats and looks after others for a while, in the same moment."""
        before = self._asked
        await until(lambda: self._asked > before + 40)

    async def jumps(self, db: Database, span: timedelta) -> None:
        """So much time passes without a beat; then the worker is heard of again."""
        self.at += span
        async with asyncio.timeout(PATIENCE_S):
            while not await self._heard(db):  # noqa: ASYNC110 - what is waited for is a row
                await asyncio.sleep(0.02)

    async def passes(self, db: Database, span: timedelta) -> None:
        """So much time passes, and the worker beats all the while."""
        until = self.at + span
        while self.at < until:
            await self.jumps(db, min(BEAT, until - self.at))

    async def _heard(self, db: Database) -> bool:
        async with db.read() as tx:
            return (await tx.exec(select(HeartbeatRow).where(HeartbeatRow.at == self.at))).first() is not None


async def test_a_killed_worker_loses_nothing(db: Database, work: Work, start: Start) -> None:
    """SQLite has one worker at a time; on PostgreSQL a live one keeps its work, a dead one's is taken over."""

    def one(clock: Clock) -> Engine:
        return Engine(db, handlers={"work": work}, sweeps=(), pauses=SOON, poll_s=0.1, beat_s=0.1, now=clock)

    await asyncio.to_thread(queue.migrate, db.url)
    other = await _worker(db.url)
    beside = one(now := Clock())
    try:
        await ask(db, beside, "a")
        assert await _line(other) == "began a"
        await start(beside)
        if db.sqlite:
            await ask(db, beside, "b")
            assert await _line(other) == "began b"
        else:
            await now.is_asked_often()
        assert work.begun == []
    finally:
        other.kill()
        await other.wait()
        await beside.stop(patience_s=1)
    assert (await ended(db, "a", "running")).attempts == 1
    later = one(clock := Clock(ahead=timedelta(minutes=1)))
    await start(later)
    try:
        await clock.passes(db, store_jobs.SILENT)
        kept = await ended(db, "a", "done")
    finally:
        await later.stop(patience_s=1)
    assert (kept.attempts, work.done.count("a")) == (2, 1)


async def test_who_was_away_takes_nobody_for_dead(
    postgres_server: PostgresServer, make_deps: MakeDeps, work: Work
) -> None:
    """Where PostgreSQL was away for minutes, all look silent to the first that is back, and go on with their work."""
    clock = Clock(ahead=-timedelta(minutes=2))
    with postgres_server.fresh() as url:
        db = Database(url)
        engine = Engine(db, handlers={"work": work}, sweeps=(), pauses=SOON, poll_s=0.1, beat_s=0.1, now=clock)
        other = await _worker(url)
        try:
            await ask(db, engine, "a")
            assert await _line(other) == "began a"
            await engine.start(make_deps(db, jobs=engine))
            await clock.passes(db, store_jobs.SILENT)
            await clock.is_asked_often()
            await clock.jumps(db, timedelta(minutes=10))
            await clock.is_asked_often()
            await clock.passes(db, store_jobs.SILENT - BEAT)
            await clock.is_asked_often()
            assert "a" not in work.begun
            other.kill()
            await clock.passes(db, 2 * BEAT)
            assert (await ended(db, "a", "done")).attempts == 2
            assert work.begun.count("a") == 1
        finally:
            if other.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    other.kill()
            await other.wait()
            await engine.stop(patience_s=1)
            await db.close()


async def test_how_work_ended_is_kept_however_long_the_database_is_away(
    database_url: str, make_deps: MakeDeps, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away(Database):
        tries = 0

        @contextlib.asynccontextmanager
        async def write(self) -> AsyncIterator[Tx]:
            if self.tries:
                self.tries -= 1
                raise NotSaved("away")
            async with super().write() as tx:
                yield tx

    monkeypatch.setattr(engines, "WAITS_S", (0.01, 0.01))
    db = Away(database_url)
    engine = Engine(db, handlers={"work": work}, sweeps=(), poll_s=0.1)
    await engine.start(make_deps(db, jobs=engine))
    try:
        work.gate.clear()
        await ask(db, engine, "a")
        await until(lambda: work.begun)
        db.tries = 30
        work.gate.set()
        assert (await ended(db, "a", "done")).attempts == 1
    finally:
        db.tries = 0
        await engine.stop(patience_s=1)
        await db.close()


async def test_what_two_workers_did_is_told_of(db: Database) -> None:
    now = datetime.now(UTC)
    async with db.write() as tx:
        run = await store_jobs.ask(tx, "work", "a", now)
        assert run is not None
        for _ in range(2):
            assert await store_jobs.begin(tx, "work", "a", run, now, tries=3)
        assert not await store_jobs.is_overtaken(tx, "work", "a", run, now)
        await store_jobs.finish(tx, "work", "a", run, now)
        assert await store_jobs.is_overtaken(tx, "work", "a", run, now)
        assert not await store_jobs.is_overtaken(tx, "work", "of somebody erased", 1, now)


def test_the_queue_notices_a_host_that_vanished_as_we_do() -> None:
    given = blocking("postgresql+psycopg://kim:a%40b@db.example/interviewer?keepalives_idle=7&sslmode=require")
    told = conninfo_to_dict(given.replace("+psycopg", ""))
    assert (told["password"], told["sslmode"], told["keepalives_idle"]) == ("a@b", "require", "7")
    assert (told["keepalives_interval"], told["keepalives_count"], told["tcp_user_timeout"]) == ("10", "3", "30000")
    assert blocking("sqlite+aiosqlite:////data/a.db") == "sqlite:////data/a.db"


def test_the_docs_say_how_soon_the_dead_are_noticed() -> None:
    told = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text()
    alone, others = (f"{span.total_seconds():.0f} seconds" for span in (BEAT, store_jobs.SILENT + BEAT))
    assert f"takes that over within {alone}" in " ".join(told.split())
    assert f"is noticed within {others}" in " ".join(told.split())


async def test_processes_share_the_work_and_do_each_piece_once(db: Database, engine: Engine, tmp_path: Path) -> None:
    """On PostgreSQL all of them work, on SQLite one does."""
    go, keys = tmp_path / "go", [f"k{number}" for number in range(12)]
    workers = [await _worker(db.url, str(go)) for _ in range(2)]
    try:
        await ask(db, engine, *keys)
        for busy in workers[:1] if db.sqlite else workers:
            assert {(await _line(busy))[:5] for _ in range(queue.AT_ONCE)} == {"began"}
        await asyncio.to_thread(go.touch)
        for key in keys:
            await ended(db, key, "done")
    finally:
        for one in workers:
            one.kill()
            await one.wait()
    async with db.read() as tx:
        assert sorted((await tx.exec(select(HitRow.bucket))).all()) == sorted(keys)


async def _worker(*words: str) -> asyncio.subprocess.Process:
    """One that is up."""
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.fakes.worker", *words),
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": "."},
        stdout=asyncio.subprocess.PIPE,
    )
    assert await _line(started) == "ready"
    return started


async def _line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def test_one_file_has_one_worker_however_it_is_spelled(
    sqlite_url: str, make_deps: MakeDeps, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(sqlite_url.partition(":///")[2])
    monkeypatch.chdir(path.parent)
    os.symlink(path.parent, "linked")  # noqa: PTH211 - the same, and allowed in a coroutine
    urls = [
        sqlite_url,
        *(f"sqlite+aiosqlite:///{name}" for name in (f"./{path.name}?timeout=3", f"linked/{path.name}")),
    ]
    work = Work()
    dbs = [Database(url) for url in urls]
    engines = [Engine(db, handlers={"work": work}, sweeps=(), poll_s=0.1) for db in dbs]
    for db, one in zip(dbs, engines, strict=True):
        await one.start(make_deps(db, jobs=one))
    async with dbs[0].read() as tx:
        assert len((await tx.exec(select(HeartbeatRow))).all()) == 1
    assert [file.name for file in path.parent.glob("*.worker")] == [f"{path.name}.worker"]
    await ask(dbs[1], engines[1], "a")
    await ended(dbs[2], "a", "done")
    for db, one in zip(dbs, engines, strict=True):
        await one.stop(patience_s=1)
        await db.close()


async def test_what_kills_its_process_every_time_fails_in_the_end(db: Database) -> None:
    now = datetime.now(UTC)
    async with db.write() as tx:
        run = await store_jobs.ask(tx, "work", "a", now)
        assert run is not None
        begun = [await store_jobs.begin(tx, "work", "a", run, now, tries=3) for _ in range(4)]
    assert begun == [True, True, True, False]
    assert (await ended(db, "a", "failed")).error == "the process ended"

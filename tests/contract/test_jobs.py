"""The engine keeps its promises on both databases, alone and with others, and when a process dies in the middle."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlmodel import select

from interviewer.deps import Deps
from interviewer.errors import MailFailed, NotSaved
from interviewer.jobs import JOBS, queue
from interviewer.jobs import engine as engines
from interviewer.jobs.clockwork import Sweep
from interviewer.jobs.engine import Engine
from interviewer.jobs.heart import BEAT
from interviewer.store import jobs as store_jobs
from interviewer.store.db import Database, Tx, blocking
from interviewer.store.tables.analysis import JobRunRow
from interviewer.store.tables.deliveries import HeartbeatRow, HitRow
from tests.conftest import MakeDeps
from tests.fakes.databases import PostgresServer

SOON = (timedelta(seconds=0.1), timedelta(seconds=0.1))


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
        async with asyncio.timeout(30):
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


class Work:
    """A handler that does as it is told, and writes down what it did."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.begun: list[str] = []
        self.failures: list[Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, deps: Deps, key: str) -> None:
        self.begun.append(key)
        if self.failures:
            raise self.failures.pop(0)
        await self.gate.wait()
        self.done.append(key)


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
async def engine(db: Database, work: Work) -> AsyncIterator[Engine]:
    await asyncio.to_thread(queue.migrate, db.url)
    made = Engine(db, handlers={"work": work}, sweeps=(), pauses=SOON, poll_s=0.1)
    yield made
    await made.stop(patience_s=1)


@pytest.fixture
def start(db: Database, make_deps: MakeDeps) -> Callable[[Engine], Awaitable[None]]:
    async def begin(engine: Engine) -> None:
        await engine.start(make_deps(db, jobs=engine))

    return begin


Start = Callable[[Engine], Awaitable[None]]


async def until(true: Callable[[], object], *, within_s: float = 20) -> None:
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 - what is waited for happens in threads and processes
            await asyncio.sleep(0.05)


async def ask(db: Database, engine: Engine, *keys: str) -> None:
    async with db.write() as tx:
        for key in keys:
            await engine.enqueue(tx, "work", key)


async def row(db: Database, key: str) -> JobRunRow | None:
    async with db.read() as tx:
        return await store_jobs.get(tx, "work", key)


async def ended(db: Database, key: str, state: str) -> JobRunRow:
    async with asyncio.timeout(20):
        while (kept := await row(db, key)) is None or kept.state != state:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
    return kept


async def test_work_runs_once_after_the_commit(db: Database, engine: Engine, work: Work, start: Start) -> None:
    await ask(db, engine, "a", "a")
    await ask(db, engine, "a", "b")
    with pytest.raises(ZeroDivisionError):
        async with db.write() as tx:
            await engine.enqueue(tx, "work", "never")
            raise ZeroDivisionError
    await start(engine)
    await ended(db, "a", "done")
    await ended(db, "b", "done")
    await asyncio.sleep(0.5)  # some more looks at the queue
    assert sorted(work.begun) == ["a", "b"]
    assert await row(db, "never") is None


async def test_what_was_done_can_be_asked_for_again(db: Database, engine: Engine, work: Work, start: Start) -> None:
    await start(engine)
    for times in (1, 2):
        await ask(db, engine, "a")
        await until(lambda times=times: len(work.done) == times)
        await ended(db, "a", "done")


async def test_what_is_asked_for_while_it_runs_runs_once_more(
    db: Database, engine: Engine, work: Work, start: Start
) -> None:
    work.gate.clear()
    await start(engine)
    await ask(db, engine, "a")
    await until(lambda: work.begun)
    await ask(db, engine, "a")
    await ask(db, engine, "a")
    work.gate.set()
    await until(lambda: len(work.done) == 2)
    await ended(db, "a", "done")
    assert work.begun == ["a", "a"]


async def test_a_failure_is_tried_again_and_then_forgotten(
    db: Database, engine: Engine, work: Work, start: Start
) -> None:
    work.failures = [RuntimeError("the buyer said: canary"), RuntimeError("the buyer said: canary")]
    await ask(db, engine, "a")
    await start(engine)
    kept = await ended(db, "a", "done")
    assert (kept.attempts, kept.error, work.done) == (3, "", ["a"])


async def test_what_keeps_failing_stays_to_be_seen_and_can_be_retried(
    db: Database, engine: Engine, work: Work, start: Start
) -> None:
    work.failures = [RuntimeError("the buyer said: canary")] * 3
    await ask(db, engine, "a")
    await start(engine)
    kept = await ended(db, "a", "failed")
    assert kept.attempts == 3
    assert kept.error.startswith("RuntimeError")
    assert "canary" not in kept.error
    await ask(db, engine, "a")
    assert (await ended(db, "a", "done")).error == ""


async def test_what_cannot_get_better_is_not_tried_again(
    db: Database, engine: Engine, work: Work, start: Start
) -> None:
    work.failures = [MailFailed("550", permanent=True)]
    await ask(db, engine, "a")
    await start(engine)
    assert (await ended(db, "a", "failed")).attempts == 1


async def test_work_cut_off_by_a_stop_is_done_by_the_next_worker(
    db: Database, engine: Engine, work: Work, start: Start
) -> None:
    work.gate.clear()
    await ask(db, engine, "a")
    await start(engine)
    await until(lambda: work.begun)
    await engine.stop(patience_s=1)
    work.gate.set()
    later = Engine(db, handlers={"work": work}, sweeps=(), pauses=SOON, poll_s=0.1, now=in_minutes(3))
    await start(later)
    try:
        await until(lambda: work.done)
        await ended(db, "a", "done")
    finally:
        await later.stop(patience_s=1)


async def test_work_that_the_engine_lost_is_handed_over_anew(
    db: Database, engine: Engine, work: Work, start: Start
) -> None:
    async with db.write() as tx:  # noted, and never queued: as after restoring half a backup
        await store_jobs.ask(tx, "work", "a", datetime.now(UTC) - timedelta(minutes=5))
    await start(engine)
    await ended(db, "a", "done")
    assert work.done == ["a"]


async def test_work_asked_for_before_the_first_start_waits_for_it(
    db: Database, work: Work, make_deps: MakeDeps
) -> None:
    early = Engine(db)
    await ask(db, early, "a")
    later = Engine(db, handlers={"work": work}, sweeps=(), poll_s=0.1, now=in_minutes(0.1))
    await later.start(make_deps(db, jobs=later))
    try:
        await ended(db, "a", "done")
    finally:
        await later.stop(patience_s=1)


async def test_a_killed_worker_loses_nothing(db: Database, engine: Engine, work: Work, start: Start) -> None:
    """SQLite has one worker at a time; on PostgreSQL a live one keeps its work, a dead one's is taken over."""
    other = await _worker(db.url)
    try:
        await ask(db, engine, "a")
        assert await _line(other) == "began a"
        await start(engine)
        await asyncio.sleep(1.5)
        assert work.begun == []
        if db.sqlite:
            await ask(db, engine, "b")
            assert await _line(other) == "began b"
    finally:
        other.kill()
        await other.wait()
    await engine.stop(patience_s=1)
    assert (await ended(db, "a", "running")).attempts == 1
    clock = Clock(ahead=timedelta(minutes=1))
    later = Engine(db, handlers={"work": work}, sweeps=(), pauses=SOON, poll_s=0.1, beat_s=0.1, now=clock)
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
    for db, engine in zip(dbs, engines, strict=True):
        await engine.start(make_deps(db, jobs=engine))
    async with dbs[0].read() as tx:
        assert len((await tx.exec(select(HeartbeatRow))).all()) == 1
    assert [file.name for file in path.parent.glob("*.worker")] == [f"{path.name}.worker"]
    await ask(dbs[1], engines[1], "a")
    await ended(dbs[2], "a", "done")
    for db, engine in zip(dbs, engines, strict=True):
        await engine.stop(patience_s=1)
        await db.close()


async def test_what_kills_its_process_every_time_fails_in_the_end(db: Database) -> None:
    now = datetime.now(UTC)
    async with db.write() as tx:
        run = await store_jobs.ask(tx, "work", "a", now)
        assert run is not None
        begun = [await store_jobs.begin(tx, "work", "a", run, now, tries=3) for _ in range(4)]
    assert begun == [True, True, True, False]
    assert (await ended(db, "a", "failed")).error == "the process ended"


async def test_many_enqueue_while_others_write_and_the_engine_works(
    db: Database, engine: Engine, work: Work, start: Start
) -> None:
    await start(engine)

    async def write(number: int) -> None:
        for step in range(5):
            async with db.write() as tx:
                tx.add(HeartbeatRow(executor_id=f"{number}.{step}", at=datetime.now(UTC) + timedelta(hours=1)))

    keys = [f"k{number}" for number in range(50)]
    async with asyncio.timeout(60):
        await asyncio.gather(*(ask(db, engine, key) for key in keys), *(write(number) for number in range(20)))
        for key in keys:
            await ended(db, key, "done")
    assert sorted(work.done) == sorted(keys)


async def test_the_log_stays_quiet(
    db: Database, engine: Engine, work: Work, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    await ask(db, engine, "a")
    await start(engine)
    await ended(db, "a", "done")
    await engine.stop(patience_s=1)
    assert capfd.readouterr() == ("", "")


async def test_a_sweep_goes_on_after_an_error(db: Database, work: Work, make_deps: MakeDeps) -> None:
    rounds: list[int] = []

    async def sweep(_deps: Deps) -> int:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise RuntimeError
        return 0

    engine = Engine(db, handlers={}, sweeps=[Sweep("test", timedelta(seconds=0.05), sweep)])
    await engine.start(make_deps(db, jobs=engine))
    await until(lambda: len(rounds) > 2)
    await engine.stop(patience_s=1)


async def test_every_sweep_runs_on_an_empty_database(deps: Deps) -> None:
    from interviewer.jobs.sweeps import SWEEPS

    for sweep in SWEEPS:
        assert await sweep.do(deps) == 0


@pytest.mark.parametrize("job", JOBS)
async def test_every_job_lets_an_unknown_key_be(deps: Deps, job: str) -> None:
    """What it was about may have been erased between asking and doing."""
    await JOBS[job](deps, "not there")


def in_minutes(minutes: float) -> Callable[[], datetime]:
    return lambda: datetime.now(UTC) + timedelta(minutes=minutes)

"""The engine keeps its promises on both databases: once, after the commit, again after a failure, and quietly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from interviewer.deps import Deps
from interviewer.errors import MailFailed
from interviewer.jobs import JOBS
from interviewer.jobs.clockwork import Sweep
from interviewer.jobs.engine import Engine
from interviewer.store import jobs as store_jobs
from interviewer.store.db import Database
from interviewer.store.tables.deliveries import HeartbeatRow
from tests.conftest import MakeDeps
from tests.contract.jobs_scene import PATIENCE_S, SOON, Start, Work, ask, ended, engine, row, start, until, work

__all__ = ["engine", "start", "work"]


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
    await ask(db, engine, "z")
    await ended(db, "z", "done")  # whatever stood before it in the queue was begun by then
    assert sorted(work.begun) == ["a", "b", "z"]
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


async def test_many_enqueue_while_others_write_and_the_engine_works(
    db: Database, engine: Engine, work: Work, start: Start
) -> None:
    await start(engine)

    async def write(number: int) -> None:
        for step in range(5):
            async with db.write() as tx:
                tx.add(HeartbeatRow(executor_id=f"{number}.{step}", at=datetime.now(UTC) + timedelta(hours=1)))

    keys = [f"k{number}" for number in range(50)]
    async with asyncio.timeout(PATIENCE_S):
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

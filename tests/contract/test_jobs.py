"""The engine keeps its promises on both databases, alone and with others, and when a process dies in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from interviewer.deps import Deps
from interviewer.jobs import engine as engines
from interviewer.jobs.engine import Engine
from interviewer.store import jobs as store_jobs
from interviewer.store.db import Database
from tests.conftest import MakeDeps


def now() -> datetime:
    return datetime.now(UTC)


class Work:
    """A handler that is told what to do, and writes down what it did."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.failures: list[Exception] = []
        self.gate: asyncio.Event | None = None

    async def __call__(self, deps: Deps, key: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        if self.gate is not None:
            await self.gate.wait()
        self.done.append(key)


@pytest.fixture
async def engine(db: Database) -> AsyncIterator[Engine]:
    await asyncio.to_thread(engines.migrate, db.url)
    made = Engine(db)
    yield made
    await made.stop(patience_s=1)


async def until(true: Callable[[], bool], *, within_s: float = 15) -> None:
    async with asyncio.timeout(within_s):
        while not true():
            await asyncio.sleep(0.05)


async def ask(db: Database, engine: Engine, *keys: str) -> None:
    async with db.write() as tx:
        for key in keys:
            await engine.enqueue(tx, "work", key)


async def state(db: Database, key: str) -> tuple[str, int]:
    async with db.read() as tx:
        row = await store_jobs.get(tx, "work", key)
    return (row.state, row.attempts) if row else ("", 0)


async def test_work_runs_once_after_the_commit(db: Database, engine: Engine, make_deps: MakeDeps) -> None:
    work = Work()
    await ask(db, engine, "a", "a")
    await ask(db, engine, "a", "b")
    await engine.start(make_deps(db, jobs=engine, now=now), {"work": work})
    await until(lambda: len(work.done) >= 2)
    await asyncio.sleep(1.5)
    assert sorted(work.done) == ["a", "b"]
    assert await state(db, "a") == ("done", 1)


async def test_work_of_a_rolled_back_transaction_never_runs(db: Database, engine: Engine, make_deps: MakeDeps) -> None:
    work = Work()
    with pytest.raises(ZeroDivisionError):
        async with db.write() as tx:
            await engine.enqueue(tx, "work", "never")
            raise ZeroDivisionError
    await ask(db, engine, "after")
    await engine.start(make_deps(db, jobs=engine, now=now), {"work": work})
    await until(lambda: bool(work.done))
    assert work.done == ["after"]
    assert await state(db, "never") == ("", 0)

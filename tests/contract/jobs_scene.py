"""An engine on either database, work that does as it is told, and how a job of it ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from interviewer.deps import Deps
from interviewer.jobs import queue
from interviewer.jobs.engine import Engine
from interviewer.store import jobs as store_jobs
from interviewer.store.db import Database
from interviewer.store.tables.analysis import JobRunRow
from tests.conftest import MakeDeps

SOON = (timedelta(seconds=0.1), timedelta(seconds=0.1))
PATIENCE_S = 120.0
"""Never waited for where all is well: a machine may be slow."""


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


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
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
    async with asyncio.timeout(PATIENCE_S):
        while (kept := await row(db, key)) is None or kept.state != state:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
    return kept

"""Durable background work behind `deps.Jobs`: what is asked for in a transaction is done, whoever dies meanwhile.

What a run may do, and what it left, stands in `store.jobs`; `queue.py` brings runs to a process that works. A run is
one call in the application's event loop, for which a thread of the queue's waits. Why it is built so:
docs/decisions/jobs-in-the-application-database.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import traceback
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path
from typing import TypeVar

import structlog

from interviewer import logs, metrics, tracing
from interviewer.deps import Deps
from interviewer.errors import NotSaved
from interviewer.jobs import JOBS, Handler, queue
from interviewer.jobs.clockwork import Sweep, keep
from interviewer.jobs.heart import BEAT, Heart
from interviewer.jobs.sole import SoleWorker
from interviewer.store import health, jobs
from interviewer.store.db import Database, Tx

T = TypeVar("T")

PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""Before the second try and those after it; then a job has failed."""
WAITS_S = (0.5, 2.0, 8.0)
"""Between tries to keep how a run stands; then the last one again and again."""
LOST = timedelta(minutes=2)
"""Work that the queue does not know of after so long is handed over anew."""
LEFT = timedelta(0)
"""The same when a worker begins: what commands asked for before there was a queue need not wait."""
KEPT = timedelta(days=7)
"""How long the queue's rows of ended work stay."""

log = structlog.get_logger()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Engine:
    """Take work in any process; do it, and sweep, in those that were started. One for each process."""

    def __init__(
        self,
        db: Database,
        *,
        handlers: Mapping[str, Handler] = JOBS,
        sweeps: Sequence[Sweep] | None = None,
        pauses: Sequence[timedelta] = PAUSES,
        poll_s: float = 1.0,
        beat_s: float = BEAT.total_seconds(),
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._db = db
        self._handlers = handlers
        self._sweeps = sweeps
        self._pauses = pauses
        self._beat_s = beat_s
        self._now = now
        self._queue = queue.Queue(db.url, poll_s=poll_s)
        self._sole = SoleWorker(db.file) if db.file is not None else None
        self._brought_up = False
        self._migrated = False
        self._executor_id = ""
        self._heart: Heart | None = None
        self._beating: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._keepers: list[asyncio.Task[None]] = []

    async def enqueue(self, tx: Tx, job: str, key: str) -> None:
        """Have `job` run for `key` once `tx` commits; the same pair twice is one run."""
        run = await jobs.ask(tx, job, key, self._now())
        if run is not None:
            await self._hand_over(tx, job, key, run)

    async def start(self, deps: Deps) -> None:
        """Work and sweep; on SQLite only sweep while another process works. To be called in the loop that serves.

        A database that is away now is waited for, beside what is served.
        """
        self._deps, self._loop = deps, asyncio.get_running_loop()
        try:
            await self._take_up()
        except Exception as error:
            if not health.is_away(error):
                raise
            log.warning("worker waits for the database", error=_described(error))
        sweeps = (*(_all_sweeps() if self._sweeps is None else self._sweeps), self._purging())
        self._keepers = [asyncio.create_task(keep(deps, sweep)) for sweep in sweeps]
        self._keepers.append(asyncio.create_task(self._again(self._take_up)))
        self._beating = asyncio.create_task(self._again(self._beat))  # what blocks on the queue must not silence it

    async def stop(self, *, patience_s: int = 20) -> None:
        """Let running work end for so long, then leave the rest to the next worker. Harmless when not started."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._keepers = []
        if self._executor_id:
            await asyncio.to_thread(self._queue.end, patience_s if self._running else 0)
            for task in self._running:
                task.cancel()
        if self._beating is not None:  # to the end: others would take work over that still ends here
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
            self._beating = self._heart = None
        if self._executor_id:
            with contextlib.suppress(NotSaved):
                async with self._db.write() as tx:
                    await jobs.sign_off(tx, self._executor_id)
            self._executor_id = ""
        if self._sole is not None:
            self._sole.release()
        await asyncio.to_thread(self._queue.close)

    async def _hand_over(self, tx: Tx, job: str, key: str, run: int, pause: timedelta = timedelta(0)) -> None:
        if not self._migrated:
            self._migrated = await jobs.has_table(tx, queue.TABLE, None if self._db.sqlite else queue.SCHEMA)
            if not self._migrated:
                return  # a command before the first start: the worker will find the row, as it does lost work
        connection = await tx.connection()
        await connection.run_sync(self._queue.put, job, key, run, pause)

    def _perform(self, job: str, key: str, run: int) -> None:
        asyncio.run_coroutine_threadsafe(self._run(job, key, run), self._loop).result()

    async def _run(self, job: str, key: str, run: int) -> None:
        """One run, in the application's loop."""
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        tries = len(self._pauses) + 1
        try:
            if not await self._kept(lambda tx: jobs.begin(tx, job, key, run, self._now(), tries=tries)):
                return
            try:
                with logs.about(job=job, key=key), tracing.span("job", **{"interviewer.job": job}):
                    await self._handlers[job](self._deps, key)
            except Exception as error:
                what, pauses = _described(error), () if getattr(error, "permanent", False) else self._pauses
                await self._kept(lambda tx: self._failed(tx, job, key, run, what, pauses))
            else:
                await self._kept(lambda tx: self._finished(tx, job, key, run))
        finally:
            self._running.discard(task)

    async def _finished(self, tx: Tx, job: str, key: str, run: int) -> None:
        if await jobs.is_overtaken(tx, job, key, run, self._now()):
            _overtaken(job, key, run)
            return
        again = await jobs.finish(tx, job, key, run, self._now())
        metrics.JOBS_ENDED.labels(job, "done").inc()
        if again is not None:
            await self._hand_over(tx, job, key, again)

    async def _failed(self, tx: Tx, job: str, key: str, run: int, what: str, pauses: Sequence[timedelta]) -> None:
        if await jobs.is_overtaken(tx, job, key, run, self._now()):
            _overtaken(job, key, run)
            return
        following = await jobs.fail(tx, job, key, run, self._now(), error=what, pauses=pauses)
        metrics.JOBS_ENDED.labels(job, "failed" if following is None else "tried_again").inc()
        log.warning("job failed", job=job, key=key, error=what, retried=following is not None)
        if following is not None:
            again, pause = following
            await self._hand_over(tx, job, key, again, pause)

    async def _kept(self, write: Callable[[Tx], Awaitable[T]]) -> T:
        """Do a write that must not be lost to a lock, or to a database that is away: it is waited for."""
        for pause_s in chain(WAITS_S, repeat(WAITS_S[-1])):
            with contextlib.suppress(NotSaved):
                async with self._db.write() as tx:
                    return await write(tx)
            await asyncio.sleep(pause_s)
        raise AssertionError("never reached: the pauses do not end")

    async def _again(self, do: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self._beat_s)
            try:
                await do()
            except Exception as error:
                log.warning("worker upkeep failed", error=_described(error))

    async def _beat(self) -> None:
        if self._heart is not None:
            await self._heart.beat()

    async def _take_up(self) -> None:
        """Become a worker where there is room for one, and hand on what dead ones left."""
        if not self._brought_up:
            await asyncio.to_thread(queue.migrate, self._db.url)
            self._brought_up = self._migrated = True
        if self._sole is not None and not self._sole.acquire():
            return
        begins = not self._executor_id
        if begins:
            self._heart = self._heart or Heart(self._db, uuid.uuid4().hex, self._now)
            await self._heart.beat()
            await asyncio.to_thread(self._queue.begin, self._heart.worker, self._perform)
            self._executor_id = self._heart.worker
        await self._hand_on()
        await self._renew_lost(LEFT if begins else LOST)

    async def _hand_on(self) -> None:
        """Who has begun work is asked for first: whoever comes after that has said so before, and is not taken for
        dead. Judging means to sign others off; what those left who have signed off goes on at once."""
        assert self._heart is not None
        begun = await asyncio.to_thread(self._queue.begun)
        async with self._db.write() as tx:
            if self._heart.may_judge():
                await jobs.sign_off_silent(tx, self._now())
            working = await jobs.signed_on(tx) if self._sole is None else set()
        if gone := begun - working - {self._executor_id}:
            await asyncio.to_thread(self._queue.hand_on, gone)

    async def _renew_lost(self, patience: timedelta) -> None:
        async with self._db.read() as tx:
            due = await jobs.unfinished(tx, before=self._now() - patience)
        if not due:
            return
        waiting = await asyncio.to_thread(self._queue.waiting)
        for job, key, run in due:
            if queue.name(job, key, run) not in waiting:
                async with self._db.write() as tx:
                    renewed = await jobs.renew(tx, job, key, run, self._now())
                    if renewed is not None:
                        await self._hand_over(tx, job, key, renewed)

    def _purging(self) -> Sweep:
        async def purge(_deps: Deps) -> int:
            return await asyncio.to_thread(self._queue.forget, self._now() - KEPT)

        return Sweep("forget ended work", timedelta(days=1), purge)


def _all_sweeps() -> Sequence[Sweep]:
    from interviewer.jobs.sweeps import SWEEPS  # every use case, which a command that only asks does not need

    return SWEEPS


def _overtaken(job: str, key: str, run: int) -> None:
    """What this worker did was done by another one as well, which had taken it for dead."""
    metrics.JOBS_ENDED.labels(job, "overtaken").inc()
    log.warning("job was done twice", job=job, key=key, run=run)


def _described(error: Exception) -> str:
    """Kind and place of an error. Its words are left out: they may be a buyer's."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "interviewer" in Path(frame.filename).parts]
    where = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{where}"

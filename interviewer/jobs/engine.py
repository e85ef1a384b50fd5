"""DBOS behind `deps.Jobs`: durable queues in the application's own database (architecture.md, "six rules").

DBOS keeps its threads to itself. A workflow is one call that hands (job, key, run) to the application's event loop and
waits; what a run may do, and what it left, stands in `store.jobs`. So DBOS holds ids only, never content, and is easily
replaced. One engine per process, because DBOS is one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import traceback
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from interviewer.errors import NotSaved
from interviewer.jobs import JOBS, Handler
from interviewer.jobs.clockwork import Sweep, keep
from interviewer.jobs.sole import SoleWorker
from interviewer.store import jobs
from interviewer.store.db import Database, Tx

if TYPE_CHECKING:
    from dbos import DBOSClient

    from interviewer.deps import Deps

T = TypeVar("T")

NAME = "interviewer"
VERSION = "1"
"""Of the contract between enqueuer and worker, not of the application: work survives a deploy."""
QUEUE = "jobs"
WORKFLOW = "run_job"
AT_ONCE = 4
PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""Before the second try and those after it; then a job has failed."""
BEAT = timedelta(seconds=10)
SILENT = timedelta(seconds=35)
"""A worker that was not heard of for so long is dead."""
LOST = timedelta(minutes=2)
"""Work that DBOS does not know of after so long is handed over anew."""
KEPT = timedelta(days=7)
"""How long DBOS's rows of ended work stay."""
_WAITING = ["ENQUEUED", "DELAYED", "PENDING"]

log = structlog.get_logger()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Engine:
    """Take work in any process; do it, and sweep, in those that were started."""

    def __init__(
        self,
        db: Database,
        *,
        handlers: Mapping[str, Handler] = JOBS,
        sweeps: Sequence[Sweep] | None = None,
        pauses: Sequence[timedelta] = PAUSES,
        poll_s: float = 1.0,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._db = db
        self._handlers = handlers
        self._sweeps = sweeps
        self._pauses = pauses
        self._poll_s = poll_s
        self._now = now
        self._sole = SoleWorker(db.url.partition(":///")[2]) if db.sqlite else None
        self._client: DBOSClient | None = None
        self._migrated = False
        self._executor_id = ""
        self._running: set[asyncio.Task[None]] = set()
        self._keepers: list[asyncio.Task[None]] = []

    async def enqueue(self, tx: Tx, job: str, key: str) -> None:
        """Have `job` run for `key` once `tx` commits; the same pair twice is one run."""
        run = await jobs.ask(tx, job, key, self._now())
        if run is not None:
            await self._hand_over(tx, job, key, run)

    async def start(self, deps: Deps) -> None:
        """Work and sweep; on SQLite only sweep while another process works. To be called in the loop that serves."""
        self._deps, self._loop = deps, asyncio.get_running_loop()
        await asyncio.to_thread(migrate, self._db.url)
        self._migrated = True
        await self._take_up()
        sweeps = _all_sweeps() if self._sweeps is None else self._sweeps
        self._keepers = [asyncio.create_task(keep(deps, sweep)) for sweep in (*sweeps, self._purging())]
        self._keepers.append(asyncio.create_task(self._keep()))

    async def stop(self, *, patience_s: int = 20) -> None:
        """Let running work end for so long, then leave the rest to the next worker."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._keepers = []
        if self._executor_id:
            await asyncio.to_thread(self._end_dbos, patience_s if self._running else 0)
            for task in self._running:
                task.cancel()
            with contextlib.suppress(NotSaved):
                async with self._db.write() as tx:
                    await jobs.sign_off(tx, self._executor_id)
            self._executor_id = ""
        if self._sole is not None:
            self._sole.release()
        if self._client is not None:
            await asyncio.to_thread(self._client.destroy)
            self._client = None

    async def _hand_over(self, tx: Tx, job: str, key: str, run: int, pause: timedelta = timedelta(0)) -> None:
        if not self._migrated:
            self._migrated = await jobs.has_table(tx, "workflow_status", None if self._db.sqlite else "dbos")
            if not self._migrated:
                return  # a command before the first start: the worker will find the row, as it does lost work
        client = self._dbos()
        options: dict[str, Any] = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": f"{job}:{key}:{run}",
            "app_version": VERSION,
        }
        if pause:
            options["delay_seconds"] = pause.total_seconds()
        connection = await tx.connection()
        await connection.run_sync(
            lambda sync: client.enqueue_in_transaction(sync, options, job, key, run)  # type: ignore[arg-type]
        )

    def _dbos(self) -> DBOSClient:
        if self._client is None:
            self._client = _client(self._db.url)
        return self._client

    async def _perform(self, job: str, key: str, run: int) -> None:
        """One run, in the application's loop while a thread of DBOS's waits."""
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        tries = len(self._pauses) + 1
        try:
            if not await self._kept(lambda tx: jobs.begin(tx, job, key, run, self._now(), tries=tries)):
                return
            try:
                await self._handlers[job](self._deps, key)
            except Exception as error:
                what, pauses = _described(error), () if getattr(error, "permanent", False) else self._pauses
                await self._kept(lambda tx: self._failed(tx, job, key, run, what, pauses))
            else:
                await self._kept(lambda tx: self._finished(tx, job, key, run))
        finally:
            self._running.discard(task)

    async def _finished(self, tx: Tx, job: str, key: str, run: int) -> None:
        again = await jobs.finish(tx, job, key, run, self._now())
        if again is not None:
            await self._hand_over(tx, job, key, again)

    async def _failed(self, tx: Tx, job: str, key: str, run: int, what: str, pauses: Sequence[timedelta]) -> None:
        following = await jobs.fail(tx, job, key, run, self._now(), error=what, pauses=pauses)
        log.warning("job failed", job=job, key=key, error=what, retried=following is not None)
        if following is not None:
            again, pause = following
            await self._hand_over(tx, job, key, again, pause)

    async def _kept(self, write: Callable[[Tx], Awaitable[T]]) -> T:
        """Do a write that must not be lost to a passing lock."""
        for pause_s in (0.5, 2, 8):
            with contextlib.suppress(NotSaved):
                async with self._db.write() as tx:
                    return await write(tx)
            await asyncio.sleep(pause_s)
        async with self._db.write() as tx:
            return await write(tx)

    # staying alive, and taking over from the dead

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(BEAT.total_seconds())
            try:
                await self._take_up()
            except Exception as error:
                log.warning("worker upkeep failed", error=_described(error))

    async def _take_up(self) -> None:
        """Beat, become a worker where there is room for one, and hand on what dead ones left."""
        if self._sole is not None and not self._sole.acquire():
            return
        starting = not self._executor_id
        executor_id = self._executor_id or uuid.uuid4().hex
        async with self._db.write() as tx:
            await jobs.beat(tx, executor_id, self._now())
            alive = await jobs.alive(tx, since=self._now() - SILENT)
        if starting:
            await asyncio.to_thread(self._begin_dbos, executor_id)
            self._executor_id = executor_id
        await asyncio.to_thread(self._hand_on, {executor_id} if self._sole is not None else alive)
        await self._renew_lost()

    def _hand_on(self, alive: set[str]) -> None:
        """Queue again what a dead worker had begun. DBOS sees to it that one taker gets each."""
        from dbos import DBOS

        begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        if dead := {workflow.executor_id or "" for workflow in begun} - alive:
            DBOS._recover_pending_workflows(sorted(dead))

    async def _renew_lost(self) -> None:
        async with self._db.read() as tx:
            due = await jobs.unfinished(tx, before=self._now() - LOST)
        if not due:
            return
        known = await asyncio.to_thread(
            self._dbos().list_workflows, status=_WAITING, load_input=False, load_output=False
        )
        waiting = {workflow.workflow_id for workflow in known}
        for job, key, run in due:
            if f"{job}:{key}:{run}" not in waiting:
                async with self._db.write() as tx:
                    renewed = await jobs.renew(tx, job, key, run, self._now())
                    if renewed is not None:
                        await self._hand_over(tx, job, key, renewed)

    def _purging(self) -> Sweep:
        """Daily, drop what DBOS keeps of work that ended long ago."""

        async def purge(deps: Deps) -> int:
            return await asyncio.to_thread(_drop_ended, self._dbos(), self._now() - KEPT)

        return Sweep("forget ended work", timedelta(days=1), purge)

    def _begin_dbos(self, executor_id: str) -> None:
        from dbos import DBOS

        def perform(job: str, key: str, run: int) -> None:
            asyncio.run_coroutine_threadsafe(self._perform(job, key, run), self._loop).result()

        try:
            DBOS(config=_config(self._db.url, executor_id))
            DBOS.workflow(name=WORKFLOW)(perform)
            self._dbos().register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=self._poll_s)
            DBOS.launch()
        except BaseException:
            self._end_dbos(0)
            raise

    def _end_dbos(self, patience_s: int) -> None:
        from dbos import DBOS

        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience_s)


def _all_sweeps() -> Sequence[Sweep]:
    from interviewer.jobs.sweeps import SWEEPS  # every use case, which a command that only enqueues does not need

    return SWEEPS


def migrate(url: str) -> None:
    """Bring DBOS's own tables in the database at `url` to what this version needs. Blocks; harmless to repeat."""
    _hush()
    from dbos import DBOS

    DBOS.migrate(_system(url))


def _system(url: str) -> str:
    """The same database by a driver that blocks, which is what DBOS speaks."""
    return url.replace("sqlite+aiosqlite:", "sqlite:", 1)


def _drop_ended(client: DBOSClient, before: datetime) -> int:
    ended = client.list_workflows(
        completed_before=before.isoformat(), limit=10_000, load_input=False, load_output=False
    )
    if ended:
        client.delete_workflows([workflow.workflow_id for workflow in ended])
    return len(ended)


def _client(url: str) -> DBOSClient:
    _hush()
    from dbos import DBOSClient, DBOSPortableJSONSerializer

    return DBOSClient(
        system_database_url=_system(url),
        serializer=DBOSPortableJSONSerializer(),
        system_database_pool_size=1,
        application_name=NAME,
        lazy=True,
    )


def _config(url: str, executor_id: str) -> Any:
    from dbos import DBOSPortableJSONSerializer

    return {
        "name": NAME,
        "system_database_url": _system(url),
        "sys_db_pool_size": 2 if url.startswith("sqlite") else 5,
        "executor_id": executor_id,
        "application_version": VERSION,
        "serializer": DBOSPortableJSONSerializer(),
        "run_migrations": False,
        "log_level": "WARNING",
    }


def _hush() -> None:
    """Give DBOS's logger a handler, so that it adds none of its own and its warnings go where all others go."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _described(error: Exception) -> str:
    """Kind and place of an error. Its words are left out: they may be a buyer's."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "interviewer" in Path(frame.filename).parts]
    return (
        f"{type(error).__name__} at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else type(error).__name__
    )

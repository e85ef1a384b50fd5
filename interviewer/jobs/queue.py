"""DBOS, and nothing else of ours: a durable queue in the application's database (architecture.md, "six rules").

It is called from threads, because it blocks. It knows ids only, never content.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from interviewer.store.db import blocking

if TYPE_CHECKING:
    from dbos import DBOSClient

NAME = "interviewer"
VERSION = "1"
"""Of the contract between those who ask and those who work, not of the application: work survives a deploy."""
QUEUE = "jobs"
WORKFLOW = "run_job"
AT_ONCE = 4
"""Jobs that one process works on at a time."""
TABLE, SCHEMA = "workflow_status", "dbos"
"""A table that is there when `migrate` was run, and on PostgreSQL its schema."""

Perform = Callable[[str, str, int], None]


def migrate(url: str) -> None:
    """Bring DBOS's own tables in the database at `url` to what this version needs. Harmless to repeat."""
    _hush()
    from dbos import DBOS

    DBOS.migrate(blocking(url))


class Queue:
    """Put runs of jobs in, from any process; take them out in one that has begun to work."""

    def __init__(self, url: str, *, poll_s: float) -> None:
        self._url = blocking(url)
        self._poll_s = poll_s
        self._opened: DBOSClient | None = None

    def put(self, connection: Any, job: str, key: str, run: int, pause: timedelta) -> None:
        """Queue one run in the transaction of this (synchronous) connection. The same run twice is one."""
        options: dict[str, Any] = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": name(job, key, run),
            "app_version": VERSION,
        }
        if pause:
            options["delay_seconds"] = pause.total_seconds()
        self._client().enqueue_in_transaction(connection, options, job, key, run)  # type: ignore[arg-type]

    def begin(self, executor_id: str, perform: Perform) -> None:
        """Take runs out and call `perform` for each, in threads."""
        _hush()
        from dbos import DBOS, DBOSPortableJSONSerializer

        def run_job(job: str, key: str, run: int) -> None:
            perform(job, key, run)

        try:
            DBOS(
                config={
                    "name": NAME,
                    "system_database_url": self._url,
                    "sys_db_pool_size": 2 if self._url.startswith("sqlite") else 5,
                    "executor_id": executor_id,
                    "application_version": VERSION,
                    "serializer": DBOSPortableJSONSerializer(),
                    "run_migrations": False,
                    "log_level": "WARNING",
                }
            )
            DBOS.workflow(name=WORKFLOW)(run_job)
            self._client().register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=self._poll_s)
            DBOS.launch()
        except BaseException:
            self.end(0)
            raise

    def end(self, patience_s: int) -> None:
        """Take nothing more out, and wait so long for what is being worked on."""
        from dbos import DBOS

        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience_s)

    def begun(self) -> set[str]:
        """Workers that have begun runs and not ended them."""
        found = self._client().list_workflows(status="PENDING", load_input=False, load_output=False)
        return {workflow.executor_id or "" for workflow in found}

    def hand_on(self, dead: set[str]) -> None:
        """Queue again what these workers had begun. DBOS sees to it that one taker gets each."""
        from dbos import DBOS

        DBOS._recover_pending_workflows(sorted(dead))

    def waiting(self) -> set[str]:
        """Names of all runs that are queued, paused or begun."""
        states = ["ENQUEUED", "DELAYED", "PENDING"]
        found = self._client().list_workflows(status=states, load_input=False, load_output=False)
        return {workflow.workflow_id for workflow in found}

    def forget(self, before: datetime) -> int:
        """Drop what is kept of runs that ended by then. Returns how many."""
        ended = self._client().list_workflows(
            completed_before=before.isoformat(), limit=10_000, load_input=False, load_output=False
        )
        if ended:
            self._client().delete_workflows([workflow.workflow_id for workflow in ended])
        return len(ended)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.destroy()
            self._opened = None

    def _client(self) -> DBOSClient:
        if self._opened is None:
            _hush()
            from dbos import DBOSClient, DBOSPortableJSONSerializer

            self._opened = DBOSClient(
                system_database_url=self._url,
                serializer=DBOSPortableJSONSerializer(),
                system_database_pool_size=1,
                application_name=NAME,
                lazy=True,
                retry_connection_errors=False,  # it would wait for longer and longer; whoever asks, asks again
            )
        return self._opened


def name(job: str, key: str, run: int) -> str:
    """What a run is called in the queue: the same run has the same name in every process."""
    return f"{job}:{key}:{run}"


def _hush() -> None:
    """Give DBOS's logger a handler, so that it adds none of its own and its warnings go where all others go."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())

"""Background work that is written down, and done only when a test says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from interviewer.deps import Deps
from interviewer.store import jobs
from interviewer.store.db import Tx

_ASKED_AT = datetime(2026, 1, 1, tzinfo=UTC)


class RecordingJobs:
    """`queued` holds (job, key) in order, once each, and only those whose transaction was committed.

    What the desk shows of it is kept as the engine keeps it, unless `shown` is False: an engine that works on the same
    database would take it up.
    """

    def __init__(self, *, shown: bool = True) -> None:
        self.queued: list[tuple[str, str]] = []
        self._shown = shown

    async def enqueue(self, tx: Tx, job: str, key: str) -> None:
        def keep(_session: Session) -> None:
            if (job, key) not in self.queued:
                self.queued.append((job, key))

        event.listen(tx.sync_session, "after_commit", keep, once=True)
        if self._shown:
            await jobs.ask(tx, job, key, _ASKED_AT)

    async def start(self, deps: Deps) -> None:
        """Nothing works in the background of a test."""

    async def stop(self) -> None: ...

    def keys(self, job: str) -> Sequence[str]:
        return [key for name, key in self.queued if name == job]

    async def run(self, deps: Deps) -> None:
        """Do all that is queued, with the real handlers, and what those queue in turn."""
        from interviewer.jobs import JOBS

        while self.queued:
            job, key = self.queued.pop(0)
            await JOBS[job](deps, key)
            async with deps.db.write() as tx:
                row = await jobs.get(tx, job, key)
                if row is not None and (job, key) not in self.queued:
                    row.state = jobs.DONE

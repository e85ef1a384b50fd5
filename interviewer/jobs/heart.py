"""A worker's sign of life, and from when it may say of others that they give none.

Where the database was away, or this process stood still, everybody else looks silent too, and still works. So whoever
has just come (back) gives the others as long to be heard as a dead one gets.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from interviewer.store import jobs
from interviewer.store.db import Database

BEAT = timedelta(seconds=5)
AWAY = 2 * BEAT
"""A worker whose own last beat is older may have missed those of others."""


class Heart:
    """Of one worker."""

    def __init__(self, db: Database, worker: str, now: Callable[[], datetime]) -> None:
        self.worker = worker
        self._db, self._now = db, now
        self._last: datetime | None = None
        self._judges_from = now()

    async def beat(self) -> None:
        """Keep that this worker lives now. Raises NotSaved where the database cannot keep it."""
        now = self._now()
        async with self._db.write() as tx:
            await jobs.beat(tx, self.worker, now)
        if self._last is None or now - self._last > AWAY:
            self._judges_from = self._now() + jobs.SILENT
        self._last = now

    def may_judge(self) -> bool:
        """Whether this worker was there for as long as others must have been silent to be dead."""
        now = self._now()
        return self._last is not None and now - self._last <= AWAY and now >= self._judges_from

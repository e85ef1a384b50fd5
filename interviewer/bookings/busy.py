"""When hosts' own calendars are taken: read from the secret address that they gave, so that no slot is in the way.

Only times are kept. The address is a key to somebody's calendar: it is kept to be read with and shown to nobody again.
A calendar that cannot be read now leaves what was known last, and its host is told why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFetched, Problem
from interviewer.scheduling import feeds
from interviewer.scheduling.slots import Stretch
from interviewer.store import bookings, hosts

EVERY = timedelta(minutes=15)
"""Older than this a reading is old."""
PATIENCE = timedelta(minutes=5)
"""An address that did not answer is left alone for so long, by whoever asks."""
WAIT_S = 2.0
"""A buyer who wants to see times waits no longer for calendars."""
_AROUND = timedelta(days=1)

log = structlog.get_logger()


@dataclass(frozen=True)
class _Job:
    """What is needed to read one calendar, while no transaction is open."""

    user_id: str
    url: str
    zone: str
    since: datetime
    until: datetime
    own: Collection[str]
    """Calls of ours, which stand in that calendar as well."""


async def accept(deps: Deps, url: str) -> str:
    """The address of a calendar as it is to be kept; empty stays empty. Raises BadInput for one that must not be read.

    What it answers is not looked at: `refresh` does that once it is kept.
    """
    if not url.strip():
        return ""
    try:
        return await deps.outbound.check(url)
    except NotFetched as error:
        raise BadInput([Problem("busy_url", error.reason)]) from None


async def refresh(deps: Deps, user_id: str, *, patience: timedelta = timedelta(0)) -> bool:
    """Read one host's calendar now, unless somebody did within `patience`. False where it was not read.

    Never raises for what is wrong with the calendar: that is kept for its host to see.
    """
    job = await _claim(deps, user_id, patience)
    if job is None:
        return False
    stretches: list[Stretch] = []
    trouble = ""
    try:
        raw = await deps.outbound.fetch(job.url, limit=feeds.LARGEST)
        stretches = await asyncio.to_thread(
            feeds.busy, raw, job.since, job.until, zone=job.zone, own=frozenset(job.own)
        )
    except NotFetched as error:
        trouble = error.reason
    except BadInput as error:
        trouble = " ".join(problem.what for problem in error.problems)
    except Exception as error:  # a calendar that nobody foresaw; its words stay out of the log
        log.error("calendar not understood", host=user_id, error=type(error).__name__)
        trouble = "The calendar could not be understood."
    return await _keep(deps, job, stretches, trouble)


async def refresh_all(deps: Deps) -> int:
    """Read every calendar, but for those that another process has just read. Returns how many were read."""
    async with deps.db.read() as tx:
        connected = [row.user_id for row in await hosts.with_calendars(tx)]
    return sum([await refresh(deps, user_id, patience=EVERY - PATIENCE) for user_id in connected])


async def freshen(deps: Deps) -> None:
    """Before times are offered: read what is old of those who take calls, as far as that takes two seconds."""
    now = deps.now()
    async with deps.db.read() as tx:
        old = [
            row.user_id
            for row in await hosts.with_calendars(tx)
            if row.taking and _is_old(row.busy_read_at, now) and not _lately(row.busy_tried_at, now, PATIENCE)
        ]
    if not old:
        return
    reading = [asyncio.create_task(refresh(deps, user_id, patience=PATIENCE)) for user_id in old]
    _, late = await asyncio.wait(reading, timeout=WAIT_S)
    for one in late:
        one.cancel()
    await asyncio.gather(*reading, return_exceptions=True)


async def _claim(deps: Deps, user_id: str, patience: timedelta) -> _Job | None:
    """What to read, for the one who is first."""
    now = deps.now()
    async with deps.db.write() as tx:
        row = await hosts.get(tx, user_id, lock=True)
        if row is None or not row.busy_url or (patience and _lately(row.busy_tried_at, now, patience)):
            return None
        row.busy_tried_at = now
        since, until = now - _AROUND, now + timedelta(days=row.horizon_days) + _AROUND
        calls = await bookings.taken(tx, [user_id], since - _AROUND, until)
        own = {call.uid for call in calls.get(user_id, ())}
        return _Job(user_id, row.busy_url, row.time_zone, since, until, own)


async def _keep(deps: Deps, job: _Job, stretches: Collection[Stretch], trouble: str) -> bool:
    async with deps.db.write() as tx:
        row = await hosts.get(tx, job.user_id, lock=True)
        if row is None or row.busy_url != job.url:  # they changed it meanwhile
            return False
        row.busy_error = trouble
        if trouble:
            log.warning("calendar not read", host=job.user_id)
            return False
        row.busy_read_at = deps.now()
        await hosts.replace_busy(tx, job.user_id, stretches)
        return True


def _is_old(read_at: datetime | None, now: datetime) -> bool:
    return read_at is None or now - read_at > EVERY


def _lately(tried_at: datetime | None, now: datetime, patience: timedelta) -> bool:
    return tried_at is not None and now - tried_at < patience

"""When hosts' own calendars are taken: read from the secret address that they gave, so that no slot is in the way.

Only times are kept. The address is a key to somebody's calendar: it is kept to be read with and shown to nobody again.
A calendar that cannot be read now leaves what was known last, and its host is told why. It was read up to some moment:
what lies after it is not offered, since nobody knows whether it is taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

import structlog

from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFetched, Problem
from interviewer.scheduling import feeds
from interviewer.scheduling.slots import Stretch
from interviewer.store import bookings, hosts
from interviewer.store.db import Database
from interviewer.store.tables.bookings import HostRow

EVERY = timedelta(minutes=15)
"""Older than this a reading is old."""
PATIENCE = timedelta(minutes=5)
"""An address that did not answer is left alone for so long, by whoever asks."""
WAIT_S = 2.0
"""A buyer who wants to see times waits no longer for calendars."""
_AROUND = timedelta(days=1)
_UNREAD = datetime(1970, 1, 1, tzinfo=UTC)

log = structlog.get_logger()

_under_way: WeakKeyDictionary[Database, set[asyncio.Task[None]]] = WeakKeyDictionary()
"""Readings that go on while nobody waits for them: a task that nothing refers to may be dropped half done."""


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
    """Before times are offered: read what is old of those who take calls. After two seconds nobody waits any longer;
    the readings go on, and the next look has them."""
    now = deps.now()
    async with deps.db.read() as tx:
        old = [
            row.user_id
            for row in await hosts.with_calendars(tx)
            if row.taking and _is_old(row, now) and not _lately(row.busy_tried_at, now, PATIENCE)
        ]
    if old:
        await asyncio.wait([_start(deps, user_id) for user_id in old], timeout=WAIT_S)


async def drain(deps: Deps, seconds: float = WAIT_S) -> None:
    """Before the database is closed: let readings end that are under way, for so long; the rest is given up."""
    reading = list(_under_way.get(deps.db, ()))
    if reading:
        await asyncio.wait(reading, timeout=seconds)
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)


def known_until(host: HostRow) -> datetime | None:
    """Up to when it is known whether a host is taken; None: without end.

    No calendar holds nothing back, nor does one that could never be read: its host is told so, and not cut off. One
    that is about to be read for the first time holds back everything until it was tried.
    """
    if not host.busy_url:
        return None
    if host.busy_until is None:
        return None if host.busy_error else _UNREAD
    return host.busy_until


def _start(deps: Deps, user_id: str) -> asyncio.Task[None]:
    reading = _under_way.setdefault(deps.db, set())
    task = asyncio.create_task(_read_apart(deps, user_id))
    reading.add(task)
    task.add_done_callback(reading.discard)
    return task


async def _read_apart(deps: Deps, user_id: str) -> None:
    """Nobody may be there any more to hear of an error."""
    try:
        await refresh(deps, user_id, patience=PATIENCE)
    except Exception as error:
        log.warning("calendar not read", host=user_id, error=type(error).__name__)


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
        row.busy_read_at, row.busy_until = deps.now(), job.until
        await hosts.replace_busy(tx, job.user_id, stretches)
        return True


def _is_old(row: HostRow, now: datetime) -> bool:
    """Whether it was read too long ago, or less far than buyers may look."""
    if row.busy_read_at is None or row.busy_until is None:
        return True
    return now - row.busy_read_at > EVERY or row.busy_until < now + timedelta(days=row.horizon_days)


def _lately(tried_at: datetime | None, now: datetime, patience: timedelta) -> bool:
    return tried_at is not None and now - tried_at < patience

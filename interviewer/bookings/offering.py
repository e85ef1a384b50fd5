"""Times that buyers can pick: the free ones of all hosts together (domain.md: 15 minutes, never with sales)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from interviewer import store
from interviewer.bookings import busy
from interviewer.confidentiality import SEES, Field
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.scheduling import hours, zones
from interviewer.scheduling.offers import Offer, Slot
from interviewer.scheduling.slots import Free, Rules, Stretch, quarters
from interviewer.store import agreement, bookings, hosts, users
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow, DayOffRow, HostRow
from interviewer.store.tables.invitations import InvitationRow

HOSTS = frozenset(role.value for role, fields in SEES.items() if Field.CALL in fields)
"""Who may hold a call: roles that see calls. Nobody who sells does."""
_AROUND = timedelta(days=9)
"""Calls this long before and after the times in question count: to a host's day, and to their week."""
_NEAR = timedelta(days=1)
"""Entries of their calendar this long before and after count: more than any buffer."""


@dataclass(frozen=True)
class Diary:
    """One host's time."""

    host: HostRow
    rules: Rules
    calls: Sequence[Stretch] = ()
    """With buyers of ours."""
    busy: Sequence[Stretch] = ()
    """In their own calendar."""

    def free(self, now: datetime) -> Free:
        return Free(self.rules, self.calls, self.busy, now)

    def week_of(self, start: datetime) -> int:
        """How many calls they have in the week of `start`, by their own calendar."""
        return sum(self._week(call.start) == self._week(start) for call in self.calls)

    def _week(self, moment: datetime) -> tuple[int, int]:
        return moment.astimezone(zones.zone(self.rules.zone)).isocalendar()[:2]


async def offer(deps: Deps, invitation_id: str) -> Offer:
    """What is free, to be looked at page by page; for who has a call to come, times to move it to.

    Hosts' own calendars are read anew where that is due (`busy`). Raises NotFound where the invitation was withdrawn
    or erased.
    """
    await busy.freshen(deps)
    async with deps.db.read() as tx:
        await standing(tx, invitation_id)
        moving = await bookings.of_invitation(tx, invitation_id)
        every = await diaries(deps, tx, moving=moving)
    return together(every, deps.now(), without=moving)


async def offered(deps: Deps, invitation_id: str) -> list[Slot]:
    """Every free time at once, the soonest first. Raises as `offer` does."""
    return await asyncio.to_thread(list, await offer(deps, invitation_id))


async def pick(deps: Deps, invitation_id: str, start: datetime) -> Slot | None:
    """This one time, if it is free; no other is looked at. Raises as `offer` does."""
    await busy.freshen(deps)
    async with deps.db.read() as tx:
        await standing(tx, invitation_id)
        moving = await bookings.of_invitation(tx, invitation_id)
        every = await diaries(deps, tx, moving=moving, at=start)
    return together(every, deps.now(), without=moving).at(start)


async def anybody(deps: Deps) -> bool:
    """Whether somebody here takes calls: else the organisation's booking page, or two times and a number, must do."""
    async with deps.db.read() as tx:
        return any(hours.parse(host.hours) for host in await hosts.taking(tx, HOSTS))


async def only_host(deps: Deps) -> str:
    """The name of who will hold the call, where there is one host; else empty: nobody knows yet."""
    async with deps.db.read() as tx:
        taking = await hosts.taking(tx, HOSTS)
        return (await users.names(tx, [taking[0].user_id])).get(taking[0].user_id, "") if len(taking) == 1 else ""


async def standing(tx: Tx, invitation_id: str, *, lock: bool = False) -> InvitationRow:
    """The invitation, if a call may be made of it. Raises NotFound, also for a buyer who no longer agrees."""
    invitation = await store.invitations.get(tx, invitation_id, lock=lock)
    if invitation is None or invitation.erased_at or invitation.revoked_at:
        raise NotFound
    if agreement.stopped(await store.interviews.of_invitation(tx, invitation_id)):
        raise NotFound
    return invitation


async def diaries(deps: Deps, tx: Tx, *, moving: BookingRow | None = None, at: datetime | None = None) -> list[Diary]:
    """Everybody who takes calls, by id. What is `moving` takes nobody's time.

    For one time, `at`: of their calendars only what is near it is read.
    """
    return await _read(deps, tx, await hosts.taking(tx, HOSTS), moving, at=at)


async def diary(deps: Deps, tx: Tx, host: HostRow, days: Sequence[DayOffRow]) -> Diary:
    """The time of one host with hours and days off that need not be kept."""
    (found,) = await _read(deps, tx, [host], None, days={host.user_id: days})
    return found


async def _read(
    deps: Deps,
    tx: Tx,
    rows: Sequence[HostRow],
    moving: BookingRow | None,
    *,
    days: Mapping[str, Sequence[DayOffRow]] | None = None,
    at: datetime | None = None,
) -> list[Diary]:
    ids = [row.user_id for row in rows]
    if not ids:
        return []
    now = deps.now()
    since, until = now, now + timedelta(days=max(row.horizon_days for row in rows))
    since, until = (since, until) if at is None else (at, at)
    calls = await bookings.taken(tx, ids, since - _AROUND, until + _AROUND)
    taken = await hosts.busy(tx, ids, since - _NEAR, until + _NEAR)
    off = days if days is not None else await hosts.days_off(tx, ids)
    return [
        Diary(
            host=row,
            rules=rules(row, off.get(row.user_id, ())),
            calls=[
                Stretch(call.starts_at, call.ends_at)
                for call in calls.get(row.user_id, ())
                if moving is None or call.id != moving.id
            ],
            busy=taken.get(row.user_id, ()),
        )
        for row in rows
    ]


def rules(host: HostRow, days: Iterable[DayOffRow]) -> Rules:
    return Rules(
        zone=host.time_zone,
        hours=hours.parse(host.hours),
        buffer=timedelta(minutes=host.buffer_minutes),
        notice=timedelta(hours=host.notice_hours),
        horizon=timedelta(days=host.horizon_days),
        daily_maximum=host.daily_maximum,
        days_off=[(day.first, day.last) for day in days],
        known_until=busy.known_until(host),
    )


def together(every: Iterable[Diary], now: datetime, *, without: BookingRow | None = None) -> Offer:
    """The free times of them all; not the one that a buyer has."""
    return Offer({one.host.user_id: one.free(now) for one in every}, without=without.starts_at if without else None)


def again(every: Iterable[Diary], start: datetime, now: datetime, host_id: str | None) -> Diary | None:
    """The host of a call that is put back to `start`, if that is to come and nothing else is in their way then."""
    theirs = next((one for one in every if one.host.user_id == host_id), None)
    able = theirs is not None and start > now and start in quarters(start, start) and theirs.free(now).clear(start)
    return theirs if able else None


def least_busy(every: Iterable[Diary], start: datetime, now: datetime, *, rather: str | None = None) -> Diary | None:
    """Who gets the call: `rather` where free, else who has fewest calls in that week, then by id. None: nobody can."""
    able = [one for one in every if one.free(now).fits(start)]
    return min(able, key=lambda one: (one.host.user_id != rather, one.week_of(start), one.host.user_id), default=None)

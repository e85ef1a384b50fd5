"""Where a call can be moved to, the way there, and the way back. All times with their zone (trust.md 43)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from interviewer import bookings
from interviewer.agenda import arranging, clock, meetings
from interviewer.agenda.meetings import LANGUAGE
from interviewer.bookings import Slot, closing, offering
from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import NotFound, Overtaken
from interviewer.records.meetings import Free, FreeDay, Moving, Place
from interviewer.scheduling import zones
from interviewer.store import users
from interviewer.store.agenda import Line
from interviewer.store.bookings import BOOKED, OWN


async def page(
    deps: Deps, viewer: Viewer, booking_id: str, *, picked: datetime | None = None, typed: str = "", taken: bool = False
) -> Seen[Moving]:
    """A call to come and the times that it can be moved to, on the viewer's clock; one `picked`, to be confirmed.

    One that was `typed` may be any in which its host has nothing else. Where it is not free it counts as `taken`.
    Raises NotFound, also for a call that was booked elsewhere, and Overtaken where it has begun or its link was
    withdrawn.
    """
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.read() as tx:
        line = await meetings.found(tx, booking_id)
        meeting = await meetings.shown(deps, tx, viewer, line)
        zone = await clock.zone_of(tx, viewer)
    _require_movable(deps, line)
    free = await bookings.offered(deps, line.invitation.id)
    place = next((slot for slot in free if slot.start == picked), None)
    if typed:
        place = await _again(deps, line, arranging.moment(typed, zone))
    return see(
        viewer,
        Moving(
            meeting=meeting,
            days=_by_day([slot.start for slot in free], zone, line.booking.time_zone or zone),
            picked=await _place(deps, line, place, zone) if place else None,
            taken=taken or ((picked is not None or bool(typed)) and place is None),
            zone=zones.abbreviation(deps.now(), zone),
            typed=typed,
        ),
    )


async def move(
    deps: Deps, viewer: Viewer, booking_id: str, start: datetime, *, undo: bool = False, freely: bool = False
) -> datetime | None:
    """Move it, and give where it was, so that it can be put there again (`back`): None where it was there, or this is
    the `undo`. `freely` to any time in which its host has nothing else. Raises as `closing.move` does."""
    async with deps.db.read() as tx:
        before = (await meetings.found(tx, booking_id)).booking
    await closing.move(deps, viewer, booking_id, start, back=undo or freely)
    return before.starts_at if before.starts_at != start and not undo else None


async def back(deps: Deps, viewer: Viewer, booking_id: str, start: datetime) -> Seen[Place] | None:
    """Where a call was before, if it can be put there again with the host it has: nothing else is in their way then,
    also where buyers could not take that time any more. Raises NotFound."""
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.read() as tx:
        line = await meetings.found(tx, booking_id)
        zone = await clock.zone_of(tx, viewer)
    try:
        _require_movable(deps, line)
    except (NotFound, Overtaken):
        return None
    slot = await _again(deps, line, start)
    return see(viewer, await _place(deps, line, slot, zone)) if slot else None


async def _again(deps: Deps, line: Line, start: datetime | None) -> Slot | None:
    """Another time with the host that the call has, if they have nothing else then."""
    if start is None or start == line.booking.starts_at:
        return None
    async with deps.db.read() as tx:
        every = await offering.diaries(deps, tx, moving=line.booking, at=start)
    host = offering.again(every, start, deps.now(), line.booking.host_id)
    return Slot(start, (host.host.user_id,)) if host else None


def _require_movable(deps: Deps, line: Line) -> None:
    if line.booking.source != OWN:
        raise NotFound
    if line.booking.state != BOOKED or line.booking.starts_at <= deps.now() or line.invitation.revoked_at:
        raise Overtaken


async def _place(deps: Deps, line: Line, slot: Slot, zone: str) -> Place:
    stays = line.booking.host_id in slot.hosts
    async with deps.db.read() as tx:
        names = {} if stays else await users.names(tx, slot.hosts)
    host = "" if stays else " or ".join(sorted(names.values()))
    return arranging.place(slot.start, zone, line.booking.time_zone or zone, host)


def _by_day(starts: Sequence[datetime], zone: str, theirs: str) -> tuple[FreeDay, ...]:
    days = []
    for day, of_day in groupby(starts, lambda start: zones.day(start, zone, LANGUAGE)):
        within = tuple(of_day)
        times = tuple(_free(start, zone, theirs) for start in within)
        days.append(FreeDay(day, zones.abbreviation(within[0], zone), times))
    return tuple(days)


def _free(start: datetime, zone: str, theirs: str) -> Free:
    here, there = zones.said(start, zone, LANGUAGE), zones.said(start, theirs, LANGUAGE)
    clock = zones.clock(start, theirs, LANGUAGE) if there != here else ""
    return Free(start.isoformat(), zones.clock(start, zone, LANGUAGE), clock)

"""A buyer takes a time, moves it, calls it off. Chat and call do not end each other: what was answered stays.

Everybody with the link can do so, and each step is a mail to two people: there is a limit on how often.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from interviewer import deliveries, store
from interviewer.bookings import offering
from interviewer.bookings.offering import Diary
from interviewer.deps import Deps
from interviewer.errors import NotFound, Overtaken, Taken, TooMany
from interviewer.links import digest
from interviewer.scheduling import slots, zones
from interviewer.store import bookings, calls, hits, hosts, users
from interviewer.store.bookings import BARRED, BOOKED, CANCELLED, MISSED, OWN
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.invitations import InvitationRow

BUYER, HOST = "buyer", "host"
"""Who calls a booking off here."""
LINK_AFTER = timedelta(days=14)
"""So long after the call the buyer's link still opens the chat and other times."""
CHANGES, CHANGES_OF_NETWORK, WINDOW = 10, 60, timedelta(hours=1)
"""Times that may be taken within the hour: by one invitation, and by a network, where many may sit: of those only what
follows on a first call counts, so that nobody is kept from one."""


@dataclass(frozen=True)
class _Asker:
    """Whose changes are counted, as digests."""

    invitation: str
    network: str

    def limits(self, *, first: bool) -> Mapping[str, int]:
        """How many of each there may be, for a buyer's first call or what follows on it."""
        own = {f"call:{self.invitation}": CHANGES}
        return own if first or not self.network else own | {f"calls:{self.network}": CHANGES_OF_NETWORK}


async def take(
    deps: Deps, invitation_id: str, start: datetime, *, zone: str, language: str, network: str = ""
) -> BookingRow:
    """Book `start`; a call that stands is moved there, and the same time again changes nothing.

    `zone` is the buyer's, as they saw the time; `network` where they ask from. Raises Taken where nobody can hold a
    call then, TooMany over the limits, and NotFound where the invitation was withdrawn or erased, or has a call to come
    that was booked elsewhere. For a preview nothing is kept: the row that it gets is in no table.
    """
    asker = _Asker(digest(invitation_id), network and digest(network))
    return await _take(deps, invitation_id, start, zone=zone, language=language, asker=asker)


async def arrange(
    deps: Deps, invitation_id: str, start: datetime, *, host_id: str, zone: str, language: str
) -> BookingRow:
    """Book `start` for a buyer, held by this host: they must have nothing else then, and neither hours nor notice nor
    maximum matter. Raises as `take` does, without a limit, and Overtaken where a call stands already."""
    return await _take(deps, invitation_id, start, zone=zone, language=language, held_by=host_id)


async def move(
    deps: Deps, booking_id: str, start: datetime, *, zone: str = "", language: str = "", back: bool = False
) -> BookingRow:
    """Move a call, with its host where they are free then. Empty `zone` and `language`: as they were.

    `back` puts it where it was: its host must have nothing else then, and neither hours nor notice matter. Raises as
    `take` does, and Overtaken where it no longer stands (called off, held, missed). The desk has no limit.
    """
    async with deps.db.read() as tx:
        row = await bookings.get(tx, booking_id)
    if row is None:
        raise NotFound
    zone, language = zone or row.time_zone, language or row.language
    return await _take(deps, row.invitation_id, start, zone=zone, language=language, only=booking_id, back=back)


async def cancel(deps: Deps, booking_id: str, by: str) -> BookingRow:
    """Call it off, by BUYER or HOST. Twice is harmless, and no limit keeps anybody from it.

    Raises NotFound, and Overtaken where it was held or missed; for a buyer also once it has begun, when the host may
    have notes of it.
    """
    async with deps.db.write() as tx:
        row = await bookings.get(tx, booking_id)
        if row is None:
            raise NotFound
        await store.invitations.get(tx, row.invitation_id, lock=True)
        row = await bookings.get(tx, booking_id, lock=True)
        if row is None:
            raise NotFound
        if row.state == CANCELLED:
            return row
        if row.state != BOOKED or (by == BUYER and row.starts_at <= deps.now()):
            raise Overtaken
        await _call_off(deps, tx, row, by)
        return row


async def call_off(deps: Deps, tx: Tx, invitation_id: str, by: str = BUYER) -> BookingRow | None:
    """Whoever says no wants no call either: in `tx`, which holds the invitation, call off what is to come of it. So
    does a link that is withdrawn, by HOST.

    Gives the call that stood, CANCELLED now; as BARRED where a scheduler elsewhere has it, which alone can take it out
    of calendars. None where there is none to come: one that has begun is held.
    """
    row = await bookings.of_invitation(tx, invitation_id, lock=True)
    if row is None or row.starts_at <= deps.now():
        return None
    await _call_off(deps, tx, row, by if row.source == OWN else BARRED)
    return row


async def holder(deps: Deps, row: BookingRow) -> str:
    """The name of who holds the call; empty where only a scheduler elsewhere knows."""
    async with deps.db.read() as tx:
        return await users.name_of(tx, row.host_id) if row.host_id else ""


async def zone_of(deps: Deps, host_id: str) -> str:
    """The time zone of a host's hours."""
    async with deps.db.read() as tx:
        host = await hosts.get(tx, host_id)
    return host.time_zone if host is not None else zones.FALLBACK


async def _call_off(deps: Deps, tx: Tx, row: BookingRow, by: str) -> None:
    row.state, row.cancelled_by, row.changed_at, row.sequence = CANCELLED, by, deps.now(), row.sequence + 1
    await deliveries.queue_cancelled(deps, tx, row)


async def _take(
    deps: Deps,
    invitation_id: str,
    start: datetime,
    *,
    zone: str,
    language: str,
    only: str = "",
    back: bool = False,
    held_by: str = "",
    asker: _Asker | None = None,
) -> BookingRow:
    try:
        async with deps.db.write() as tx:
            return await _book(
                deps,
                tx,
                invitation_id,
                start,
                zone=zone,
                language=language,
                only=only,
                back=back,
                held_by=held_by,
                asker=asker,
            )
    except Taken:  # others wait for the hosts: what is free instead is looked up after it
        slots_left = await offering.offered(deps, invitation_id)
    raise Taken(tuple(slot.start for slot in slots_left))


async def _book(
    deps: Deps,
    tx: Tx,
    invitation_id: str,
    start: datetime,
    *,
    zone: str,
    language: str,
    only: str,
    back: bool,
    held_by: str,
    asker: _Asker | None,
) -> BookingRow:
    """`only` is the booking that must be the one that stands; `back` as `move` has it, `held_by` as `arrange`; of an
    `asker` it is counted."""
    await hosts.taking(tx, offering.HOSTS, lock=True)  # first, as everybody does who locks one and an invitation
    invitation = await offering.standing(tx, invitation_id, lock=True)
    there = await bookings.of_invitation(tx, invitation_id, lock=True)
    now = deps.now()
    if there is not None and there.source != OWN and there.ends_at > now:
        raise NotFound
    if only and (there is None or there.id != only):
        raise Overtaken
    if there is not None and there.starts_at == start and there.ends_at > now:
        return there
    if there is not None and there.starts_at <= now < there.ends_at:
        raise Overtaken  # it is being held: what the host notes is kept
    moving = there if there is not None and there.starts_at > now else None
    if held_by and moving is not None:
        raise Overtaken
    every = await offering.diaries(deps, tx, moving=moving, at=start)
    if held_by or (back and moving is not None):
        host = offering.again(every, start, now, held_by or (moving.host_id if moving else None))
    else:
        host = offering.least_busy(every, start, now, rather=moving.host_id if moving else None)
    if host is None:
        raise Taken
    if invitation.preview:
        return _fresh(deps, invitation_id, host, start, zone, language)
    if asker is not None:
        await _count(tx, asker.limits(first=await bookings.latest(tx, invitation_id) is None), now)
    if moving is not None:
        before = BookingRow(**moving.model_dump())
        row = _moved(moving, host, start, zone, language, now)
        await deliveries.queue_moved(deps, tx, row, before=before)
    else:
        if there is not None:  # its time has passed, and the buyer asks for another
            there.state, there.closed_at, there.changed_at = MISSED, now, now
            await tx.flush()  # one call stands at most
        row = _fresh(deps, invitation_id, host, start, zone, language)
        bookings.add(tx, row)
        await deliveries.queue_booked(deps, tx, row)
    await settle(tx, invitation, row, now)
    return row


async def _count(tx: Tx, limits: Mapping[str, int], now: datetime) -> None:
    """Count one change. Raises TooMany; that none slips in between, the hosts are held."""
    for bucket, limit in limits.items():
        if until := await hits.full_until(tx, bucket, limit=limit, window=WINDOW, now=now):
            raise TooMany(until=until)
        hits.add(tx, bucket, now)


def _fresh(deps: Deps, invitation_id: str, host: Diary, start: datetime, zone: str, language: str) -> BookingRow:
    booking_id, now = deps.new_id(), deps.now()
    return BookingRow(
        id=booking_id,
        invitation_id=invitation_id,
        host_id=host.host.user_id,
        source=OWN,
        external_id=booking_id,
        state=BOOKED,
        starts_at=start,
        ends_at=start + slots.LENGTH,
        time_zone=zone if zones.known(zone) else host.rules.zone,
        language=language,
        video_link=host.host.video_link,
        uid=f"{deps.new_id()}@{urlsplit(deps.settings.base_url).hostname or 'localhost'}",
        created_at=now,
        changed_at=now,
    )


def _moved(row: BookingRow, host: Diary, start: datetime, zone: str, language: str, now: datetime) -> BookingRow:
    if row.host_id != host.host.user_id:
        row.host_id, row.video_link = host.host.user_id, host.host.video_link
    row.starts_at, row.ends_at, row.handed_from = start, start + slots.LENGTH, ""
    row.time_zone = zone if zones.known(zone) else row.time_zone
    row.language, row.changed_at, row.sequence = language, now, row.sequence + 1
    return row


async def settle(tx: Tx, invitation: InvitationRow, row: BookingRow, now: datetime) -> None:
    """What any booking brings about: what was left for a call is seen to, and the link works until after the call."""
    asked = await calls.of_invitation(tx, invitation.id, lock=True)
    if asked is not None and asked.handled_at is None:
        asked.handled_at = now
    invitation.expires_at = max(invitation.expires_at, row.ends_at + LINK_AFTER)

"""Calls that are booked at a scheduler elsewhere: what its messages add up to, in whatever order they come.

Each message adds to what is known of one booking, and from all that is known follows which call stands. So messages
that come late, twice or the wrong way round end the same (trust.md 42). The scheduler writes to the buyer itself.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import structlog

from interviewer import deliveries, schedulers, store
from interviewer.bookings import barring, taking
from interviewer.deps import Deps
from interviewer.errors import TooMany
from interviewer.links import digest
from interviewer.schedulers.base import Person, Scheduler, Told
from interviewer.scheduling import zones
from interviewer.store import bookings, hits
from interviewer.store import external as told_before
from interviewer.store.bookings import BARRED, BOOKED, CANCELLED, MISSED
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow, ExternalCallRow
from interviewer.store.tables.invitations import InvitationRow

SCHEDULER = "scheduler"
"""Who called it off, where a message said so, or a later booking."""
WRONG_ONES, WINDOW = 60, timedelta(minutes=10)
"""Messages with no good signature that one network may send."""
_LONGEST_CHAIN = 50
_PLACE = ("external_id", "starts_at", "ends_at", "time_zone", "video_link")
"""What a booking here has of the scheduler's."""

log = structlog.get_logger()


def link(deps: Deps, invitation: InvitationRow, reference: str, *, prefilled: bool) -> str:
    """The organisation's booking page with our reference, and with name and address where `prefilled`."""
    url = deps.settings.scheduling_url
    person = Person(invitation.name, invitation.email) if prefilled else Person()
    return schedulers.choose(url, deps.settings.scheduler).link(url, person, reference)


async def count_wrong(deps: Deps, network: str) -> None:
    """Count a message without a good signature. Raises TooMany above the limit of a network; an empty one has none."""
    if not network:
        return
    bucket, now = _bucket(network), deps.now()
    async with deps.db.write() as tx:
        if until := await hits.full_until(tx, bucket, limit=WRONG_ONES, window=WINDOW, now=now):
            raise TooMany(until=until)
        hits.add(tx, bucket, now)


async def receive(deps: Deps, scheduler: Scheduler, told: Told, body: bytes) -> bool:
    """Take one message. False where it changes nothing: heard before, or about nobody of ours."""
    key = sha256(body).hexdigest()
    async with deps.db.write() as tx:
        await told_before.one_message(tx)
        if await told_before.heard(tx, scheduler.name, key):
            return False
        invitation_id = await told_before.invitation_of(tx, told.reference)
        if invitation_id is None and not (told.replaces or told.cancelled or await _known(tx, scheduler, told)):
            return False  # somebody else's: nothing of it is kept
        await _hold(tx, invitation_id or await _guessed(tx, scheduler, told))
        await told_before.hear(tx, scheduler.name, key, deps.now())
        row = await _add_up(deps, tx, scheduler, told, invitation_id)
        invitation_id = await _whose(tx, row)
        if invitation_id is None:
            return False
        invitation = await store.invitations.get(tx, invitation_id, lock=True)
        if invitation is None or invitation.erased_at or invitation.preview:
            await told_before.erase(tx, invitation_id)
            return False
        await settle(deps, tx, scheduler.name, invitation)
    log.info("heard of a call", scheduler=scheduler.name, cancelled=told.cancelled)
    return True


def stands(calls: Collection[ExternalCallRow], closed: Collection[str] = ()) -> ExternalCallRow | None:
    """Of all that a scheduler told of one buyer's calls, the one that stands: neither called off nor moved elsewhere
    nor over (`closed`, by their ids there), and of several the one that was told last."""
    return _last([call for call in _ends(calls, closed) if not call.cancelled])


def _ends(calls: Collection[ExternalCallRow], closed: Collection[str]) -> list[ExternalCallRow]:
    """Calls that were not moved elsewhere, and are not over."""
    gone = {*closed, *(call.replaces for call in calls)}
    return [call for call in calls if call.external_id not in gone]


def _last(calls: Collection[ExternalCallRow]) -> ExternalCallRow | None:
    """The one whose times were told last; of some no times were told yet."""
    timed = [(call.told_at, call.external_id, call) for call in calls if call.told_at]
    return max(timed, key=lambda one: one[:2], default=(None, "", None))[2]


async def _known(tx: Tx, scheduler: Scheduler, told: Told) -> bool:
    """Whether another message spoke of this booking already, as one that was moved or called off."""
    if await told_before.get(tx, scheduler.name, told.external_id):
        return True
    named = ExternalCallRow(source=scheduler.name, external_id=told.external_id)
    return bool(await told_before.beside(tx, named))


async def _guessed(tx: Tx, scheduler: Scheduler, told: Told) -> str | None:
    """Whose booking it seems to be, by what was told before."""
    named = await told_before.get(tx, scheduler.name, told.external_id)
    named = named or ExternalCallRow(source=scheduler.name, external_id=told.external_id, replaces=told.replaces)
    near = [named, *(await told_before.beside(tx, named))]
    return next((one.invitation_id for one in near if one.invitation_id), None)


async def _hold(tx: Tx, invitation_id: str | None) -> None:
    """Hold the invitation before what was told of its calls, as whoever erases it does; and read that anew."""
    tx.expunge_all()
    if invitation_id:
        await store.invitations.get(tx, invitation_id, lock=True)


async def _add_up(deps: Deps, tx: Tx, scheduler: Scheduler, told: Told, invitation_id: str | None) -> ExternalCallRow:
    row = await told_before.get(tx, scheduler.name, told.external_id)
    if row is None:
        row = ExternalCallRow(source=scheduler.name, external_id=told.external_id, at=deps.now())
        told_before.add(tx, row)
    row.invitation_id = row.invitation_id or invitation_id
    row.replaces = row.replaces or told.replaces
    row.cancelled = row.cancelled or told.cancelled
    if told.starts_at and told.ends_at and _newer(row, told.at, told.starts_at):
        row.told_at, row.starts_at, row.ends_at = told.at, told.starts_at, max(told.starts_at, told.ends_at)
        row.time_zone = told.time_zone if zones.known(told.time_zone) else ""
        row.video_link = told.video_link
    await tx.flush()
    return row


def _newer(row: ExternalCallRow, told_at: datetime, starts_at: datetime) -> bool:
    """Whether these times were told after those that are kept; of two of one moment the later time counts."""
    return row.told_at is None or row.starts_at is None or (told_at, starts_at) > (row.told_at, row.starts_at)


async def _whose(tx: Tx, row: ExternalCallRow) -> str | None:
    """Whose booking it is, by itself or by those that it was moved from or to; they all learn it."""
    chain, unread = {row.external_id: row}, [row]
    while unread and len(chain) < _LONGEST_CHAIN:
        for other in await told_before.beside(tx, unread.pop()):
            if other.external_id not in chain:
                chain[other.external_id] = other
                unread.append(other)
    known = sorted((one.at, one.external_id, one.invitation_id) for one in chain.values() if one.invitation_id)
    if not known:
        return None
    for one in chain.values():
        one.invitation_id = one.invitation_id or known[0][2]
    return row.invitation_id


async def settle(deps: Deps, tx: Tx, source: str, invitation: InvitationRow) -> None:
    """Make the booking here say what stands there: one row follows it, as long as nobody closed that.

    In `tx`, which holds the invitation. Twice is harmless.
    """
    there = await told_before.bookings(tx, source, invitation.id)
    row = next((one for one in there if one.state in (BOOKED, CANCELLED)), None)
    closed = {one.external_id for one in there if one.state not in (BOOKED, CANCELLED)}
    calls = await told_before.of_invitation(tx, source, invitation.id)
    call = stands(calls, closed)
    if call is None:
        if row is not None and row.state == BOOKED and row.starts_at <= deps.now():
            return  # how it went is its host's to say, who may be in it
        if last := _last(_ends(calls, closed)) or row:
            _off(deps, tx, row, invitation, source, _place(last), SCHEDULER)
        return
    if await barring.bars(tx, invitation, call, calls):
        if row is None or row.state != BOOKED or row.starts_at > deps.now():
            _off(deps, tx, row, invitation, source, _place(call), BARRED)
        return
    if row is not None and (row.state, _place(row)) == (BOOKED, _place(call)):
        return
    if row is not None and _is_over(row, call, calls, deps.now()):
        await _miss(deps, tx, row)
        row = None
    if await _gives_way(deps, tx, call, invitation.id):
        row = _write(deps, tx, row, invitation, source, _place(call), BOOKED)
        await taking.settle(tx, invitation, row, deps.now())


def _off(
    deps: Deps,
    tx: Tx,
    row: BookingRow | None,
    invitation: InvitationRow,
    source: str,
    place: dict[str, Any],
    by: str,
) -> None:
    if row is None or (row.state, row.cancelled_by, _place(row)) != (CANCELLED, by, place):
        _write(deps, tx, row, invitation, source, place, CANCELLED, by)


def _write(
    deps: Deps,
    tx: Tx,
    row: BookingRow | None,
    invitation: InvitationRow,
    source: str,
    place: dict[str, Any],
    state: str,
    by: str = "",
) -> BookingRow:
    if row is None:
        row = _fresh(deps, invitation, source, place)
        bookings.add(tx, row)
    else:
        row.sequence += 1
    for field, value in place.items():
        setattr(row, field, value)
    row.state, row.changed_at, row.cancelled_by = state, deps.now(), by
    return row


async def _miss(deps: Deps, tx: Tx, row: BookingRow) -> None:
    """It has begun and the buyer booked another. Its host can say that it was held after all."""
    row.state = MISSED
    row.closed_at = row.changed_at = deps.now()
    await tx.flush()  # one call stands at most


def _is_over(row: BookingRow, call: ExternalCallRow, calls: Collection[ExternalCallRow], now: datetime) -> bool:
    """Whether the booking has begun, and `call` is another one rather than where it was moved to."""
    same = {call.external_id, *(one.replaces for one in calls)}
    return row.state == BOOKED and row.starts_at <= now and row.external_id not in same


async def _gives_way(deps: Deps, tx: Tx, call: ExternalCallRow, invitation_id: str) -> bool:
    """Whether no call stands that was booked elsewhere; one that was booked before this one is called off,
    or over."""
    other = await bookings.of_invitation(tx, invitation_id, lock=True)
    if other is None or other.source == call.source:
        return True
    if call.told_at is None or other.changed_at > call.told_at:
        return False
    if other.starts_at <= deps.now():
        await _miss(deps, tx, other)
        return True
    other.state, other.cancelled_by, other.changed_at = CANCELLED, SCHEDULER, deps.now()
    other.sequence += 1
    await tx.flush()  # one call stands at most
    await deliveries.queue_cancelled(deps, tx, other)
    return True


def _place(row: BookingRow | ExternalCallRow) -> dict[str, Any]:
    return {field: getattr(row, field) for field in _PLACE}


def _fresh(deps: Deps, invitation: InvitationRow, source: str, place: dict[str, Any]) -> BookingRow:
    now = deps.now()
    return BookingRow(
        id=deps.new_id(),
        invitation_id=invitation.id,
        source=source,
        state=BOOKED,
        language=invitation.language,
        uid=f"{deps.new_id()}@{urlsplit(deps.settings.base_url).hostname or 'localhost'}",
        created_at=now,
        changed_at=now,
        **place,
    )


def _bucket(network: str) -> str:
    return f"hook:{digest(network)}"

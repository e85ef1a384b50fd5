"""Mails to the host of a call: who and when, on the host's wall, and where the brief is. Never what the buyer said.

What a host is told passes `confidentiality.see`, like every page of the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from interviewer.confidentiality import Field, Role, Seen, Viewer, see
from interviewer.deliveries import entries, told
from interviewer.deliveries.entries import CANCEL, REQUEST
from interviewer.deliveries.queueing import NO_DELAY, Draft, queue
from interviewer.deliveries.told import CANCELLED, HANDED_ON, WITHDRAWN
from interviewer.deps import Deps
from interviewer.scheduling import calendars, zones
from interviewer.scheduling.calendars import Entry
from interviewer.scheduling.slots import LENGTH
from interviewer.store import bookings, invitations, users
from interviewer.store import hosts as kept
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.people import UserRow

REMINDER = "reminder"
_OFF = (CANCELLED, HANDED_ON, WITHDRAWN)


@dataclass(frozen=True)
class HostCall:
    """What a mail tells a host of their call."""

    kind: Annotated[str, Field.CALL]
    name: Annotated[str, Field.PERSON]
    company: Annotated[str, Field.COMPANY]
    day: Annotated[str, Field.CALL]
    hours: Annotated[str, Field.CALL]
    zone: Annotated[str, Field.CALL]
    short: Annotated[str, Field.CALL]
    video: Annotated[str, Field.CALL]
    brief: Annotated[str, Field.CALL]
    settings: Annotated[str, Field.CALL]
    """Where a video link is set."""


async def queue_call(
    deps: Deps,
    tx: Tx,
    kind: str,
    row: BookingRow,
    *,
    host_id: str | None = None,
    start: datetime | None = None,
    mark: str = "",
    delay: timedelta = NO_DELAY,
) -> None:
    """Tell the host of a call of ours, or one who held it, once `tx` commits, or after `delay`. `mark` tells mails of
    one kind apart."""
    user_id = host_id or row.host_id
    if deps.mail is None or row.source != bookings.OWN or user_id is None:
        return
    payload = {
        "kind": kind,
        "user_id": user_id,
        "booking_id": row.id,
        "sequence": row.sequence,
        "starts_at": (start or row.starts_at).isoformat(),
    }
    if kind == WITHDRAWN:
        payload |= {"booking_id": "", "uid": row.uid, "sequence": row.sequence + 1}
    key = f"{told.TO_HOST}:{kind}{mark}:{row.id}:{row.sequence}:{user_id}"
    await queue(deps, tx, told.TO_HOST, payload, None if kind == WITHDRAWN else row.invitation_id, key=key, delay=delay)


async def queue_cancelled(deps: Deps, tx: Tx, row: BookingRow) -> None:
    """Tell the host of a call that it is off, and whoever was yet to be told that a colleague holds it."""
    for user_id in sorted({row.host_id or "", *await told.hosts(tx, row)} - {""}):
        await queue_call(deps, tx, CANCELLED, row, host_id=user_id)


async def queue_withdrawn(deps: Deps, tx: Tx, invitation_id: str) -> None:
    """Tell hosts that calls are erased with their buyer, so that no calendar keeps one with nobody. No name goes along.

    To be queued before the log forgets the invitation: those hear of it whose calendar has a call to come, also where
    they were yet to be told that it is off. `tx` holds the invitation.
    """
    for row in await bookings.of_an_invitation(tx, invitation_id, lock=True):
        holds = row.host_id if row.state == bookings.BOOKED and row.starts_at > deps.now() else None
        for user_id in sorted({holds or "", *await told.hosts(tx, row)} - {""}):
            known = await told.to_host(tx, row, user_id, row.starts_at, leaving=True)
            if known is not None and known.on and known.start > deps.now():
                await queue_call(deps, tx, WITHDRAWN, row, host_id=user_id, start=known.start)


async def draft(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    user = await users.get(tx, payload["user_id"])
    if user is None or not user.email or user.role not in set(Role):
        return None
    viewer, off = Viewer(user.id, Role(user.role), user.name), payload["kind"] in _OFF
    gone = bool(user.disabled_at) or not viewer.sees(Field.CALL)
    row = await _row(deps, tx, payload) if off or not gone else None
    if row is None:
        return None
    call = await _call(deps, tx, payload, row)
    if (
        gone
    ):  # their calendar still has it: it goes out of there by its time alone, as they were told it when they held it
        viewer, call = Viewer(user.id, Role.PMM, user.name), replace(call, name="", company="", brief="")
    seen = see(viewer, call)
    if payload["kind"] == REMINDER:
        return Draft(user.email, "en", {"call": seen})
    entry = _entry(deps, row, user, seen)
    if off:
        return Draft(user.email, "en", {"call": seen}, calendars.cancellation(entry), CANCEL)
    return Draft(user.email, "en", {"call": seen}, calendars.invitation(entry), REQUEST)


async def _row(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> BookingRow | None:
    """The call as this host has it, or is to have it; None where it is no news any more."""
    kind, start = payload["kind"], datetime.fromisoformat(payload["starts_at"])
    if kind == WITHDRAWN:
        return _withdrawn(payload, start, deps.now())
    row = await bookings.get(tx, payload["booking_id"])
    if row is None:
        return None
    if kind in _OFF:
        return await _was(tx, payload, row, start)
    if (row.state, row.sequence, row.host_id) != (bookings.BOOKED, payload["sequence"], payload["user_id"]):
        return None
    if kind == REMINDER:
        return row if deps.now() < row.starts_at else None
    known = await told.to_host(tx, row, payload["user_id"], start)
    again = known is not None and known.on and known.start == row.starts_at
    return None if again or deps.now() >= row.ends_at else row


async def _was(tx: Tx, payload: Mapping[str, Any], row: BookingRow, start: datetime) -> BookingRow | None:
    """A call that is off, or somebody else's, as this host was told of it last; None where it is theirs again, where
    they were told already, and where it was theirs so shortly that no mail said so."""
    if payload["kind"] == CANCELLED:
        news = (row.state, row.sequence) == (bookings.CANCELLED, payload["sequence"])
    else:  # of one that is off everybody is told
        news = row.state != bookings.CANCELLED and row.host_id != payload["user_id"]
    known = await told.to_host(tx, row, payload["user_id"], start, leaving=True) if news else None
    if known is None or not known.on:
        return None
    facts = row.model_dump() | {"starts_at": known.start, "ends_at": known.start + LENGTH}
    return BookingRow(**facts | {"sequence": payload["sequence"]})


def _withdrawn(payload: Mapping[str, Any], start: datetime, now: datetime) -> BookingRow:
    """A call of which nothing else is kept; in no table."""
    return BookingRow(
        id="",
        invitation_id="",
        source=bookings.OWN,
        external_id="",
        state=bookings.CANCELLED,
        starts_at=start,
        ends_at=start + LENGTH,
        uid=payload["uid"],
        sequence=payload["sequence"],
        created_at=now,
        changed_at=now,
    )


async def _call(deps: Deps, tx: Tx, payload: Mapping[str, Any], row: BookingRow) -> HostCall:
    invitation = await invitations.get(tx, row.invitation_id) if row.invitation_id else None
    host = await kept.get(tx, payload["user_id"])
    when = entries.moment(row.starts_at, row.ends_at, host.time_zone if host else zones.FALLBACK, "en")
    desk = f"{deps.settings.base_url.rstrip('/')}/desk/calls"
    off = payload["kind"] in _OFF
    return HostCall(
        kind=payload["kind"],
        name=invitation.name if invitation else "",
        company=invitation.company if invitation else "",
        day=when.day,
        hours=when.hours,
        zone=when.zone,
        short=when.short,
        video="" if off else await entries.video(tx, row),
        brief=desk if off else f"{desk}/{row.id}",
        settings=f"{desk}/hours",
    )


def _entry(deps: Deps, row: BookingRow, user: UserRow, call: Seen[HostCall]) -> Entry:
    who = f"{call.name} ({call.company})" if call.name and call.company else call.name or call.company or "a buyer"
    return Entry(
        uid=row.uid,
        sequence=row.sequence,
        start=row.starts_at,
        end=row.ends_at,
        summary=f"Call with {who}",
        description=f"The brief: {call.brief}" if call.brief else "",
        location=call.video,
        organiser_name=deps.settings.organisation,
        organiser_address=entries.sender(deps),
        attendee_name=user.name,
        attendee_address=user.email,
        stamp=row.changed_at,
    )

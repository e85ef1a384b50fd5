"""Mails to the host of a call: who and when, on the host's wall, and where the brief is. Never what the buyer said.

What a host is told passes `confidentiality.see`, like every page of the desk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from interviewer.confidentiality import Field, Role, Seen, Viewer, see
from interviewer.deliveries import entries
from interviewer.deliveries.entries import CANCEL, REQUEST
from interviewer.deliveries.queueing import Draft, queue
from interviewer.deps import Deps
from interviewer.scheduling import calendars, zones
from interviewer.scheduling.calendars import Entry
from interviewer.scheduling.slots import LENGTH
from interviewer.store import bookings, invitations, users
from interviewer.store import hosts as kept
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.people import UserRow

EVENT = "host_call"
BOOKED, MOVED, CANCELLED, HANDED_ON, REMINDER, WITHDRAWN = (
    "booked", "moved", "cancelled", "handed_on", "reminder", "withdrawn"
)  # fmt: skip
"""What happened. `handed_on`: moved to a time at which a colleague holds it; `withdrawn`: erased with its buyer."""
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
) -> None:
    """Tell the host of a call of ours, or one who held it, once `tx` commits. `mark` tells mails of one kind apart."""
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
    key = f"{EVENT}:{kind}{mark}:{row.id}:{row.sequence}:{user_id}"
    await queue(deps, tx, EVENT, payload, None if kind == WITHDRAWN else row.invitation_id, key=key)


async def queue_withdrawn(deps: Deps, tx: Tx, rows: Sequence[BookingRow]) -> None:
    """Tell hosts that calls to come are erased with their buyer, so that nobody waits for them. No name goes along."""
    for row in rows:
        if row.state == bookings.BOOKED and row.starts_at > deps.now():
            await queue_call(deps, tx, WITHDRAWN, row)


async def draft(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    user = await users.get(tx, payload["user_id"])
    if user is None or user.disabled_at or user.role not in set(Role):
        return None
    viewer = Viewer(user.id, Role(user.role), user.name)
    row = await _row(deps, tx, payload)
    if row is None or not viewer.sees(Field.CALL):
        return None
    call = see(viewer, await _call(deps, tx, payload, row))
    if payload["kind"] == REMINDER:
        return Draft(user.email, "en", {"call": call})
    entry = _entry(deps, row, user, call)
    if payload["kind"] in _OFF:
        return Draft(user.email, "en", {"call": call}, calendars.cancellation(entry), CANCEL)
    return Draft(user.email, "en", {"call": call}, calendars.invitation(entry), REQUEST)


async def _row(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> BookingRow | None:
    """The call as this host has it; None where it is no news any more."""
    kind, start = payload["kind"], datetime.fromisoformat(payload["starts_at"])
    if kind == WITHDRAWN:
        return _past(payload, start, deps.now())
    row = await bookings.get(tx, payload["booking_id"])
    if row is None:
        return None
    if kind == HANDED_ON:
        back = row.host_id == payload["user_id"] and row.state == bookings.BOOKED
        return None if back else _past({**payload, "uid": row.uid}, start, deps.now(), row)
    state = bookings.CANCELLED if kind == CANCELLED else bookings.BOOKED
    if (row.state, row.sequence, row.host_id) != (state, payload["sequence"], payload["user_id"]):
        return None
    over = deps.now() >= (row.starts_at if kind == REMINDER else row.ends_at)
    return None if over and kind != CANCELLED else row


def _past(payload: Mapping[str, Any], start: datetime, now: datetime, row: BookingRow | None = None) -> BookingRow:
    """A call that is no longer this host's, as it was; in no table."""
    return BookingRow(
        id=row.id if row else "",
        invitation_id=row.invitation_id if row else "",
        source=bookings.OWN,
        external_id="",
        state=bookings.CANCELLED,
        starts_at=start,
        ends_at=start + LENGTH,
        uid=payload["uid"],
        sequence=payload["sequence"],
        created_at=now,
        changed_at=row.changed_at if row else now,
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
        description=f"The brief: {call.brief}",
        location=call.video,
        organiser_name=deps.settings.organisation,
        organiser_address=entries.sender(deps),
        attendee_name=user.name,
        attendee_address=user.email,
        stamp=row.changed_at,
    )

"""Mails to the host of a call: who and when, on the host's wall, and where the brief is. Never what the buyer said.

What a host is told passes `confidentiality.see`, like every page of the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from interviewer.confidentiality import Field, Role, Seen, Viewer, see
from interviewer.deliveries import entries
from interviewer.deliveries.entries import CANCEL, REQUEST
from interviewer.deliveries.queueing import NO_DELAY, Draft, queue
from interviewer.deps import Deps
from interviewer.scheduling import calendars, zones
from interviewer.scheduling.calendars import Entry
from interviewer.scheduling.slots import LENGTH
from interviewer.store import bookings, deliveries, invitations, users
from interviewer.store import hosts as kept
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.people import UserRow

EVENT = "host_call"
BOOKED, MOVED, CANCELLED, HANDED_ON, REMINDER, WITHDRAWN = (
    "booked", "moved", "cancelled", "handed_on", "reminder", "withdrawn"
)  # fmt: skip
"""What happened. `handed_on`: a colleague holds it; `withdrawn`: erased with its buyer."""
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
    key = f"{EVENT}:{kind}{mark}:{row.id}:{row.sequence}:{user_id}"
    await queue(deps, tx, EVENT, payload, None if kind == WITHDRAWN else row.invitation_id, key=key, delay=delay)


async def queue_withdrawn(deps: Deps, tx: Tx, invitation_id: str) -> None:
    """Tell hosts that calls are erased with their buyer, so that no calendar keeps one with nobody. No name goes along.

    To be queued before the log forgets the invitation: besides who has a call to come, those hear of it who were yet
    to be told that one is off. `tx` holds the invitation.
    """
    rows = {row.id: row for row in await bookings.of_an_invitation(tx, invitation_id, lock=True)}
    for row in rows.values():
        if row.state == bookings.BOOKED and row.starts_at > deps.now():
            await queue_call(deps, tx, WITHDRAWN, row)
    for mail in await deliveries.about(tx, EVENT, invitation_id):
        told, off = mail.payload, rows.get(mail.payload["booking_id"])
        if off is not None and told["kind"] in _OFF and mail.state in (deliveries.WAITING, deliveries.SENDING):
            start = datetime.fromisoformat(told["starts_at"])
            await queue_call(deps, tx, WITHDRAWN, off, host_id=told["user_id"], start=start)


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
        known = await _known_start(tx, payload, row, start)
        return _past({**payload, "uid": row.uid}, known, deps.now(), row) if known else None
    state = bookings.CANCELLED if kind == CANCELLED else bookings.BOOKED
    if (row.state, row.sequence, row.host_id) != (state, payload["sequence"], payload["user_id"]):
        return None
    over = deps.now() >= (row.starts_at if kind == REMINDER else row.ends_at)
    return None if over and kind != CANCELLED else row


async def _known_start(tx: Tx, payload: Mapping[str, Any], row: BookingRow, start: datetime) -> datetime | None:
    """When the call is that somebody else holds by now, as this host was told last; None where it is theirs again, or
    was theirs so shortly that no mail said so."""
    if row.host_id == payload["user_id"]:
        return None
    theirs = [
        mail
        for mail in await deliveries.about(tx, EVENT, row.invitation_id)
        if (mail.payload["booking_id"], mail.payload["user_id"]) == (row.id, payload["user_id"])
        and mail.payload["kind"] in (BOOKED, MOVED)
    ]
    told = [mail for mail in theirs if mail.state in (deliveries.SENDING, deliveries.SENT)]
    if not told:  # without any the log has forgotten them
        return None if theirs else start
    return datetime.fromisoformat(max(told, key=lambda mail: int(mail.payload["sequence"])).payload["starts_at"])


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

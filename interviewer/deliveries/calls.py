"""Mails to a buyer about their call: booked, moved, called off, near, missed. Their answers are not in them.

What changes a call queues them, in its own transaction. A mail whose news was overtaken meanwhile is not sent: the one
that overtook it says all there is to know. Schedulers elsewhere write to their bookers themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from interviewer.deliveries import entries, hosts, told
from interviewer.deliveries.entries import CANCEL, REQUEST, Moment
from interviewer.deliveries.queueing import NO_DELAY, Draft, queue
from interviewer.deps import Deps
from interviewer.scheduling import calendars
from interviewer.scheduling.slots import LENGTH
from interviewer.store import agreement, bookings, deliveries, interviews, invitations
from interviewer.store.bookings import BOOKED, CANCELLED, MISSED, OWN
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow

SETTLES = timedelta(minutes=2)
"""How long a move is held back: who goes on looking for a better time is written to once, with the last one."""
SOON = timedelta(hours=1)
"""Calls nearer than this are no matter to wait with."""
UNDO = timedelta(minutes=10)
"""How long after a call was marked as missed the buyer hears of it: a slip of the hand can be taken back."""


@dataclass(frozen=True)
class Call:
    """What a mail says of a call, in the buyer's language and on their wall."""

    when: Moment
    host: str
    video: str
    page: str
    """Where to move it, call it off, or pick another; empty where the link was withdrawn or another call stands."""
    chat: str
    """Where the interview goes on in writing; empty where it was sent, and as `page` is."""
    by: str
    """Who called it off."""
    stop: str
    """Where to ask for no more mail."""


async def queue_booked(deps: Deps, tx: Tx, row: BookingRow) -> None:
    """Tell buyer and host, once `tx` commits, that a call was booked."""
    await _queue(deps, tx, "call_booked", row)
    await hosts.queue_call(deps, tx, told.BOOKED, row)


async def queue_moved(deps: Deps, tx: Tx, row: BookingRow, *, before: BookingRow) -> None:
    """Tell buyer and host after `SETTLES` that a call was moved; `before` is how it was. Where it changed hosts, both
    are told. Of several moves within that time only the last is news."""
    near = min(row.starts_at, before.starts_at) - deps.now() <= SOON
    delay = NO_DELAY if near else SETTLES
    await _queue(deps, tx, "call_moved", row, delay)
    if before.host_id == row.host_id:
        await hosts.queue_call(deps, tx, told.MOVED, row, delay=delay)
        return
    await hosts.queue_call(deps, tx, told.BOOKED, row, delay=delay)
    if before.host_id:
        start = before.starts_at
        await hosts.queue_call(deps, tx, told.HANDED_ON, row, host_id=before.host_id, start=start, delay=delay)


async def queue_handed(deps: Deps, tx: Tx, row: BookingRow, *, before: BookingRow) -> None:
    """Tell buyer and both hosts that another host holds a call, at the same time; `before` is how it was.

    A buyer who was yet to be told of that time is told of it now.
    """
    known = await told.to_buyer(tx, row)
    event = "call_handed" if known and known.start == row.starts_at else "call_moved" if known else "call_booked"
    await _queue(deps, tx, event, row)
    await hosts.queue_call(deps, tx, told.BOOKED, row)
    if before.host_id:
        await hosts.queue_call(deps, tx, told.HANDED_ON, row, host_id=before.host_id)


async def queue_cancelled(deps: Deps, tx: Tx, row: BookingRow) -> None:
    """Tell buyer and host that a call is off, whoever called it off: both calendars drop it."""
    await _queue(deps, tx, "call_cancelled", row)
    await hosts.queue_cancelled(deps, tx, row)


async def queue_missed(deps: Deps, tx: Tx, row: BookingRow) -> None:
    """Write kindly to a buyer who did not come, once, after `UNDO`; not where it is no longer missed by then."""
    if deps.mail is None:
        return
    key, payload = f"call_missed:{row.id}", {"booking_id": row.id, "sequence": row.sequence}
    if not await queue(deps, tx, "call_missed", payload, row.invitation_id, key=key, delay=UNDO):
        await deliveries.put_off(tx, key, deps.now() + UNDO)


async def _queue(deps: Deps, tx: Tx, event: str, row: BookingRow, delay: timedelta = NO_DELAY) -> None:
    if deps.mail is None or row.source != OWN:
        return
    payload = {
        "booking_id": row.id,
        "sequence": row.sequence,
        "starts_at": row.starts_at.isoformat(),
        "host_id": row.host_id or "",
    }
    key = f"{event}:{row.id}:{row.sequence}"
    await queue(deps, tx, event, payload, row.invitation_id, key=key, delay=delay)


async def booked(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    return await _with_entry(deps, tx, payload, BOOKED)


moved = handed = booked
"""The same facts, in other words."""


async def cancelled(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    return await _with_entry(deps, tx, payload, CANCELLED)


async def reminder(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    found = await _found(tx, payload, BOOKED)
    if found is None or found[0].starts_at <= deps.now():
        return None
    row, invitation = found
    return Draft(invitation.email, row.language, {"call": await _call(deps, tx, row, invitation)})


async def missed(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    found = await _found(tx, payload, MISSED)
    if found is None:
        return None
    row, invitation = found
    interview = await interviews.of_invitation(tx, invitation.id)
    if said_no(row, invitation, interview) or await bookings.of_invitation(tx, invitation.id):
        return None
    stop = deps.links.opt_out(invitation.id)
    return Draft(
        invitation.email,
        row.language,
        {"call": await _call(deps, tx, row, invitation)},
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        unasked=True,
    )


def said_no(row: BookingRow, invitation: InvitationRow, interview: InterviewRow | None) -> bool:
    """Whether nobody writes to the buyer of this missed call: they no longer agree, want no more mail, declined after
    it was booked, or their link was withdrawn."""
    declined = invitation.declined_at is not None and invitation.declined_at >= row.changed_at
    return bool(invitation.opted_out_at or invitation.revoked_at) or declined or agreement.stopped(interview)


async def _with_entry(deps: Deps, tx: Tx, payload: Mapping[str, Any], state: str) -> Draft | None:
    found = await _found(tx, payload, state)
    if found is None or (state == BOOKED and found[0].ends_at <= deps.now()):
        return None
    row, invitation = found
    known = await told.to_buyer(tx, row)
    if known and state == BOOKED and known == told.Told(row.starts_at, row.host_id or "", True):
        return None  # it was moved and put back before anybody was told
    if known and state == CANCELLED:  # and not of a time that they never heard of
        row = BookingRow(**row.model_dump() | {"starts_at": known.start, "ends_at": known.start + LENGTH})
    call = await _call(deps, tx, row, invitation)
    entry = entries.of_buyer(deps, row, invitation, host=call.host, link=call.video)
    written = calendars.invitation(entry) if state == BOOKED else calendars.cancellation(entry)
    method = REQUEST if state == BOOKED else CANCEL
    return Draft(invitation.email, row.language, {"call": call}, written, method)


async def _found(tx: Tx, payload: Mapping[str, Any], state: str) -> tuple[BookingRow, InvitationRow] | None:
    """The call as the mail knew it, and whose it is; None where anything happened to it since, or they no longer
    agree: then nothing goes out but that it is off."""
    row = await bookings.get(tx, payload["booking_id"])
    if row is None or row.state != state or row.sequence != payload["sequence"]:
        return None
    invitation = await invitations.get(tx, row.invitation_id)
    if invitation is None or invitation.erased_at:
        return None
    stopped = agreement.stopped(await interviews.of_invitation(tx, invitation.id))
    return None if stopped and state != CANCELLED else (row, invitation)


async def _call(deps: Deps, tx: Tx, row: BookingRow, invitation: InvitationRow) -> Call:
    interview = await interviews.of_invitation(tx, invitation.id)
    sent = interview is not None and interview.completed_by == "buyer"
    standing = await bookings.of_invitation(tx, invitation.id)
    other = standing is not None and standing.id != row.id
    return Call(
        when=entries.moment(row.starts_at, row.ends_at, row.time_zone, row.language),
        host=await entries.host_name(tx, row),
        video=await entries.video(tx, row),
        page="" if other else entries.page(deps, invitation),
        chat="" if other or sent else entries.chat(deps, invitation),
        by=row.cancelled_by,
        stop=deps.links.opt_out(invitation.id),
    )

"""A day and an hour before a call, both sides are reminded of it.

A sweep finds what is due by the time of the call and by what the log has: a reminder is one row for each call, kind and
time, so two processes, or a sweep that comes late, send it once. A move makes the old one void and a new one due; that
a colleague holds the call does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from interviewer.deliveries import hosts
from interviewer.deliveries.calls import SETTLES
from interviewer.deliveries.queueing import queue
from interviewer.deps import Deps
from interviewer.store import bookings, deliveries, invitations
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.deliveries import DeliveryRow

EVENT = "call_reminder"
HOUR, DAY = "hour", "day"
LEADS: Mapping[str, timedelta] = {HOUR: timedelta(hours=1), DAY: timedelta(days=1)}
"""How long before the call, the shortest first."""


def due(row: BookingRow, now: datetime) -> str:
    """Which reminder is due now, if any: the shortest lead that has begun. None for who booked or moved within it, or
    so shortly before that the word of it may still be held back."""
    left = row.starts_at - now
    kind = next((kind for kind, lead in LEADS.items() if timedelta(0) < left <= lead), "")
    standing = row.state == bookings.BOOKED and row.source == bookings.OWN
    return kind if kind and standing and row.starts_at - row.changed_at > LEADS[kind] + SETTLES else ""


async def queue_reminders(deps: Deps) -> int:
    """Queue every reminder that is due and not in the log yet. Returns for how many calls."""
    if deps.mail is None:
        return 0
    now = deps.now()
    async with deps.db.read() as tx:
        near = await bookings.starting(tx, now, now + max(LEADS.values()) + timedelta(seconds=1))
        kinds = {row.id: kind for row in near if (kind := due(row, now))}
        mails = await deliveries.about(tx, [EVENT], *{row.invitation_id for row in near})
        unreminded = [row.id for row in near if row.id in kinds and not _reminded(row, kinds[row.id], mails)]
    found = 0
    for booking_id in unreminded:
        found += await _remind(deps, booking_id)
    return found


async def _remind(deps: Deps, booking_id: str) -> bool:
    async with deps.db.write() as tx:
        row = await bookings.get(tx, booking_id)
        if row is not None:  # its invitation first, as everybody does who holds both
            await invitations.get(tx, row.invitation_id, lock=True)
            row = await bookings.get(tx, booking_id, lock=True)
        kind = due(row, deps.now()) if row is not None else ""
        if row is None or not kind:
            return False
        if _reminded(row, kind, await deliveries.about(tx, [EVENT], row.invitation_id)):
            return False
        payload = {"booking_id": row.id, "sequence": row.sequence}
        if not await queue(deps, tx, EVENT, payload, row.invitation_id, key=_key(row, kind)):
            return False
        await hosts.queue_call(deps, tx, hosts.REMINDER, row, mark=f"-{kind}")
        return True


def _reminded(row: BookingRow, kind: str, mails: Iterable[DeliveryRow]) -> bool:
    """Whether the log has this reminder of this call since its time changed."""
    of_it = f"{EVENT}:{kind}:{row.id}:"
    return any(mail.id.startswith(of_it) and mail.created_at > row.changed_at for mail in mails)


def _key(row: BookingRow, kind: str) -> str:
    """`sequence` stands for the time: it grows whenever that changes."""
    return f"{EVENT}:{kind}:{row.id}:{row.sequence}"

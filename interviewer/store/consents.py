"""What attendees of a call said to being recorded, and what holds of it: one no is a no, and a yes is everybody's."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import col, select

from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.consents import CallConsentRow

YES, NO = "yes", "no"
_AT_ONCE = 500
"""Values in one IN (…)."""


async def of_call(tx: Tx, booking_id: str) -> Mapping[str, CallConsentRow]:
    """By attendee, the buyer first, then as they were asked."""
    query = select(CallConsentRow).where(CallConsentRow.booking_id == booking_id)
    order = (col(CallConsentRow.attendee) != ""), col(CallConsentRow.at), col(CallConsentRow.attendee)
    return {row.attendee: row for row in (await tx.exec(query.order_by(*order))).all()}


async def holding(tx: Tx, calls: Sequence[BookingRow]) -> Mapping[str, str]:
    """What holds for each of these calls: `yes`, `no`, or empty where somebody is still to be asked in it."""
    found: dict[str, list[CallConsentRow]] = defaultdict(list)
    ids = sorted({call.id for call in calls})
    for start in range(0, len(ids), _AT_ONCE):
        some = col(CallConsentRow.booking_id).in_(ids[start : start + _AT_ONCE])
        for row in (await tx.exec(select(CallConsentRow).where(some))).all():
            found[row.booking_id].append(row)
    # A no that no row explains was kept by a process of the release before.
    return {call.id: NO if call.recording == NO else summed_up(found[call.id], call.starts_at) for call in calls}


def summed_up(given: Sequence[CallConsentRow], begins: datetime) -> str:
    """What these answers come to in a call that begins then: a yes from before it was only of what was to come."""
    if any(one.answer == NO for one in given):
        return NO
    asked = any(one.attendee == "" for one in given)
    return YES if asked and all(one.at >= begins for one in given) else ""


def add(tx: Tx, row: CallConsentRow) -> None:
    tx.add(row)


async def drop(tx: Tx, row: CallConsentRow) -> None:
    await tx.delete(row)

"""What attendees of a call said to being recorded."""

from collections.abc import Mapping

from sqlmodel import col, select

from interviewer.store.db import Tx
from interviewer.store.tables.consents import CallConsentRow


async def of_call(tx: Tx, booking_id: str) -> Mapping[str, CallConsentRow]:
    """By attendee, the buyer first, then as they were asked."""
    query = select(CallConsentRow).where(CallConsentRow.booking_id == booking_id)
    order = (col(CallConsentRow.attendee) != ""), col(CallConsentRow.at), col(CallConsentRow.attendee)
    return {row.attendee: row for row in (await tx.exec(query.order_by(*order))).all()}


def add(tx: Tx, row: CallConsentRow) -> None:
    tx.add(row)


async def drop(tx: Tx, row: CallConsentRow) -> None:
    await tx.delete(row)

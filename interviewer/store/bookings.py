"""Calls that were booked. Who locks a host, an invitation and a booking locks them in this order."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, delete, exists, or_, select

from interviewer.store import external
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow, CallNoteRow, ExternalCallRow
from interviewer.store.tables.invitations import InvitationRow

BOOKED, CANCELLED, HELD, MISSED = "booked", "cancelled", "held", "missed"
OWN = "own"
"""The source of what was booked here."""
BARRED = "barred"
"""Stands as who called it off where a scheduler elsewhere still has a call with somebody who said no: here there is
none, and somebody has to call it off there."""
_AT_ONCE = 500
"""Values in one IN (…)."""


def add(tx: Tx, row: BookingRow) -> None:
    tx.add(row)


async def get(tx: Tx, booking_id: str, *, lock: bool = False) -> BookingRow | None:
    """`lock` where a write follows in this transaction."""
    return await tx.get(BookingRow, booking_id, with_for_update=lock or None, populate_existing=lock)


async def of_invitation(tx: Tx, invitation_id: str, *, lock: bool = False) -> BookingRow | None:
    """The call that stands as booked; there is one at most, and its time may have passed."""
    query = select(BookingRow).where(BookingRow.invitation_id == invitation_id, BookingRow.state == BOOKED)
    if lock:  # what this transaction read before it waited for the lock may be old
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await tx.exec(query)).first()


async def latest(tx: Tx, invitation_id: str) -> BookingRow | None:
    """The call that stands as booked, else the one that was made last, whatever became of it."""
    query = select(BookingRow).where(BookingRow.invitation_id == invitation_id)
    standing = (col(BookingRow.state) == BOOKED).desc()
    return (await tx.exec(query.order_by(standing, col(BookingRow.created_at).desc(), col(BookingRow.id)))).first()


async def taken(
    tx: Tx, host_ids: Collection[str], since: datetime, until: datetime
) -> Mapping[str, Sequence[BookingRow]]:
    """Calls of each host that begin from `since` to before `until`, in order. Those called off are no longer there."""
    query = select(BookingRow).where(
        col(BookingRow.host_id).in_(host_ids),
        BookingRow.state != CANCELLED,
        BookingRow.starts_at >= since,
        BookingRow.starts_at < until,
    )
    found: dict[str, list[BookingRow]] = defaultdict(list)
    for row in (await tx.exec(query.order_by(col(BookingRow.starts_at)))).all():
        found[row.host_id or ""].append(row)
    return found


async def begun_with(tx: Tx, addresses: Collection[str], now: datetime) -> Sequence[tuple[InvitationRow, BookingRow]]:
    """Calls with these buyers whose time has come, whatever became of them."""
    query = _begun(now)
    found: list[tuple[InvitationRow, BookingRow]] = []
    ordered = sorted(addresses)
    for place in range(0, len(ordered), _AT_ONCE):
        some = ordered[place : place + _AT_ONCE]
        found += (await tx.exec(query.where(col(InvitationRow.email).in_(some)))).all()
    return found


async def begun_between(
    tx: Tx, since: datetime, until: datetime, now: datetime
) -> Sequence[tuple[InvitationRow, BookingRow]]:
    """The same of all buyers, from `since` to `until`."""
    query = _begun(now).where(BookingRow.starts_at >= since, BookingRow.starts_at <= until)
    return list((await tx.exec(query)).all())


def _begun(now: datetime) -> Any:
    return (
        select(InvitationRow, BookingRow)
        .join(BookingRow, col(BookingRow.invitation_id) == InvitationRow.id)
        .where(BookingRow.starts_at <= now)
    )


async def starting(tx: Tx, since: datetime, until: datetime) -> Sequence[BookingRow]:
    """Calls to come that begin from `since` to before `until`, in order."""
    query = select(BookingRow).where(
        BookingRow.state == BOOKED, BookingRow.starts_at >= since, BookingRow.starts_at < until
    )
    return (await tx.exec(query.order_by(col(BookingRow.starts_at), col(BookingRow.id)))).all()


async def standing(tx: Tx, invitation_ids: Collection[str], now: datetime) -> set[str]:
    """Those of these invitations with a call that is booked and not over."""
    query = select(BookingRow.invitation_id).where(BookingRow.state == BOOKED, BookingRow.ends_at > now)
    found: set[str] = set()
    ordered = sorted(invitation_ids)
    for place in range(0, len(ordered), _AT_ONCE):
        some = ordered[place : place + _AT_ONCE]
        found.update((await tx.exec(query.where(col(BookingRow.invitation_id).in_(some)))).all())
    return found


def call_after(invitation_id: Any, moment: datetime) -> ColumnElement[bool]:
    """Whether the invitation in the column `invitation_id` has a call that ends, or was called off, after `moment`.

    Until then nobody fell silent, and nothing is past its time.
    """
    cancelled = col(BookingRow.state) == CANCELLED
    over = or_(and_(cancelled, col(BookingRow.changed_at) > moment), and_(~cancelled, col(BookingRow.ends_at) > moment))
    return exists().where(col(BookingRow.invitation_id) == invitation_id, over)


def any_of(invitation_id: Any) -> ColumnElement[bool]:
    """Whether there are calls of the invitation in the column `invitation_id`, or a scheduler told of some."""
    own = exists().where(col(BookingRow.invitation_id) == invitation_id)
    return or_(own, exists().where(col(ExternalCallRow.invitation_id) == invitation_id))


async def of_an_invitation(tx: Tx, invitation_id: str, *, lock: bool = False) -> Sequence[BookingRow]:
    """Every call of an invitation, whatever became of it."""
    query = select(BookingRow).where(BookingRow.invitation_id == invitation_id).order_by(col(BookingRow.id))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await tx.exec(query)).all()


async def over_at(tx: Tx, invitation_id: str) -> datetime | None:
    """When the last call of an invitation ends, or was called off; None without one."""
    rows = (await tx.exec(select(BookingRow).where(BookingRow.invitation_id == invitation_id))).all()
    return max((row.changed_at if row.state == CANCELLED else row.ends_at for row in rows), default=None)


async def erase(tx: Tx, invitation_id: str) -> None:
    """Drop every call of an invitation with what was noted in it."""
    of_it = select(BookingRow.id).where(BookingRow.invitation_id == invitation_id)
    await tx.exec(delete(CallNoteRow).where(col(CallNoteRow.booking_id).in_(of_it)))
    await tx.exec(delete(BookingRow).where(col(BookingRow.invitation_id) == invitation_id))
    await external.erase(tx, invitation_id)


async def notes(tx: Tx, booking_id: str) -> Mapping[str, CallNoteRow]:
    """What was noted in a call, by topic."""
    found = await tx.exec(select(CallNoteRow).where(CallNoteRow.booking_id == booking_id))
    return {row.topic: row for row in found.all()}


def add_note(tx: Tx, row: CallNoteRow) -> None:
    tx.add(row)


async def drop_notes(tx: Tx, booking_id: str, topics: Collection[str] | None = None) -> None:
    """Forget what was noted in a call, or of it on some topics: it became an interview."""
    of_it = delete(CallNoteRow).where(col(CallNoteRow.booking_id) == booking_id)
    await tx.exec(of_it if topics is None else of_it.where(col(CallNoteRow.topic).in_(topics)))


async def note(tx: Tx, booking_id: str, topic: str) -> CallNoteRow | None:
    """The note on one topic, held against other writers until the transaction ends."""
    return await tx.get(CallNoteRow, (booking_id, topic), with_for_update=True, populate_existing=True)

"""What schedulers elsewhere told us of their bookings, and which of their messages were heard."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, text
from sqlmodel import and_, col, delete, or_, select

from interviewer.store.db import Tx, add_new
from interviewer.store.tables.bookings import BookingRow, ExternalCallRow, ReceivedRow
from interviewer.store.tables.invitations import CallRequestRow

_MESSAGES = 0x68_6F_6F_6B
"""Names the lock that one message at a time holds."""


async def one_message(tx: Tx) -> None:
    """Let one message be taken at a time: of two that belong together, the second has to see the first."""
    if tx.get_bind().dialect.name == "postgresql":
        await (await tx.connection()).execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MESSAGES})


async def heard(tx: Tx, source: str, digest: str) -> bool:
    return await tx.get(ReceivedRow, (source, digest)) is not None


async def hear(tx: Tx, source: str, digest: str, at: datetime) -> None:
    await add_new(tx, ReceivedRow(source=source, digest=digest, at=at))


async def invitation_of(tx: Tx, reference: str) -> str | None:
    """Whose link to the scheduler carried this reference."""
    request = await tx.get(CallRequestRow, reference) if reference else None
    return request.invitation_id if request else None


async def get(tx: Tx, source: str, external_id: str) -> ExternalCallRow | None:
    return await tx.get(ExternalCallRow, (source, external_id))


def add(tx: Tx, row: ExternalCallRow) -> None:
    tx.add(row)


async def beside(tx: Tx, row: ExternalCallRow) -> Sequence[ExternalCallRow]:
    """What became this booking by a move, and what it became."""
    nearest = or_(ExternalCallRow.external_id == row.replaces, ExternalCallRow.replaces == row.external_id)
    return (await tx.exec(select(ExternalCallRow).where(ExternalCallRow.source == row.source, nearest))).all()


async def of_invitation(tx: Tx, source: str, invitation_id: str) -> Sequence[ExternalCallRow]:
    query = select(ExternalCallRow).where(
        ExternalCallRow.source == source, ExternalCallRow.invitation_id == invitation_id
    )
    return (await tx.exec(query)).all()


async def bookings(tx: Tx, source: str, invitation_id: str) -> Sequence[BookingRow]:
    """What a scheduler's bookings became here, locked, the latest first."""
    query = select(BookingRow).where(BookingRow.source == source, BookingRow.invitation_id == invitation_id)
    query = query.order_by(col(BookingRow.created_at).desc(), col(BookingRow.id))
    return (await tx.exec(query.with_for_update().execution_options(populate_existing=True))).all()


async def to_come(tx: Tx, invitation_id: str, now: datetime) -> Sequence[str]:
    """Schedulers whose bookings with this buyer are to come here, booked or called off."""
    query = select(BookingRow.source).join(ExternalCallRow, _same()).where(col(BookingRow.starts_at) > now)
    query = query.where(BookingRow.invitation_id == invitation_id).distinct().order_by(col(BookingRow.source))
    return (await tx.exec(query)).all()


def _same() -> ColumnElement[bool]:
    """Told of by its scheduler under the id that it has here."""
    ids = col(ExternalCallRow.external_id) == col(BookingRow.external_id)
    return and_(col(ExternalCallRow.source) == col(BookingRow.source), ids)


async def erase(tx: Tx, invitation_id: str) -> None:
    """Drop what schedulers said about one buyer's calls."""
    await tx.exec(delete(ExternalCallRow).where(col(ExternalCallRow.invitation_id) == invitation_id))


async def forget(tx: Tx, *, heard_before: datetime, nobodys_before: datetime) -> None:
    """Drop messages that cannot come again, and bookings that turned out to be nobody's of ours."""
    await tx.exec(delete(ReceivedRow).where(col(ReceivedRow.at) < heard_before))
    nobodys = col(ExternalCallRow.invitation_id).is_(None)
    await tx.exec(delete(ExternalCallRow).where(nobodys, col(ExternalCallRow.at) < nobodys_before))

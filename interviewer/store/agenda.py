"""Calls as the desk lists them: to come, to be noted, over. Previews and what was erased are in none of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, exists, or_, select

from interviewer.store import agreement, bookings
from interviewer.store.db import Tx
from interviewer.store.invitations import real
from interviewer.store.tables.bookings import BookingRow, CallNoteRow, HostRow
from interviewer.store.tables.deliveries import DeliveryRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow


@dataclass(frozen=True)
class Line:
    """A call, with whom, and the interview that there is of them."""

    booking: BookingRow
    invitation: InvitationRow
    interview: InterviewRow | None


async def line(tx: Tx, booking_id: str) -> Line | None:
    """One call, whatever became of it."""
    found = await _lines(tx, BookingRow.id == booking_id, order=col(BookingRow.id), limit=1)
    return found[0] if found else None


async def to_come(tx: Tx, now: datetime) -> Sequence[Line]:
    """Booked and not over, the soonest first."""
    running = col(BookingRow.ends_at) > now
    return await _lines(tx, BookingRow.state == bookings.BOOKED, running, order=col(BookingRow.starts_at))


async def to_note(tx: Tx, now: datetime) -> Sequence[Line]:
    """No interview made of it: it is over, and nobody said yet whether it was held, or its notes are still notes."""
    return await _lines(tx, *_unfinished(now), order=col(BookingRow.starts_at))


async def waiting(tx: Tx, now: datetime) -> int:
    """How many are to be noted."""
    query = select(func.count()).select_from(BookingRow).join(InvitationRow)
    return (await tx.exec(query.where(real(), col(InvitationRow.erased_at).is_(None), *_unfinished(now)))).one()


async def to_call_off(tx: Tx, now: datetime) -> Sequence[Line]:
    """To come at a scheduler elsewhere, with somebody who said no: the soonest first."""
    return await _lines(tx, *_barred(now), order=col(BookingRow.starts_at))


async def barred(tx: Tx, now: datetime) -> int:
    """How many those are."""
    query = select(func.count()).select_from(BookingRow).join(InvitationRow)
    return (await tx.exec(query.where(real(), col(InvitationRow.erased_at).is_(None), *_barred(now)))).one()


async def elsewhere_with_a_no(tx: Tx, now: datetime) -> Sequence[str]:
    """Ids of invitations with a call to come at a scheduler elsewhere whose buyer said no at some time, or with whom
    it is barred."""
    noes = [col(at).is_not(None) for at in (InvitationRow.declined_at, InvitationRow.opted_out_at)]
    said = or_(*noes, col(InvitationRow.revoked_at).is_not(None), ~agreement.nobody_who_stopped())
    found = or_(and_(col(BookingRow.state) == bookings.BOOKED, said), and_(*_barred(now)))
    query = select(InvitationRow.id).join(BookingRow, col(BookingRow.invitation_id) == col(InvitationRow.id))
    query = query.where(real(), col(InvitationRow.erased_at).is_(None), found)
    query = query.where(BookingRow.source != bookings.OWN, col(BookingRow.starts_at) > now)
    return (await tx.exec(query.distinct())).all()


async def done(tx: Tx, limit: int | None, now: datetime) -> Sequence[Line]:
    """Those that became an interview, and those that are over of who no longer agrees, of which nothing is made; the
    latest first."""
    stopped = and_(*_over(now), ~agreement.nobody_who_stopped())
    became = or_(col(BookingRow.interview_id) != "", stopped)
    return await _lines(tx, became, order=col(BookingRow.starts_at).desc(), limit=limit)


async def missed(tx: Tx, limit: int | None, now: datetime) -> Sequence[Line]:
    """Those that did not take place: before all others those in which something was noted, then the latest news.

    One that was called off is left out where its buyer booked another, and nothing was noted in it; and until it has
    been called off elsewhere (`to_call_off`).
    """
    noted = exists().where(col(CallNoteRow.booking_id) == col(BookingRow.id), col(CallNoteRow.text) != "")
    other = aliased(BookingRow)
    stands = and_(col(other.state) != bookings.CANCELLED, col(other.created_at) == col(BookingRow.created_at))
    later = or_(col(other.created_at) > col(BookingRow.created_at), stands)
    again = exists().where(col(other.invitation_id) == col(BookingRow.invitation_id), later)
    cancelled = and_(col(BookingRow.state) == bookings.CANCELLED, or_(noted, ~again), ~and_(*_barred(now)))
    gone = or_(col(BookingRow.state) == bookings.MISSED, cancelled)
    news = func.coalesce(col(BookingRow.closed_at), col(BookingRow.changed_at))
    return await _lines(tx, gone, order=(noted.desc(), news.desc()), limit=limit)


def _barred(now: datetime) -> Sequence[ColumnElement[bool]]:
    off = and_(col(BookingRow.state) == bookings.CANCELLED, col(BookingRow.cancelled_by) == bookings.BARRED)
    return off, col(BookingRow.ends_at) > now


def _unfinished(now: datetime) -> Sequence[ColumnElement[bool]]:
    """Of who no longer agrees nothing more is noted."""
    return *_over(now), agreement.nobody_who_stopped()


def _over(now: datetime) -> Sequence[ColumnElement[bool]]:
    """Over, and no interview made of it. Whoever said that it was held said that it is over, also before its end."""
    booked = and_(col(BookingRow.state) == bookings.BOOKED, col(BookingRow.ends_at) <= now)
    return or_(booked, col(BookingRow.state) == bookings.HELD), col(BookingRow.interview_id) == ""


async def zones(tx: Tx, user_ids: Collection[str]) -> Mapping[str, str]:
    """The time zone of each of these hosts."""
    query = select(HostRow.user_id, HostRow.time_zone).where(col(HostRow.user_id).in_(user_ids))
    return dict((await tx.exec(query)).all()) if user_ids else {}


async def missed_mails(tx: Tx, invitation_ids: Collection[str]) -> Mapping[str, DeliveryRow]:
    """The kind mail after each missed call of these buyers, by the call."""
    query = select(DeliveryRow).where(
        DeliveryRow.event == "call_missed", col(DeliveryRow.invitation_id).in_(invitation_ids)
    )
    rows = (await tx.exec(query)).all() if invitation_ids else ()
    return {row.payload["booking_id"]: row for row in rows}


async def phones(tx: Tx, invitation_ids: Collection[str]) -> Mapping[str, str]:
    """The number to call that each of these buyers left, if any."""
    query = select(CallRequestRow.invitation_id, CallRequestRow.phone).where(
        col(CallRequestRow.invitation_id).in_(invitation_ids), CallRequestRow.phone != ""
    )
    return dict((await tx.exec(query)).all()) if invitation_ids else {}


async def _lines(
    tx: Tx, *conditions: ColumnElement[bool] | bool, order: Any, limit: int | None = None
) -> Sequence[Line]:
    query = (
        select(BookingRow, InvitationRow, InterviewRow)
        .join(InvitationRow, col(InvitationRow.id) == col(BookingRow.invitation_id))
        .join(InterviewRow, col(InterviewRow.invitation_id) == col(InvitationRow.id), isouter=True)
        .where(real(), col(InvitationRow.erased_at).is_(None), *conditions)
        .order_by(*(order if isinstance(order, tuple) else (order,)), col(BookingRow.id))
        .limit(limit)
    )
    return [Line(*row) for row in (await tx.exec(query)).all()]

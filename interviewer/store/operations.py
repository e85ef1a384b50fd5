"""How the installation itself does: what waits, what failed, what was sent. Numbers and times; no content.

Previews count nowhere here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import func, text
from sqlmodel import and_, col, or_, select

from interviewer.store import bookings, deliveries, jobs
from interviewer.store.db import Tx
from interviewer.store.invitations import real
from interviewer.store.tables.analysis import JobRunRow
from interviewer.store.tables.bookings import BookingRow, ReceivedRow
from interviewer.store.tables.deliveries import DeliveryRow, HeartbeatRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.people import AuditRow
from interviewer.store.tables.troubles import TroubleRow
from interviewer.transcript import Speaker

BACKED_UP = "backed up"
"""What the audit log says of a backup."""
AUDIT_LOG = "audit log"
"""Subject of the trouble that the log is broken where it is past its time."""


@dataclass(frozen=True)
class Mail:
    """The send-log in numbers."""

    states: Mapping[str, int]
    overdue_since: datetime | None = None
    """When the oldest mail was made that should have gone out by now and did not."""
    sent_at: datetime | None = None
    error: str = ""
    """What the server said to the last mail that it did not take, as far as we keep it."""
    failed_at: datetime | None = None
    """When that mail was made."""


@dataclass(frozen=True)
class Work:
    """Background work in numbers."""

    states: Mapping[tuple[str, str], int]
    """By job and state."""
    oldest: datetime | None = None
    """When the oldest run was asked for that has not ended."""
    workers: int = 0
    """Heard of lately."""

    def number(self, *wanted: str) -> int:
        return sum(count for (_, state), count in self.states.items() if state in wanted)


async def mail(tx: Tx, now: datetime) -> Mail:
    counted = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
    states = dict((await tx.exec(counted)).all())
    due = or_(
        col(DeliveryRow.state) == deliveries.SENDING,
        and_(
            col(DeliveryRow.state) == deliveries.WAITING,
            or_(col(DeliveryRow.next_try_at) <= now, col(DeliveryRow.attempts) > 0),
        ),
    )
    overdue = (await tx.exec(select(func.min(col(DeliveryRow.created_at))).where(due))).one()
    sent = (await tx.exec(select(func.max(col(DeliveryRow.sent_at))))).one()
    tried = col(DeliveryRow.state).in_((deliveries.WAITING, deliveries.FAILED, deliveries.GIVEN_UP))
    refused = (
        select(DeliveryRow.error, DeliveryRow.created_at)
        .where(tried, DeliveryRow.error != "", DeliveryRow.attempts > 0)
        .order_by(col(DeliveryRow.created_at).desc())
        .limit(1)
    )
    error, failed_at = (await tx.exec(refused)).first() or ("", None)
    return Mail(states, overdue, sent, error, failed_at)


async def work(tx: Tx, *, heard_since: datetime) -> Work:
    counted = select(JobRunRow.job, JobRunRow.state, func.count()).group_by(JobRunRow.job, JobRunRow.state)
    states = {(job, state): number for job, state, number in (await tx.exec(counted)).all()}
    open_ = col(JobRunRow.state).in_((jobs.QUEUED, jobs.RUNNING))
    oldest = (await tx.exec(select(func.min(col(JobRunRow.queued_at))).where(open_))).one()
    alive = select(func.count()).select_from(HeartbeatRow).where(col(HeartbeatRow.at) >= heard_since)
    return Work(states, oldest, (await tx.exec(alive)).one())


async def words_since(tx: Tx, since: datetime) -> dict[str, int]:
    """Replies to buyers since then, by who worded them: `model`, `fallback` or `flow`."""
    query = (
        select(TurnRow.source, func.count())
        .join(InterviewRow, col(InterviewRow.id) == col(TurnRow.interview_id))
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(real(), TurnRow.speaker == Speaker.INTERVIEWER, ~col(TurnRow.pending), col(TurnRow.at) >= since)
        .where(col(TurnRow.reply_to).is_not(None))
        .group_by(TurnRow.source)
    )
    return dict((await tx.exec(query)).all())


async def replies_due(tx: Tx, before: datetime) -> int:
    """Buyers who wait for a reply since before then."""
    query = select(func.count()).select_from(TurnRow).where(col(TurnRow.pending), col(TurnRow.at) < before)
    return (await tx.exec(query)).one()


async def funnel(tx: Tx) -> dict[str, int]:
    """How many were invited, and how far they came. Erased ones count no more."""
    finished = col(InterviewRow.completed_at)
    columns: tuple[Any, ...] = (
        func.count(col(InvitationRow.id)),
        func.count(col(InterviewRow.id)),
        func.count(col(InterviewRow.first_answer_at)),
        func.count(finished),
    )
    query: Any = (
        sqlalchemy.select(*columns)
        .select_from(InvitationRow)
        .join(InterviewRow, col(InterviewRow.invitation_id) == col(InvitationRow.id), isouter=True)
        .where(real(), col(InvitationRow.erased_at).is_(None))
    )
    invited, started, answered, ended = (await tx.exec(query)).one()
    booked: Any = (
        sqlalchemy.select(func.count(func.distinct(col(BookingRow.invitation_id))))
        .join(InvitationRow, col(InvitationRow.id) == col(BookingRow.invitation_id))
        .where(real(), col(BookingRow.state) != bookings.CANCELLED)
    )
    calls = (await tx.exec(booked)).scalar_one()
    return {"invited": invited, "started": started, "answered": answered, "finished": ended, "call_booked": calls}


async def webhooks(tx: Tx) -> dict[str, datetime]:
    """When each scheduler was heard of last, as far as it is kept."""
    query = select(ReceivedRow.source, func.max(col(ReceivedRow.at))).group_by(ReceivedRow.source)
    return dict((await tx.exec(query)).all())


async def last_backup(tx: Tx) -> datetime | None:
    """When `interviewer backup` was done last."""
    return (await tx.exec(select(func.max(col(AuditRow.at))).where(AuditRow.verb == BACKED_UP))).one()


async def size(tx: Tx) -> int:
    """Bytes that the database takes."""
    connection = await tx.connection()
    if connection.dialect.name == "postgresql":
        return int((await connection.execute(text("SELECT pg_database_size(current_database())"))).scalar_one())
    pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
    return int(pages) * int((await connection.execute(text("PRAGMA page_size"))).scalar_one())


async def trouble(tx: Tx, subject: str) -> TroubleRow | None:
    """What went wrong last with that, if anything did."""
    return await tx.get(TroubleRow, subject)


async def note_trouble(tx: Tx, subject: str, words: str, at: datetime) -> None:
    """Keep what went wrong last with that. `words` are ours, never a server's or a buyer's."""
    row = await tx.get(TroubleRow, subject, with_for_update=True)
    if row is None:
        tx.add(TroubleRow(subject=subject, words=words, at=at))
    elif row.at < at:
        row.words, row.at = words, at
        tx.add(row)

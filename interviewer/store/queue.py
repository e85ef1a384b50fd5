"""Interviews that wait for a person, ordered by how much doubt the data leaves (domain.md, "Outreach")."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, case, func
from sqlmodel import and_, col, select

from interviewer.bodies import Confidence
from interviewer.evidence import Review, StatementKind
from interviewer.store import agreement
from interviewer.store.analysis import State
from interviewer.store.db import Tx
from interviewer.store.invitations import real
from interviewer.store.tables.analysis import AnalysisStepRow, QuoteRow, StatementRow, TagRow
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow

BIG = 100_000
"""An amount, in any currency, from which a deal is looked at first."""
_FAILED, _CONTRADICTS, _BIG, _UNSURE, _UNEXPLAINED = 8, 4, 3, 2, 1
"""What each doubt weighs."""
_MOST = 3
"""Contradictions that count."""
_MAIN = 50
"""From this share on a driver is the main one; doubt about it is doubt about the whole."""


@dataclass(frozen=True)
class Doubt:
    interview_id: str
    invitation_id: str
    contradictions: int
    unsure: bool
    failed: bool
    amount: float | None
    currency: str
    unexplained: bool

    @property
    def big(self) -> bool:
        return (self.amount or 0) >= BIG


async def waiting(tx: Tx, limit: int | None = None) -> list[Doubt]:
    """Ended interviews with answers that nobody reviewed, the most doubtful first, then the oldest."""
    told, failed = _told(), _failed()
    contradictions = func.coalesce(told.c.contradictions, 0)
    unsure, gave_up = func.coalesce(told.c.unsure, 0), func.coalesce(failed.c.failed, 0)
    logged = col(DealRow.invitation_id).is_not(None)
    unexplained = and_(logged, col(DealRow.reason_category) == "", col(DealRow.reason_driver) == "")
    score = (
        case((gave_up > 0, _FAILED), else_=0)
        + case((contradictions > _MOST, _MOST), else_=contradictions) * _CONTRADICTS
        + case((col(DealRow.amount) >= BIG, _BIG), else_=0)
        + case((unsure > 0, _UNSURE), else_=0)
        + case((unexplained, _UNEXPLAINED), else_=0)
    )
    columns: tuple[Any, ...] = (
        InterviewRow.id,
        InterviewRow.invitation_id,
        contradictions,
        unsure,
        gave_up,
        DealRow.amount,
        DealRow.currency,
        case((unexplained, 1), else_=0),
    )
    query: Any = (
        sqlalchemy.select(*columns)
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .join(DealRow, col(DealRow.invitation_id) == col(InvitationRow.id), isouter=True)
        .join(told, told.c.interview_id == col(InterviewRow.id), isouter=True)
        .join(failed, failed.c.interview_id == col(InterviewRow.id), isouter=True)
        .where(*_open())
        .order_by(score.desc(), _ended(), col(InterviewRow.id))
    )
    rows = (await tx.exec(query.limit(limit))).all()
    return [
        Doubt(key, invitation, number, bool(low), bool(gone), amount, currency or "", bool(bare))
        for key, invitation, number, low, gone, amount, currency, bare in rows
    ]


async def found(tx: Tx) -> int:
    """How many wait."""
    return (await tx.exec(select(func.count()).select_from(InterviewRow).join(InvitationRow).where(*_open()))).one()


async def reviewed(tx: Tx) -> int:
    query = select(func.count()).select_from(InterviewRow).join(InvitationRow)
    done = (real(), agreement.standing(), col(InterviewRow.reviewed_at).is_not(None))
    return (await tx.exec(query.where(*done))).one()


async def suggestions(tx: Tx, interview_ids: list[str]) -> dict[str, int]:
    """Tags and statements that nobody decided on, by interview."""
    tags = (
        select(QuoteRow.interview_id, func.count())
        .join(TagRow, col(TagRow.quote_id) == col(QuoteRow.id))
        .where(col(QuoteRow.interview_id).in_(interview_ids), TagRow.review == Review.OPEN)
        .group_by(QuoteRow.interview_id)
    )
    statements = (
        select(StatementRow.interview_id, func.count())
        .where(col(StatementRow.interview_id).in_(interview_ids), StatementRow.review == Review.OPEN)
        .group_by(StatementRow.interview_id)
    )
    numbers = dict.fromkeys(interview_ids, 0)
    for query in (tags, statements):
        for interview_id, number in (await tx.exec(query)).all():
            numbers[interview_id] += number
    return numbers


def _open() -> list[ColumnElement[bool]]:
    return [agreement.evidence(), col(InterviewRow.reviewed_at).is_(None)]


def _ended() -> Any:
    return func.coalesce(col(InterviewRow.completed_at), col(InterviewRow.abandoned_at))


def _told() -> Any:
    """By interview: contradictions, and whether the main driver is of low confidence."""
    kind = col(StatementRow.kind)
    contradiction = kind == StatementKind.CONTRADICTION
    body = col(StatementRow.body)
    low = and_(
        kind == StatementKind.DRIVER,
        body["confidence"].as_string() == Confidence.LOW,
        body["share"].as_integer() >= _MAIN,
    )
    columns: tuple[Any, ...] = (
        StatementRow.interview_id,
        func.sum(case((contradiction, 1), else_=0)).label("contradictions"),
        func.sum(case((low, 1), else_=0)).label("unsure"),
    )
    doubtful = kind.in_((StatementKind.CONTRADICTION, StatementKind.DRIVER))
    query = sqlalchemy.select(*columns).where(doubtful, col(StatementRow.review) != Review.REJECTED)
    return query.group_by(col(StatementRow.interview_id)).subquery()


def _failed() -> Any:
    columns: tuple[Any, ...] = (AnalysisStepRow.interview_id, func.count().label("failed"))
    query = sqlalchemy.select(*columns).where(col(AnalysisStepRow.state) == State.FAILED)
    return query.group_by(col(AnalysisStepRow.interview_id)).subquery()

"""Interviews as they leave in exports and by the API: those that ended, in the order in which they began.

Previews, what was erased, and those of buyers who no longer agree are never among them. The order does not change, so
a walk by `after` meets each interview once, however many are added meanwhile.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, exists, or_, select

from interviewer.evidence import Review
from interviewer.records import Status
from interviewer.store import agreement
from interviewer.store.db import Tx
from interviewer.store.desk import Line
from interviewer.store.invitations import real
from interviewer.store.tables.analysis import CitationRow, QuoteRow, StatementRow, TagRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.review import ReleaseRow

Key = tuple[datetime, str]
"""Where a walk stands: when the last interview began, and its id."""


@dataclass(frozen=True)
class Filter:
    flows: Collection[str] | None = None
    """None: any."""
    first: datetime | None = None
    """Ended at this moment or later."""
    before: datetime | None = None
    reviewed: bool | None = None
    mode: str = ""
    agreed: bool = False
    """Only where the buyer agreed that the reason goes back to the CRM."""
    only: str = ""
    """Id of one interview, or of its invitation."""
    theme: str = ""
    """Only those with a quote under this theme."""
    kind: str = ""
    """Only those with a statement of this kind."""


async def lines(tx: Tx, wanted: Filter, *, after: Key | None, limit: int) -> list[Line]:
    """The next interviews of the walk."""
    query: Any = (
        sqlalchemy.select(InvitationRow, InterviewRow)
        .join(InterviewRow, col(InterviewRow.invitation_id) == col(InvitationRow.id))
        .where(*_conditions(wanted))
        .order_by(col(InterviewRow.started_at), col(InterviewRow.id))
    )
    if after is not None:
        began, interview_id = after
        query = query.where(
            or_(
                col(InterviewRow.started_at) > began,
                and_(col(InterviewRow.started_at) == began, col(InterviewRow.id) > interview_id),
            )
        )
    return [_line(invitation, interview) for invitation, interview in (await tx.exec(query.limit(limit))).all()]


async def count(tx: Tx, wanted: Filter) -> int:
    query = select(func.count()).select_from(InterviewRow).join(InvitationRow).where(*_conditions(wanted))
    return (await tx.exec(query)).one()


async def quotes(tx: Tx, wanted: Filter) -> int:
    """How many quotes stand in these interviews: tagged, released, or carrying a statement. As an export has them, of
    several that one turn gives to a statement the first carries it."""
    tagged = exists().where(col(TagRow.quote_id) == col(QuoteRow.id), col(TagRow.review) != Review.REJECTED)
    shared = exists().where(col(ReleaseRow.quote_id) == col(QuoteRow.id))
    before, cited_before = aliased(QuoteRow), aliased(CitationRow)
    has_earlier = exists().where(
        col(cited_before.statement_id) == col(StatementRow.id),
        col(before.id) == col(cited_before.quote_id),
        col(before.turn_id) == col(QuoteRow.turn_id),
        col(before.id) < col(QuoteRow.id),
    )
    carries = exists().where(
        col(CitationRow.quote_id) == col(QuoteRow.id),
        col(StatementRow.id) == col(CitationRow.statement_id),
        col(StatementRow.review) != Review.REJECTED,
        ~has_earlier,
    )
    query: Any = (
        sqlalchemy.select(func.count())
        .select_from(QuoteRow)
        .join(TurnRow, col(TurnRow.id) == col(QuoteRow.turn_id))
        .join(InterviewRow, col(InterviewRow.id) == col(QuoteRow.interview_id))
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(*_conditions(wanted), ~col(TurnRow.removed), or_(tagged, shared, carries))
    )
    number: int = (await tx.exec(query)).scalar_one()
    return number


async def released(tx: Tx, audiences: Collection[str]) -> int:
    """How many statements are on the shelves of these teams."""
    query: Any = (
        sqlalchemy.select(func.count())
        .select_from(ReleaseRow)
        .join(QuoteRow, col(QuoteRow.id) == col(ReleaseRow.quote_id))
        .join(TurnRow, col(TurnRow.id) == col(QuoteRow.turn_id))
        .join(InterviewRow, col(InterviewRow.id) == col(ReleaseRow.interview_id))
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(col(ReleaseRow.audience).in_(sorted(audiences)), real())
        .where(~col(TurnRow.removed), agreement.standing())
    )
    number: int = (await tx.exec(query)).scalar_one()
    return number


def _line(invitation: InvitationRow, interview: InterviewRow) -> Line:
    ended = interview.completed_at or interview.abandoned_at or interview.last_active_at
    status = Status.FINISHED if interview.completed_at else Status.LEFT_EARLY
    return Line(invitation, interview, None, status, ended)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    ended = func.coalesce(col(InterviewRow.completed_at), col(InterviewRow.abandoned_at))
    conditions: list[ColumnElement[bool]] = [agreement.evidence()]
    if wanted.flows is not None:
        conditions.append(col(InterviewRow.flow).in_(sorted(wanted.flows)))
    if wanted.first:
        conditions.append(ended >= wanted.first)
    if wanted.before:
        conditions.append(ended < wanted.before)
    if wanted.reviewed is not None:
        reviewed = col(InterviewRow.reviewed_at)
        conditions.append(reviewed.is_not(None) if wanted.reviewed else reviewed.is_(None))
    if wanted.mode:
        conditions.append(col(InterviewRow.mode) == wanted.mode)
    if wanted.agreed:
        conditions.append(col(InterviewRow.crm_consent).is_(True))
    if wanted.only:
        conditions.append(or_(col(InterviewRow.id) == wanted.only, col(InvitationRow.id) == wanted.only))
    if wanted.theme:
        conditions.append(_tagged(wanted.theme))
    if wanted.kind:
        same = and_(col(StatementRow.interview_id) == col(InterviewRow.id), col(StatementRow.kind) == wanted.kind)
        conditions.append(exists().where(same, col(StatementRow.review) != Review.REJECTED))
    return conditions


def _tagged(theme: str) -> ColumnElement[bool]:
    """Found by the theme, once: looking into every interview's quotes takes ten times as long."""
    tagged = (
        select(QuoteRow.interview_id)
        .join(TagRow, col(TagRow.quote_id) == col(QuoteRow.id))
        .where(TagRow.theme == theme, TagRow.review != Review.REJECTED)
    )
    return col(InterviewRow.id).in_(tagged)

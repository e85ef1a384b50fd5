"""Read models of the desk's lists: invitations with what became of them, filtered, counted and searched in SQL.

Previews are in none of them.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, case, func, text
from sqlmodel import and_, col, exists, or_, select

from interviewer import searching
from interviewer.confidentiality import Field
from interviewer.evidence import Review, StatementKind
from interviewer.flows.catalogue import from_body
from interviewer.flows.model import Flow
from interviewer.records import Status
from interviewer.store import agreement, bookings, search, turns
from interviewer.store.db import Tx, columns, one_of
from interviewer.store.invitations import real
from interviewer.store.quotes import stands
from interviewer.store.tables.analysis import AnalysisStepRow, CitationRow, JobRunRow, QuoteRow, StatementRow
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.interviews import ASKS_DELETION, FlowVersionRow, InterviewRow, TurnRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow
from interviewer.store.tables.review import DocumentRow, RedactionRow
from interviewer.transcript import Speaker, Transcript

MOST_WORDS = 6
_INDEXED = {
    search.ANSWER: {Field.TRANSCRIPT},
    search.QUOTE: {Field.TRANSCRIPT},
    search.STATEMENT: {Field.FINDINGS},
    search.ABOUT: {Field.COMPANY, Field.PERSON, Field.DEAL},
}
"""What a reader of each kind of document needs to see."""


@dataclass(frozen=True)
class Filter:
    """What is asked for. `fields` are those that the asker may see: search looks nowhere else."""

    now: datetime
    status: str = ""
    flow: str = ""
    words: tuple[str, ...] = ()
    fields: frozenset[Field] = frozenset()
    among: tuple[str, ...] | None = None
    """Invitations that a search found: see `searched`."""


@dataclass(frozen=True)
class Line:
    """An invitation and what became of it."""

    invitation: InvitationRow
    interview: InterviewRow | None
    call: CallRequestRow | None
    status: Status
    at: datetime
    booking: BookingRow | None = None
    """The call that stands as booked."""


async def searched(tx: Tx, wanted: Filter) -> Filter:
    """The filter with its words looked for, once for all that is asked with it."""
    if not wanted.words:
        return wanted
    holds = [real(), *(_holds(tx, word, wanted.fields) for word in wanted.words[:MOST_WORDS])]
    query = sqlalchemy.select(col(InvitationRow.id)).select_from(InvitationRow)
    found = (await tx.exec(_joined(query).where(*holds))).scalars().all()
    return replace(wanted, words=(), among=tuple(found))


async def lines(tx: Tx, wanted: Filter, *, offset: int, limit: int) -> list[Line]:
    """The latest first."""
    query = _lines(wanted.now).where(*_conditions(tx, wanted)).order_by(_at().desc(), col(InvitationRow.id))
    return [_line(row) for row in (await tx.exec(query.offset(offset).limit(limit))).all()]


async def line(tx: Tx, some_id: str, now: datetime) -> Line | None:
    """By the invitation's id or the interview's."""
    found = await tx.exec(_lines(now).where(real(), or_(InvitationRow.id == some_id, InterviewRow.id == some_id)))
    row = found.first()
    return _line(row) if row else None


async def of(tx: Tx, invitation_ids: Collection[str], now: datetime) -> list[Line]:
    """Those of these invitations, in no order."""
    found = await tx.exec(_lines(now).where(real(), col(InvitationRow.id).in_(invitation_ids)))
    return [_line(row) for row in found.all()]


async def found(tx: Tx, wanted: Filter) -> int:
    """How many lines there are."""
    query = _joined(sqlalchemy.select(func.count()).select_from(InvitationRow))
    number: int = (await tx.exec(query.where(*_conditions(tx, wanted)))).scalar_one()
    return number


async def statuses(tx: Tx, wanted: Filter) -> dict[str, int]:
    """How many a filter by each status finds, whatever status is asked for.

    They may add up to more than there are: who wants or has a call may have answered, or declined, before.
    """
    numbers = await _counts(tx, _status(wanted.now), _conditions(tx, wanted, status=False))
    return numbers | {status: await found(tx, replace(wanted, status=status)) for status in _BESIDE}


async def flows(tx: Tx, wanted: Filter) -> dict[str, int]:
    """How many there are of each flow, whatever flow is asked for."""
    return await _counts(tx, col(InvitationRow.flow), _conditions(tx, wanted, flow=False))


async def everything(tx: Tx) -> int:
    return (await tx.exec(select(func.count()).select_from(InvitationRow).where(real()))).one()


async def transcripts(tx: Tx, interviews: Sequence[InterviewRow]) -> dict[str, Transcript]:
    """The transcripts of these interviews, by id."""
    rows = await turns.among(tx, [row.id for row in interviews])
    return {row.id: turns.as_transcript(rows[row.id], language=row.language) for row in interviews}


async def flow_versions(tx: Tx, digests: Collection[str]) -> dict[str, Flow]:
    """The flows that interviews ran with, by digest."""
    query = select(FlowVersionRow).where(col(FlowVersionRow.digest).in_(set(digests)))
    return {row.digest: from_body(row.body) for row in (await tx.exec(query)).all()}


async def headlines(tx: Tx, interview_ids: Collection[str]) -> dict[str, str]:
    """The analysis in a sentence, by interview; only where a quote carries it that stands in its turn."""
    query = (
        select(StatementRow, QuoteRow, TurnRow)
        .where(
            CitationRow.statement_id == StatementRow.id,
            QuoteRow.id == CitationRow.quote_id,
            TurnRow.id == QuoteRow.turn_id,
            col(StatementRow.interview_id).in_(interview_ids),
            StatementRow.kind == StatementKind.HEADLINE,
            StatementRow.review != Review.REJECTED,
        )
        .order_by(col(StatementRow.id).desc())
    )
    return {one.interview_id: one.text for one, quote, turn in (await tx.exec(query)).all() if stands(quote, turn)}


async def steps(tx: Tx, interview_ids: Collection[str]) -> dict[str, list[AnalysisStepRow]]:
    """The steps of the analysis, by interview, in the order in which they were last run."""
    found: dict[str, list[AnalysisStepRow]] = defaultdict(list)
    query: Any = sqlalchemy.select(*columns(AnalysisStepRow)).where(
        col(AnalysisStepRow.interview_id).in_(interview_ids)
    )
    for row in (await tx.exec(query.order_by(col(AnalysisStepRow.at), col(AnalysisStepRow.step)))).all():
        found[row.interview_id].append(row)
    return found


async def failures(tx: Tx, limit: int = 50) -> list[tuple[JobRunRow, InvitationRow | None]]:
    """Background work that gave up, with the invitation whose interview it was for."""
    query = (
        select(JobRunRow, InvitationRow)
        .join(InterviewRow, col(InterviewRow.id) == col(JobRunRow.key), isouter=True)
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id), isouter=True)
        .where(JobRunRow.state == "failed")
        .order_by(col(JobRunRow.queued_at).desc())
    )
    return [(job, invitation) for job, invitation in (await tx.exec(query.limit(limit))).all()]


async def job(tx: Tx, name: str, key: str) -> JobRunRow | None:
    return await tx.get(JobRunRow, (name, key))


async def calls(tx: Tx, *, handled: bool, limit: int = 200) -> list[tuple[CallRequestRow, InvitationRow]]:
    """Calls wanted, the oldest first; or those that were handled, the latest first."""
    done = col(CallRequestRow.handled_at)
    query = (
        select(CallRequestRow, InvitationRow)
        .where(CallRequestRow.invitation_id == InvitationRow.id, agreement.nobody_who_stopped(), real())
        .where(done.is_not(None) if handled else done.is_(None), col(InvitationRow.erased_at).is_(None))
        .order_by(done.desc() if handled else col(CallRequestRow.created_at))
    )
    return list((await tx.exec(query.limit(limit))).all())


async def open_calls(tx: Tx) -> int:
    query = select(func.count()).select_from(CallRequestRow).join(InvitationRow)
    return (await tx.exec(query.where(_calling()))).one()


async def asking_deletion(tx: Tx) -> int:
    """How many asked for deletion in an answer, and everything of theirs is still here."""
    query: Any = sqlalchemy.select(func.count()).select_from(InterviewRow).join(InvitationRow)
    number: int = (await tx.exec(query.where(_asking(tx)))).scalar_one()
    return number


async def call(tx: Tx, call_id: str) -> CallRequestRow | None:
    return await tx.get(CallRequestRow, call_id, with_for_update=True)


def _lines(now: datetime) -> Any:
    return _joined(sqlalchemy.select(InvitationRow, InterviewRow, CallRequestRow, _status(now), _at(), BookingRow))


def _joined(query: Any) -> Any:
    booked = and_(col(BookingRow.invitation_id) == col(InvitationRow.id), BookingRow.state == bookings.BOOKED)
    return (
        query.join(InterviewRow, col(InterviewRow.invitation_id) == col(InvitationRow.id), isouter=True)
        .join(CallRequestRow, col(CallRequestRow.invitation_id) == col(InvitationRow.id), isouter=True)
        .join(BookingRow, booked, isouter=True)
    )


def _line(row: Any) -> Line:
    invitation, interview, call, status, at, booking = row
    return Line(invitation, interview, call, Status(status), at, booking)


async def _counts(tx: Tx, by: Any, conditions: list[ColumnElement[bool]]) -> dict[str, int]:
    value = by.label("value")  # grouped by its name: PostgreSQL does not know two parameters for equal
    query = (
        _joined(sqlalchemy.select(value, func.count()).select_from(InvitationRow)).where(*conditions).group_by("value")
    )
    return dict((await tx.exec(query)).all())


def _status(now: datetime) -> ColumnElement[str]:
    """What happened last counts first: an interview that was finished stays so when its link is revoked."""
    return case(
        (or_(col(InvitationRow.erased_at).is_not(None), col(InterviewRow.deleted_at).is_not(None)), Status.DELETED),
        (col(InterviewRow.withdrawn_at).is_not(None), Status.NO_LONGER_AGREES),
        (col(InterviewRow.completed_at).is_not(None), Status.FINISHED),
        (col(InvitationRow.opted_out_at).is_not(None), Status.OPTED_OUT),
        (col(InvitationRow.declined_at).is_not(None), Status.DECLINED),
        (col(BookingRow.id).is_not(None), Status.CALL_BOOKED),
        (and_(col(CallRequestRow.id).is_not(None), col(CallRequestRow.handled_at).is_(None)), Status.WANTS_CALL),
        (col(InterviewRow.abandoned_at).is_not(None), Status.LEFT_EARLY),
        (col(InvitationRow.revoked_at).is_not(None), Status.REVOKED),
        (col(InterviewRow.first_answer_at).is_not(None), Status.IN_PROGRESS),
        (col(InvitationRow.expires_at) <= now, Status.EXPIRED),
        else_=Status.INVITED,
    )


def _calling() -> ColumnElement[bool]:
    """Waiting for a call, whatever else they did."""
    wanted, unhandled = col(CallRequestRow.id).is_not(None), col(CallRequestRow.handled_at).is_(None)
    return and_(wanted, unhandled, col(InvitationRow.erased_at).is_(None), agreement.nobody_who_stopped(), real())


def _booked() -> ColumnElement[bool]:
    """A call stands as booked, whatever else they did; none does with who no longer agrees."""
    here = and_(col(InvitationRow.erased_at).is_(None), agreement.nobody_who_stopped(), real())
    return and_(col(BookingRow.id).is_not(None), here)


def _asking(tx: Tx) -> ColumnElement[bool]:
    """Asked in an answer that everything is deleted, and it is still here; who no longer agrees has said what is to
    become of it. Every page of the desk counts these: an index has them and nothing else."""
    asked: Any = sqlalchemy.select(TurnRow.interview_id).where(  # type: ignore[call-overload]
        text(ASKS_DELETION[tx.get_bind().dialect.name]),
        col(TurnRow.speaker) == Speaker.BUYER,
        ~col(TurnRow.removed),
    )
    here = and_(agreement.standing(), col(InvitationRow.erased_at).is_(None), real())
    return and_(col(InterviewRow.id).in_(asked), here)


_BESIDE = (Status.ASKED_DELETION, Status.WANTS_CALL, Status.CALL_BOOKED)
"""Statuses that stand beside another one."""


def _has(tx: Tx, status: str, now: datetime) -> ColumnElement[bool]:
    """Whether this is their status, or stands beside it."""
    match status:
        case Status.ASKED_DELETION:
            return _asking(tx)
        case Status.WANTS_CALL:
            return _calling()
        case Status.CALL_BOOKED:
            return _booked()
    return _status(now) == status


def _at() -> ColumnElement[datetime]:
    """Start pressed without an answer does not count: a mail scanner may have done it."""
    asked, last = col(InvitationRow.link_asked_at), _last_step()
    return case((asked > last, asked), else_=last)


def _last_step() -> ColumnElement[datetime]:
    return func.coalesce(
        col(InterviewRow.completed_at),
        case((col(InterviewRow.first_answer_at).is_not(None), col(InterviewRow.last_active_at))),
        col(BookingRow.changed_at),
        col(CallRequestRow.created_at),
        col(InvitationRow.declined_at),
        col(InvitationRow.opted_out_at),
        col(InvitationRow.created_at),
    )


def _conditions(tx: Tx, wanted: Filter, *, status: bool = True, flow: bool = True) -> list[ColumnElement[bool]]:
    conditions = [real(), *(_holds(tx, word, wanted.fields) for word in wanted.words[:MOST_WORDS])]
    if wanted.among is not None:
        conditions.append(one_of(tx, col(InvitationRow.id), wanted.among))
    if status and wanted.status:
        conditions.append(_has(tx, wanted.status, wanted.now))
    if flow and wanted.flow:
        conditions.append(col(InvitationRow.flow) == wanted.flow)
    return conditions


def _holds(tx: Tx, word: str, fields: frozenset[Field]) -> ColumnElement[bool]:
    """Whether a word stands in anything that the asker may see: looked up in the index of the library; who was asked,
    and what is not indexed yet, is looked through."""
    places: list[ColumnElement[bool]] = []
    if Field.COMPANY in fields:
        places += _like(col(InvitationRow.company), word)
    if Field.PERSON in fields:
        for column in (InvitationRow.name, InvitationRow.email, InvitationRow.role):
            places += _like(col(column), word)
    kinds = [kind for kind, needs in _INDEXED.items() if needs <= fields]
    query = searching.words([word])
    if kinds and query:
        hits = search.matches(tx, query)
        holding: Any = sqlalchemy.select(DocumentRow.interview_id).join(hits, hits.c.id == col(DocumentRow.id))  # type: ignore[call-overload]
        places.append(col(InterviewRow.id).in_(holding.where(col(DocumentRow.kind).in_(kinds))))
    if Field.TRANSCRIPT in fields:
        said = sqlalchemy.select(TurnRow.interview_id).join(InterviewRow, col(InterviewRow.id) == TurnRow.interview_id)  # type: ignore[call-overload]
        said = said.where(
            ~exists().where(col(DocumentRow.interview_id) == col(InterviewRow.id)),
            agreement.standing(),
            col(TurnRow.speaker) == Speaker.BUYER,
            ~col(TurnRow.removed),
            or_(*_like(col(TurnRow.text), word)),
            ~exists().where(col(RedactionRow.turn_id) == col(TurnRow.id)),
        )
        places.append(col(InterviewRow.id).in_(said))
    return or_(*places) if places else col(InvitationRow.id).is_(None)


def _like(column: Any, word: str) -> list[ColumnElement[bool]]:
    """SQLite folds the case of ASCII letters only, so other words are looked for in the usual ways to write them."""
    ways = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return [column.icontains(way, autoescape=True) for way in sorted(ways)]

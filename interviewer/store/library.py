"""The library's questions to the database: which interviews there are, which hold what was asked for, and the words.

Which interviews pass a filter is decided in `library/`, from `facts`; what comes back here is asked for by their ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, String, and_, cast, func, or_
from sqlmodel import col, select

from interviewer.bodies import CompetitorRole
from interviewer.evidence import Review, StatementKind
from interviewer.searching import Query
from interviewer.store import agreement, search
from interviewer.store.db import Tx, one_of
from interviewer.store.tables.analysis import CitationRow, QuoteRow, StatementRow
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.library import HoldingRow, MentionRow, RivalRow
from interviewer.store.tables.review import DocumentRow

Numbers = tuple[int, ...]
"""How much there is of each of `search.KINDS`."""


REASONS = (
    "decision_factor",
    "pricing",
    "feature_gap",
    "process_friction",
    "criticism",
    "expectation_missed",
    "messaging_miss",
    "hidden_criterion",
)
"""Themes that say why a deal was lost: together the theme "reasons"."""


_NO_RIVALS = frozenset(
    {"nothing", "unknown", "paper", "spreadsheet", "in-house build", "whiteboard", "planning board", "custom build"}
)
_LOOKED_AT = 2000
"""Quotes and answers whose words are proposed for misspelt ones: more of them take long and bring few words."""


class Facts(NamedTuple):
    """What an interview is filtered by. A tuple: a search makes thousands of them."""

    id: str
    invitation_id: str
    flow: str
    role: str
    segment: str
    language: str
    mode: str
    reviewed: bool
    amount: float | None
    ended_at: datetime
    quotes: int = 0
    statements: int = 0
    answers: int = 0

    @property
    def holds(self) -> Numbers:
        """How much there is of each of `search.KINDS`."""
        return (self.quotes, self.statements, self.answers, 1)


@dataclass(frozen=True)
class Tagged:
    """Only what rests on a quote with such a tag. Empty fields ask for nothing."""

    theme: str = ""
    subject: str = ""
    """Folded."""
    polarity: str = ""

    def __bool__(self) -> bool:
        return bool(self.theme or self.subject or self.polarity)


@dataclass(frozen=True)
class Hit:
    """A document: its kind, the id of what it stands for, and whose it is."""

    kind: str
    ref: str
    interview_id: str


async def facts(tx: Tx) -> list[Facts]:
    """Every interview of the library, the latest first."""
    ended = func.coalesce(col(InterviewRow.completed_at), col(InterviewRow.abandoned_at))
    query = (
        sqlalchemy.select(
            InterviewRow.id,
            InvitationRow.id,
            InterviewRow.flow,
            InvitationRow.role,
            InvitationRow.segment,
            InterviewRow.language,
            InterviewRow.mode,
            col(InterviewRow.reviewed_at).is_not(None),
            DealRow.amount,
            ended,
            *(func.coalesce(number, 0) for number in (HoldingRow.quotes, HoldingRow.statements, HoldingRow.answers)),
        )  # type: ignore[call-overload]
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .join(DealRow, col(DealRow.invitation_id) == col(InvitationRow.id), isouter=True)
        .join(HoldingRow, col(HoldingRow.interview_id) == col(InterviewRow.id), isouter=True)
        .where(agreement.evidence())
        .order_by(ended.desc(), col(InterviewRow.id))
    )
    rows: Any = (await tx.exec(query)).all()
    return [Facts._make(row) for row in rows]


async def holding(tx: Tx, query: Query, tagged: Tagged) -> dict[str, Numbers]:
    """Interviews with something that holds the terms and rests on such a tag: how much of each kind."""
    if not query:
        return await _bearers(tx, tagged)
    each = [func.sum(sqlalchemy.case((col(DocumentRow.kind) == kind, 1), else_=0)) for kind in search.KINDS]
    found: Any = sqlalchemy.select(DocumentRow.interview_id, *each)  # type: ignore[call-overload]
    hits = search.matches(tx, query)
    found = found.join(hits, hits.c.id == col(DocumentRow.id))
    if tagged:
        found = found.where(or_(*(_resting(kind, _bearing(tagged)) for kind in (search.QUOTE, *_RESTING))))
    rows = (await tx.exec(found.group_by(DocumentRow.interview_id))).all()
    return {row[0]: tuple(row[1:]) for row in rows}


async def _bearers(tx: Tx, tagged: Tagged) -> dict[str, Numbers]:
    """What rests on such a tag, counted from the tags: three times as quick as from the documents."""
    marked = sqlalchemy.select(MentionRow.quote_id).where(*_bearing(tagged))  # type: ignore[call-overload]
    citing = select(CitationRow.statement_id).where(col(CitationRow.quote_id).in_(marked))
    stand = col(StatementRow.review) != Review.REJECTED
    counted: Any = (
        (col(MentionRow.interview_id), func.count(col(MentionRow.quote_id).distinct()), _bearing(tagged)),
        (col(StatementRow.interview_id), func.count(), [col(StatementRow.id).in_(citing), stand]),
        (col(QuoteRow.interview_id), func.count(col(QuoteRow.turn_id).distinct()), [col(QuoteRow.id).in_(marked)]),
    )
    numbers: dict[str, list[int]] = defaultdict(lambda: [0] * len(search.KINDS))
    for place, (of, number, where) in enumerate(counted):
        query: Any = sqlalchemy.select(of, number).where(*where).group_by(of)
        for interview_id, there in (await tx.exec(query)).all():
            numbers[interview_id][place] = there
    return {interview_id: tuple(each) for interview_id, each in numbers.items()}


async def opposed(tx: Tx, key: str) -> set[str]:
    """Interviews whose buyer named this competitor (folded)."""
    return set((await tx.exec(select(RivalRow.interview_id).where(RivalRow.key == key))).all())


async def taken(tx: Tx, key: str) -> set[str]:
    """Interviews whose deal went to this competitor (folded): by the buyer's word it was chosen, or nobody is known to
    have been and it was the closest. "anybody": to any that has a name."""
    roles = [CompetitorRole.SELECTED, CompetitorRole.PRIMARY]
    query: Any = sqlalchemy.select(StatementRow.interview_id, StatementRow.key).where(  # type: ignore[call-overload]
        StatementRow.kind == StatementKind.COMPETITOR,
        StatementRow.review != Review.REJECTED,
        or_(*(col(StatementRow.key).startswith(f"{role}: ", autoescape=True) for role in roles)),
    )
    if key != "anybody":
        query = query.where(
            col(StatementRow.interview_id).in_(select(RivalRow.interview_id).where(RivalRow.key == key))
        )
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for interview_id, of in (await tx.exec(query)).all():
        role, _, name = of.partition(": ")
        said[interview_id].add((role, name))
    return {one for one, named in said.items() if _took(named, key)}


def _took(named: Collection[tuple[str, str]], key: str) -> bool:
    chosen = {name for role, name in named if role == CompetitorRole.SELECTED}
    if key == "anybody":
        return bool(chosen - _NO_RIVALS)
    return key in chosen if chosen else (CompetitorRole.PRIMARY, key) in named


async def rivals(tx: Tx, among: Collection[str] | None, limit: int) -> list[tuple[str, str, int]]:
    """The competitors named most: key, name, interviews. `among` interviews, or in all with None."""
    number = func.count()
    query: Any = sqlalchemy.select(RivalRow.key, func.min(col(RivalRow.name)), number).group_by(RivalRow.key)  # type: ignore[call-overload]
    query = query.where(*_among(tx, col(RivalRow.interview_id), among))
    rows = (await tx.exec(query.order_by(number.desc(), RivalRow.key).limit(limit))).all()
    return [(key, name, counted) for key, name, counted in rows]


async def themes(tx: Tx, among: Collection[str] | None, tagged: Tagged) -> dict[str, int]:
    """In how many interviews each theme is."""
    return dict(await _tags(tx, col(MentionRow.theme), among, tagged))


async def polarities(tx: Tx, among: Collection[str] | None, tagged: Tagged) -> dict[str, int]:
    return dict(await _tags(tx, col(MentionRow.polarity), among, tagged))


async def subjects(tx: Tx, among: Collection[str] | None, tagged: Tagged, limit: int) -> list[tuple[str, str, int]]:
    """The subjects spoken of most: key, name, interviews."""
    counted = await _tags(tx, col(MentionRow.subject_key), among, tagged, limit=limit)
    first = select(func.min(MentionRow.tag_id)).where(col(MentionRow.subject_key).in_([key for key, _ in counted]))
    named = sqlalchemy.select(MentionRow.subject_key, MentionRow.subject)  # type: ignore[call-overload]
    named = named.where(col(MentionRow.tag_id).in_(first.group_by(MentionRow.subject_key)))
    names = dict((await tx.exec(named)).all())
    return [(key, names[key], number) for key, number in counted]


async def named(tx: Tx) -> dict[str, str]:
    """Every competitor by folded name: what a question may name."""
    rival = sqlalchemy.select(RivalRow.key, func.min(col(RivalRow.name))).group_by(RivalRow.key)  # type: ignore[call-overload]
    return dict((await tx.exec(rival)).all())


async def vocabulary(tx: Tx) -> set[str]:
    """Words of what was indexed last: what a misspelt word may have meant."""
    query = select(DocumentRow.search_text).where(col(DocumentRow.kind).in_([search.QUOTE, search.ANSWER]))
    texts = (await tx.exec(query.order_by(col(DocumentRow.id).desc()).limit(_LOOKED_AT))).all()
    return {word for text in texts for word in text.split()}


async def best(
    tx: Tx,
    query: Query,
    tagged: Tagged,
    kind: str,
    among: Collection[str] | None,
    *,
    offset: int,
    limit: int,
    ranked: bool = True,
) -> list[Hit]:
    """What fits the words best, the best first; not `ranked`, the last that was indexed first. `query` must hold a
    term."""
    hits = search.matches(tx, query, scored=ranked)
    found: Any = (
        sqlalchemy.select(DocumentRow.kind, DocumentRow.ref, DocumentRow.interview_id)  # type: ignore[call-overload]
        .join(hits, hits.c.id == col(DocumentRow.id))
        .where(DocumentRow.kind == kind, *_among(tx, col(DocumentRow.interview_id), among))
    )
    if tagged:
        found = found.where(_resting(kind, _bearing(tagged)))
    found = found.order_by(hits.c.score, hits.c.id.desc()) if ranked else found.order_by(hits.c.id.desc())
    return [Hit(*row) for row in (await tx.exec(found.offset(offset).limit(limit))).all()]


async def of_interviews(tx: Tx, tagged: Tagged, kind: str, interview_ids: Sequence[str]) -> list[Hit]:
    """Everything of a kind in these interviews, in their order."""
    found: Any = sqlalchemy.select(DocumentRow.kind, DocumentRow.ref, DocumentRow.interview_id)  # type: ignore[call-overload]
    found = found.where(DocumentRow.kind == kind, col(DocumentRow.interview_id).in_(interview_ids))
    if tagged:
        found = found.where(_resting(kind, [*_bearing(tagged), col(MentionRow.interview_id).in_(interview_ids)]))
    place = {interview_id: number for number, interview_id in enumerate(interview_ids)}
    rows = [Hit(*row) for row in (await tx.exec(found.order_by(DocumentRow.id))).all()]
    return sorted(rows, key=lambda hit: place[hit.interview_id])


async def _tags(
    tx: Tx, by: Any, among: Collection[str] | None, tagged: Tagged, *, limit: int = 100
) -> list[tuple[str, int]]:
    number = func.count(sqlalchemy.distinct(col(MentionRow.interview_id)))
    query: Any = sqlalchemy.select(by, number).group_by(by)
    query = query.where(by != "", *_bearing(tagged), *_among(tx, col(MentionRow.interview_id), among))
    return [
        (value, counted) for value, counted in (await tx.exec(query.order_by(number.desc(), by).limit(limit))).all()
    ]


def _bearing(tagged: Tagged) -> list[ColumnElement[bool]]:
    pairs = (
        (col(MentionRow.theme), "" if tagged.theme == "reasons" else tagged.theme),
        (col(MentionRow.subject_key), tagged.subject),
        (col(MentionRow.polarity), tagged.polarity),
    )
    why = [col(MentionRow.theme).in_(REASONS)] if tagged.theme == "reasons" else []
    return [*why, *(column == value for column, value in pairs if value)]


_RESTING: Mapping[str, tuple[Any, Any]] = MappingProxyType(
    {
        search.STATEMENT: (col(CitationRow.statement_id), col(CitationRow.quote_id)),
        search.ANSWER: (col(QuoteRow.turn_id), col(QuoteRow.id)),
    }
)
"""What rests on a quote, beside the quote itself: a statement that cites it, an answer that holds it."""


def _resting(kind: str, bearing: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Documents of a kind that rest on a quote with such a tag."""
    if kind == search.ABOUT:
        return sqlalchemy.false()
    column, of = _RESTING.get(kind, (col(MentionRow.quote_id), None))
    rests = sqlalchemy.select(cast(column, String))
    if of is None:
        rests = rests.where(*bearing)
    else:
        rests = rests.where(of.in_(sqlalchemy.select(col(MentionRow.quote_id)).where(*bearing)))
    return and_(col(DocumentRow.kind) == kind, col(DocumentRow.ref).in_(rests))


def _among(tx: Tx, column: Any, interview_ids: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if interview_ids is None else [one_of(tx, column, interview_ids)]

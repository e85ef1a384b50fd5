"""What the analysis says of an interview. A statement is there while a quote that carries it is (domain.md).

What a person confirmed, reworded or turned down stays as it is when a step runs again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import update
from sqlmodel import col, delete, exists, or_, select

from interviewer import bodies, masks
from interviewer.evidence import PERSON, Claim, Quote, Review, Span, Statement, StatementKind
from interviewer.store import quotes, redactions
from interviewer.store.changes import Changes
from interviewer.store.db import Tx, columns
from interviewer.store.tables.analysis import CitationRow, QuoteRow, StatementRow
from interviewer.store.tables.interviews import TurnRow

_ORDER = {kind.value: place for place, kind in enumerate(StatementKind)}
_SINGLE = frozenset(
    {
        StatementKind.HEADLINE,
        StatementKind.SURPRISE,
        StatementKind.PHRASE,
        StatementKind.GAP,
        StatementKind.DECIDED,
        StatementKind.WHY,
        StatementKind.VERSUS,
        StatementKind.TRIGGER,
        StatementKind.STALLED,
        StatementKind.TONE,
    }
)
"""Kinds of which an interview has one."""


async def of(tx: Tx, interview_id: str, *, rejected: bool = False) -> list[Statement]:
    """In the order of their kinds, without those whose quotes are all gone; with `rejected`, those turned down as well.

    Of the quotes that one turn gives to a statement only the first is named. What was redacted in a turn is under
    bars in a statement that repeats it.
    """
    standing = await quotes.of(tx, interview_id)
    return (await among(tx, {interview_id: standing}, rejected=rejected))[interview_id]


async def among(
    tx: Tx, standing: Mapping[str, Sequence[Quote]], *, rejected: bool = False
) -> Mapping[str, list[Statement]]:
    """The same of each of these interviews, whose quotes that stand are `standing`."""
    turns = {quote.id: quote.turn_number for quotes in standing.values() for quote in quotes}
    query: Any = sqlalchemy.select(*columns(StatementRow)).where(col(StatementRow.interview_id).in_(standing))
    rows: Sequence[StatementRow] = (await tx.exec(query)).all()
    found = await tx.exec(
        select(CitationRow.statement_id, CitationRow.quote_id)
        .join(StatementRow, col(StatementRow.id) == col(CitationRow.statement_id))
        .where(col(StatementRow.interview_id).in_(standing))
        .order_by(col(CitationRow.quote_id))
    )
    cited: dict[int, dict[int, int]] = defaultdict(dict)
    for statement_id, quote_id in found.all():
        if quote_id in turns:
            cited[statement_id].setdefault(turns[quote_id], quote_id)
    hidden = await redactions.among(tx, standing)
    statements: dict[str, list[Statement]] = {interview_id: [] for interview_id in standing}
    for row in sorted(rows, key=lambda row: (_ORDER[row.kind], row.position)):
        if cited[row.id or 0] and (rejected or row.review != Review.REJECTED):
            carried = tuple(cited[row.id or 0].values())
            statements[row.interview_id].append(as_statement(row, carried, hidden[row.interview_id].words))
    return statements


async def unfounded(tx: Tx, interview_id: str) -> list[Statement]:
    """What a host noted after a call and nothing said carries: no statement until somebody chooses its words."""
    query = select(StatementRow).where(
        StatementRow.interview_id == interview_id,
        StatementRow.made_by == PERSON,
        StatementRow.reviewed_by == "",
        StatementRow.review == Review.CONFIRMED,
        ~exists().where(col(CitationRow.statement_id) == col(StatementRow.id)),
    )
    rows = (await tx.exec(query.order_by(col(StatementRow.id)))).all()
    hidden = (await redactions.among(tx, [interview_id]))[interview_id]
    return [as_statement(row, (), hidden.words) for row in rows]


async def drop_baseless(tx: Tx, interview_id: str) -> None:
    """Forget sentences whose words were all dropped; what a host noted after a call stays theirs."""
    await tx.exec(
        delete(StatementRow).where(
            col(StatementRow.interview_id) == interview_id,
            or_(col(StatementRow.made_by) != PERSON, col(StatementRow.reviewed_by) != ""),
            ~exists().where(col(CitationRow.statement_id) == col(StatementRow.id)),
        )
    )


async def replace(
    tx: Tx, interview_id: str, step: str, turns: Mapping[int, TurnRow], claims: Iterable[Claim]
) -> Changes:
    """Replace what `step` stated, and say what changed. A claim without a span is not kept.

    What a person said of a statement holds, while a quote under it stands, for a claim that says the same again
    (`_same`). One that comes again word for word stays the row that it was, so that a reviewer's page stays good.
    `turns` are the buyer's, by number.
    """
    rows = (await tx.exec(select(StatementRow).where(StatementRow.interview_id == interview_id))).all()
    own = [row for row in rows if row.step == step]
    spans = await _spans(tx, [row.id or 0 for row in own])
    standing = {quote.span for quote in await quotes.of(tx, interview_id)}
    held = [(row, spans[row.id or 0]) for row in own if row.review and spans[row.id or 0] & standing]
    was = {(row.kind, row.text) for row in own if not row.review}
    stale = [row for row in own if not row.review]
    made: set[tuple[str, str]] = set()
    for position, claim in enumerate(claims):
        if not claim.spans or any(_same(row, where, claim) for row, where in held):
            continue
        fresh = StatementRow(
            interview_id=interview_id,
            kind=claim.kind,
            text=claim.text,
            step=step,
            made_by=claim.made_by,
            body=bodies.as_values(claim.body),
            key=claim.key,
        )
        row = next((one for one in stale if _alike(one, fresh) and spans[one.id or 0] == frozenset(claim.spans)), fresh)
        if row is not fresh:
            stale.remove(row)
        row.position = position
        tx.add(row)
        made.add((claim.kind.value, claim.text))
        await tx.flush()
        kept = [await quotes.keep(tx, interview_id, step, turns, span) for span in dict.fromkeys(claim.spans)]
        for quote in kept:
            await tx.merge(CitationRow(statement_id=row.id or 0, quote_id=quote.id or 0))
    await tx.exec(delete(StatementRow).where(col(StatementRow.id).in_([row.id for row in stale])))
    await tx.flush()
    return Changes(
        added=tuple(sorted(list(entry) for entry in made - was)),
        gone=tuple(sorted(list(entry) for entry in was - made)),
        kept=len(held),
    )


async def set_aside(tx: Tx, interview_id: str, kinds: Collection[StatementKind], now: datetime, *, but: int) -> None:
    """Turn down what stands of these kinds beside one statement: a person says it otherwise there."""
    await tx.exec(
        update(StatementRow)
        .where(
            col(StatementRow.interview_id) == interview_id,
            col(StatementRow.kind).in_(kinds),
            col(StatementRow.id) != but,
            col(StatementRow.review) != Review.REJECTED,
        )
        .values(review=Review.REJECTED, reviewed_at=now, version=StatementRow.version + 1)
    )


def as_statement(row: StatementRow, cited: tuple[int, ...], hidden: Sequence[str] = ()) -> Statement:
    return Statement(
        id=row.id or 0,
        kind=StatementKind(row.kind),
        text=masks.without(row.text, hidden),
        quotes=cited,
        made_by=row.made_by,
        body=bodies.from_values(row.kind, _barred(row, hidden)),
        key=masks.without(row.key, hidden),
        review=Review(row.review),
        version=row.version,
        machine_text=masks.without(row.machine_text, hidden),
    )


def _barred(row: StatementRow, hidden: Sequence[str]) -> Mapping[str, Any] | None:
    """The fields of a body, with what was redacted under bars."""
    if not row.body or not hidden:
        return row.body
    return bodies.rewritten(row.kind, row.body, lambda text: masks.without(text, hidden))


def _alike(one: StatementRow, other: StatementRow) -> bool:
    """Whether they say the same, made by the same."""
    return all(getattr(one, name) == getattr(other, name) for name in ("kind", "text", "made_by", "body", "key"))


def _same(row: StatementRow, where: frozenset[Span], claim: Claim) -> bool:
    """Whether a person's word on `row` settles `claim` as well."""
    if row.kind != claim.kind:
        return False
    if claim.key or row.key:
        return row.key == claim.key
    if claim.kind in _SINGLE and row.review == Review.CONFIRMED:
        return True
    return row.text == claim.text or where == frozenset(claim.spans)


async def _spans(tx: Tx, statement_ids: Sequence[int]) -> Mapping[int, frozenset[Span]]:
    found = await tx.exec(
        select(CitationRow.statement_id, TurnRow.number, QuoteRow.start, QuoteRow.end)
        .join(QuoteRow, col(QuoteRow.id) == col(CitationRow.quote_id))
        .join(TurnRow, col(TurnRow.id) == col(QuoteRow.turn_id))
        .where(col(CitationRow.statement_id).in_(statement_ids))
    )
    spans: dict[int, set[Span]] = defaultdict(set)
    for statement_id, number, start, end in found.all():
        spans[statement_id].add(Span(number, start, end))
    return defaultdict(frozenset, {key: frozenset(value) for key, value in spans.items()})

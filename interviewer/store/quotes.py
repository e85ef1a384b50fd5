"""Quotes and their tags. Only spans are kept: the words are cut from the turn when they are read (trust.md 18, 30)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlmodel import col, delete, exists, select

from interviewer.evidence import Marked, Quote, Span, Tag
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import CitationRow, QuoteRow, TagRow
from interviewer.store.tables.interviews import TurnRow


async def of(tx: Tx, interview_id: str) -> list[Quote]:
    """The quotes that still stand in their turns, in the order of the interview.

    Where an answer was changed or removed since, its quote is left out unless the same words are in the same place.
    """
    found = await tx.exec(
        select(QuoteRow, TurnRow)
        .join(TurnRow, col(TurnRow.id) == col(QuoteRow.turn_id))
        .where(QuoteRow.interview_id == interview_id)
        .order_by(col(TurnRow.number), col(QuoteRow.start), col(QuoteRow.end))
    )
    tags = await _tags(tx, interview_id)
    return [
        Quote(row.id or 0, turn.number, row.start, row.end, turn.text[row.start : row.end], tuple(tags[row.id or 0]))
        for row, turn in found.all()
        if not turn.removed and _digest(turn.text[row.start : row.end]) == row.words_digest
    ]


async def tag(tx: Tx, interview_id: str, step: str, turns: Mapping[int, TurnRow], marks: Iterable[Marked]) -> None:
    """Replace what `step` tagged in this interview. `turns` are the buyer's, by number."""
    own = select(QuoteRow.id).where(QuoteRow.interview_id == interview_id, QuoteRow.step == step)
    await tx.exec(delete(TagRow).where(col(TagRow.quote_id).in_(own)))
    for mark in marks:
        row = await keep(tx, interview_id, step, turns, mark.span)
        row.step = step
        tx.add_all(
            TagRow(
                quote_id=row.id or 0,
                theme=tag.theme,
                subject=tag.subject,
                polarity=tag.polarity,
                scope=tag.scope,
                horizon=tag.horizon,
                confidence=tag.confidence,
                made_by=tag.made_by,
            )
            for tag in mark.tags
        )
    await tx.flush()


async def keep(tx: Tx, interview_id: str, step: str, turns: Mapping[int, TurnRow], span: Span) -> QuoteRow:
    """The quote of this span, new or known. Its id stays the same however often an analysis is run again."""
    turn = turns[span.turn_number]
    words = turn.text[span.start : span.end]
    row = (
        await tx.exec(
            select(QuoteRow).where(QuoteRow.turn_id == turn.id, QuoteRow.start == span.start, QuoteRow.end == span.end)
        )
    ).first()
    if row is None:
        row = QuoteRow(interview_id=interview_id, turn_id=turn.id or 0, start=span.start, end=span.end, step=step)
    row.words_digest = _digest(words)
    tx.add(row)
    await tx.flush()
    return row


async def sweep(tx: Tx, interview_id: str) -> None:
    """Drop the quotes that no tag and no statement needs any more."""
    await tx.exec(
        delete(QuoteRow).where(
            col(QuoteRow.interview_id) == interview_id,
            ~exists().where(col(TagRow.quote_id) == col(QuoteRow.id)),
            ~exists().where(col(CitationRow.quote_id) == col(QuoteRow.id)),
        )
    )


async def _tags(tx: Tx, interview_id: str) -> Mapping[int, list[Tag]]:
    found = await tx.exec(
        select(TagRow)
        .join(QuoteRow, col(QuoteRow.id) == col(TagRow.quote_id))
        .where(QuoteRow.interview_id == interview_id)
        .order_by(col(TagRow.id))
    )
    tags: dict[int, list[Tag]] = defaultdict(list)
    for row in found.all():
        tags[row.quote_id].append(
            Tag(row.theme, row.subject, row.polarity, row.scope, row.horizon, row.confidence, row.made_by)
        )
    return tags


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]

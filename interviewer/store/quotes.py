"""Quotes and their tags. Only spans are kept: the words are cut from the turn when they are read (trust.md 18, 30).

A tag that a person confirmed, rejected or added is theirs: running the analysis again neither drops nor repeats it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy
from sqlmodel import col, delete, exists, select

from interviewer import masks
from interviewer.evidence import Marked, Quote, Review, Span, Tag
from interviewer.folding import fold
from interviewer.store import redactions
from interviewer.store.changes import Changes
from interviewer.store.db import Tx, columns
from interviewer.store.tables.analysis import CitationRow, QuoteRow, TagRow
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.review import ReleaseRow, SubjectRow

DESK = "desk"
"""Stands as `step` for a quote that a person marked."""


async def of(tx: Tx, interview_id: str, *, rejected: bool = False) -> list[Quote]:
    """The quotes that still stand in their turns, in the order of the interview; with `rejected`, tags that a person
    turned down as well.

    Where an answer was changed or removed since, its quote is left out unless the same words are in the same place.
    Words under a redaction come as black bars of the same length.
    """
    return (await among(tx, [interview_id], rejected=rejected))[interview_id]


async def among(tx: Tx, interview_ids: Collection[str], *, rejected: bool = False) -> Mapping[str, list[Quote]]:
    """The same of each of these interviews."""
    found = await tx.exec(
        select(QuoteRow, TurnRow.number, TurnRow.text)
        .join(TurnRow, col(TurnRow.id) == col(QuoteRow.turn_id))
        .where(col(QuoteRow.interview_id).in_(interview_ids), ~col(TurnRow.removed))
        .order_by(col(TurnRow.number), col(QuoteRow.start), col(QuoteRow.end))
    )
    hidden = await redactions.among(tx, interview_ids)
    tags = await _tags(tx, interview_ids, hidden, rejected=rejected)
    quotes: dict[str, list[Quote]] = {interview_id: [] for interview_id in interview_ids}
    for row, number, said in found.all():
        if digest(said[row.start : row.end]) == row.words_digest:
            shown = masks.masked(said, hidden[row.interview_id].masks.get(number, ()))[row.start : row.end]
            quote = Quote(row.id or 0, number, row.start, row.end, shown, tuple(tags[row.id or 0]))
            quotes[row.interview_id].append(quote)
    return quotes


def stands(row: QuoteRow, turn: TurnRow) -> bool:
    """Whether the turn still says what was quoted."""
    return not turn.removed and digest(turn.text[row.start : row.end]) == row.words_digest


async def tag(tx: Tx, interview_id: str, step: str, turns: Mapping[int, TurnRow], marks: Iterable[Marked]) -> Changes:
    """Replace what a machine tagged in this interview, and say what changed. `turns` are the buyer's, by number.

    What a person said of a theme holds for every overlapping span: neither confirmed nor rejected tags come again. One
    that comes again stays the row that it was, so that a reviewer's page stays good.
    """
    before = {(quote.span, tag.theme): tag for quote in await of(tx, interview_id, rejected=True) for tag in quote.tags}
    held = [(span, theme) for (span, theme), tag in before.items() if tag.review]
    suggested = {tag.id for tag in before.values() if not tag.review}
    open_tags = (
        select(TagRow)
        .join(QuoteRow, col(QuoteRow.id) == col(TagRow.quote_id))
        .where(QuoteRow.interview_id == interview_id, TagRow.review == Review.OPEN)
    )
    stale = {(row.quote_id, row.theme): row for row in (await tx.exec(open_tags)).all()}
    for row in [row for row in stale.values() if row.id not in suggested]:  # on words that the turn does not say
        await tx.delete(stale.pop((row.quote_id, row.theme)))
    await tx.flush()
    subjects = {row.alias: row.subject for row in (await tx.exec(select(SubjectRow))).all()}
    made: set[tuple[Span, str]] = set()
    for mark in marks:
        fresh = [
            tag for tag in mark.tags if not any(tag.theme == theme and mark.span.overlaps(span) for span, theme in held)
        ]
        if not fresh:
            continue
        quote = await keep(tx, interview_id, step, turns, mark.span)
        made.update((mark.span, tag.theme) for tag in fresh)
        for tag in fresh:
            said: dict[str, Any] = {
                "subject": subjects.get(fold(tag.subject), tag.subject),
                "polarity": tag.polarity,
                "scope": tag.scope,
                "horizon": tag.horizon,
                "confidence": tag.confidence,
                "made_by": tag.made_by,
            }
            known = stale.pop((quote.id or 0, tag.theme), None)
            if known is None:
                tx.add(TagRow(quote_id=quote.id or 0, theme=tag.theme, **said))
            elif any(getattr(known, name) != value for name, value in said.items()):
                known.sqlmodel_update({**said, "version": known.version + 1})
                tx.add(known)
    for row in stale.values():
        await tx.delete(row)
    await tx.flush()
    was = {place for place, tag in before.items() if not tag.review}
    return Changes(
        added=tuple(sorted([*_place(span), theme] for span, theme in made - was)),
        gone=tuple(sorted([*_place(span), theme] for span, theme in was - made)),
        kept=len(held),
    )


async def keep(tx: Tx, interview_id: str, step: str, turns: Mapping[int, TurnRow], span: Span) -> QuoteRow:
    """The quote of this span, new or known. Its id stays the same however often an analysis is run again; where the
    turn says something else by now it is another quote: what was said of the other words, and who may read them, ends.
    """
    turn = turns[span.turn_number]
    words = turn.text[span.start : span.end]
    row = (
        await tx.exec(
            select(QuoteRow).where(QuoteRow.turn_id == turn.id, QuoteRow.start == span.start, QuoteRow.end == span.end)
        )
    ).first()
    if row is not None and row.words_digest != digest(words):
        await tx.delete(row)
        await tx.flush()
        row = None
    if row is None:
        row = QuoteRow(interview_id=interview_id, turn_id=turn.id or 0, start=span.start, end=span.end, step=step)
        row.words_digest = digest(words)
        tx.add(row)
        await tx.flush()
    return row


async def sweep(tx: Tx, interview_id: str) -> None:
    """Drop the quotes that no tag, no statement and no release needs any more."""
    await tx.exec(
        delete(QuoteRow).where(
            col(QuoteRow.interview_id) == interview_id,
            ~exists().where(col(TagRow.quote_id) == col(QuoteRow.id)),
            ~exists().where(col(CitationRow.quote_id) == col(QuoteRow.id)),
            ~exists().where(col(ReleaseRow.quote_id) == col(QuoteRow.id)),
        )
    )


def digest(words: str) -> str:
    """Of quoted words: tells whether a turn still says them."""
    return hashlib.sha256(words.encode()).hexdigest()[:32]


async def _tags(
    tx: Tx, interview_ids: Collection[str], hidden: Mapping[str, redactions.Hidden], *, rejected: bool
) -> Mapping[int, list[Tag]]:
    query: Any = (
        sqlalchemy.select(*columns(TagRow), col(QuoteRow.interview_id))
        .join(QuoteRow, col(QuoteRow.id) == col(TagRow.quote_id))
        .where(col(QuoteRow.interview_id).in_(interview_ids))
        .order_by(col(TagRow.id))
    )
    if not rejected:
        query = query.where(TagRow.review != Review.REJECTED)
    tags: dict[int, list[Tag]] = defaultdict(list)
    for row in (await tx.exec(query)).all():
        tags[row.quote_id].append(as_tag(row, hidden[row.interview_id].words))
    return tags


def as_tag(row: TagRow, hidden: Sequence[str] = ()) -> Tag:
    return Tag(
        theme=row.theme,
        subject=masks.without(row.subject, hidden),
        polarity=row.polarity,
        scope=row.scope,
        horizon=row.horizon,
        confidence=row.confidence,
        made_by=row.made_by,
        id=row.id or 0,
        review=Review(row.review),
        version=row.version,
    )


def _place(span: Span) -> Sequence[int]:
    return (span.turn_number, span.start, span.end)

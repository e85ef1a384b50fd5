"""Sentences of a summary and the three notes. One is there while a quote that carries it is (domain.md)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlmodel import col, delete, select

from interviewer.evidence import Claim, Statement, StatementKind
from interviewer.store import quotes
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import CitationRow, StatementRow
from interviewer.store.tables.interviews import TurnRow

_ORDER = list(StatementKind)


async def of(tx: Tx, interview_id: str) -> list[Statement]:
    """Headline, the three notes, then the summary in its order; without those whose quotes are all gone.

    Of the quotes that one turn gives to a statement only the first is named.
    """
    standing = {quote.id: quote.turn_number for quote in await quotes.of(tx, interview_id)}
    rows = (await tx.exec(select(StatementRow).where(StatementRow.interview_id == interview_id))).all()
    cited: dict[int, dict[int, int]] = defaultdict(dict)
    found = await tx.exec(
        select(CitationRow)
        .join(StatementRow, col(StatementRow.id) == col(CitationRow.statement_id))
        .where(StatementRow.interview_id == interview_id)
        .order_by(col(CitationRow.quote_id))
    )
    for citation in found.all():
        if citation.quote_id in standing:
            cited[citation.statement_id].setdefault(standing[citation.quote_id], citation.quote_id)
    ordered = sorted(rows, key=lambda row: (_ORDER.index(StatementKind(row.kind)), row.position))
    return [
        Statement(row.id or 0, StatementKind(row.kind), row.text, tuple(cited[row.id or 0].values()), row.made_by)
        for row in ordered
        if cited[row.id or 0]
    ]


async def replace(tx: Tx, interview_id: str, step: str, turns: Mapping[int, TurnRow], claims: Iterable[Claim]) -> None:
    """Replace what `step` stated. A claim without a span is not kept. `turns` are the buyer's, by number."""
    await tx.exec(
        delete(StatementRow).where(col(StatementRow.interview_id) == interview_id, col(StatementRow.step) == step)
    )
    for position, claim in enumerate(claims):
        if not claim.spans:
            continue
        row = StatementRow(
            interview_id=interview_id,
            kind=claim.kind,
            position=position,
            text=claim.text,
            step=step,
            made_by=claim.made_by,
        )
        tx.add(row)
        await tx.flush()
        kept = [await quotes.keep(tx, interview_id, step, turns, span) for span in dict.fromkeys(claim.spans)]
        tx.add_all(CitationRow(statement_id=row.id or 0, quote_id=quote.id or 0) for quote in kept)
    await tx.flush()

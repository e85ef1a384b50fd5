"""Sentences of the analysis in a reviewer's words, resting on the quotes that they choose."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer import store
from interviewer.analysis.phrasing import quoted
from interviewer.bodies import BODIES
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.evidence import PERSON, Quote, Review, StatementKind
from interviewer.reviewing.acts import Acting, acting, wrong
from interviewer.reviewing.words import sentence
from interviewer.store import reviews
from interviewer.store.tables.analysis import CitationRow, StatementRow


async def reword(
    deps: Deps,
    viewer: Viewer,
    interview_id: str,
    statement_id: int,
    version: int,
    text: str,
    quote_ids: Sequence[int],
) -> int:
    """Say a sentence otherwise, and on which quotes it rests; it is confirmed by that. What the analysis had said
    is kept beside it.

    Raises NotFound, Overtaken, BadInput: for no quote that stands, and for a phrase that is not in them.
    """
    line = sentence(text)
    async with acting(deps, viewer, interview_id, "reword") as act:
        row = await reviews.statement(act.tx, act.interview.id, statement_id, version)
        if row.kind in BODIES:
            raise wrong("text", "says fields of the analysis: accept it or turn it down")
        standing = {quote.id: quote for quote in await store.quotes.of(act.tx, act.interview.id)}
        chosen = [standing[quote_id] for quote_id in dict.fromkeys(quote_ids) if quote_id in standing]
        if not chosen:
            raise wrong("quotes", "choose at least one that the sentence rests on")
        if row.kind == StatementKind.PHRASE:
            line = _verbatim(line, chosen)
        first = not await reviews.citations(act.tx, row.id or 0)
        _say(act, row, line)
        await _cite(act, row, chosen)
        if first:
            await _in_place(act, row)
    return act.id


def _say(act: Acting, row: StatementRow, line: str) -> None:
    """The analysis' own sentence, which may repeat the buyer, is kept with the statement only."""
    by_machine = row.made_by != PERSON
    act.ledger.change(
        row,
        secret={"machine_text": row.text, "text": line} if by_machine else None,
        made_by=PERSON,
        review=str(Review.CONFIRMED),
        reviewed_by=act.viewer.user_id,
        reviewed_at=act.now,
        **({} if by_machine else {"text": line}),
    )


async def _in_place(act: Acting, row: StatementRow) -> None:
    """What a host noted after a call, and now rests on something, stands in place of what the analysis had there."""
    for other in await reviews.beside(act.tx, row):
        act.decide(other, Review.REJECTED)


async def _cite(act: Acting, row: StatementRow, chosen: Sequence[Quote]) -> None:
    wanted = {quote.id for quote in chosen}
    cited = await reviews.citations(act.tx, row.id or 0)
    for citation in cited:
        if citation.quote_id not in wanted:
            await act.ledger.remove(citation)
    for quote_id in sorted(wanted - {citation.quote_id for citation in cited}):
        await act.ledger.add(CitationRow(statement_id=row.id or 0, quote_id=quote_id))


def _verbatim(line: str, chosen: Sequence[Quote]) -> str:
    """The phrase is the buyer's own: words of one of the quotes."""
    words = line.strip(" “”\"'„«»")
    if not words or not any(words in " ".join(quote.text.split()) for quote in chosen):
        raise wrong("text", "is to be the buyer's own words, out of the quotes chosen")
    return quoted(words, longest=len(words))

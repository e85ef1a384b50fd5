"""The words of what a search found, redacted, with where they stand and whose they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from interviewer import masks
from interviewer.store import agreement, quotes, redactions, search
from interviewer.store.db import Tx
from interviewer.store.library import Hit
from interviewer.store.tables.analysis import CitationRow, QuoteRow, StatementRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.library import MentionRow
from interviewer.transcript import Act

_Hidden = Mapping[str, redactions.Hidden]
"""What is redacted, by interview."""
_Said = dict[int, tuple[str, int, int, bool]]
"""By the id of a row: its words as they are shown, the number of its turn, its quote, and whether it is a note."""


@dataclass(frozen=True)
class Passage:
    """Something that was found, ready to be read."""

    hit: Hit
    text: str
    turn: int
    """Number of its turn; 0 where it has none."""
    quote: int
    """Id of the quote to go to; 0 where there is none."""
    noted: bool
    """The words are the notes of who held the call, not the buyer's own."""
    tags: tuple[tuple[str, str, str], ...]
    """Theme, subject and polarity of each."""
    interview: InterviewRow
    invitation: InvitationRow


async def of(tx: Tx, hits: Sequence[Hit]) -> list[Passage]:
    """In the order of `hits`, without those that are gone."""
    owners = await _owners(tx, {hit.interview_id for hit in hits})
    hidden = await redactions.among(tx, owners)
    refs: dict[str, set[int]] = defaultdict(set)
    for hit in hits:
        if hit.kind != search.ABOUT:
            refs[hit.kind].add(int(hit.ref))
    found: dict[tuple[str, str], tuple[str, int, int, bool]] = {}
    for kind, read in ((search.QUOTE, _quoted), (search.ANSWER, _answered), (search.STATEMENT, _stated)):
        found |= {(kind, str(ref)): said for ref, said in (await read(tx, refs[kind], hidden)).items()}
    tags = await _tags(tx, refs[search.QUOTE])
    passages = []
    for hit in hits:
        said = ("", 0, 0, False) if hit.kind == search.ABOUT else found.get((hit.kind, hit.ref))
        if said and hit.interview_id in owners:
            marks = tags[int(hit.ref)] if hit.kind == search.QUOTE else ()
            passages.append(Passage(hit, *said, tuple(marks), *owners[hit.interview_id]))
    return passages


async def _owners(tx: Tx, interview_ids: Iterable[str]) -> dict[str, tuple[InterviewRow, InvitationRow]]:
    query = (
        select(InterviewRow, InvitationRow)
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(col(InterviewRow.id).in_(list(interview_ids)), agreement.evidence())
    )
    return {row.id: (row, invitation) for row, invitation in (await tx.exec(query)).all()}


async def _quoted(tx: Tx, quote_ids: Iterable[int], hidden: _Hidden) -> _Said:
    query = (
        select(QuoteRow, TurnRow)
        .join(TurnRow, col(TurnRow.id) == col(QuoteRow.turn_id))
        .where(col(QuoteRow.id).in_(list(quote_ids)), col(QuoteRow.interview_id).in_(list(hidden)))
    )
    return {
        row.id or 0: (_shown(turn, hidden)[row.start : row.end], turn.number, row.id or 0, _noted(turn))
        for row, turn in (await tx.exec(query)).all()
        if quotes.stands(row, turn)
    }


async def _answered(tx: Tx, turn_ids: Iterable[int], hidden: _Hidden) -> _Said:
    query = select(TurnRow).where(
        col(TurnRow.id).in_(list(turn_ids)), col(TurnRow.interview_id).in_(list(hidden)), ~col(TurnRow.removed)
    )
    return {row.id or 0: (_shown(row, hidden), row.number, 0, _noted(row)) for row in (await tx.exec(query)).all()}


async def _stated(tx: Tx, statement_ids: Iterable[int], hidden: _Hidden) -> _Said:
    """What was redacted in the interview is hidden in sentences that repeat it. One that no quote carries any more is
    gone."""
    query: Any = (
        select(StatementRow, QuoteRow, TurnRow)
        .join(CitationRow, col(CitationRow.statement_id) == col(StatementRow.id))
        .join(QuoteRow, col(QuoteRow.id) == col(CitationRow.quote_id))
        .join(TurnRow, col(TurnRow.id) == col(QuoteRow.turn_id))
        .where(col(StatementRow.id).in_(list(statement_ids)), col(StatementRow.interview_id).in_(list(hidden)))
        .order_by(col(QuoteRow.id))
    )
    found: _Said = {}
    for row, quote, turn in (await tx.exec(query)).all():
        if quotes.stands(quote, turn):
            shown = masks.without(row.text, hidden[row.interview_id].words)
            found.setdefault(row.id or 0, (shown, 0, quote.id or 0, False))
    return found


def _shown(turn: TurnRow, hidden: _Hidden) -> str:
    return masks.masked(turn.text, hidden[turn.interview_id].masks.get(turn.number, ()))


def _noted(turn: TurnRow) -> bool:
    return turn.act == Act.NOTED


async def _tags(tx: Tx, quote_ids: Iterable[int]) -> Mapping[int, list[tuple[str, str, str]]]:
    tags: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    query = select(MentionRow).where(col(MentionRow.quote_id).in_(list(quote_ids))).order_by(col(MentionRow.tag_id))
    for row in (await tx.exec(query)).all():
        tags[row.quote_id].append((row.theme, row.subject, row.polarity))
    return tags

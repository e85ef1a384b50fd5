"""The words of what a search found, redacted, with where they stand and whose they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import col, func, select

from interviewer import masks
from interviewer.store import search
from interviewer.store.db import Tx
from interviewer.store.library import Hit
from interviewer.store.tables.analysis import CitationRow, QuoteRow, StatementRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.library import MentionRow
from interviewer.store.tables.review import RedactionRow


@dataclass(frozen=True)
class Passage:
    """Something that was found, ready to be read."""

    hit: Hit
    text: str
    turn: int
    """Number of its turn; 0 where it has none."""
    quote: int
    """Id of the quote to go to; 0 where there is none."""
    tags: tuple[tuple[str, str, str], ...]
    """Theme, subject and polarity of each."""
    interview: InterviewRow
    invitation: InvitationRow


async def of(tx: Tx, hits: Sequence[Hit]) -> list[Passage]:
    """In the order of `hits`, without those that are gone."""
    owners = await _owners(tx, {hit.interview_id for hit in hits})
    refs: dict[str, set[int]] = defaultdict(set)
    for hit in hits:
        if hit.kind != search.ABOUT:
            refs[hit.kind].add(int(hit.ref))
    found: dict[tuple[str, str], tuple[str, int, int]] = {}
    quoted = await _quoted(tx, refs[search.QUOTE])
    found |= {(search.QUOTE, str(ref)): said for ref, said in quoted.items()}
    found |= {(search.ANSWER, str(ref)): said for ref, said in (await _answered(tx, refs[search.ANSWER])).items()}
    stated = await _stated(tx, refs[search.STATEMENT], owners)
    found |= {(search.STATEMENT, str(ref)): said for ref, said in stated.items()}
    tags = await _tags(tx, refs[search.QUOTE])
    passages = []
    for hit in hits:
        said = ("", 0, 0) if hit.kind == search.ABOUT else found.get((hit.kind, hit.ref))
        if said and hit.interview_id in owners:
            marks = tags[int(hit.ref)] if hit.kind == search.QUOTE else ()
            passages.append(Passage(hit, *said, tuple(marks), *owners[hit.interview_id]))
    return passages


async def _owners(tx: Tx, interview_ids: Iterable[str]) -> dict[str, tuple[InterviewRow, InvitationRow]]:
    query = (
        select(InterviewRow, InvitationRow)
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(col(InterviewRow.id).in_(list(interview_ids)), search.in_library())
    )
    return {row.id: (row, invitation) for row, invitation in (await tx.exec(query)).all()}


async def _quoted(tx: Tx, quote_ids: Iterable[int]) -> dict[int, tuple[str, int, int]]:
    query = (
        select(QuoteRow, TurnRow)
        .join(TurnRow, col(TurnRow.id) == col(QuoteRow.turn_id))
        .where(col(QuoteRow.id).in_(list(quote_ids)))
    )
    rows = (await tx.exec(query)).all()
    hidden = await _hidden(tx, {turn.id or 0 for _, turn in rows})
    return {
        row.id or 0: (masks.masked(turn.text, hidden[turn.id or 0])[row.start : row.end], turn.number, row.id or 0)
        for row, turn in rows
    }


async def _answered(tx: Tx, turn_ids: Iterable[int]) -> dict[int, tuple[str, int, int]]:
    rows = (await tx.exec(select(TurnRow).where(col(TurnRow.id).in_(list(turn_ids))))).all()
    hidden = await _hidden(tx, {row.id or 0 for row in rows})
    return {row.id or 0: (masks.masked(row.text, hidden[row.id or 0]), row.number, 0) for row in rows}


async def _stated(
    tx: Tx, statement_ids: Iterable[int], owners: Mapping[str, object]
) -> dict[int, tuple[str, int, int]]:
    """What was redacted in the interview is hidden in sentences that repeat it."""
    rows = (await tx.exec(select(StatementRow).where(col(StatementRow.id).in_(list(statement_ids))))).all()
    cited = select(CitationRow.statement_id, func.min(CitationRow.quote_id)).where(
        col(CitationRow.statement_id).in_([row.id for row in rows])
    )
    first = dict((await tx.exec(cited.group_by(col(CitationRow.statement_id)))).all())
    words: dict[str, list[str]] = defaultdict(list)
    barred = (
        select(RedactionRow, TurnRow.text)
        .join(TurnRow, col(TurnRow.id) == col(RedactionRow.turn_id))
        .where(col(RedactionRow.interview_id).in_(list(owners)))
    )
    for row, text in (await tx.exec(barred)).all():
        words[row.interview_id].append(text[row.start : row.end])
    return {
        row.id or 0: (masks.without(row.text, words[row.interview_id]), 0, first[row.id or 0])
        for row in rows
        if row.id in first
    }


async def _hidden(tx: Tx, turn_ids: Iterable[int]) -> Mapping[int, list[tuple[int, int]]]:
    hidden: dict[int, list[tuple[int, int]]] = defaultdict(list)
    query = select(RedactionRow).where(col(RedactionRow.turn_id).in_(list(turn_ids)))
    for row in (await tx.exec(query)).all():
        hidden[row.turn_id].append((row.start, row.end))
    return hidden


async def _tags(tx: Tx, quote_ids: Iterable[int]) -> Mapping[int, list[tuple[str, str, str]]]:
    tags: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    query = select(MentionRow).where(col(MentionRow.quote_id).in_(list(quote_ids))).order_by(col(MentionRow.tag_id))
    for row in (await tx.exec(query)).all():
        tags[row.quote_id].append((row.theme, row.subject, row.polarity))
    return tags

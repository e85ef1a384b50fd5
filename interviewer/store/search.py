"""The library's index: what can be found of an ended interview, and finding it. FTS5 and tsvector, one interface.

`index` makes an interview's part anew from what stands: whoever changes answers, quotes, statements or redactions
calls it in the same transaction. Rejected and redacted words are not in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import text
from sqlmodel import col, delete, exists, or_, select, update

from interviewer import masks
from interviewer.bodies import Competitor
from interviewer.evidence import Quote, Statement
from interviewer.folding import fold
from interviewer.searching import Query, tokens
from interviewer.store import agreement, quotes, redactions, statements
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import TagRow
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.library import HoldingRow, MentionRow, RivalRow
from interviewer.store.tables.review import DocumentRow, RedactionRow
from interviewer.transcript import Speaker

ANSWER, QUOTE, STATEMENT, ABOUT = "answer", "quote", "statement", "about"
"""Kinds of documents. `ref` is the id of a turn, a quote, a statement, an interview."""
KINDS = (QUOTE, STATEMENT, ANSWER, ABOUT)
_NAMED = "competitor_mention"
"""The theme whose subject is a competitor."""
_SOME_PAGES = 200


async def index(tx: Tx, interview_id: str) -> None:
    """Make what can be found of this interview anew. One that is no evidence (`agreement`) is not found.

    Holds the interview first: two who index it, or one who erases it meanwhile, follow each other. Whoever locks its
    invitation or its deal as well does so after it.
    """
    await tx.exec(select(InterviewRow.id).where(InterviewRow.id == interview_id).with_for_update())
    found = await tx.exec(
        select(InterviewRow, InvitationRow)
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(InterviewRow.id == interview_id, agreement.evidence())
    )
    row = found.first()
    documents: dict[tuple[str, str], str] = {}
    marked: list[Quote] = []
    said: list[Statement] = []
    if row:
        said = await statements.of(tx, interview_id)
        cited = {quote_id for statement in said for quote_id in statement.quotes}
        marked = [quote for quote in await quotes.of(tx, interview_id) if quote.tags or quote.id in cited]
        documents.update(_documents(marked, said))
        documents.update(await _answers(tx, interview_id))
        documents[ABOUT, interview_id] = await _about(tx, *row)
    documents = {place: folded for place, folded in documents.items() if folded}
    await _keep(tx, interview_id, documents)
    await _count(tx, interview_id, documents)
    await _mention(tx, {interview_id: marked})
    await _oppose(tx, {interview_id: marked}, {interview_id: said})


async def rename(tx: Tx, interview_ids: Sequence[str]) -> None:
    """Name subjects and competitors of these interviews anew, which their caller holds and whose tags were renamed.

    As `index` does, for hundreds at once: the documents hold no subjects. What is read again in full is what may be
    under a bar, or name a competitor; a merge goes over thousands of interviews while buyers wait to be saved.
    """
    renamed: Any = (
        sqlalchemy.select(MentionRow.tag_id, MentionRow.interview_id, MentionRow.theme, TagRow.subject)  # type: ignore[call-overload]
        .join(TagRow, col(TagRow.id) == col(MentionRow.tag_id))
        .where(col(MentionRow.interview_id).in_(interview_ids), col(TagRow.subject) != col(MentionRow.subject))
    )
    rows = (await tx.exec(renamed)).all()
    barred = select(RedactionRow.interview_id).where(col(RedactionRow.interview_id).in_(interview_ids))
    whole = set((await tx.exec(barred)).all()) | {row.interview_id for row in rows if row.theme == _NAMED}
    plain: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.interview_id not in whole:
            plain[row.subject].append(row.tag_id)
    for subject, tag_ids in plain.items():
        named = {"subject": subject, "subject_key": fold(subject)}
        await tx.exec(update(MentionRow).where(col(MentionRow.tag_id).in_(tag_ids)).values(**named))
    if whole:
        ended = select(InterviewRow.id).join(InvitationRow).where(col(InterviewRow.id).in_(whole), agreement.evidence())
        marked = await quotes.among(tx, (await tx.exec(ended)).all())
        await _mention(tx, marked)
        await _oppose(tx, marked, await statements.among(tx, marked))


async def missing(tx: Tx, limit: int) -> list[str]:
    """Interviews to index: those that can be found and stand no more, then ended ones of which nothing can be found
    yet, the latest first."""
    left = select(DocumentRow.interview_id).join(InterviewRow).where(~agreement.standing())
    if found := (await tx.exec(left.distinct().limit(limit))).all():
        return list(found)
    query = (
        select(InterviewRow.id)
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(agreement.evidence(), ~exists().where(col(DocumentRow.interview_id) == col(InterviewRow.id)))
        .order_by(col(InterviewRow.last_active_at).desc())
    )
    return list((await tx.exec(query.limit(limit))).all())


async def all_interviews(tx: Tx) -> list[str]:
    """Every interview that is indexed or should be."""
    indexed = exists().where(col(DocumentRow.interview_id) == col(InterviewRow.id))
    query = (
        select(InterviewRow.id)
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(or_(agreement.evidence(), indexed))
    )
    return list((await tx.exec(query.order_by(col(InterviewRow.id)))).all())


async def settle(tx: Tx) -> bool:
    """Work what was deleted out of the index, a piece at a time: True while there is more (trust.md 30).

    SQLite leaves deleted words in its index until parts of it are merged. PostgreSQL has none of that.
    """
    if tx.get_bind().dialect.name != "sqlite":
        return False
    connection = await tx.connection()
    before = (await connection.execute(text("SELECT total_changes()"))).scalar_one()
    await connection.execute(
        text("INSERT INTO documents_fts (documents_fts, rank) VALUES ('merge', :pages)"), {"pages": -_SOME_PAGES}
    )
    after = (await connection.execute(text("SELECT total_changes()"))).scalar_one()
    return bool(after - before >= 2)  # as SQLite documents it: fewer means that nothing was merged


def matches(tx: Tx, query: Query, *, scored: bool = False) -> Any:
    """Documents that hold the terms: a subquery of `id`, and where asked for of `score`, lower for the better."""
    if tx.get_bind().dialect.name == "sqlite":
        full = sqlalchemy.table(
            "documents_fts", *(sqlalchemy.column(name) for name in ("rowid", "documents_fts", "rank"))
        )
        holds = full.c.documents_fts.op("MATCH")(_for_sqlite(query))
        score = [full.c.rank.label("score")] if scored else []
        return sqlalchemy.select(full.c.rowid.label("id"), *score).where(holds).subquery("hits")
    vector: Any = sqlalchemy.literal_column("documents.search_fts")
    simple: Any = sqlalchemy.literal_column("'pg_catalog.simple'::regconfig")
    asked = sqlalchemy.func.to_tsquery(simple, _for_postgres(query))
    score = [(-sqlalchemy.func.ts_rank(vector, asked)).label("score")] if scored else []
    found = sqlalchemy.select(col(DocumentRow.id).label("id"), *score)
    return found.where(vector.op("@@")(asked)).subquery("hits")


def _for_sqlite(query: Query) -> str:
    both = " OR " if query.some else " AND "
    return both.join(f'"{" ".join(term.tokens)}"{" *" if term.prefix else ""}' for term in query.terms)


def _for_postgres(query: Query) -> str:
    parts = []
    for term in query.terms:
        *head, last = (f"'{token}'" for token in term.tokens)
        parts.append(" <-> ".join([*head, f"{last}:*" if term.prefix else last]))
    return (" | " if query.some else " & ").join(f"({part})" for part in parts)


def _documents(marked: Sequence[Quote], said: Sequence[Statement]) -> Iterator[tuple[tuple[str, str], str]]:
    for quote in marked:
        yield (QUOTE, str(quote.id)), " ".join(tokens(quote.text))
    for statement in said:
        yield (STATEMENT, str(statement.id)), " ".join(tokens(statement.text))


async def _answers(tx: Tx, interview_id: str) -> dict[tuple[str, str], str]:
    hidden = await redactions.of(tx, interview_id)
    query = select(TurnRow.id, TurnRow.number, TurnRow.text).where(
        TurnRow.interview_id == interview_id,
        TurnRow.speaker == Speaker.BUYER,
        ~col(TurnRow.removed),
        TurnRow.text != "",
    )
    return {
        (ANSWER, str(turn_id)): " ".join(tokens(masks.masked(said, hidden.get(number, ()))))
        for turn_id, number, said in (await tx.exec(query)).all()
    }


async def _about(tx: Tx, interview: InterviewRow, invitation: InvitationRow) -> str:
    """Who was asked, and by which names the deal goes."""
    deal = await tx.get(DealRow, invitation.id)
    named = [invitation.company, invitation.name, invitation.email, invitation.role, invitation.segment]
    named += [invitation.product, invitation.deal_id, interview.conducted_by]
    if deal:
        named += [deal.deal_id, deal.owner, deal.rep_competitor]
        named += [deal.primary_competitor, deal.incumbent, deal.selected_competitor]
    return " ".join(token for name in named for token in tokens(name))


async def _keep(tx: Tx, interview_id: str, documents: dict[tuple[str, str], str]) -> None:
    """Only what changed is written: every write costs the full-text index."""
    known = (await tx.exec(select(DocumentRow).where(DocumentRow.interview_id == interview_id))).all()
    stale = [row.id for row in known if documents.get((row.kind, row.ref)) != row.search_text]
    if stale:
        await tx.exec(delete(DocumentRow).where(col(DocumentRow.id).in_(stale)))
    standing = {(row.kind, row.ref) for row in known if row.id not in set(stale)}
    tx.add_all(
        DocumentRow(interview_id=interview_id, kind=kind, ref=ref, search_text=folded)
        for (kind, ref), folded in documents.items()
        if (kind, ref) not in standing
    )
    await tx.flush()


async def _count(tx: Tx, interview_id: str, documents: Iterable[tuple[str, str]]) -> None:
    await tx.exec(delete(HoldingRow).where(col(HoldingRow.interview_id) == interview_id))
    if kinds := Counter(kind for kind, _ in documents):
        quotes, statements, answers = (kinds[kind] for kind in (QUOTE, STATEMENT, ANSWER))
        tx.add(HoldingRow(interview_id=interview_id, quotes=quotes, statements=statements, answers=answers))


async def _mention(tx: Tx, marked: Mapping[str, Sequence[Quote]]) -> None:
    await tx.exec(delete(MentionRow).where(col(MentionRow.interview_id).in_(marked)))
    tx.add_all(
        MentionRow(
            tag_id=tag.id,
            interview_id=interview_id,
            quote_id=quote.id,
            theme=tag.theme,
            subject=_readable(tag.subject),
            subject_key=fold(_readable(tag.subject)),
            polarity=tag.polarity,
        )
        for interview_id, every in marked.items()
        for quote in every
        for tag in quote.tags
    )
    await tx.flush()


async def _oppose(tx: Tx, marked: Mapping[str, Sequence[Quote]], said: Mapping[str, Sequence[Statement]]) -> None:
    await tx.exec(delete(RivalRow).where(col(RivalRow.interview_id).in_(marked)))
    for interview_id, every in marked.items():
        names = [one.body.name for one in said[interview_id] if isinstance(one.body, Competitor)]
        if not names:
            names = [tag.subject for quote in every for tag in quote.tags if tag.theme == _NAMED]
        named: dict[str, str] = {}
        for name in map(_readable, names):
            if key := fold(name):
                named.setdefault(key, name)
        tx.add_all(RivalRow(interview_id=interview_id, key=key, name=name) for key, name in named.items())
    await tx.flush()


def _readable(name: str) -> str:
    """Empty where words of it are redacted: nobody looks for a bar."""
    return "" if masks.BAR in name else name

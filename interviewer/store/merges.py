"""Merged subjects, when an interview that they rest on is erased: a name may be a person's or a company's."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import col, delete, select

from interviewer.folding import fold
from interviewer.searching import Query, Term, tokens
from interviewer.store import search
from interviewer.store.db import Tx
from interviewer.store.reviews import MERGE
from interviewer.store.tables.analysis import TagRow
from interviewer.store.tables.review import ChangeRow, DocumentRow, SubjectRow

_FORGETTING = 0x666F72676574
"""Names the lock that one erasure with merges at a time holds."""


async def forget(tx: Tx, interview_id: str) -> None:
    """Drop the merges whose old name only this interview said, from what other interviews keep of them too.

    For a caller that holds the interview and erases it next: its changes tell which merges it had a part in. A name
    is another's as well where a tag of theirs had it, or their buyer says it.
    """
    query = select(ChangeRow).where(ChangeRow.verb == MERGE)
    own = (await tx.exec(query.where(ChangeRow.interview_id == interview_id))).all()
    aliases = {alias for made in own for alias in _aliases(made)}
    if not aliases:
        return
    await alone(tx)
    others = (await tx.exec(query.where(ChangeRow.interview_id != interview_id))).all()
    aliases -= {fold(entry["before"]["subject"]) for made in others for entry in _entries(made, TagRow)}
    aliases -= {alias for alias in aliases if await said_elsewhere(tx, alias, but=interview_id)}
    naming = [made.id for made in others if not aliases.isdisjoint(_aliases(made))]
    held = query.where(col(ChangeRow.id).in_(naming)).order_by(col(ChangeRow.id)).with_for_update()
    for made in (await tx.exec(held, execution_options={"populate_existing": True})).all():
        gone = [entry for entry in _entries(made, SubjectRow) if entry["id"][0] in aliases]
        made.rows = [entry for entry in made.rows if entry not in gone]
        tx.add(made)
    await tx.exec(delete(SubjectRow).where(col(SubjectRow.alias).in_(aliases)))


async def alone(tx: Tx) -> None:
    """One at a time: two that are erased at once would each wait for what the other keeps of a merge."""
    if tx.get_bind().dialect.name == "postgresql":
        await (await tx.connection()).execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _FORGETTING})


async def said_elsewhere(tx: Tx, alias: str, *, but: str, kinds: Collection[str] = (search.ANSWER,)) -> bool:
    """Whether the buyer of another interview says these words in a row, or other documents of theirs do."""
    words = Query((Term(tuple(tokens(alias))),)) if tokens(alias) else Query()
    if not words:
        return False
    hits = search.matches(tx, words)
    query = select(DocumentRow.id).join(hits, hits.c.id == col(DocumentRow.id))
    query = query.where(col(DocumentRow.kind).in_(kinds), DocumentRow.interview_id != but)
    return (await tx.exec(query.limit(1))).first() is not None


def _aliases(made: ChangeRow) -> set[str]:
    return {entry["id"][0] for entry in _entries(made, SubjectRow)}


def _entries(made: ChangeRow, table: type[TagRow] | type[SubjectRow]) -> Sequence[dict[str, Any]]:
    return [entry for entry in made.rows if entry["table"] == table.__tablename__]

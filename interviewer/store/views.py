"""Searches of the library that people keep. One that was shared is everybody's to open, and its owner's to delete."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qsl

from sqlmodel import col, delete, func, or_, select

from interviewer.folding import fold
from interviewer.searching import tokens
from interviewer.store import merges, search
from interviewer.store.db import Tx
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.review import DocumentRow, ViewRow

_TELLING = 4
"""Letters of a word that can give something away."""


async def of(tx: Tx, user_id: str) -> Sequence[ViewRow]:
    """Those that this user sees: own and shared ones, by name."""
    query = select(ViewRow).where(or_(ViewRow.user_id == user_id, col(ViewRow.shared)))
    return (await tx.exec(query.order_by(func.lower(ViewRow.name), col(ViewRow.created_at)))).all()


async def count(tx: Tx, user_id: str) -> int:
    """How many this user keeps."""
    return (await tx.exec(select(func.count()).select_from(ViewRow).where(ViewRow.user_id == user_id))).one()


async def get(tx: Tx, view_id: str) -> ViewRow | None:
    return await tx.get(ViewRow, view_id, with_for_update=True)


async def keep(tx: Tx, view_id: str, user_id: str, name: str, query: str, at: datetime, *, shared: bool) -> None:
    tx.add(ViewRow(id=view_id, user_id=user_id, name=name, query=query, shared=shared, created_at=at))


async def forget(tx: Tx, invitation_id: str, interview_id: str = "") -> None:
    """Drop the views whose name or words tell of what is erased next: a word of this person's, or of this interview,
    that no other interview has."""
    kept = {row.id: _words(row) for row in (await tx.exec(select(ViewRow))).all()}
    if not any(kept.values()):
        return
    own = await _told(tx, invitation_id, interview_id) & set().union(*kept.values())
    if not own:
        return
    await merges.alone(tx)
    own -= {w for w in own if await merges.said_elsewhere(tx, w, but=interview_id, kinds=search.KINDS)}
    gone = [view_id for view_id, words in kept.items() if words & own]
    await tx.exec(delete(ViewRow).where(col(ViewRow.id).in_(gone)))


async def _told(tx: Tx, invitation_id: str, interview_id: str) -> set[str]:
    """The words of one interview and of whom it is with, folded."""
    query = select(DocumentRow.search_text).where(DocumentRow.interview_id == interview_id)
    texts = [tokens(told) for told in (await tx.exec(query)).all()]
    person = await tx.get(InvitationRow, invitation_id)
    if person is not None:
        texts.append(tokens(fold(f"{person.name} {person.company} {person.email}")))
    return {word for words in texts for word in words}


def _words(row: ViewRow) -> set[str]:
    said = " ".join((row.name, *(value for _, value in parse_qsl(row.query))))
    return {word for word in tokens(fold(said)) if len(word) >= _TELLING}


async def drop(tx: Tx, row: ViewRow) -> None:
    await tx.delete(row)

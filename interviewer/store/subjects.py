"""What tags are about, over all interviews, and names of one thing that a person merged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, update
from sqlmodel import col, select

from interviewer.folding import fold
from interviewer.store import agreement, search
from interviewer.store.db import Tx
from interviewer.store.invitations import real
from interviewer.store.tables.analysis import QuoteRow, TagRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.library import MentionRow
from interviewer.store.tables.review import SubjectRow

_CHUNK = 500
"""Values in one IN (…)."""
_V = TypeVar("_V")


@dataclass(frozen=True)
class Subject:
    name: str
    tags: int
    interviews: int


async def counted(tx: Tx) -> list[Subject]:
    """Every subject as it is written, the most frequent first, by what the library has of ended interviews: without
    tags that were turned down, and without redacted words."""
    tags = func.count().label("tags")
    query = (
        select(MentionRow.subject, tags, func.count(col(MentionRow.interview_id).distinct()))
        .where(MentionRow.subject != "")
        .group_by(MentionRow.subject)
        .order_by(tags.desc(), col(MentionRow.subject))
    )
    return [Subject(name, number, interviews) for name, number, interviews in (await tx.exec(query)).all()]


async def spellings(tx: Tx, subject: str) -> list[str]:
    """The ways in which tags write this subject, rejected ones included."""
    wanted = fold(subject)
    every = (await tx.exec(select(TagRow.subject).where(TagRow.subject != "").distinct())).all()
    return sorted(name for name in every if fold(name) == wanted)


async def holders(tx: Tx, names: Sequence[str]) -> list[str]:
    """Ids of the interviews that stand whose tags say one of `names`, in order."""
    query = (
        select(QuoteRow.interview_id)
        .join(TagRow, col(TagRow.quote_id) == col(QuoteRow.id))
        .join(InterviewRow, col(InterviewRow.id) == col(QuoteRow.interview_id))
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(real(), agreement.standing(), col(TagRow.subject).in_(names))
        .distinct()
        .order_by(col(QuoteRow.interview_id))
    )
    return list((await tx.exec(query)).all())


async def hold(tx: Tx, interview_ids: Sequence[str]) -> None:
    """Hold interviews against other writers, in an order that everybody keeps."""
    for some in _chunks(sorted(interview_ids)):
        query = select(InterviewRow.id).where(col(InterviewRow.id).in_(some)).order_by(col(InterviewRow.id))
        await tx.exec(query.with_for_update())


async def tags(tx: Tx, interview_ids: Sequence[str], names: Sequence[str]) -> list[tuple[str, int, str]]:
    """Interview, id and subject of the tags in these interviews that say one of `names`."""
    found: list[tuple[str, int, str]] = []
    for some in _chunks(interview_ids):
        query = (
            select(QuoteRow.interview_id, TagRow.id, TagRow.subject)
            .join(TagRow, col(TagRow.quote_id) == col(QuoteRow.id))
            .where(col(QuoteRow.interview_id).in_(some), col(TagRow.subject).in_(names))
            .order_by(col(QuoteRow.interview_id), col(TagRow.id))
        )
        found += [(interview_id, key or 0, name) for interview_id, key, name in (await tx.exec(query)).all()]
    return found


async def rename(tx: Tx, tag_ids: Sequence[int], was: str, subject: str) -> None:
    """Let those of these tags that say `was` say `subject`."""
    for some in _chunks(sorted(tag_ids)):
        of_these = (col(TagRow.id).in_(some), col(TagRow.subject) == was)
        await tx.exec(update(TagRow).where(*of_these).values(subject=subject, version=TagRow.version + 1))


async def index(tx: Tx, interview_ids: Sequence[str]) -> None:
    """Let the library know, after `rename`, what is held by `hold`."""
    for some in _chunks(interview_ids):
        await search.rename(tx, some)


async def merged(tx: Tx) -> list[SubjectRow]:
    """Every merge in force, held against other writers."""
    return list((await tx.exec(select(SubjectRow).order_by(col(SubjectRow.alias)).with_for_update())).all())


def _chunks(values: Sequence[_V]) -> Iterator[Sequence[_V]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))

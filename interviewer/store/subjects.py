"""What tags are about, over all interviews, and names of one thing that a person merged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, update
from sqlmodel import col, delete, select

from interviewer.evidence import Review, StatementKind
from interviewer.folding import fold
from interviewer.store.db import Tx
from interviewer.store.invitations import real
from interviewer.store.tables.analysis import QuoteRow, StatementRow, TagRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.library import MentionRow, RivalRow
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
    """Every subject as it is written, the most frequent first. Tags that were turned down do not count."""
    tags = func.count().label("tags")
    query = (
        select(TagRow.subject, tags, func.count(col(QuoteRow.interview_id).distinct()))
        .join(QuoteRow, col(QuoteRow.id) == col(TagRow.quote_id))
        .join(InterviewRow, col(InterviewRow.id) == col(QuoteRow.interview_id))
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(real(), col(InterviewRow.deleted_at).is_(None), TagRow.subject != "", TagRow.review != Review.REJECTED)
        .group_by(TagRow.subject)
        .order_by(tags.desc(), col(TagRow.subject))
    )
    return [Subject(name, number, interviews) for name, number, interviews in (await tx.exec(query)).all()]


async def spellings(tx: Tx, subject: str) -> list[str]:
    """The ways in which tags write this subject, rejected ones included."""
    wanted = fold(subject)
    every = (await tx.exec(select(TagRow.subject).where(TagRow.subject != "").distinct())).all()
    return sorted(name for name in every if fold(name) == wanted)


async def holders(tx: Tx, names: Sequence[str]) -> list[str]:
    """Ids of the interviews whose tags say one of `names`, in order."""
    query = (
        select(QuoteRow.interview_id)
        .join(TagRow, col(TagRow.quote_id) == col(QuoteRow.id))
        .join(InterviewRow, col(InterviewRow.id) == col(QuoteRow.interview_id))
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(real(), col(TagRow.subject).in_(names))
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
    """Let those of these tags that say `was` say `subject`, for the library as well. Search knows no subjects."""
    for some in _chunks(sorted(tag_ids)):
        of_these = (col(TagRow.id).in_(some), col(TagRow.subject) == was)
        await tx.exec(update(TagRow).where(*of_these).values(subject=subject, version=TagRow.version + 1))
        mentions = update(MentionRow).where(col(MentionRow.tag_id).in_(some), col(MentionRow.subject) == was)
        await tx.exec(mentions.values(subject=subject, subject_key=fold(subject)))


async def rivals(tx: Tx, interview_ids: Sequence[str]) -> None:
    """Name the competitors of these interviews anew, after `rename`."""
    for some in _chunks(interview_ids):
        tagged = select(MentionRow.interview_id, MentionRow.subject).where(
            col(MentionRow.interview_id).in_(some), MentionRow.theme == "competitor_mention"
        )
        stated = select(StatementRow.interview_id, StatementRow.body).where(
            col(StatementRow.interview_id).in_(some),
            StatementRow.kind == StatementKind.COMPETITOR,
            StatementRow.review != Review.REJECTED,
        )
        named: dict[tuple[str, str], str] = {}
        for interview_id, body in (await tx.exec(stated)).all():
            name = str((body or {}).get("name", ""))
            named.setdefault((interview_id, fold(name)), name)
        for interview_id, name in (await tx.exec(tagged)).all():
            named.setdefault((interview_id, fold(name)), name)
        await tx.exec(delete(RivalRow).where(col(RivalRow.interview_id).in_(some)))
        tx.add_all(RivalRow(interview_id=of, key=key, name=name) for (of, key), name in named.items() if key)
        await tx.flush()


async def merged(tx: Tx) -> list[SubjectRow]:
    """Every merge in force, held against other writers."""
    return list((await tx.exec(select(SubjectRow).order_by(col(SubjectRow.alias)).with_for_update())).all())


def _chunks(values: Sequence[_V]) -> Iterator[Sequence[_V]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))

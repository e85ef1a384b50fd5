"""What tags are about, over all interviews, and names of one thing that a person merged."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select

from interviewer.evidence import Review
from interviewer.folding import fold
from interviewer.store.db import Tx
from interviewer.store.invitations import real
from interviewer.store.tables.analysis import QuoteRow, TagRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.review import SubjectRow


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


async def tags(tx: Tx, interview_id: str, names: Sequence[str]) -> list[TagRow]:
    """The tags of an interview that say one of `names`, held against other writers."""
    query = (
        select(TagRow)
        .join(QuoteRow, col(QuoteRow.id) == col(TagRow.quote_id))
        .where(QuoteRow.interview_id == interview_id, col(TagRow.subject).in_(names))
        .order_by(col(TagRow.id))
    )
    return list((await tx.exec(query.with_for_update(of=TagRow))).all())


async def merged(tx: Tx) -> list[SubjectRow]:
    """Every merge in force, held against other writers."""
    return list((await tx.exec(select(SubjectRow).order_by(col(SubjectRow.alias)).with_for_update())).all())

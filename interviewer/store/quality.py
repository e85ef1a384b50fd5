"""Replies for which a model was asked: what the quality page counts. Previews and calls of people stay out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, select

from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Speaker


@dataclass(frozen=True)
class Asked:
    """One such reply, and whose interview it is in."""

    invitation_id: str
    number: int
    at: datetime
    flow: str
    topic: str
    source: str
    verdicts: tuple[str, ...]
    company: str
    name: str
    email: str


async def asked(tx: Tx, since: datetime, until: datetime) -> list[Asked]:
    """From `since` up to `until`, the latest first."""
    query = (
        select(
            InvitationRow.id,
            TurnRow.number,
            TurnRow.at,
            InterviewRow.flow,
            TurnRow.topic,
            TurnRow.source,
            TurnRow.verdicts,
            InvitationRow.company,
            InvitationRow.name,
            InvitationRow.email,
        )  # type: ignore[call-overload]
        .join(InterviewRow, col(InterviewRow.id) == col(TurnRow.interview_id))
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(
            TurnRow.speaker == Speaker.INTERVIEWER,
            ~col(TurnRow.pending),
            or_(col(TurnRow.source).in_(("model", "fallback")), col(TurnRow.calls) > 0),
            col(TurnRow.at) >= since,
            col(TurnRow.at) < until,
            ~col(InvitationRow.preview),
            InterviewRow.mode == "ai",
        )
        .order_by(col(TurnRow.at).desc(), col(TurnRow.id).desc())
    )
    rows = (await tx.exec(query)).all()
    return [
        Asked(page, number, at, flow, topic, source, tuple(verdicts or ()), company, name, email)
        for page, number, at, flow, topic, source, verdicts, company, name, email in rows
    ]

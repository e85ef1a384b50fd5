"""Turns: kept once, in order, and never overwritten without a revision."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import CursorResult, func, update
from sqlmodel import col, delete, or_, select

from interviewer.store.db import Tx, columns
from interviewer.store.tables.interviews import InterviewRow, RevisionRow, TurnRow
from interviewer.transcript import Act, AnswerKind, Assessment, Speaker, Transcript, Turn


async def rows(tx: Tx, interview_id: str) -> list[TurnRow]:
    """Every turn in order, a pending reply included."""
    found = await tx.exec(select(TurnRow).where(TurnRow.interview_id == interview_id).order_by(col(TurnRow.number)))
    return list(found.all())


async def among(tx: Tx, interview_ids: Collection[str]) -> Mapping[str, list[TurnRow]]:
    """Every turn of each of these interviews in order, pending replies included."""
    found: dict[str, list[TurnRow]] = {interview_id: [] for interview_id in interview_ids}
    query: Any = sqlalchemy.select(*columns(TurnRow)).where(col(TurnRow.interview_id).in_(interview_ids))
    for row in (await tx.exec(query.order_by(col(TurnRow.number)))).all():
        found[row.interview_id].append(row)
    return found


async def transcript(tx: Tx, interview_id: str) -> Transcript:
    """The latest texts in order; a reply that is still due is not part of it."""
    interview = await tx.get(InterviewRow, interview_id)
    return as_transcript(await rows(tx, interview_id), language=interview.language if interview else "en")


async def get(tx: Tx, interview_id: str, number: int, *, lock: bool = False) -> TurnRow | None:
    query = select(TurnRow).where(TurnRow.interview_id == interview_id, TurnRow.number == number)
    return (await tx.exec(query.with_for_update() if lock else query)).first()


async def claim(tx: Tx, interview_id: str, number: int, owner: str, now: datetime, lease: timedelta) -> bool:
    """Take the lease on a due reply. Exactly one of any number of callers gets True."""
    done: CursorResult[Any] = await tx.exec(
        update(TurnRow)
        .where(
            col(TurnRow.interview_id) == interview_id,
            col(TurnRow.number) == number,
            col(TurnRow.pending),
            or_(col(TurnRow.lease_until).is_(None), col(TurnRow.lease_until) < now),
        )
        .values(lease_owner=owner, lease_until=now + lease)
    )
    return done.rowcount == 1


async def renew(tx: Tx, interview_id: str, number: int, owner: str, until: datetime) -> None:
    """Hold the lease until `until`."""
    await tx.exec(
        update(TurnRow)
        .where(
            col(TurnRow.interview_id) == interview_id,
            col(TurnRow.number) == number,
            col(TurnRow.lease_owner) == owner,
        )
        .values(lease_until=until)
    )


async def give_back(tx: Tx, interview_id: str, number: int, owner: str, *, failed: bool) -> None:
    """End the lease; a try that `failed` is counted."""
    await tx.exec(
        update(TurnRow)
        .where(
            col(TurnRow.interview_id) == interview_id,
            col(TurnRow.number) == number,
            col(TurnRow.lease_owner) == owner,
        )
        .values(lease_until=None, failures=TurnRow.failures + int(failed))
    )


async def stale(tx: Tx, now: datetime) -> list[tuple[str, int]]:
    """Replies that are due and that nobody is producing: (interview id, number)."""
    found = await tx.exec(
        select(TurnRow.interview_id, TurnRow.number).where(
            col(TurnRow.pending), or_(col(TurnRow.lease_until).is_(None), col(TurnRow.lease_until) < now)
        )
    )
    return [(interview_id, number) for interview_id, number in found.all()]


async def tokens_since(tx: Tx, since: datetime) -> int:
    """What all interviews together have taken of a model since then, previews included."""
    found = await tx.exec(
        select(func.sum(col(TurnRow.tokens)))
        .join(InterviewRow, col(InterviewRow.id) == col(TurnRow.interview_id))
        .where(col(InterviewRow.last_active_at) >= since, col(TurnRow.at) >= since)
    )
    return found.one() or 0


async def revise(tx: Tx, row: TurnRow, text: str, now: datetime, *, removed: bool) -> None:
    """Change an answer, keeping what it was until the buyer sends."""
    tx.add(RevisionRow(turn_id=row.id or 0, text=row.text, at=now))
    row.text, row.removed, row.changed_at = text, removed, now
    tx.add(row)


async def last_words(tx: Tx, row: TurnRow) -> str:
    """What an answer last said before it was emptied; empty if it never said anything."""
    found = await tx.exec(
        select(RevisionRow.text)
        .where(RevisionRow.turn_id == row.id, RevisionRow.text != "")
        .order_by(col(RevisionRow.id).desc())
    )
    return found.first() or ""


async def drop_revisions(tx: Tx, interview_id: str) -> None:
    """Forget what answers were before they were changed."""
    ids = select(TurnRow.id).where(TurnRow.interview_id == interview_id)
    await tx.exec(delete(RevisionRow).where(col(RevisionRow.turn_id).in_(ids)))


async def drop_after(tx: Tx, interview_id: str, number: int) -> None:
    """Forget every turn after `number`. Only for turns that hold no words of the buyer."""
    await tx.exec(delete(TurnRow).where(col(TurnRow.interview_id) == interview_id, col(TurnRow.number) > number))


async def drop_pending(tx: Tx, interview_id: str) -> None:
    """A reply that is still due when the buyer sends is not wanted any more."""
    await tx.exec(delete(TurnRow).where(col(TurnRow.interview_id) == interview_id, col(TurnRow.pending)))


def as_transcript(turns: Sequence[TurnRow], *, language: str) -> Transcript:
    return Transcript(turns=tuple(as_turn(row) for row in turns if not row.pending), language=language)


def as_turn(row: TurnRow) -> Turn:
    return Turn(
        number=row.number,
        speaker=Speaker(row.speaker),
        text=row.text,
        topic=row.topic,
        at=row.at,
        act=Act(row.act),
        move=row.move,
        assessment=assessment_from(row.assessment) if row.assessment else None,
        removed=row.removed,
    )


def assessment_data(assessment: Assessment) -> dict[str, Any]:
    return {**asdict(assessment), "covers": list(assessment.covers), "signals": list(assessment.signals)}


def assessment_from(kept: dict[str, Any]) -> Assessment:
    return Assessment(
        kind=AnswerKind(kept["kind"]),
        covers=tuple(kept.get("covers", ())),
        signals=tuple(kept.get("signals", ())),
        hook=kept.get("hook", ""),
        about=kept.get("about", ""),
        by=kept.get("by", "rules"),
    )

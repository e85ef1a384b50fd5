"""Interviews that were brought in: finding those of a source, and keeping what comes with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import col, or_, select

from interviewer import bodies
from interviewer.evidence import Claim, Review, Span, Tag
from interviewer.store import quotes, subjects
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import CitationRow, StatementRow, TagRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.review import RedactionRow, ReleaseRow

_CHUNK = 400
_ROWS = 2000
_NEW = TurnRow(interview_id="", number=0, speaker="", at=datetime.min).model_dump(exclude={"id"})


async def known(tx: Tx, ids: Collection[str], *, lock: bool = False) -> list[tuple[InterviewRow, InvitationRow]]:
    """Interviews that are called one of `ids`, here or where they came from; deleted ones too.

    `lock` holds them against other writers, who erase one perhaps, until the transaction ends.
    """
    found: list[tuple[InterviewRow, InvitationRow]] = []
    wanted = sorted(set(ids))
    if lock:
        await subjects.hold(tx, await _called(tx, wanted))
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        query = (
            select(InterviewRow, InvitationRow)
            .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
            .where(or_(col(InterviewRow.id).in_(chunk), col(InterviewRow.source_id).in_(chunk)))
        )
        found += (await tx.exec(query)).all()
    return found


async def _called(tx: Tx, wanted: Sequence[str]) -> list[str]:
    """The ids here of interviews that are called one of `wanted`."""
    found: set[str] = set()
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        query = select(InterviewRow.id).where(
            or_(col(InterviewRow.id).in_(chunk), col(InterviewRow.source_id).in_(chunk))
        )
        found.update((await tx.exec(query)).all())
    return sorted(found)


async def add_turns(tx: Tx, turns: Sequence[Mapping[str, Any]]) -> None:
    """Many at once, as values by column: a file may bring thousands. What is not said is as a new row has it."""
    await tx.flush()  # their interviews have to be there first
    connection = await tx.connection()
    for start in range(0, len(turns), _ROWS):
        await connection.execute(insert(TurnRow), [{**_NEW, **turn} for turn in turns[start : start + _ROWS]])


async def drop_turns(tx: Tx, interview_id: str, numbers: Collection[int]) -> None:
    """Forget turns that their source does not have any more, with the quotes cut from them."""
    await tx.exec(
        delete(TurnRow).where(col(TurnRow.interview_id) == interview_id, col(TurnRow.number).in_(set(numbers)))
    )


async def keep_quote(
    tx: Tx, interview_id: str, turns: dict[int, TurnRow], span: Span, tags: Iterable[Tag], at: datetime
) -> int:
    """A quote with what people said of it; gives its id."""
    row = await quotes.keep(tx, interview_id, quotes.DESK, turns, span)
    tx.add_all(
        TagRow(
            quote_id=row.id or 0,
            theme=tag.theme,
            subject=tag.subject,
            polarity=tag.polarity,
            scope=tag.scope,
            horizon=tag.horizon,
            made_by=tag.made_by,
            review=tag.review,
            reviewed_at=at,
        )
        for tag in tags
    )
    return row.id or 0


async def keep_statement(
    tx: Tx,
    interview_id: str,
    step: str,
    claim: Claim,
    cited: Collection[int],
    at: datetime,
    *,
    review: Review,
    machine_text: str,
) -> None:
    """A statement that a person decided on, with the quotes that carry it."""
    row = StatementRow(
        interview_id=interview_id,
        kind=claim.kind,
        text=claim.text,
        step=step,
        made_by=claim.made_by,
        body=bodies.as_values(claim.body),
        key=claim.key,
        review=review,
        reviewed_at=at,
        machine_text=machine_text,
    )
    tx.add(row)
    await tx.flush()
    tx.add_all(CitationRow(statement_id=row.id or 0, quote_id=quote_id) for quote_id in dict.fromkeys(cited))


def cite(tx: Tx, statement_id: int, cited: Collection[int]) -> None:
    """Let a statement that rests on nothing rest on these quotes."""
    tx.add_all(CitationRow(statement_id=statement_id, quote_id=quote_id) for quote_id in dict.fromkeys(cited))


def redact(tx: Tx, interview_id: str, turn: TurnRow, span: tuple[int, int], user_id: str, at: datetime) -> None:
    tx.add(
        RedactionRow(
            interview_id=interview_id, turn_id=turn.id or 0, start=span[0], end=span[1], user_id=user_id, at=at
        )
    )


def release(tx: Tx, interview_id: str, quote_id: int, audience: str, wording: str, user_id: str, at: datetime) -> None:
    tx.add(
        ReleaseRow(
            interview_id=interview_id, quote_id=quote_id, audience=audience, wording=wording, user_id=user_id, at=at
        )
    )

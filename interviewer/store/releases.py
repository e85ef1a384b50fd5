"""Statements that a PMM let an audience read (trust.md 11)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlmodel import col, delete, select

from interviewer.store.db import Tx
from interviewer.store.tables.analysis import QuoteRow
from interviewer.store.tables.review import ReleaseRow


async def of(tx: Tx, interview_id: str) -> Mapping[int, Sequence[ReleaseRow]]:
    """The releases of one interview, by quote."""
    return await among(tx, [interview_id])


async def among(tx: Tx, interview_ids: Collection[str]) -> Mapping[int, Sequence[ReleaseRow]]:
    """The releases of these interviews, by quote."""
    query = select(ReleaseRow).where(col(ReleaseRow.interview_id).in_(interview_ids))
    query = query.order_by(col(ReleaseRow.audience))
    found: dict[int, list[ReleaseRow]] = defaultdict(list)
    for row in (await tx.exec(query)).all():
        found[row.quote_id].append(row)
    return found


async def get(tx: Tx, quote_id: int, audience: str) -> ReleaseRow | None:
    """Held against other writers."""
    query = select(ReleaseRow).where(ReleaseRow.quote_id == quote_id, ReleaseRow.audience == audience)
    return (await tx.exec(query.with_for_update())).first()


async def by_id(tx: Tx, release_id: int) -> ReleaseRow | None:
    return await tx.get(ReleaseRow, release_id)


async def drop(tx: Tx, interview_id: str) -> None:
    """Take all of an interview back."""
    await tx.exec(delete(ReleaseRow).where(col(ReleaseRow.interview_id) == interview_id))


async def over(tx: Tx, turn_id: int, start: int, end: int) -> bool:
    """Whether somebody reads words of this stretch of a turn: a paraphrase does not count."""
    query = (
        select(ReleaseRow.id)
        .join(QuoteRow, col(QuoteRow.id) == col(ReleaseRow.quote_id))
        .where(QuoteRow.turn_id == turn_id, QuoteRow.start < end, QuoteRow.end > start, ReleaseRow.wording == "")
    )
    return (await tx.exec(query.limit(1))).first() is not None

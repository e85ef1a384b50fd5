"""Statements that a PMM let an audience read (trust.md 11)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from interviewer.store.db import Tx
from interviewer.store.tables.review import ReleaseRow


async def of(tx: Tx, interview_id: str) -> Mapping[int, Sequence[ReleaseRow]]:
    """The releases of one interview, by quote."""
    query = select(ReleaseRow).where(ReleaseRow.interview_id == interview_id).order_by(col(ReleaseRow.audience))
    found: dict[int, list[ReleaseRow]] = defaultdict(list)
    for row in (await tx.exec(query)).all():
        found[row.quote_id].append(row)
    return found

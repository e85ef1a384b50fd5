"""The CRM's and the rep's view of deals. Never handed to the interviewer's side (blind by construction)."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlmodel import col, select

from interviewer.store.db import Tx
from interviewer.store.tables.deals import DealRow

_CHUNK = 500


async def get(tx: Tx, invitation_id: str) -> DealRow | None:
    """What is known of the deal behind an invitation, or None."""
    return await tx.get(DealRow, invitation_id)


async def of(tx: Tx, invitation_ids: Collection[str]) -> dict[str, DealRow]:
    """The deals behind these invitations, by invitation."""
    found: dict[str, DealRow] = {}
    wanted = sorted(set(invitation_ids))
    for start in range(0, len(wanted), _CHUNK):
        query = select(DealRow).where(col(DealRow.invitation_id).in_(wanted[start : start + _CHUNK]))
        found.update({row.invitation_id: row for row in (await tx.exec(query)).all()})
    return found


def add(tx: Tx, row: DealRow) -> None:
    tx.add(row)


async def erase(tx: Tx, invitation_id: str) -> None:
    """Drop what was known of a deal."""
    await tx.exec(delete(DealRow).where(col(DealRow.invitation_id) == invitation_id))

"""Previews: invitations of nobody, by which the desk tries a flow. Everything else in the store leaves them out."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, delete, select

from interviewer.store.db import Tx
from interviewer.store.tables.invitations import InvitationRow


def add(tx: Tx, row: InvitationRow) -> None:
    tx.add(row)


async def get(tx: Tx, preview_id: str, *, lock: bool = False) -> InvitationRow | None:
    """The preview, or None; a real invitation is not one."""
    query = select(InvitationRow).where(InvitationRow.id == preview_id, col(InvitationRow.preview))
    return (await tx.exec(query.with_for_update() if lock else query)).first()


async def begun_before(tx: Tx, moment: datetime) -> Sequence[str]:
    """Ids of those that are older than `moment`."""
    query = select(InvitationRow.id).where(col(InvitationRow.preview), col(InvitationRow.created_at) < moment)
    return (await tx.exec(query)).all()


async def drop(tx: Tx, preview_id: str) -> None:
    """Delete a preview with all that was said in it."""
    await tx.exec(delete(InvitationRow).where(col(InvitationRow.id) == preview_id, col(InvitationRow.preview)))

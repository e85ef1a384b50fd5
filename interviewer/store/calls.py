"""Calls that buyers asked for."""

from sqlmodel import select

from interviewer.store.db import Tx
from interviewer.store.tables.invitations import CallRequestRow


async def get(tx: Tx, call_id: str) -> CallRequestRow | None:
    return await tx.get(CallRequestRow, call_id)


async def of_invitation(tx: Tx, invitation_id: str, *, lock: bool = False) -> CallRequestRow | None:
    query = select(CallRequestRow).where(CallRequestRow.invitation_id == invitation_id)
    return (await tx.exec(query.with_for_update() if lock else query)).first()

"""The audit log as a test reads it: in order, and all of it."""

from sqlmodel import col, select

from interviewer.store.db import Tx
from interviewer.store.tables.people import AuditRow


async def entries(tx: Tx, of: str = "") -> list[AuditRow]:
    """With `of`, what was done to that."""
    query = select(AuditRow).order_by(col(AuditRow.id))
    return list((await tx.exec(query.where(AuditRow.object == of) if of else query)).all())

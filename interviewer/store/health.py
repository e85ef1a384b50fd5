"""What commands want to know of the database itself: whether it is there, and what time it has."""

from datetime import UTC, datetime

from sqlalchemy import func, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import col, select

from interviewer.errors import Unavailable
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow


async def server_time(tx: Tx) -> datetime | None:
    """The clock of the database's server; None on SQLite, which has none but this machine's."""
    if tx.get_bind().dialect.name != "postgresql":
        return None
    now: datetime = (await tx.execute(text("SELECT now()"))).scalar_one()
    return now.astimezone(UTC)


async def latest(tx: Tx) -> datetime | None:
    """The last moment that was written as the present."""
    invited = (await tx.exec(select(func.max(col(InvitationRow.created_at))))).one()
    active = (await tx.exec(select(func.max(col(InterviewRow.last_active_at))))).one()
    return max((moment for moment in (invited, active) if moment), default=None)


def trouble(error: BaseException | None) -> str:
    """In one line what keeps the database from being used, or nothing for an error that is not of this kind."""
    match error:
        case Unavailable():
            return trouble(error.__cause__) or str(error)
        case DBAPIError():
            said = str(error.orig).strip().splitlines()
            return said[0] if said else type(error.orig).__name__
        case ArgumentError():
            return "is not the address of a database"
    return ""

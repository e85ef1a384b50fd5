"""What commands want to know of the database itself: whether it is there, and what time it has."""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import func, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlmodel import col, select

from interviewer.errors import Unavailable
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow

_MIGRATIONS = Path(__file__).parent / "migrations" / "versions"
_ASIDE = re.compile(r"before[-_](\d{8}t\d{6}z)$", re.IGNORECASE)


async def server_time(tx: Tx) -> datetime | None:
    """The clock of the database's server; None on SQLite, which has none but this machine's."""
    if tx.get_bind().dialect.name != "postgresql":
        return None
    now: datetime = (await (await tx.connection()).execute(text("SELECT now()"))).scalar_one()
    return now.astimezone(UTC)


async def revision(tx: Tx) -> str:
    """The revision of the tables."""
    found = (await (await tx.connection()).execute(text("SELECT version_num FROM alembic_version"))).scalar()
    return found or ""


async def is_migrated(tx: Tx) -> bool:
    """Whether the tables are those of this version or newer ones, which it does not know."""
    there = await revision(tx)
    return there == known()[0] or bool(newer(there))


async def is_newest(tx: Tx) -> bool:
    """Whether the tables are those of this version."""
    return await revision(tx) == known()[0]


@cache
def known() -> tuple[str, ...]:
    """The revisions that this version knows, its own first, as their files are called. To ask Alembic takes 10 MB."""
    return tuple(sorted((file.name.partition("_")[0] for file in _MIGRATIONS.glob("[0-9]*.py")), reverse=True))


def newer(there: str) -> str:
    """What to tell of a database whose tables a newer version made. This one can run on them, as tables only gain, but
    does not know all of them. Empty for every other revision."""
    if not there.isdecimal() or int(there) <= int(known()[0]):
        return ""
    return f"is of a newer version of Interviewer: its tables are at {there}, this version's at {known()[0]}"


async def damage(tx: Tx) -> str:
    """What is wrong inside a SQLite file; empty where nothing is, and on PostgreSQL, which looks after itself."""
    if tx.get_bind().dialect.name == "postgresql":
        return ""
    found: str = (await (await tx.connection()).execute(text("PRAGMA quick_check(1)"))).scalar_one()
    return "" if found == "ok" else found


async def can_be_restored(tx: Tx) -> bool:
    """Whether a restored schema could take the place of `public` in this PostgreSQL database."""
    query = (
        "SELECT pg_has_role(nspowner, 'USAGE') AND has_database_privilege(current_database(), 'CREATE') "
        "FROM pg_namespace WHERE nspname = 'public'"
    )
    return bool((await (await tx.connection()).execute(text(query))).scalar())


async def aside(tx: Tx, file: Path | None) -> list[tuple[str, datetime]]:
    """What restores put aside and nobody threw away, and since when: files, or schemas of a PostgreSQL database."""
    if file is not None:
        names = [str(one) for one in file.parent.glob(f"{file.name}.before-*")]
    else:
        query = text("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'before_')")
        names = list((await (await tx.connection()).execute(query)).scalars())
    found = ((name, _ASIDE.search(name)) for name in sorted(names))
    return [(name, datetime.strptime(at[1].upper(), "%Y%m%dT%H%M%S%z")) for name, at in found if at]


async def latest(tx: Tx) -> datetime | None:
    """The last moment that was written as the present."""
    invited = (await tx.exec(select(func.max(col(InvitationRow.created_at))))).one()
    active = (await tx.exec(select(func.max(col(InterviewRow.last_active_at))))).one()
    return max((moment for moment in (invited, active) if moment), default=None)


def is_away(error: BaseException | None) -> bool:
    """Whether this is a database that cannot be reached now, or is busy: the same may work later."""
    return isinstance(error, OperationalError) or (isinstance(error, Unavailable) and is_away(error.__cause__))


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

"""Connections and transactions, one code path for SQLite and PostgreSQL.

SQLite gets two engines on its file: readers with BEGIN, and one writer with BEGIN IMMEDIATE, because the driver's
defaults lose updates and answer "database is locked" under concurrent writers. On PostgreSQL one engine does
both, and a read before a write takes `with_for_update()`.
"""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    AsyncAdaptedQueuePool,
    ColumnElement,
    String,
    bindparam,
    event,
    func,
    inspect,
    literal,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from interviewer import tracing
from interviewer.errors import NotSaved, Unavailable
from interviewer.store import sqlite_driver

Tx = AsyncSession
"""A transaction, opened by a use case and taken by every function of the store."""

_NOT_NOW = (
    "database is locked",
    "disk is full",
    "disk i/o error",
    "readonly database",
    "unable to open database",
)
BUSY_TIMEOUT_MS = 5000
STATEMENT_TIMEOUT_MS = 60_000
"""Far above what any statement of ours takes; one that takes longer is not worth waiting for."""
CONNECT_TIMEOUT_S = 5
POOL_TIMEOUT_S = 10
SQLITE_READERS = 5
_DEAD_AFTER_A_MINUTE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A host that vanished says nothing; by the system's defaults its connections would be waited for for hours."""
_LAST = "last"
"""By this a transaction keeps what is to be done at its end."""
_FORGET_TIMEOUT_S = 0.5
"""Writers wait while the log is folded in, so readers that hold it get no longer than this."""


async def add_new(tx: Tx, row: SQLModel) -> bool:
    """Add `row` unless one with its key is there, also where another transaction adds the same one right now. Says
    whether it was added."""
    insert = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    written = insert(type(row)).values(**row.model_dump()).on_conflict_do_nothing().returning(literal(True))
    return (await (await tx.connection()).execute(written)).first() is not None


def at_the_end(tx: Tx, last: Callable[[Tx], Awaitable[object]]) -> None:
    """Have `last` done once in this transaction, right before it is committed."""
    tx.info.setdefault(_LAST, {})[last] = None


def one_of(tx: Tx, column: Any, values: Collection[str]) -> ColumnElement[bool]:
    """`column` is one of these, thousands perhaps, as one parameter: databases limit how many there can be."""
    if tx.get_bind().dialect.name == "sqlite":
        each = bindparam(None, json.dumps(list(values)), String, unique=True)
        return cast(ColumnElement[bool], column.in_(select(func.json_each(each).table_valued("value").c.value)))
    return cast(ColumnElement[bool], column == func.any(bindparam(None, list(values), ARRAY(String), unique=True)))


def columns(table: type[SQLModel]) -> list[Any]:
    """To select for reading alone: rows with the attributes of the table's class, that no session keeps track of. For
    thousands of them, which take several times as long otherwise."""
    return list(inspect(table).columns)


def make_folder(folder: Path) -> None:
    """One that nobody else on the machine may look into, unless it is there already."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def file_of(url: str) -> Path | None:
    """Where a SQLite database lies, the same however its URL is spelled; None for PostgreSQL."""
    parsed = make_url(url)
    return Path(parsed.database or "").resolve() if parsed.get_backend_name() == "sqlite" else None


def named(url: str) -> str:
    """Which database that is, as a person may read it: no password, nothing of a driver."""
    file = file_of(url)
    parsed = make_url(url)
    where = parsed.host or parsed.query.get("host") or "this machine"
    return str(file) if file else f"{parsed.database or parsed.username} on {where} (PostgreSQL)"


def blocking(url: str) -> str:
    """The same database for drivers that block, which others' code has. A host of PostgreSQL's that vanished is
    noticed as by our own connections, unless the URL says how itself."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return url.replace("sqlite+aiosqlite:", "sqlite:", 1)
    ours = {name: str(value) for name, value in _DEAD_AFTER_A_MINUTE.items() if name not in parsed.query}
    return parsed.update_query_dict(ours).render_as_string(hide_password=False)


class Database:
    """Give out transactions: `async with db.write() as tx`. Leaving the block commits, an error rolls back."""

    def __init__(self, url: str, *, connections: int = 10) -> None:
        """`connections`: how many this process keeps to PostgreSQL at most."""
        self.url = url
        self.file = file_of(url)
        self.sqlite = self.file is not None
        if self.file is not None:
            make_folder(self.file.parent)
            self.reader = _sqlite_engine(self.file, begin="BEGIN", pool_size=SQLITE_READERS)
            self.writer = _sqlite_engine(self.file, begin="BEGIN IMMEDIATE", pool_size=1)
        else:
            self.reader = self.writer = create_async_engine(
                url,
                pool_size=connections,
                max_overflow=0,
                pool_timeout=POOL_TIMEOUT_S,
                pool_pre_ping=True,  # what a restarted server left behind is noticed before it is used
                hide_parameters=True,
                connect_args={
                    "options": f"-c lock_timeout={BUSY_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS}",
                    "connect_timeout": CONNECT_TIMEOUT_S,
                    **_DEAD_AFTER_A_MINUTE,
                },
            )

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A transaction that only reads. Raises Unavailable where the database cannot be read now."""
        with tracing.span("read"), self._told_as(Unavailable):
            async with AsyncSession(self.reader, expire_on_commit=False) as tx:
                yield tx

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        """A transaction that is committed on leaving. Raises NotSaved where the database cannot keep it now."""
        with tracing.span("write"), self._told_as(NotSaved):
            async with AsyncSession(self.writer, expire_on_commit=False) as tx, tx.begin():
                yield tx
                for last in tx.info.pop(_LAST, ()):
                    await last(tx)

    async def forget(self) -> bool:
        """Fold the write-ahead log into the file, so that what was deleted is on disk no more (trust.md 30).

        To be called outside transactions. False where somebody still reads the log; later it may go. PostgreSQL
        has no log of ours to fold.
        """
        return self.file is None or await asyncio.to_thread(_fold_log, self.file)

    async def close(self) -> None:
        await self.reader.dispose()
        if self.writer is not self.reader:
            await self.writer.dispose()

    @contextmanager
    def _told_as(self, kind: type[Unavailable]) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as error:
            raise kind("too many connections are in use") from error
        except DBAPIError as error:
            if self._passing(error):
                raise kind(type(error.orig).__name__) from error
            raise

    def _passing(self, error: DBAPIError) -> bool:
        """Whether trying again later could help: a lock, a full disk, a server that is away."""
        if self.sqlite:
            return any(sign in str(error.orig).lower() for sign in _NOT_NOW)
        return error.connection_invalidated or isinstance(error, OperationalError)


def _sqlite_engine(file: Path, *, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        "sqlite+aiosqlite://",
        async_creator=partial(sqlite_driver.connect, file),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.connection.driver_connection.to_begin = begin

    return engine


def _fold_log(file: Path) -> bool:
    log = Path(f"{file}-wal")
    if not log.is_file() or not log.stat().st_size:
        return True
    with closing(sqlite3.connect(file, timeout=_FORGET_TIMEOUT_S, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        try:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
    return not busy

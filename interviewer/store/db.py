"""Connections and transactions, one code path for SQLite and PostgreSQL.

SQLite gets two engines on its file: readers with BEGIN, and one writer with BEGIN IMMEDIATE, because the driver's
defaults lose updates and answer "database is locked" under concurrent writers. On PostgreSQL one engine does
both, and a read before a write takes `with_for_update()`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from interviewer.errors import NotSaved

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


class Database:
    """Give out transactions: `async with db.write() as tx`. Leaving the block commits, an error rolls back."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self.url = url
        self.sqlite = url.startswith("sqlite")
        if self.sqlite:
            path = url.partition(":///")[2]
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            self.reader = _sqlite_engine(url, begin="BEGIN", pool_size=pool_size)
            self.writer = _sqlite_engine(url, begin="BEGIN IMMEDIATE", pool_size=1)
        else:
            self.reader = self.writer = create_async_engine(
                url,
                pool_size=pool_size * 2,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={"options": f"-c lock_timeout={BUSY_TIMEOUT_MS}"},
            )

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A transaction that only reads."""
        async with AsyncSession(self.reader, expire_on_commit=False) as tx:
            yield tx

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        """A transaction that is committed on leaving. Raises NotSaved where the database cannot keep it now."""
        try:
            async with AsyncSession(self.writer, expire_on_commit=False) as tx, tx.begin():
                yield tx
        except PoolTimeout as error:
            raise NotSaved("too many writers are waiting") from error
        except DBAPIError as error:
            if self._passing(error):
                raise NotSaved(type(error.orig).__name__) from error
            raise

    async def close(self) -> None:
        await self.reader.dispose()
        if self.writer is not self.reader:
            await self.writer.dispose()

    def _passing(self, error: DBAPIError) -> bool:
        """Whether trying again later could help: a lock, a full disk, a server that is away."""
        if self.sqlite:
            return any(sign in str(error.orig).lower() for sign in _NOT_NOW)
        return error.connection_invalidated or isinstance(error, OperationalError)


def _sqlite_engine(url: str, *, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=30, hide_parameters=True)

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
        connection.exec_driver_sql(begin)

    return engine

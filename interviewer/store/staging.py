"""A database made ready beside the one in use, and put in its place in one step. The old one is kept aside.

On SQLite that is a file beside the file, on PostgreSQL a schema beside `public`.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import create_engine, event, inspect, literal, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from interviewer.errors import InterviewerError, Unavailable
from interviewer.store import copying, health, migrate
from interviewer.store.db import Database, file_of

_SCHEMA = "interviewer_restoring"


class Stage(Protocol):
    url: str
    """To migrate it by."""

    def open(self) -> Database:
        """To read and write it by."""
        ...

    def begin(self) -> None:
        """Make it ready to be migrated from nothing, whatever an attempt before left there. Only its owner reads it."""
        ...

    def clear(self) -> None:
        """Leave nothing of it."""
        ...

    def swap(self, stamp: str) -> str:
        """Put it in the place of the one in use. Says where the old one is; empty where there was none. Where that
        cannot be, the one in use stays in its place."""
        ...


def of(url: str) -> Stage:
    """The stage beside the database at `url`."""
    file = file_of(url)
    return _File(file) if file is not None else _Schema(url)


@asynccontextmanager
async def begun(stage: Stage) -> AsyncIterator[None]:
    """Ready to be filled and swapped within; where that fails nothing is left of it, whatever it held by then."""
    await asyncio.to_thread(stage.begin)
    try:
        yield
    except BaseException:
        await asyncio.to_thread(stage.clear)
        raise


@asynccontextmanager
async def opened(stage: Stage) -> AsyncIterator[Database]:
    database = stage.open()
    try:
        yield database
    finally:
        await database.close()


async def holds_something(db: Database) -> bool:
    """Whether rows of ours stand in the database in use, whatever version made its tables. Raises Unavailable where it
    cannot be read."""
    if db.file is not None and not db.file.is_file():
        return False
    try:
        async with db.read() as tx:
            connection = await tx.connection()
            there = set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))
            for one in copying.copied():
                query = select(literal(1)).select_from(one).limit(1)
                if one.name in there and (await connection.execute(query)).first():
                    return True
    except DBAPIError as error:
        raise Unavailable(str(error.orig)) from error
    return False


async def rows_of(db: Database, table: str, *columns: str) -> list[tuple[Any, ...]] | None:
    """These columns of a table, whatever version made it; None where it cannot be read. Names are ours alone."""
    if db.file is not None and not db.file.is_file():
        return None
    try:
        async with db.read() as tx:
            query = text(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608
            return [tuple(row) for row in (await (await tx.connection()).execute(query)).all()]
    except (Unavailable, DBAPIError):
        return None


class _File:
    def __init__(self, file: Path) -> None:
        self._file, self._staged = file, file.with_name(f"{file.name}.restoring")
        self.url = f"sqlite+aiosqlite:///{self._staged}"

    def open(self) -> Database:
        return Database(self.url)

    def begin(self) -> None:
        self.clear()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._staged.touch(mode=0o600, exist_ok=False)  # SQLite gives its logs the same mode

    def clear(self) -> None:
        for part in _parts(self._staged):
            part.unlink(missing_ok=True)

    def swap(self, stamp: str) -> str:
        with contextlib.closing(sqlite3.connect(self._staged)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            found = connection.execute("PRAGMA quick_check").fetchone()[0]
            if found != "ok":
                raise Unavailable(f"the restored file is not sound: {found}")
        self._staged.chmod(self._file.stat().st_mode & 0o777 if self._file.is_file() else 0o600)
        for part in _parts(self._staged)[1:]:
            part.unlink(missing_ok=True)
        aside = self._file.with_name(f"{self._file.name}.before-{stamp}")
        moves = [*zip(_parts(self._file), _parts(aside), strict=True), (self._staged, self._file)]
        with contextlib.ExitStack() as back:
            for old, new in moves:
                if old.exists():
                    old.rename(new)
                    back.callback(new.rename, old)
            back.pop_all()
        return str(aside) if aside.exists() else ""


def _parts(file: Path) -> tuple[Path, ...]:
    return (file, Path(f"{file}-wal"), Path(f"{file}-shm"))


class _Schema:
    def __init__(self, url: str) -> None:
        self._live = url
        self.url = make_url(url).update_query_dict({"options": f"-csearch_path={_SCHEMA}"}).render_as_string(False)

    def open(self) -> Database:
        database = Database(self._live)

        @event.listens_for(database.reader.sync_engine, "begin")
        def look_there(connection: Any) -> None:
            connection.exec_driver_sql(f"SET LOCAL search_path TO {_SCHEMA}")

        return database

    def begin(self) -> None:
        self.clear()
        self._do(f"CREATE SCHEMA {_SCHEMA}")

    def clear(self) -> None:
        self._do(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")

    def swap(self, stamp: str) -> str:
        there = set(self._tables())
        others = there - set(SQLModel.metadata.tables) - {"alembic_version"}
        if others and not health.newer(migrate.revision(self._live)):
            named = ", ".join(sorted(others)[:3])
            raise InterviewerError(f"This database holds tables of something else ({named}); restore to one of its own")
        aside = f"before_{stamp.lower()}" if there else ""
        self._do(
            "DROP SCHEMA IF EXISTS dbos CASCADE",  # runs of work that the restored tables do not know
            f"ALTER SCHEMA public RENAME TO {aside}" if aside else "DROP SCHEMA public",
            f"ALTER SCHEMA {_SCHEMA} RENAME TO public",
        )
        return f"schema {aside}" if aside else ""

    def _tables(self) -> list[str]:
        engine = create_engine(self._live)
        try:
            return inspect(engine).get_table_names("public")
        finally:
            engine.dispose()

    def _do(self, *statements: str) -> None:
        engine = create_engine(self._live)
        try:
            with engine.begin() as connection:
                for statement in statements:
                    connection.execute(text(statement))
        finally:
            engine.dispose()


async def swap(stage: Stage, stamp: str) -> str:
    return await asyncio.to_thread(stage.swap, stamp)

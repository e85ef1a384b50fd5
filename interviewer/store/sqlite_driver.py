"""SQLite in a thread of its own, with one trip to it for each statement.

aiosqlite takes a trip for each step of a statement (open a cursor, execute, fetch, close) and one to begin, and trips
cost far more than what SQLite does for a turn. Here a transaction begins with its first statement, and that is
executed, fetched and closed at once; only what has many rows takes more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

import aiosqlite

AT_ONCE = 200
"""Rows that come with the statement."""


async def connect(file: Path) -> Connection:
    """An open connection, for SQLAlchemy's `async_creator`. Raises what `sqlite3.connect` does."""
    connection = Connection(partial(sqlite3.connect, file, check_same_thread=False), iter_chunk_size=AT_ONCE)
    connection._thread.daemon = True  # as SQLAlchemy has it: an open connection must not keep a process alive
    await connection
    return connection


class Connection(aiosqlite.Connection):
    """aiosqlite's, with cursors that take one trip."""

    to_begin = ""
    """The statement that begins the transaction, until the first one of it is executed."""
    begun = False
    """Whether there may be a transaction to end."""

    def cursor(self) -> Any:  # SQLAlchemy enters what it gets; that is all it needs
        return _Cursor(self)

    async def in_thread(self, what: Any, *given: Any) -> Any:
        """What `what` gives."""
        return await self._execute(what, *given)  # type: ignore[no-untyped-call]

    async def commit(self) -> None:
        if self._is_begun():
            await super().commit()
            self.begun = False

    async def rollback(self) -> None:
        if self._is_begun():
            await super().rollback()
            self.begun = False

    def _is_begun(self) -> bool:
        self.to_begin = ""
        return self.begun


class _Cursor:
    """What SQLAlchemy uses of a cursor, one that streams included."""

    arraysize = AT_ONCE

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._open: sqlite3.Cursor | None = None
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        await self._do(sqlite3.Cursor.execute, statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> Self:
        await self._do(sqlite3.Cursor.executemany, statement, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        if self._open is not None:
            rows += await self._connection.in_thread(self._open.fetchall)
            self.rowcount = self._open.rowcount
            await self.close()
        return rows

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        if not self._rows and self._open is not None:
            self._rows = await self._connection.in_thread(self._open.fetchmany, max(size or 0, AT_ONCE))
        size = size or self.arraysize
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def close(self) -> None:
        cursor, self._open = self._open, None
        if cursor is not None:
            await self._connection.in_thread(cursor.close)

    async def _do(self, execute: Any, statement: str, parameters: Any) -> None:
        begin, self._connection.to_begin = self._connection.to_begin, ""
        self._connection.begun = self._connection.begun or bool(begin)
        await self._connection.in_thread(self._at_once, begin, execute, statement, parameters)

    def _at_once(self, begin: str, execute: Any, statement: str, parameters: Any) -> None:
        """In the thread."""
        cursor = self._connection._conn.cursor()
        if begin:
            cursor.execute(begin)
        execute(cursor, statement, parameters)
        if cursor.description:
            self._rows = cursor.fetchmany(AT_ONCE)
            self._open = cursor if len(self._rows) == AT_ONCE else None
        self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        if self._open is None:
            cursor.close()

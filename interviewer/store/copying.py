"""Every row of ours, out of one database and into another, the same on SQLite and PostgreSQL.

What is made anew from other rows (the library's index) and what only says who is alive stays behind, and so do DBOS's
tables: runs that were not over are handed to the queue again, because `job_runs` names them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Table,
    column,
    func,
    insert,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.exc import DataError
from sqlmodel import SQLModel

from interviewer.errors import BadInput, Problem
from interviewer.store import tables as _tables
from interviewer.store.db import Database, Tx
from interviewer.store.types import UtcDateTime

assert _tables.__all__, "importing the tables is what fills the metadata"

DERIVED = frozenset({"documents", "mentions", "rivals", "holdings"})
"""What `store.search.index` makes anew."""
PASSING = frozenset({"heartbeats"})
"""True of a process, not of the data."""
BATCH = 500
_MODULUS = 1 << 256

Row = dict[str, Any]
Batch = tuple[str, list[Row]]
"""A table, and some of its rows as Python values."""


@dataclass(frozen=True)
class Account:
    """How many rows of a table there are and what they are, whatever their order and whichever database says it."""

    table: str
    rows: int
    digest: str
    columns: tuple[str, ...] = ()
    """Those that were counted; none where there are no rows."""


@dataclass
class Tally:
    """Adds rows up to an `Account`. A sum does not depend on the order, and two equal rows do not cancel out."""

    table: str
    rows: int = 0
    columns: tuple[str, ...] = ()
    _sum: int = field(default=0, repr=False)

    def add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self.columns = self.columns or tuple(sorted(row))
            self._sum += int.from_bytes(hashlib.sha256(canonical(row).encode()).digest(), "big")
        self.rows += len(rows)

    def account(self) -> Account:
        return Account(self.table, self.rows, f"{self._sum % _MODULUS:064x}", self.columns)


def copied() -> tuple[Table, ...]:
    """The tables whose rows are copied, those that others point at first."""
    return tuple(table for table in SQLModel.metadata.sorted_tables if table.name not in DERIVED | PASSING)


def canonical(row: Row) -> str:
    """A row as text, the same for the same values wherever they were kept."""
    return json.dumps(row, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_plain)


def decoded(name: str, told: Mapping[str, Any]) -> Row:
    """A row's values again from its text, read as JSON. Raises KeyError or ValueError for what is none of ours."""
    columns = SQLModel.metadata.tables[name].columns
    return {key: _value(columns[key].type, value) for key, value in told.items()}


@asynccontextmanager
async def snapshot(db: Database, *, alone: bool = False) -> AsyncIterator[Tx]:
    """A transaction that sees everything as it is at one moment, and changes nothing.

    `alone`: nobody else writes to what is copied until it ends; those who try are told that it is not saved. Raises
    Unavailable (NotSaved with `alone`) while the database is away or somebody else writes.
    """
    async with db.write() if alone else db.read() as tx:
        if not db.sqlite:  # there each statement would see what others commit meanwhile
            await (await tx.connection()).execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            if alone:
                names = ", ".join(table.name for table in copied())
                await (await tx.connection()).execute(text(f"LOCK TABLE {names} IN SHARE MODE"))
        yield tx


async def read(tx: Tx) -> AsyncIterator[Batch]:
    """All that is copied, table by table as `copied` has them, in order of their keys. Empty tables give nothing."""
    for one in copied():
        async for rows in _rows(tx, one, list(one.columns)):
            yield one.name, rows


async def load(tx: Tx, batches: AsyncIterable[Batch]) -> tuple[Account, ...]:
    """Add these rows, which come in the order of `read`, and give the account of what was given.

    Rows may lack columns, all of a table the same ones: those get the database's defaults. Raises BadInput for a
    value that the database cannot hold, by table.
    """
    tallies = {one.name: Tally(one.name) for one in copied()}
    connection = await tx.connection()
    async for name, rows in batches:
        if name not in tallies:
            raise BadInput([Problem(name, "is no table that is copied")])
        if not rows:
            continue
        try:
            await connection.execute(insert(_bare(SQLModel.metadata.tables[name], rows[0])), rows)
        except DataError as error:
            raise BadInput([Problem(f"table {name}", str(error.orig).splitlines()[0])]) from error
        tallies[name].add(rows)
    return tuple(tally.account() for tally in tallies.values())


async def recount(tx: Tx, given: Sequence[Account]) -> tuple[Account, ...]:
    """The same account from what stands in this database now, by the same columns."""
    found = []
    for account in given:
        one = SQLModel.metadata.tables[account.table]
        tally = Tally(one.name)
        if account.columns:
            async for rows in _rows(tx, one, [one.columns[name] for name in account.columns]):
                tally.add(rows)
        else:
            tally.rows = (await (await tx.connection()).execute(select(func.count()).select_from(one))).scalar_one()
        found.append(tally.account())
    return tuple(found)


async def is_empty(tx: Tx) -> bool:
    """Whether nothing that is copied stands here."""
    connection = await tx.connection()
    for one in copied():
        if (await connection.execute(select(literal(1)).select_from(one).limit(1))).first():
            return False
    return True


async def marks(tx: Tx) -> dict[str, int]:
    """By table, the highest id that was ever given: a deleted one must not name another row (`GIVEN_ONCE`)."""
    found = {}
    connection = await tx.connection()
    for name, key in _counted().items():
        if connection.dialect.name == "sqlite":
            given = (await connection.execute(_SQLITE_MARK, {"name": name})).scalar() if _has_mark(name) else None
        else:
            sequence = (await connection.execute(_SEQUENCE, {"name": name, "key": key})).scalar_one()
            given = (await connection.execute(text(f"SELECT last_value FROM {sequence} WHERE is_called"))).scalar()  # noqa: S608
        one = SQLModel.metadata.tables[name]
        highest = (await connection.execute(select(func.max(one.columns[key])))).scalar()
        found[name] = max(given or 0, highest or 0)
    return found


async def count_on(tx: Tx, since: Mapping[str, int]) -> None:
    """Give ids after these marks, and after what stands here. To be called when everything is loaded."""
    connection = await tx.connection()
    here = await marks(tx)
    for name, key in _counted().items():
        mark = max(since.get(name, 0), here[name])
        if not mark:
            continue
        if connection.dialect.name != "sqlite":
            sequence = (await connection.execute(_SEQUENCE, {"name": name, "key": key})).scalar_one()
            await connection.execute(text("SELECT setval(CAST(:sequence AS regclass), :mark)"),
                                     {"sequence": sequence, "mark": mark})  # fmt: skip
        elif _has_mark(name):
            await connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
            await connection.execute(
                text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :mark)"), {"name": name, "mark": mark}
            )


_SQLITE_MARK = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
_SEQUENCE = text("SELECT pg_get_serial_sequence(:name, :key)")


async def _rows(tx: Tx, one: Table, wanted: Sequence[Column[Any]]) -> AsyncIterator[list[Row]]:
    names = [each.name for each in wanted]
    query = select(*wanted).order_by(*one.primary_key.columns)
    async with (await tx.connection()).stream(query) as found:
        async for some in found.partitions(BATCH):
            yield [dict(zip(names, row, strict=True)) for row in some]


def _bare(one: Table, row: Row) -> Any:
    """To insert into: the columns of this row alone, and nothing for None, where JSON would make it the word null."""
    bare = (
        column(name, JSON(none_as_null=True) if isinstance(one.columns[name].type, JSON) else one.columns[name].type)
        for name in row
    )
    return table(one.name, *bare)


def _counted() -> dict[str, str]:
    """Tables whose ids the database gives, with their key."""
    found = {}
    for one in copied():
        keys = list(one.primary_key.columns)
        if len(keys) == 1 and isinstance(keys[0].type, Integer) and not keys[0].foreign_keys:
            found[one.name] = keys[0].name
    return found


def _has_mark(name: str) -> bool:
    """Whether SQLite remembers the highest id that it gave; where it does not, it counts on from what is there."""
    return bool(SQLModel.metadata.tables[name].dialect_options["sqlite"]["autoincrement"])


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime | DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return bytes.fromhex(value) if isinstance(kind, LargeBinary) else value


def _plain(value: object) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
    raise TypeError(f"{type(value).__name__} is not a kind of value that is copied")

"""All that is kept goes from one kind of database to the other and back, and both say the same of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

from interviewer.demo import cast, history
from interviewer.deps import Deps
from interviewer.errors import BadInput
from interviewer.store import copying
from interviewer.store.copying import Batch
from interviewer.store.db import Database
from interviewer.store.tables.analysis import TagRow
from interviewer.store.tables.deals import HypothesisRow
from interviewer.store.tables.deliveries import HeartbeatRow
from tests.fakes.databases import PostgresServer, SqliteFiles
from tests.web import review_scene as scene

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HYPOTHESES = (copying.Account("hypotheses", 0, "", ("changed_at", "flow", "text", "version")),)


@pytest.fixture
async def postgres(postgres_server: PostgresServer) -> AsyncIterator[Database]:
    with postgres_server.fresh() as url:
        database = Database(url)
        yield database
        await database.close()


@pytest.fixture
def another_file(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[str]:
    (tmp_path / "another").mkdir()
    with sqlite_files.fresh(tmp_path / "another") as url:
        yield url


async def copy(source: Database, target: Database) -> tuple[copying.Account, ...]:
    async with copying.snapshot(source, alone=True) as given, target.write() as tx:
        told = await copying.load(tx, copying.read(given))
        await copying.count_on(tx, await copying.marks(given))
        assert await copying.recount(tx, told) == await copying.recount(given, told) == told
    return told


async def test_a_played_history_goes_there_and_back(
    sqlite_deps: Deps, postgres: Database, another_file: str, sqlite_url: str
) -> None:
    await history.play(sqlite_deps, cast.load())
    told = await copy(sqlite_deps.db, postgres)
    back = Database(another_file)
    assert await copy(postgres, back) == told
    rows = {account.table: account.rows for account in told}
    assert rows.keys() == {table.name for table in SQLModel.metadata.sorted_tables} - copying.DERIVED - copying.PASSING
    assert all(
        rows[name]
        for name in ("turns", "interviews", "quotes", "tags", "citations", "deals", "bookings", "call_consents")
    )
    assert _dump(another_file) == _dump(sqlite_url)
    await back.close()


async def test_a_value_that_differs_or_is_missing_shows(db: Database) -> None:
    async with db.write() as tx:
        tx.add_all(HypothesisRow(flow=flow, text="ä\u2028\x7f", changed_at=AT) for flow in ("loss", "win"))
    async with db.write() as tx:
        before = await copying.recount(tx, HYPOTHESES)
        assert [account.rows for account in before] == [2]
        for change in ("UPDATE hypotheses SET version = 2 WHERE flow = 'win'", "DELETE FROM hypotheses"):
            await (await tx.connection()).execute(text(change))
            assert await copying.recount(tx, before) != before


async def test_ids_that_were_given_once_are_not_given_again(
    sqlite_deps: Deps, postgres: Database, another_file: str
) -> None:
    await scene.suggested(sqlite_deps)
    async with sqlite_deps.db.write() as tx:
        last = (await tx.exec(select(TagRow).order_by(text("id DESC")))).first()
        assert last is not None and last.id is not None
        await tx.delete(last)
    file = Database(another_file)
    for source, target in ((sqlite_deps.db, postgres), (postgres, file)):
        await copy(source, target)
    for database in (postgres, file):
        async with database.write() as tx:
            fresh = TagRow(quote_id=last.quote_id, theme="praise")
            tx.add(fresh)
            await tx.flush()
            assert fresh.id == last.id + 1
    await file.close()


async def test_nothing_stays_nothing(sqlite_deps: Deps, postgres: Database) -> None:
    """A JSON column that is empty must not say `null` on the other side."""
    await scene.suggested(sqlite_deps)
    await copy(sqlite_deps.db, postgres)
    async with postgres.read() as tx:
        connection = await tx.connection()
        words = await connection.execute(text("SELECT count(*) FROM turns WHERE CAST(assessment AS text) = 'null'"))
        nothing = await connection.execute(text("SELECT count(*) FROM turns WHERE assessment IS NULL"))
        assert (words.scalar_one(), nothing.scalar_one() > 0) == (0, True)


async def test_while_it_is_read_alone_nobody_writes(db: Database) -> None:
    async with copying.snapshot(db, alone=True) as tx:
        assert await copying.is_empty(tx)
        with pytest.raises((sqlite3.OperationalError, psycopg.errors.LockNotAvailable)):
            await asyncio.to_thread(_write, db)
    await asyncio.to_thread(_write, db)
    async with db.read() as tx:
        assert not await copying.is_empty(tx)


async def test_a_snapshot_is_of_one_moment(db: Database) -> None:
    async with copying.snapshot(db) as tx:
        assert await copying.is_empty(tx)
        async with db.write() as late:
            late.add(HypothesisRow(flow="loss", changed_at=AT))
        assert await copying.is_empty(tx)


async def test_who_is_alive_is_not_copied(db: Database) -> None:
    async with db.write() as tx:
        tx.add(HeartbeatRow(executor_id="x", at=AT))
    async with db.read() as tx:
        assert await copying.is_empty(tx)
        assert [batch async for batch in copying.read(tx)] == []


async def test_older_rows_get_defaults_for_what_they_lack(db: Database) -> None:
    async def batches() -> AsyncIterator[Batch]:
        yield "hypotheses", [{"flow": "loss", "text": "t", "version": 1, "changed_at": AT}]

    async with db.write() as tx:
        told = await copying.load(tx, batches())
        assert await copying.recount(tx, told) == told


@pytest.mark.parametrize("batch", [("heartbeats", []), ("workflow_status", [{"a": 1}])])
async def test_what_is_not_copied_is_refused(db: Database, batch: Batch) -> None:
    async def batches() -> AsyncIterator[Batch]:
        yield batch

    with pytest.raises(BadInput, match="is no table that is copied"):
        async with db.write() as tx:
            await copying.load(tx, batches())


async def test_what_postgresql_cannot_hold_is_named_by_table(sqlite_deps: Deps, postgres: Database) -> None:
    async with sqlite_deps.db.write() as tx:
        tx.add(HypothesisRow(flow="loss", text="secret\0", changed_at=AT))
    with pytest.raises(BadInput, match="table hypotheses") as caught:
        await copy(sqlite_deps.db, postgres)
    assert "secret" not in str(caught.value)
    async with postgres.read() as tx:
        assert await copying.is_empty(tx)


def test_the_same_values_are_the_same_text() -> None:
    row = {"b": 1.5, "a": AT, "c": {"y": None, "x": ["é", True]}, "d": date(2026, 3, 1), "e": b"\x01"}
    berlin = AT.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+01:00").tzinfo)
    assert copying.canonical(row) == copying.canonical(dict(reversed({**row, "a": berlin}.items())))
    with pytest.raises(TypeError):
        copying.canonical({"a": object()})


def test_the_order_does_not_matter_and_equal_rows_do_not_cancel_out() -> None:
    def tallied(*rows: dict[str, object]) -> str:
        tally = copying.Tally("t")
        for row in rows:
            tally.add([row])
        return tally.account().digest

    assert tallied({"a": 1}, {"a": 2}) == tallied({"a": 2}, {"a": 1}) != tallied({"a": 1}, {"a": 1})
    assert tallied({"a": 1}, {"a": 1}) != tallied()


def test_tables_are_copied_after_those_that_they_point_at_and_none_at_itself() -> None:
    seen: set[str] = set()
    for table in copying.copied():
        assert {key.column.table.name for key in table.foreign_keys} <= seen, table.name
        seen.add(table.name)
    assert not (copying.DERIVED | copying.PASSING) - {table.name for table in SQLModel.metadata.sorted_tables}


def _write(db: Database) -> None:
    """As somebody else does, who does not wait."""
    statement = "INSERT INTO notices (digest, text, first_shown_at) VALUES ('d', '', '2026-03-01 09:30:00')"
    if db.file is not None:
        with closing(sqlite3.connect(db.file, timeout=0, isolation_level=None)) as file:
            file.execute(statement)
    else:
        with psycopg.connect(db.url.replace("+psycopg", ""), options="-c lock_timeout=50") as server:
            server.execute(statement)


def _dump(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every copied table of a file as SQLite keeps it, with what it remembers of ids. The word null is nothing."""
    with closing(sqlite3.connect(url.partition(":///")[2])) as file:
        names = [table.name for table in copying.copied()]
        marks = f"sqlite_sequence WHERE name IN ({', '.join(map(repr, names))})"
        return {
            name: sorted((tuple(None if value == "null" else value for value in row) for row in found), key=repr)
            for name in (*names, marks)
            for found in [file.execute(f"SELECT * FROM {name}")]
        }

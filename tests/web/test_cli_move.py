"""`interviewer move` takes everything along, or nothing: between both kinds of database, in both directions."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import select

from interviewer.jobs.sole import SoleWorker
from interviewer.store import copying, jobs, search
from interviewer.store.copying import Account
from interviewer.store.db import Database, Tx
from interviewer.store.tables.analysis import JobRunRow
from tests.conftest import MakeDeps
from tests.fakes.databases import PostgresServer
from tests.fakes.jobs import RecordingJobs
from tests.web import review_scene as scene
from tests.web.cli_scene import Run, home, run

__all__ = ["home", "run"]
T = TypeVar("T")


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Without a schema, as `createdb` makes it."""
    with postgres_server.empty() as url:
        yield url.replace("+psycopg", "")


@pytest.fixture
def kept(sqlite_url: str, make_deps: MakeDeps, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in use: a reviewed interview, and work that is not over."""

    async def fill() -> None:
        database = Database(sqlite_url)
        await scene.suggested(replace(make_deps(database), jobs=RecordingJobs(shown=False)))
        async with database.write() as tx:
            await jobs.ask(tx, "analyse", "left over", datetime.now(UTC))
        await database.close()

    asyncio.run(fill())
    monkeypatch.setenv("INTERVIEWER_DATABASE_URL", sqlite_url)
    return Path(sqlite_url.partition(":///")[2])


def test_there_and_back(
    run: Run, kept: Path, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = run("move", "--to", postgres_url, "--json")
    assert there.code == 0, there.err
    monkeypatch.setenv("INTERVIEWER_DATABASE_URL", postgres_url)
    back = run("move", "--to", f"sqlite:///{tmp_path / 'new' / 'back.db'}", "--json")
    assert back.code == 0, back.err
    (told,) = there.lines
    assert back.lines == [told]
    rows = {one["table"]: one["rows"] for one in told["tables"]}  # type: ignore[index, attr-defined]
    assert (rows["interviews"], told["indexed"]) == (1, 1) and rows["turns"] > 5 and rows["job_runs"] == 1

    async def found(tx: Tx) -> tuple[list[str], int]:
        waiting = (await tx.exec(select(JobRunRow.key))).all()
        return list(waiting), len(await search.missing(tx, 5))

    assert reading(f"sqlite+aiosqlite:///{tmp_path / 'new' / 'back.db'}", found) == (["left over"], 0)


def test_the_account_is_told_in_words(run: Run, kept: Path, postgres_url: str) -> None:
    told = run("move", "--to", postgres_url)
    assert told.code == 0, told.err
    assert (
        " turns" in f" {told.out}" and "Moved and compared:" in told.out and "Indexed for the library: 1." in told.out
    )
    assert postgres_url not in told.out
    assert run("move", "--to", postgres_url).err.startswith("--to: something is kept there already")


def test_the_old_database_stays_as_it_was(run: Run, kept: Path, postgres_url: str) -> None:
    before = dump(kept)
    assert run("move", "--to", postgres_url).code == 0
    assert dump(kept) == before


def test_a_move_that_ends_in_the_middle_leaves_nothing(
    run: Run, kept: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(kept)

    async def half(tx: Tx) -> AsyncIterator[copying.Batch]:
        async for name, rows in real(tx):
            yield name, rows
            if name == "interviews":
                raise KeyboardInterrupt

    real = copying.read
    monkeypatch.setattr(copying, "read", half)
    assert run("move", "--to", postgres_url).code == 130
    assert dump(kept) == before and reading(postgres_url, copying.is_empty)
    monkeypatch.setattr(copying, "read", real)
    assert run("move", "--to", postgres_url).code == 0


def test_what_arrives_different_is_not_kept(
    run: Run, kept: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def off_by_one(tx: Tx, given: tuple[Account, ...]) -> tuple[Account, ...]:
        return (Account("turns", 1, ""), *(await real(tx, given))[1:])

    real = copying.recount
    monkeypatch.setattr(copying, "recount", off_by_one)
    told = run("move", "--to", postgres_url)
    assert told.code == 1 and "nothing was moved" in told.err
    assert reading(postgres_url, copying.is_empty)


def test_a_server_that_works_on_it_has_to_stop_first(
    run: Run, kept: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = SoleWorker(kept)
    assert server.acquire()
    told = run("move", "--to", postgres_url)
    assert told.code == 1 and told.err.startswith("A server works on")
    server.release()
    assert run("move", "--to", postgres_url).code == 0

    async def beat() -> None:
        database = Database(postgres_url.replace("postgresql:", "postgresql+psycopg:"))
        async with database.write() as tx:
            await jobs.beat(tx, "somebody", datetime.now(UTC))
        await database.close()

    asyncio.run(beat())
    monkeypatch.setenv("INTERVIEWER_DATABASE_URL", postgres_url)
    told = run("move", "--to", f"sqlite:///{kept.parent / 'other.db'}")
    assert told.code == 1 and "A server works on one of the two" in told.err


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("mysql://host/name", "--to: is not the address of a database"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "--to: "),
        ("sqlite:///interviewer-data/../{file}", "--to: is the database in use"),
    ],
)
def test_what_cannot_be_moved_to_is_told(run: Run, kept: Path, to: str, said: str) -> None:
    told = run("move", "--to", to.replace("interviewer-data/../{file}", str(kept)))
    assert told.code == 1 and told.err.startswith(said) and "secret" not in told.err and "Traceback" not in told.err


def test_a_database_that_is_not_there_is_not_made(run: Run, home: Path, postgres_url: str) -> None:
    told = run("move", "--to", postgres_url)
    assert told.code == 1 and told.err.startswith("There is nothing to move")
    assert not (home / "interviewer-data").exists()


def test_help_says_what_becomes_of_the_old_one(run: Run) -> None:
    assert "stays as it is" in " ".join(run("move", "--help").out.split())


def reading(url: str, ask: Callable[[Tx], Awaitable[T]]) -> T:
    async def answer() -> T:
        database = Database(url.replace("postgresql:", "postgresql+psycopg:"))
        async with database.read() as tx:
            found = await ask(tx)
        await database.close()
        return found

    return asyncio.run(answer())


def dump(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return list(database.iterdump())

"""The schema comes from migrations alone, and is what the tables say, on both databases."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory

import interviewer
from interviewer.jobs import queue
from interviewer.store import health, migrate
from tests.fakes.databases import PostgresServer

ROOT = Path(interviewer.__file__).parents[1]
VERSIONS = ROOT / "interviewer" / "store" / "migrations" / "versions"


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'new' / 'interviewer.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.empty() as url:
            yield url


def test_a_new_database_has_no_drift(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    assert migrate.check(empty_url) == ()


def test_upgrading_twice_is_harmless(database_url: str) -> None:
    migrate.upgrade(database_url)
    assert migrate.check(database_url) == ()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE heartbeats ADD COLUMN extra VARCHAR",
        "DROP INDEX ix_hits_bucket",
        "CREATE TABLE forgotten (id INTEGER)",
        "DROP TABLE hits",
    ],
)
def test_drift_is_found(database_url: str, change: str) -> None:
    execute(database_url, change)
    assert migrate.check(database_url) != ()


def test_tables_of_the_job_engine_are_no_drift(database_url: str) -> None:
    queue.migrate(database_url)
    assert migrate.check(database_url) == ()


def test_a_full_text_index_is_no_drift(sqlite_url: str) -> None:
    execute(sqlite_url, "CREATE VIRTUAL TABLE turns_fts USING fts5(search_text)")
    assert migrate.check(sqlite_url) == ()


async def test_processes_that_start_at_once_migrate_once(empty_url: str, tmp_path: Path) -> None:
    """From another folder, as an installed package would."""
    script = "import sys; from interviewer.store import migrate; migrate.upgrade(sys.argv[1])"
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, empty_url, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        for _ in range(3)
    ]
    assert [await process.wait() for process in processes] == [0, 0, 0]
    assert migrate.check(empty_url) == ()


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    with pytest.raises(ZeroDivisionError), migrate.locked(empty_url) as connection:
        connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
        raise ZeroDivisionError
    migrate.upgrade(empty_url)
    assert migrate.check(empty_url) == ()


def test_migrations_name_nothing_of_the_application() -> None:
    for file in VERSIONS.glob("*.py"):
        assert not re.search(r"^(from|import) (interviewer|sqlmodel)", file.read_text(), re.MULTILINE), file.name


def test_revisions_are_known_by_their_files() -> None:
    walked = ScriptDirectory(str(VERSIONS.parent)).walk_revisions()
    assert health.known() == tuple(one.revision for one in walked)


def execute(url: str, statement: str) -> None:
    if url.startswith("sqlite"):
        file = sqlite3.connect(url.partition(":///")[2])
        file.execute(statement)
        file.commit()
        file.close()
    else:
        with psycopg.connect(url.replace("+psycopg", "")) as server:
            server.execute(statement)

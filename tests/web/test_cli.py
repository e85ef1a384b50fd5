"""The commands as people type them: what they print, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from interviewer import logs
from interviewer.cli import main
from interviewer.cli.running import with_deps
from interviewer.cli.serve import GRACE_S
from interviewer.deps import Deps
from interviewer.languages import names
from interviewer.settings import Settings
from interviewer.store import db, migrate
from interviewer.web.buyer.chat import PLAIN_MARGIN_S
from tests.fakes.provider import Provider
from tests.store import booking_scene

KEY = "a-key-for-tests-that-is-long-enough-000"
NAMES = {
    "INTERVIEWER_ORGANISATION": "Tidewater",
    "INTERVIEWER_PRODUCT": "Tidewater Flow",
    "INTERVIEWER_ASKER": "Mara Lindqvist",
}
COMMAND = [sys.executable, "-c", "from interviewer.cli import main; main()"]


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in, with the least that has to be set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTERVIEWER_SECRET_KEYS", KEY)
    monkeypatch.setenv("INTERVIEWER_BASE_URL", "http://testserver")
    for name, value in NAMES.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["interviewer", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return call


@contextmanager
def running(*words: str, cwd: Path, **env: str) -> Iterator[subprocess.Popen[str]]:
    """A command that serves, stopped at the end."""
    root = str(Path(__file__).parents[2])
    started = subprocess.Popen(
        [*COMMAND, *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": root, "COLUMNS": "200", "PYTHONUNBUFFERED": "1", **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
        started.communicate()


def read_until(process: subprocess.Popen[str], sign: str) -> str:
    """What it printed up to the line that holds `sign`."""
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if sign in line:
            return said
    raise AssertionError(said)


def get(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'sqlalchemy', 'fastapi', 'openai', 'dbos', 'alembic', 'pydantic', 'pydantic_settings', 'uvicorn'}"
    code = f"import sys, interviewer.cli; print(sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize("words", [["--help"], ["demo", "-h"], ["invite", "--help"], ["user", "add", "--help"]])
def test_every_command_helps(run: Run, words: list[str]) -> None:
    result = run(*words)
    assert result.code == 0 and "Usage" in result.out


@pytest.mark.parametrize(
    "words", [["dance"], ["invite"], ["serve", "--port", "many"], ["invite", "--email", "a@b.example", "--csv", "x"]]
)
def test_what_is_no_command_is_exit_code_2(run: Run, words: list[str]) -> None:
    result = run(*words)
    assert result.code == 2 and "Traceback" not in result.err


def test_invites_one_person(run: Run) -> None:
    result = run("invite", "--email", "ana@acme.example", "--name", "Ana", "--json")
    (line,) = result.lines
    assert result.code == 0
    assert (line["name"], line["email"], line["flow"], line["created"]) == ("Ana", "ana@acme.example", "loss", True)
    assert str(line["link"]).startswith("http://testserver/i/") and str(line["opt_out_link"]).startswith(
        "http://testserver/o/"
    )
    assert "http://testserver/i/" in run("invite", "--email", "ana@acme.example").out


def test_invites_a_file_twice_with_the_same_links(run: Run, home: Path) -> None:
    (home / "buyers.csv").write_text("email;name;flow\nana@acme.example;=Ana;win\nben@bolt.example;Ben;\n")
    first = run("invite", "--csv", "buyers.csv")
    again = run("invite", "--csv", "buyers.csv", "--json")
    rows = list(csv.DictReader(io.StringIO(first.out)))
    assert [row["name"] for row in rows] == ["'=Ana", "Ben"]
    assert [row["link"] for row in rows] == [line["link"] for line in again.lines]
    assert first.err.strip() == "2 invited." and again.err.strip() == "2 there already."


def test_a_bad_file_names_row_column_and_value_and_invites_nobody(run: Run, home: Path) -> None:
    (home / "buyers.csv").write_text("email,closed_on,amount\nana@acme.example,2026-11-03,5\nben,3.11.26,lots\n")
    result = run("invite", "--csv", "buyers.csv")
    assert result.code == 1 and result.out == ""
    assert result.err.splitlines() == [
        "Nobody was invited:",
        "row 3, email: 'ben' is not an address",
        "row 3, amount: 'lots' is not a number; write 18400 or 18,400.00, without the currency",
        "row 3, closed_on: '3.11.26' is not a date; write it as 2026-11-03",
    ]
    (home / "buyers.csv").write_text("email\nana@acme.example\n")
    assert run("invite", "--csv", "buyers.csv").err.strip() == "1 invited."


def test_links_go_to_a_file_that_only_its_owner_reads(run: Run, home: Path) -> None:
    (home / "buyers.csv").write_text("email,shoe\nana@acme.example,43\n")
    assert run("invite", "--csv", "buyers.csv", "--out", "links.csv").code == 1
    result = run("invite", "--csv", "buyers.csv", "--out", "links.csv", "--ignore-unknown")
    assert (result.code, result.out) == (0, "")
    assert (home / "links.csv").stat().st_mode & 0o777 == 0o600
    assert (
        (home / "links.csv").read_text().startswith("link,opt_out_link,name,email,flow,created\nhttp://testserver/i/")
    )


def test_a_missing_file_is_told_in_one_line(run: Run) -> None:
    result = run("invite", "--csv", "nowhere.csv")
    assert result.code == 1 and result.err.strip() == "nowhere.csv: No such file or directory"


def test_users_and_their_links(run: Run) -> None:
    assert run("user", "link", "mara@tidewater.example").code == 1
    assert run("user", "add", "mara@tidewater.example", "--role", "boss").code == 1
    assert run("user", "add", "Mara@tidewater.example", "--role", "admin", "--name", "Mara").code == 0
    (line,) = run("user", "link", "mara@tidewater.example", "--json").lines
    assert line["email"] == "mara@tidewater.example" and str(line["link"]).startswith("http://testserver/desk/sign-in/")
    assert "the last admin" in run("user", "disable", "mara@tidewater.example").err
    assert run("user", "add", "ann@tidewater.example", "--role", "admin").code == 0
    assert run("user", "disable", "mara@tidewater.example").code == 0
    assert "Nobody who may sign in" in run("user", "link", "mara@tidewater.example").err


def test_who_works_at_the_desk_is_said_from_the_server(run: Run) -> None:
    assert run("user", "add", "ann@tidewater.example", "--role", "admin").code == 0
    assert run("user", "add", "zoe@tidewater.example", "--name", "Zoe").code == 0
    assert run("user", "role", "zoe@tidewater.example", "product").code == 0
    assert "is not one of" in run("user", "role", "zoe@tidewater.example", "boss").err
    assert "the last admin" in run("user", "role", "ann@tidewater.example", "pmm").err
    assert run("user", "disable", "zoe@tidewater.example").code == 0
    _, zoe = run("user", "list", "--json").lines
    expected = {"email": "zoe@tidewater.example", "name": "Zoe", "role": "product", "disabled": True}
    assert expected | {"by_groups": False, "by_company": False, "last_seen_at": None} == zoe
    assert run("user", "enable", "Zoe@tidewater.example").code == 0
    assert run("user", "unlink", "zoe@tidewater.example").code == 0
    assert "zoe@tidewater.example\tproduct\tnever seen\tmay sign in" in run("user", "list").out
    for command in (
        ("role", "no@x.example", "pmm"),
        *((act, "no@x.example") for act in ("disable", "enable", "unlink")),
    ):
        assert run("user", *command).err.strip() == "Nobody has the address no@x.example."


def test_doctor_looks_at_the_companys_sign_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> str:
        (line,) = (line for line in run("doctor").out.splitlines() if line.split()[1] == "company")
        return " ".join(line.split())

    with Provider() as provider:
        for name, value in provider.env.items():
            monkeypatch.setenv(name, value)
        assert found() == (
            f"ok company {provider.issuer} answers and has 1 signing key; roles are given at the desk alone; "
            "register http://testserver/desk/sign-in/company/back there as redirect URI"
        )
        provider.faults.add("500 /jwks")
        assert found().startswith("fail company nobody can sign in by the company: it answers 500;")
    assert "cannot be reached" in found() and "interviewer user link" in found()
    monkeypatch.setenv("INTERVIEWER_OIDC_CLIENT_ID", "")
    assert found().startswith("fail company INTERVIEWER_OIDC_CLIENT_ID: is missing")


def test_who_leaves_with_calls_to_come_is_told_of(run: Run) -> None:
    async def book(deps: Deps) -> None:
        await booking_scene.host(deps, "Mara")
        invitation_id = await booking_scene.buyer(deps)
        await booking_scene.take(deps, invitation_id, (await booking_scene.starts(deps, invitation_id))[0])

    assert "Nobody holds" not in run("user", "add", "nils@tidewater.example").err
    with_deps(book)
    assert "Nobody holds 1 call to come now" in run("user", "disable", "mara@tidewater.example").err
    assert "Nobody holds 1 call" in run("user", "add", "mara@tidewater.example", "--role", "sales").err
    assert "nobody holds 1 call to come" in run("doctor").out
    assert "Nobody holds" not in run("user", "add", "mara@tidewater.example", "--role", "pmm").err


@pytest.mark.parametrize(
    ("keys", "said"),
    [("", "is missing"), ("short", "short or easy"), ("a" * 40, "short or easy"), (f"{KEY},b", "short")],
)
def test_weak_keys_are_refused_with_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch, keys: str, said: str) -> None:
    monkeypatch.setenv("INTERVIEWER_SECRET_KEYS", keys)
    for words in (["invite", "--email", "ana@acme.example"], ["serve", "--port", "0"]):
        result = run(*words)
        assert result.code == 1 and "INTERVIEWER_SECRET_KEYS" in result.err and said in result.err
        assert "Traceback" not in result.err


def test_serving_without_names_is_refused_with_all_that_is_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Buyers must not read "You looked at  and went another way"."""
    for name in NAMES:
        monkeypatch.setenv(name, " ")
    result = run("serve", "--port", "0")
    assert result.code == 1 and "Traceback" not in result.err
    assert [line.split(":")[0] for line in result.err.splitlines()] == list(NAMES)
    monkeypatch.setenv("INTERVIEWER_SECRET_KEYS", "")
    assert len(run("serve", "--port", "0").err.splitlines()) == len(NAMES) + 1


@pytest.mark.parametrize(
    "words", [["invite", "--email", "a@b.example", "--name", "\udcff"], ["user", "add", "\udcff@b.c"]]
)
def test_bytes_that_are_not_text_are_refused(run: Run, words: list[str]) -> None:
    result = run(*words)
    assert result.code == 1 and "Traceback" not in result.err and result.err


def test_a_language_without_words_is_told(run: Run) -> None:
    told = run("invite", "--email", "a@b.example", "--language", "nl-BE")
    assert told.code == 0 and "There are no words in Dutch (nl) yet: these buyers read English." in told.err
    told = run("invite", "--email", "c@b.example", "--language", "qx")
    assert "There are no words in “qx” yet" in told.err
    assert "no words in" not in run("invite", "--email", "b@b.example", "--language", "de").err


@pytest.mark.parametrize(("level", "code"), [("LOUD", 1), ("debug", 0)])
def test_a_level_that_logs_do_not_have_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, level: str, code: int
) -> None:
    monkeypatch.setenv("INTERVIEWER_LOG_LEVEL", level)
    result = run("migrate")
    assert result.code == code and ("INTERVIEWER_LOG_LEVEL: 'LOUD'" in result.err) is bool(code)


def test_logs_of_another_server_hold_no_answers_either(home: Path) -> None:
    """`open_app` under a server of one's own, as its documentation has it."""
    code = """
import structlog
from interviewer import bootstrap
app = bootstrap.open_app(bootstrap.load_settings())
def fail(answer):
    raise ValueError(answer)
try:
    fail("canary in an answer")
except ValueError:
    structlog.get_logger().exception("request failed")
"""
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=home, env={**os.environ, "PYTHONPATH": root}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "canary" not in done.stdout + done.stderr and "builtins.ValueError" in done.stderr


def test_a_stop_lets_the_slowest_reply_end() -> None:
    (longest,) = (rule.le for rule in Settings.model_fields["reply_deadline_s"].metadata if hasattr(rule, "le"))
    assert longest + PLAIN_MARGIN_S < GRACE_S


def test_a_bad_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_LINK_DAYS", "never")
    result = run("migrate")
    assert result.code == 1 and result.err.startswith("INTERVIEWER_LINK_DAYS:")


def test_an_unreachable_database_is_told_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none")
    result = run("migrate")
    assert result.code == 1 and "Traceback" not in result.err and "secret" not in result.err
    assert "INTERVIEWER_DATABASE_URL" in result.err
    result = run("doctor")
    assert result.code == 1 and "check INTERVIEWER_DATABASE_URL" in result.out and "secret" not in result.out


def test_a_locked_database_is_told_in_one_line(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 100)
    run("migrate")
    with closing(sqlite3.connect(home / "interviewer-data/interviewer.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(migrate, "upgrade", lambda url: None)  # it would wait for two minutes
        result = run("invite", "--email", "ana@acme.example")
    assert result.code == 1 and result.err.strip() == "INTERVIEWER_DATABASE_URL: database is locked"


def test_flows_are_listed_and_checked(run: Run, home: Path) -> None:
    assert {line.split()[0] for line in run("flows", "list").out.splitlines()} == {
        "loss",
        "win",
        "no_decision",
        "churn",
        "midpoint",
    }
    assert run("flows", "check").code == 0
    shipped = Path(__file__).parents[2] / "interviewer/flows/win.toml"
    (home / "own.toml").write_text(
        shipped.read_text(encoding="utf-8").replace("weight = 10", "weight = 11"), encoding="utf-8"
    )
    assert run("flows", "check", str(shipped)).code == 0
    result = run("flows", "check", "own.toml")
    assert result.code == 1 and result.err.startswith("own.toml: topics[")
    assert ".weight (topic `decision`): is 11; it may be at most 10\n" in result.err


def test_doctor_finds_what_is_wrong_and_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is not there yet" in run("doctor").out
    run("migrate")
    well = run("doctor")
    states = {line.split()[1]: line.split()[0] for line in well.out.splitlines()}
    assert well.code == 0
    assert states == {
        "database": "ok",
        "clock": "ok",
        "opt-outs": "ok",
        "keys": "ok",
        "names": "ok",
        "contact": "warn",
        "disk": "ok",
        "flows": "ok",
        "mail": "warn",
        "model": "ok",
        "running": "ok",
        "address": "warn",
    }
    monkeypatch.setenv("INTERVIEWER_SECRET_KEYS", "short")
    monkeypatch.setenv("INTERVIEWER_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("INTERVIEWER_SMTP_PORT", "1")
    monkeypatch.setenv("INTERVIEWER_SMTP_FROM", "research@tidewater.example")
    monkeypatch.delenv("INTERVIEWER_ASKER")
    ill = run("doctor")
    assert ill.code == 1 and "set INTERVIEWER_ASKER" in ill.out
    assert {line.split()[1] for line in ill.out.splitlines() if line.startswith("fail")} == {"keys", "names", "mail"}


def test_doctor_tells_an_opt_out_that_lost_its_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from interviewer import invitations
    from interviewer.cli.running import with_deps

    (line,) = run("invite", "--email", "ana@acme.example", "--json").lines
    with_deps(lambda deps: invitations.opt_out(deps, str(line["opt_out_link"]).rsplit("/", 1)[1]))
    monkeypatch.setenv("INTERVIEWER_SECRET_KEYS", "another-key-that-is-long-enough-for-tests")
    result = run("doctor")
    assert result.code == 1 and "put that key back in front of INTERVIEWER_SECRET_KEYS" in result.out


def test_a_trace_says_where_and_never_what_was_typed() -> None:
    try:
        try:
            raise ValueError("canary in an answer")
        except ValueError as error:
            raise KeyError("canary in another") from error
    except KeyError as error:
        told = logs.trace((KeyError, error, error.__traceback__))
    assert "canary" not in told
    assert "builtins.KeyError" in told and "builtins.ValueError" in told and "test_cli.py:" in told


def test_serves_where_it_listens_and_logs_no_token(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTERVIEWER_BASE_URL")
    with running("serve", "--port", "0", cwd=home) as server:
        said = read_until(server, "Interviewer answers at")
        url = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert url and get(f"{url[0]}/healthz") == 200
        assert get(f"{url[0]}/i/canary-token-in-a-link") == 404
        server.send_signal(signal.SIGINT)
        rest, _ = server.communicate(timeout=20)
    assert server.returncode in (0, -signal.SIGINT, 130) and "canary" not in said + rest


def test_a_taken_port_is_told(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", str(taken.getsockname()[1]))
    assert result.code == 1 and "Choose another with --port." in result.err


@pytest.mark.parametrize("command", ["demo", "invite"])
def test_help_names_every_language_that_is_there(run: Run, command: str) -> None:
    shipped = {path.stem for path in (Path(__file__).parents[2] / "interviewer/languages").glob("*.toml")}
    told = run(command, "--help").out.replace(",", " ").replace(".", " ").split()
    assert shipped <= set(told) and shipped <= set(names.NAMES)

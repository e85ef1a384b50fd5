"""What every command has in common: help, exit codes, settings that cannot work; and `flows`, and `serve`."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from interviewer import logs
from interviewer.cli.serve import GRACE_S
from interviewer.languages import names
from interviewer.settings import Settings
from interviewer.store import db, migrate
from interviewer.web.buyer.chat import PLAIN_MARGIN_S
from tests.web.cli_scene import KEY, NAMES, Run, get, home, read_until, run, running

__all__ = ["home", "run"]


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'sqlalchemy', 'fastapi', 'openai', 'dbos', 'alembic', 'pydantic', 'pydantic_settings', 'uvicorn'}"
    code = f"import sys, interviewer.cli.commands; print(sorted({heavy} & set(sys.modules)))"
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
        rest, _ = server.communicate(timeout=120)
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

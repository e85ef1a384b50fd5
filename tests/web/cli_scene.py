"""The commands as people type them, in a folder of their own: in this process, or one that serves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from interviewer.cli import main

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
        with urllib.request.urlopen(url, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code

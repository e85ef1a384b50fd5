"""SIGHUP, which is how a change to `.env` gets to a server in several processes: whole, or not at all."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.web.cli_scene import home, read_until, running
from tests.web.test_workers import LONG_S

__all__ = ["home"]


class Server:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        said = read_until(process, "Interviewer answers at")
        while len(pids := re.findall(r"worker serves.*pid=(\d+)", said)) < 2:
            said += read_until(process, "worker serves")
        self.url = said.partition("Interviewer answers at ")[2].split()[0]
        self.pids = [int(pid) for pid in pids]

    def is_https(self) -> bool:
        """Whether its own address, as links carry it, is one of https."""
        with urllib.request.urlopen(f"{self.url}/healthz", timeout=60) as answer:
            return "Strict-Transport-Security" in answer.headers

    def reload(self) -> None:
        self._process.send_signal(signal.SIGHUP)

    def renew(self) -> None:
        """Reload, and wait until nobody answers any more who did before."""
        children = psutil.Process(self._process.pid).children()
        old = [child for child in children if any("spawn_main" in word for word in child.cmdline())]
        self.reload()
        _, left = psutil.wait_procs(old, timeout=LONG_S)
        assert len(old) == 2 and not left

    def says(self, sign: str) -> str:
        return read_until(self._process, sign)


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Two processes that nobody told their address."""
    monkeypatch.delenv("INTERVIEWER_BASE_URL")
    with running("serve", "--workers", "2", "--port", "0", cwd=home) as process:
        yield Server(process)


def test_an_address_that_is_set_later_is_taken(server: Server, home: Path) -> None:
    assert not server.is_https()
    (home / ".env").write_text("INTERVIEWER_BASE_URL=https://talk.example.com\n")
    server.renew()
    assert server.is_https()
    (home / ".env").unlink()
    server.renew()
    assert not server.is_https()


def test_settings_that_no_process_starts_with_are_not_kept(server: Server, home: Path) -> None:
    """The next to die is replaced by one that has those of before."""
    (home / ".env").write_text("INTERVIEWER_LOGO=nowhere.png\n")
    server.reload()
    assert "INTERVIEWER_LOGO: nowhere.png is not there" in server.says("the old ones stay")
    os.kill(server.pids[0], signal.SIGKILL)
    assert "INTERVIEWER_LOGO" not in server.says("worker serves")

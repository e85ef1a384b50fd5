"""The real server in a process of its own, as a person starts it; it can be killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from interviewer import bootstrap, invitations
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.settings import Settings

T = TypeVar("T")
KEY = "a-key-for-tests-that-is-long-enough-000"
_PATIENCE_S = 180
"""Never waited for where all is well: a machine may be slow."""


def free_port() -> int:
    """One that nobody listens on, and below those that systems hand out: no connection comes to have it meanwhile."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class LiveServer:
    """`interviewer serve` on a data folder, in so many processes. `env` is added to its settings."""

    def __init__(self, folder: Path, *, workers: int = 1, options: Sequence[str] = (), **env: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.log = folder / "server.log"
        self._env = {
            "INTERVIEWER_DATA_DIR": str(folder / "data"),
            "INTERVIEWER_BASE_URL": self.url,
            "INTERVIEWER_SECRET_KEYS": KEY,
            "INTERVIEWER_ORGANISATION": "Tidewater",
            "INTERVIEWER_PRODUCT": "Tidewater Flow",
            "INTERVIEWER_ASKER": "Mara Lindqvist",
            "INTERVIEWER_CONTACT": "research@tidewater.example",
            **env,
        }
        self._workers = workers
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "interviewer", "serve", "--port", str(self.port)]
        command += ["--workers", str(self._workers)] if self._workers > 1 else []
        command += self._options
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env={**os.environ, **self._env}, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()[-4000:]}")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def workers(self) -> list[int]:
        """Process ids of those that serve now, of several; those that serve no more left out."""
        served = [int(pid) for pid in re.findall(r"worker serves .*pid=(\d+)", self.log.read_text())]
        return [pid for pid in served if _lives(pid)]

    def kill(self) -> None:
        """As a crash does: no good-bye."""
        self._stop(signal.SIGKILL)

    def stop(self) -> None:
        """As a deploy does: open requests end."""
        self._stop(signal.SIGTERM)

    def wait(self) -> int:
        """Its exit code, once it has ended of itself or by a signal."""
        assert self._process is not None
        return self._process.wait(timeout=_PATIENCE_S)

    def _stop(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=_PATIENCE_S)

    @property
    def settings(self) -> Settings:
        """What the server runs with, for use cases on the same database."""
        given = {name.removeprefix("INTERVIEWER_").lower(): value for name, value in self._env.items()}
        return Settings(**{name: value for name, value in given.items() if name in Settings.model_fields})  # type: ignore[arg-type]

    def do(self, work: Callable[[Deps], Awaitable[T]]) -> T:
        """Run a use case on the server's own database, from this process."""

        async def run() -> T:
            deps = bootstrap.build(self.settings)
            try:
                return await work(deps)
            finally:
                await deps.jobs.stop()
                await deps.db.close()

        # Playwright keeps a loop running in the test's own thread.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, run()).result()

    def invite(self, email: str = "kim@buyer.example", **given: str) -> str:
        """Invite somebody and give the link."""

        async def one(deps: Deps) -> str:
            invitee = Invitee(email=email, name="Kim Osei", role="champion", company="Northgate Pools", **given)
            return (await invitations.invite(deps, [invitee]))[0].link

        return self.do(one)

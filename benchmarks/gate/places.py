"""Where the gate's server keeps its data, and how that is made to fail: a lock, a full disk, one that is away."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from interviewer.store import migrate
from tests.fakes.databases import PostgresServer

_CHUNK = b"\0" * 65536


class SqlitePlace:
    """A file, on a small file system of its own where that may be mounted."""

    troubles = ("lock", "disk")

    def __init__(self, folder: Path, *, size_mb: int) -> None:
        self._data = folder / "data"
        self._data.mkdir()
        self.small_disk = _mount(self._data, size_mb)
        """Whether a full disk is a real one; else files of the server may not grow."""
        self.file = self._data / "interviewer.db"
        self.url = f"sqlite+aiosqlite:///{self.file}"
        migrate.upgrade(self.url)

    def lock(self, seconds: float) -> None:
        """Somebody else writes, and takes their time."""
        with closing(sqlite3.connect(self.file, timeout=30, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            other.execute("ROLLBACK")

    def disk(self, seconds: float, pids: Callable[[], Sequence[int]]) -> None:
        """Not a byte more can be written."""
        with _filled(self._data / "filler") if self.small_disk else _capped(pids):
            time.sleep(seconds)

    def close(self) -> None:
        if self.small_disk:
            subprocess.run(["umount", "--lazy", str(self._data)], check=False)


class PostgresPlace:
    """A server of our own, which stops answering, or is stopped and started."""

    troubles = ("hang", "restart")
    once = "outage"
    """It takes longer than others stay without being missed."""

    def __init__(self) -> None:
        self._server = PostgresServer()
        self._database = self._server.fresh()
        self.url = self._database.__enter__()

    def hang(self, seconds: float) -> None:
        """It is there and says nothing."""
        pids = self._server.pids
        for pid in pids:
            _signal(pid, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            for pid in reversed(pids):
                _signal(pid, signal.SIGCONT)

    def restart(self, seconds: float) -> None:
        """It is away for a while."""
        self._server.stop()
        try:
            time.sleep(seconds)
        finally:
            self._server.start()

    def outage(self, seconds: float) -> None:
        """The same, for longer than a worker may be silent."""
        self.restart(seconds)

    def close(self) -> None:
        self._database.__exit__(None, None, None)
        self._server.close()


def _mount(folder: Path, size_mb: int) -> bool:
    """Whether it is now a file system of that size: that takes rights that not everybody has."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@contextmanager
def _filled(filler: Path) -> Iterator[None]:
    try:
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(_CHUNK):
                pass
        yield
    finally:
        filler.unlink()


@contextmanager
def _capped(pids: Callable[[], Sequence[int]]) -> Iterator[None]:
    """No file of these processes may grow, as on a full disk; the error they get has another number."""
    _cap(pids(), 1)
    try:
        yield
    finally:
        _cap(pids(), resource.RLIM_INFINITY)


def _cap(pids: Sequence[int], size: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size if size != resource.RLIM_INFINITY else hard, hard))


def _signal(pid: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, what)

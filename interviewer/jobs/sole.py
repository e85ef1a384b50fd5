"""The right to be the one worker of a SQLite file. The operating system takes it back when the process dies."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interviewer.errors import InterviewerError
from interviewer.store.db import file_of, make_folder


class SoleWorker:
    """An exclusive transaction on a file beside the database, held for as long as the process works."""

    def __init__(self, database: Path) -> None:
        self._path = f"{database}.worker"
        self._held: sqlite3.Connection | None = None

    def acquire(self) -> bool:
        """Whether this process is the one now. Does not wait."""
        if self._held is not None:
            return True
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return False
        self._held = connection
        return True

    def release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None


@contextmanager
def without_servers(url: str) -> Iterator[None]:
    """Keep servers from working on a SQLite file meanwhile. Raises InterviewerError while one does."""
    file = file_of(url)
    if file is None:
        yield
        return
    make_folder(file.parent)
    worker = SoleWorker(file)
    if not worker.acquire():
        raise InterviewerError(f"A server works on {file}. Stop it first.")
    try:
        yield
    finally:
        worker.release()

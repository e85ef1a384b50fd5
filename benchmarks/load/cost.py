"""What processes take, by the system's own books (Linux, /proc): they are right however busy the machine is."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for parent in found:
        for listed in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in listed.read_text().split()]
    return found


def cpu_s(pids: Iterable[int]) -> float:
    """Seconds of processor that they and their children that ended have used, their own and the system's for them.

    A process that has ended meanwhile is in its parent's books: PostgreSQL's connections come and go.
    """
    total = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(field) for field in fields[11:15])
    return total * _TICK_S


def memory(pids: Iterable[int]) -> int:
    """Bytes of memory that they hold, each for itself; what is shared counts once for each."""
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE for pid in pids)

"""What `interviewer serve` asks of the system before it takes requests."""

from __future__ import annotations

import subprocess
import sys

import pytest

from interviewer.cli.serve import MOST_FILES

pytest.importorskip("resource", reason="Windows has no limit of files")

ASKED = """
import resource, sys
from interviewer.cli.serve import _raise_limit_of_files
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
most = int(sys.argv[1]) if len(sys.argv) > 1 else hard
resource.setrlimit(resource.RLIMIT_NOFILE, (64, most))
_raise_limit_of_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def limits(*most: str) -> tuple[int, int]:
    """Soft and hard, after a process that had 64 asked for more."""
    done = subprocess.run([sys.executable, "-c", ASKED, *most], capture_output=True, text=True, check=True)
    soft, hard = done.stdout.split()
    return int(soft), int(hard)


def test_a_thousand_buyers_do_not_meet_the_limit_of_open_files() -> None:
    soft, hard = limits()
    assert soft == (MOST_FILES if hard < 0 else min(hard, MOST_FILES))


def test_it_takes_what_it_may_have() -> None:
    assert limits("500") == (500, 500)

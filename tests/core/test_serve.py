"""What `interviewer serve` asks of the system before it takes requests, and how one process goes when it is told to: by
the limits and signals of Linux and macOS."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from interviewer.cli.serve import IDLE_S, MOST_FILES, _config

ASKED = """
import resource, sys
from interviewer.cli.serve import _raise_limit_of_files
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
most = int(sys.argv[1]) if len(sys.argv) > 1 else hard
resource.setrlimit(resource.RLIMIT_NOFILE, (64, most))
_raise_limit_of_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""
SERVED = """
import sys
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from interviewer.cli.serve import bind, run

async def told(request):
    return PlainTextResponse("draining" if request.app.state.leaving() else "ready")

with bind("127.0.0.1", 0) as listening:
    run(
        Starlette(routes=[Route("/", told)]),
        listening,
        announce=lambda: print(listening.getsockname()[1], flush=True),
        drain=float(sys.argv[1]),
    )
"""
EVER = 600
"""Seconds of draining that no test waits for."""
LONG_S = 120
TERM, INT, HUP = signal.SIGTERM, signal.SIGINT, signal.SIGHUP


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


class Served:
    """An application of one route, served as ours is."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self._url = f"http://127.0.0.1:{int(process.stdout.readline())}/"

    def says(self) -> str:
        """To a new connection."""
        with urllib.request.urlopen(self._url, timeout=LONG_S) as answer:
            return str(answer.read().decode())

    def ends(self) -> int:
        return self.process.wait(timeout=LONG_S)


@contextmanager
def serving(drain: float, *by: str) -> Iterator[Served]:
    command = [*by, sys.executable, "-c", SERVED, str(drain)]
    with subprocess.Popen(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            yield Served(process)
        finally:
            process.kill()


@pytest.mark.parametrize(("first", "second", "code"), [(TERM, TERM, -TERM), (HUP, HUP, -TERM), (TERM, INT, 0)])
def test_it_goes_on_while_it_drains_and_who_asks_again_does_not_wait(
    first: signal.Signals, second: signal.Signals, code: int
) -> None:
    with serving(EVER) as served:
        assert served.says() == "ready"
        served.process.send_signal(first)
        end = time.monotonic() + LONG_S
        while served.says() != "draining" and time.monotonic() < end:
            time.sleep(0.01)
        assert served.says() == "draining"
        served.process.send_signal(second)
        assert served.ends() == code


@pytest.mark.parametrize(
    ("drain", "sent", "code"), [(EVER, INT, 0), (0, TERM, -TERM), (0, HUP, -TERM), (0.5, TERM, -TERM)]
)
def test_it_ends_by_itself(drain: float, sent: signal.Signals, code: int) -> None:
    with serving(drain) as served:
        served.process.send_signal(sent)
        assert served.ends() == code


def test_nohup_is_heeded() -> None:
    with serving(0, "nohup") as served:
        served.process.send_signal(HUP)
        assert served.says() == "ready"
        served.process.send_signal(INT)
        assert served.ends() == 0


def test_a_connection_is_kept_for_longer_than_a_proxy_keeps_it() -> None:
    """Else an answer that is on its way meets a closed one, and a proxy may not send it again."""
    assert _config("")["timeout_keep_alive"] == IDLE_S > 120, "Caddy's idle time upstream"

"""`interviewer serve`: the web application with its background work."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interviewer.cli import proxies
from interviewer.errors import InterviewerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from fastapi import FastAPI

GRACE_S = 20
"""Seconds that open requests get at a stop: more than the longest reply that a page without script waits for."""
STARTING_S = 60
"""Seconds in which a worker has to give a sign of life: a busy machine must not look like a dead process."""
MOST_WORKERS = 64
LONGEST_DRAIN_S = 600
IDLE_S = 150
"""Seconds that a connection which asks for nothing is kept: longer than buyers think and proxies keep theirs (Caddy two
minutes). Where the server is the first to close, a request that is just on its way is lost."""
MOST_FILES = 65_536
"""Each buyer who has the page open holds one, and 1,024 is what a process often may have unless it asks for more."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any free one.")] = 8000,
    proxy: Annotated[
        str,
        typer.Option(
            "--proxy",
            help="Proxies whose X-Forwarded headers are believed: addresses or networks, comma-separated.",
            callback=proxies.named,
            show_default=False,
        ),
    ] = "",
    workers: Annotated[
        int, typer.Option(min=1, max=MOST_WORKERS, help="Processes that answer; one for each core is a good number.")
    ] = 1,
    drain: Annotated[
        int,
        typer.Option(
            min=0,
            max=LONGEST_DRAIN_S,
            help="Seconds that it goes on after SIGTERM, with /readyz saying `draining`: what a load balancer takes.",
        ),
    ] = 0,
) -> None:
    """Serve the interviews and the desk. Brings the database up to date first."""
    from interviewer import bootstrap, metrics

    settings = bootstrap.load_settings()
    _raise_limit_of_files()
    with bind(host, port) as listening:
        address = f"http://{local_name(host)}:{listening.getsockname()[1]}"
        settings = bootstrap.reached_at(settings, address)
        announce = partial(typer.echo, f"Interviewer answers at {settings.base_url} (Ctrl+C stops it)", err=True)
        if workers == 1:
            app = bootstrap.open_app(settings)
            kept = not (
                sys.stdin and sys.stdin.isatty()
            )  # by something that starts it again; a terminal that closes sends SIGHUP too
            run(app, listening, proxy=proxy, drain=drain, announce=announce, checked=kept)
        else:
            bootstrap.prepare(settings)
            with tempfile.TemporaryDirectory(prefix="interviewer-") as folder:
                metrics.share(Path(folder))
                run_workers(workers, listening, address=address, proxy=proxy, drain=drain, announce=announce)


def _raise_limit_of_files() -> None:
    """As far as the system lets a process do that; its own processes inherit it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # it may be forbidden; a service has it set by its unit
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def bind(host: str, port: int) -> socket.socket:
    """A socket on that port. Raises InterviewerError where it cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.create_server(address[:2], family=family)
    except OSError as error:
        raise InterviewerError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}. Choose another with --port."
        ) from error
    # Accepted connections inherit it. asyncio sets it only on sockets that it made itself, and without it every
    # answer waits 40 ms for the phone to acknowledge its headers.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


def local_name(host: str) -> str:
    """What a browser on this machine calls an address that is listened on."""
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else f"[{host}]" if ":" in host else host  # noqa: S104


def run(
    app: FastAPI,
    listening: socket.socket,
    *,
    announce: Callable[[], None],
    proxy: str = "",
    drain: float = 0,
    checked: bool = False,
) -> None:
    """Serve until stopped; `announce` once requests are taken. No access log: addresses carry tokens (trust.md 8).

    SIGTERM, and SIGHUP like it: `/readyz` says `draining` from now on, `drain` seconds later no new request is taken,
    and those under way end. Who asks twice, or by Ctrl+C, does not wait. It ends by SIGTERM then, which to whoever
    keeps it running is no failure. `checked`: SIGHUP changes nothing where what `.env` says now cannot work.
    """
    import uvicorn

    from interviewer import bootstrap, worker

    class Server(uvicorn.Server):
        stops_at: float | None = None

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                worker.keep_what_is_loaded()
                announce()

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            if sig == signal.SIGINT or not (drain and self.started) or self.stops_at is not None:
                super().handle_exit(sig, frame)
            else:
                self.stops_at = time.monotonic() + drain

        async def on_tick(self, counter: int) -> bool:
            if self.stops_at is not None and time.monotonic() >= self.stops_at and not self.should_exit:
                super().handle_exit(signal.SIGTERM, None)
            return await super().on_tick(counter)

    def again(_sig: int, _frame: FrameType | None) -> None:
        if not checked or bootstrap.reload():
            signal.raise_signal(signal.SIGTERM)

    server = Server(uvicorn.Config(app, **_config(proxy)))
    app.state.leaving = lambda: server.should_exit or server.stops_at is not None
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        signal.signal(signal.SIGHUP, again)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again when it has stopped in order
        server.run(sockets=[listening])
    if not server.started:
        raise InterviewerError("The server could not start; what went wrong stands above.")


def run_workers(
    number: int,
    listening: socket.socket,
    *,
    address: str,
    announce: Callable[[], None],
    proxy: str = "",
    drain: float = 0,
) -> None:
    """As `run`, in several processes. One that dies is replaced; SIGHUP replaces all of them, one by one, by such as
    have what `.env` says now. Where the first of them does not start, all stays as it is. `address` goes into links
    where no setting names one.

    Raises InterviewerError where they cannot start, or start no more.
    """
    from ctypes import c_bool
    from multiprocessing.sharedctypes import RawValue

    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from interviewer import bootstrap, environment, worker

    log = logging.getLogger(__name__)
    leaving = RawValue(c_bool, False)  # no lock: one that is killed would keep it

    class Workers(Multiprocess):
        told_to_stop = announced = False
        stops_at: float | None = None

        def keep_subprocess_alive(self) -> None:
            before = {process.pid for process in self.processes}
            for process in self.processes:
                process.child_conn.close()  # the worker has its own: one that dies while it is asked is heard to
            super().keep_subprocess_alive()
            if gone := before - {process.pid for process in self.processes}:
                log.warning("a worker ended and was replaced: %s", sorted(filter(None, gone)))
            if not self.announced and any(process.is_ready() for process in self.processes):
                self.announced = True
                announce()
            if self.stops_at is not None and time.monotonic() >= self.stops_at:
                self.should_exit.set()

        def handle_int(self) -> None:
            self.told_to_stop = True
            super().handle_int()

        def handle_term(self) -> None:
            again, self.told_to_stop, leaving.value = self.told_to_stop, True, True
            if again or not drain:
                super().handle_term()
            else:
                self.stops_at = time.monotonic() + drain

        def handle_hup(self) -> None:
            env, old = dict(os.environ), list(self.processes)
            if self.told_to_stop or not bootstrap.reload():
                return
            super().handle_hup()
            if self.processes == old and not self.should_exit.is_set():
                environment.put(env)  # one of the old that dies is to be replaced by one that can work
                log.error("no worker could start with the new settings, the old ones stay")
            elif left := [process.pid for process in self.processes if process in old]:
                log.error("workers with the old settings are left, as one with the new ones did not start: %s", left)

    config = uvicorn.Config(
        partial(worker.app, leaving, address),
        factory=True,
        workers=number,
        callback_notify=worker.settle,
        http=worker.Patient,
        timeout_worker_healthcheck=STARTING_S,
        **_config(proxy),
    )
    supervisor = Workers(config, sockets=[listening])
    supervisor.run()
    if not supervisor.told_to_stop:
        raise InterviewerError("The workers could not start; what went wrong stands above.")


def _config(proxy: str) -> dict[str, Any]:
    return {
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(proxy),
        "forwarded_allow_ips": proxy or None,
        "timeout_graceful_shutdown": GRACE_S,
        "timeout_keep_alive": IDLE_S,
    }

"""The real application on a real port, in a thread of the tests, with a clock that they set: for what depends on the
day of the year, as a change of clocks does."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import uvicorn

from interviewer.deps import Deps
from interviewer.web.app import create_app
from tests.fakes.live_server import free_port

T = TypeVar("T")


class ClockedServer:
    """`make` gives the application's parts, for the address that it will have."""

    def __init__(self, make: Callable[[str], Deps]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._make = make
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._deps: Deps
        self._loop: asyncio.AbstractEventLoop
        self._server: uvicorn.Server

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._thread.start()
        assert self._ready.wait(60), "the server did not start"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(60)

    def do(self, work: Callable[[Deps], Awaitable[T]]) -> T:
        """Run a use case in the server's own process."""

        async def run() -> T:
            return await work(self._deps)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(60)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._deps = self._make(self.url)
        config = uvicorn.Config(create_app(self._deps), host="127.0.0.1", port=self.port, log_level="error")
        self._server = _Server(config)
        self._server.ready = self._ready
        await self._server.serve()


class _Server(uvicorn.Server):
    """Says when it listens."""

    ready: threading.Event

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

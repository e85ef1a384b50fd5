"""A model server that speaks the chat-completions wire over real HTTP, and misbehaves when told to.

In a test:

    with ModelServer() as server:
        server.script(status(429), answering(...))  # one for each request; then `server.brain` answers
        OpenAILLM(model="fake", api_key="k", base_url=server.url)
        assert server.requests[0].body["model"] == "fake"

A model named `fake:<scenario>` plays that scenario of `SCENARIOS` at every request. Alone, for benchmarks:
`python -m tests.fakes.model_server --port 8099 --delay 0.2`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from tests.fakes import model_brain
from tests.fakes.model_plays import SCENARIOS, Brain, Play, Scenario, good, playing


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    raw: str

    @property
    def said(self) -> str:
        """All that the model was told."""
        return "\n".join(message["content"] for message in self.body.get("messages", []))


class ModelServer:
    """`requests` keeps what came in; `script` says what comes out, then `usual`: as `brain` answers."""

    def __init__(
        self, *, brain: Brain = model_brain.think, delay_s: float = 0.0, port: int = 0, usual: Scenario = good
    ) -> None:
        self.requests: list[Request] = []
        self.brain = brain
        self.delay_s = delay_s
        self._port = port
        self._usual = usual
        self._script: deque[Scenario] = deque()
        self._keep = True
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def script(self, *steps: str | Play | Scenario) -> None:
        """Answer the next requests so, one each: a name of SCENARIOS, a Play, or a scenario of one's own."""
        for step in steps:
            if isinstance(step, str):
                self._script.append(SCENARIOS[step])
            else:
                self._script.append(playing(step) if isinstance(step, Play) else step)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(60):
            raise RuntimeError("the model server did not start")
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(60)

    def run(self) -> None:
        """Serve in this thread until interrupted; nothing is recorded."""
        self._keep = False
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._connection(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await _receive(reader):
                if self._keep:
                    self.requests.append(request)
                if not await _send(writer, self._play(request.body)):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away, as it may
        finally:
            writer.close()

    def _play(self, body: dict[str, Any]) -> Play:
        model, _, scenario = str(body.get("model", "")).partition(":")
        if model == "fake" and scenario:
            return SCENARIOS[scenario](self, body)
        return (self._script.popleft() if self._script else self._usual)(self, body)


async def _receive(reader: asyncio.StreamReader) -> Request | None:
    if reader.at_eof():
        return None
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    raw = (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
    return Request(first.split()[1], headers, json.loads(raw or "{}"), raw)


async def _send(writer: asyncio.StreamWriter, play: Play) -> bool:
    """Write one answer; False when the connection is to be closed."""
    await asyncio.sleep(play.first_s)
    if play.events is None:
        headers = {"Content-Type": "application/json", "Content-Length": str(len(play.body.encode()))} | play.headers
        writer.write(_head(play.status, headers) + play.body.encode())
        await writer.drain()
        return True
    headers = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"} | play.headers
    writer.write(_head(play.status, headers))
    for event in play.events:
        if play.between_s:
            await asyncio.sleep(play.between_s)
        data = f"data: {event}\n\n".encode()
        writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await writer.drain()
    if play.cut:
        return False
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


def _head(code: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {code} {'OK' if code == 200 else 'Error'}", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="A stand-in for a model, for benchmarks.")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before the first byte of each answer")
    chosen = parser.parse_args(arguments)
    server = ModelServer(delay_s=chosen.delay, port=chosen.port)
    print(f"OPENAI_BASE_URL=http://127.0.0.1:{chosen.port}/v1", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()


if __name__ == "__main__":
    main()

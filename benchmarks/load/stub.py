"""A model server that costs next to nothing: the same reply to everybody after so many seconds, in small pieces.

python -m benchmarks.load.stub PORT SECONDS
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import cast

from tests.fakes import model_brain
from tests.fakes.model_plays import stream

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n"


class Model(asyncio.Protocol):
    """One connection, one request at a time."""

    seconds = 1.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._taken = bytearray()

    def data_received(self, data: bytes) -> None:
        self._taken += data
        head, found, body = self._taken.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if found and length and len(body) >= int(length[1]):
            self._taken.clear()
            asyncio.get_running_loop().call_later(self.seconds, self._answer, bytes(body))

    def _answer(self, body: bytes) -> None:
        if self._transport.is_closing():
            return
        events = stream(json.dumps(model_brain.think(json.loads(body)))).events or ()
        data = "".join(f"data: {event}\n\n" for event in events).encode()
        self._transport.write(_HEAD % len(data) + data)


async def main(port: int, seconds: float) -> None:
    Model.seconds = seconds
    server = await asyncio.get_running_loop().create_server(Model, "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))

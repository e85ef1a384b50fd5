"""A browser in few instructions: HTTP/1.1 on a connection of its own, with cookies, that can break off anywhere.

It is cheap, so that a thousand of them leave the machine to the server that is measured.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

REDIRECTS = frozenset({301, 302, 303, 307})


class Cut(StrEnum):
    """Where a request breaks off."""

    IN_BODY = "in the body"
    SENT = "after sending"
    ANSWERED = "before reading"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


class Lost(Exception):
    """The connection broke, or nothing came for too long: whether the request was heard is not known."""


class Wire:
    """One browser at one server. Not for two requests at once; `twin` gives another with the same cookies."""

    def __init__(self, port: int, *, timeout_s: float = 60.0, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.timeout_s = timeout_s
        self.cookies = {} if cookies is None else cookies
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    def twin(self) -> Wire:
        return Wire(self.port, timeout_s=self.timeout_s, cookies=self.cookies)

    async def get(self, path: str, *, htmx: bool = False) -> Answer:
        """Raises Lost."""
        return await self.ask("GET", path, htmx=htmx)

    async def post(self, path: str, fields: Mapping[str, str], *, htmx: bool = False) -> Answer:
        """Raises Lost."""
        return await self.ask("POST", path, fields, htmx=htmx)

    async def follow(self, answer: Answer) -> Answer:
        """Where redirects lead. Raises Lost."""
        while answer.status in REDIRECTS:
            answer = await self.get(answer.location)
        return answer

    async def ask(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str] | None = None,
        *,
        htmx: bool = False,
        cut: Cut | None = None,
    ) -> Answer:
        """One request and its answer. Raises Lost, always so with a `cut`."""
        body = urlencode(fields).encode() if fields is not None else b""
        head = self._head(method, path, body, htmx=htmx)
        try:
            async with asyncio.timeout(self.timeout_s):
                reader, writer = await self._connected()
                if cut is Cut.IN_BODY:
                    writer.write(head + body[: len(body) // 2])
                    await writer.drain()
                    raise Lost(cut)
                writer.write(head + body)
                await writer.drain()
                if cut is Cut.SENT:
                    raise Lost(cut)
                first = await reader.readuntil(b"\r\n")
                if cut is Cut.ANSWERED:
                    raise Lost(cut)
                return await self._read(reader, first)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError) as error:
            self.close()
            raise Lost(type(error).__name__) from error
        except (Lost, asyncio.CancelledError):
            self.close()
            raise

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is None or self._writer is None or self._reader.at_eof() or self._writer.is_closing():
            self.close()
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self._reader, self._writer

    def _head(self, method: str, path: str, body: bytes, *, htmx: bool) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Sec-Fetch-Site: same-origin"]
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        if htmx:
            lines.append("HX-Request: true")
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def _read(self, reader: asyncio.StreamReader, first: bytes) -> Answer:
        rest = b"" if first == b"\r\n" else await reader.readuntil(b"\r\n\r\n")
        headers: dict[str, str] = {}
        for line in rest.decode("latin-1").split("\r\n"):
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                cookie, _, sealed = value.strip().partition(";")[0].partition("=")
                self.cookies[cookie] = sealed
            elif name:
                headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(first.split()[1]), headers, body.decode("utf-8", "replace"))

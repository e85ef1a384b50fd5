"""A real server under https on this machine, with a certificate made on the spot for names of a test's choice."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
"""The curve P-256: enough arithmetic to sign one certificate, so that no library is needed for it."""
_Point = tuple[int, int] | None

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class TlsServer:
    """`answer` is what it says next; `asked` holds the head of every request, `names` the names asked for by TLS."""

    port: int = 0
    answer: bytes | Answer = b""
    asked: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    trusted: ssl.SSLContext = field(default_factory=lambda: ssl.create_default_context(cadata=None))


def page(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """An answer on the wire."""
    given = {"Content-Length": str(len(body)), "Connection": "close", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


@asynccontextmanager
async def serve(folder: Path, names: Sequence[str]) -> AsyncIterator[TlsServer]:
    """Serve under these names until the block ends; `trusted` is what a client needs to believe the certificate."""
    certificate, key = certify(names)
    (folder / "cert.pem").write_text(certificate)
    (folder / "key.pem").write_text(key)
    one = TlsServer(trusted=ssl.create_default_context(cadata=certificate))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    tls.sni_callback = lambda _socket, name, _context: one.names.append(str(name))

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            one.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
            if callable(one.answer):
                await one.answer(reader, writer)
            else:
                writer.write(one.answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # whoever asked has heard enough
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()


def certify(names: Sequence[str]) -> tuple[str, str]:
    """A certificate that signs itself, and its key, both as PEM."""
    secret = secrets.randbelow(_N - 1) + 1
    public = _uncompressed(_times(secret, _G))
    curve = _oid(1, 2, 840, 10045, 3, 1, 7)
    signed_by = _seq(_oid(1, 2, 840, 10045, 4, 3, 2))
    who = _seq(_tlv(0x31, _seq(_oid(2, 5, 4, 3), _tlv(0x0C, b"a server of a test"))))
    alternatives = _seq(*(_tlv(0x82, name.encode()) for name in names))
    extensions = _seq(
        _seq(_oid(2, 5, 29, 17), _tlv(0x04, alternatives)),
        _seq(_oid(2, 5, 29, 19), _tlv(0x01, b"\xff"), _tlv(0x04, _seq(_tlv(0x01, b"\xff")))),
        _seq(_oid(2, 5, 29, 15), _tlv(0x01, b"\xff"), _tlv(0x04, _tlv(0x03, b"\x01\x86"))),
        _seq(_oid(2, 5, 29, 14), _tlv(0x04, _tlv(0x04, hashlib.sha1(public, usedforsecurity=False).digest()))),
    )
    body = _seq(
        _tlv(0xA0, _int(2)),
        _int(secrets.randbelow(2**63)),
        signed_by,
        who,
        _seq(_tlv(0x17, b"200101000000Z"), _tlv(0x17, b"491231235959Z")),
        who,
        _seq(_seq(_oid(1, 2, 840, 10045, 2, 1), curve), _tlv(0x03, b"\0" + public)),
        _tlv(0xA3, extensions),
    )
    certificate = _seq(body, signed_by, _tlv(0x03, b"\0" + _sign(secret, body)))
    key = _seq(_int(1), _tlv(0x04, secret.to_bytes(32)), _tlv(0xA0, curve), _tlv(0xA1, _tlv(0x03, b"\0" + public)))
    return _pem("CERTIFICATE", certificate), _pem("EC " + "PRIVATE KEY", key)


def _sign(secret: int, message: bytes) -> bytes:
    once = secrets.randbelow(_N - 1) + 1
    point = _times(once, _G)
    assert point is not None
    r = point[0] % _N
    hashed = int.from_bytes(hashlib.sha256(message).digest())
    return _seq(_int(r), _int(pow(once, -1, _N) * (hashed + r * secret) % _N))


def _times(factor: int, point: _Point) -> _Point:
    total: _Point = None
    while factor:
        if factor & 1:
            total = _plus(total, point)
        point, factor = _plus(point, point), factor >> 1
    return total


def _plus(one: _Point, other: _Point) -> _Point:
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % _P == 0:
        return None
    if one == other:
        slope = (3 * one[0] ** 2 - 3) * pow(2 * one[1], -1, _P) % _P
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, _P) % _P
    x = (slope**2 - one[0] - other[0]) % _P
    return x, (slope * (one[0] - x) - one[1]) % _P


def _uncompressed(point: _Point) -> bytes:
    assert point is not None
    return b"\x04" + point[0].to_bytes(32) + point[1].to_bytes(32)


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x80 + (n := (size.bit_length() + 7) // 8)]) + size.to_bytes(n)
    return bytes([tag]) + length + content


def _seq(*parts: bytes) -> bytes:
    return _tlv(0x30, b"".join(parts))


def _int(value: int) -> bytes:
    return _tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def _oid(first: int, second: int, *rest: int) -> bytes:
    content = bytearray([40 * first + second])
    for number in rest:
        low = [number & 0x7F]
        while number := number >> 7:
            low.append(0x80 | number & 0x7F)
        content += bytes(reversed(low))
    return _tlv(0x06, bytes(content))


def _pem(label: str, content: bytes) -> str:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(content).decode()}-----END {label}-----\n"

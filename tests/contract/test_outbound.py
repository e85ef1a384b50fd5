"""Addresses that people typed: nothing but public https is reached, and what was looked at is what is asked."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from interviewer.errors import NotFetched
from interviewer.outbound import Address, Outbound, is_public
from tests.fakes.tls_server import TlsServer, page, serve

HOST = "calendar.example"
SECRET = "private-3f2a9c"
PRIVATE = (
    "10.0.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "100.100.100.200", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.0.192", "192.0.2.1",
    "198.18.0.1", "198.51.100.1", "168.63.129.16", "::1", "::", "::7f00:1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "2002:7f00:1::1", "2001:0:1::1", "2001:db8::1", "100::1", "3fff::1",
)  # fmt: skip
PUBLIC = (
    "8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "::ffff:8.8.8.8",
)  # fmt: skip
NOT_ADDRESSES = (
    "",
    "calendar",
    "http://calendar.example/a.ics",
    "ftp://calendar.example/",
    "file:///etc/passwd",
    "https://",
    "https://./a",
    "https:///a.ics",
    "https://user:pass@calendar.example/",
    "https://user@calendar.example/",
    "https://calendar.example:0/",
    "https://calendar.example:99999/",
    "https://calendar.example:port/",
    "https://[::1/",
    "https://calendar.example\\@10.0.0.1/",
    "https://calendar.example/a b",
    "https://calendar.example/\r\nHost: inside",
    "https://kälender.example/",
    f"https://calendar.example/{'a' * 2000}",
    "javascript:alert(1)",
)


class Resolver:
    """Answers look-ups from a script, the last answer again and again."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def here_too(address: Address) -> bool:
    """For tests alone: the server of the test stands on this machine."""
    return str(address) == "127.0.0.1" or is_public(address)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[TlsServer]:
    async with serve(tmp_path, [HOST]) as one:
        one.answer = page(b"BEGIN:VCALENDAR")
        yield one


def outbound(server: TlsServer, *answers: Sequence[str], deadline_s: float = 60.0) -> Outbound:
    resolve = Resolver(*(answers or [["127.0.0.1"]]))
    return Outbound(resolve=resolve, public=here_too, tls=server.trusted, deadline_s=deadline_s)


def url(server: TlsServer, path: str = f"/{SECRET}.ics?key=1#part") -> str:
    return f"https://{HOST}:{server.port}{path}"


@pytest.mark.parametrize("address", PRIVATE)
async def test_addresses_of_nobodys_business(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(NotFetched, match="open internet"):
        await Outbound(resolve=Resolver([address])).check(f"https://{HOST}/")


@pytest.mark.parametrize("address", PUBLIC)
async def test_addresses_of_the_open_internet(address: str) -> None:
    assert await Outbound(resolve=Resolver([address])).check(f"https://{HOST}/a.ics") == f"https://{HOST}/a.ics"


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(NotFetched, match="open internet"):
        await Outbound(resolve=Resolver(["8.8.8.8", "10.0.0.1"])).fetch(f"https://{HOST}/")


@pytest.mark.parametrize("given", NOT_ADDRESSES)
async def test_what_is_no_address_is_not_looked_up(given: str) -> None:
    resolve = Resolver(["8.8.8.8"])
    for what in (Outbound(resolve=resolve).check, Outbound(resolve=resolve).fetch):
        with pytest.raises(NotFetched):
            await what(given)
    assert resolve.asked == []


@pytest.mark.parametrize("given", ["https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/"])
async def test_this_machine_by_any_spelling_with_the_systems_own_resolver(given: str) -> None:
    async def spelled(host: str, port: int) -> Sequence[str]:
        import socket

        if ":" in host:
            return [host]
        return [socket.inet_ntoa(socket.inet_aton(host))]  # as the system's resolver reads numbers

    with pytest.raises(NotFetched, match="open internet"):
        await Outbound(resolve=spelled).fetch(given)


async def test_the_application_itself_lets_nobody_near_this_machine() -> None:
    with pytest.raises(NotFetched, match="open internet"):
        await Outbound().check("https://localhost/a.ics")


async def test_unknown_names_and_empty_answers() -> None:
    async def nobody(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name as calendar.example")

    for resolve in (nobody, Resolver([])):
        with pytest.raises(NotFetched, match=r"^.*no such server") as raised:
            await Outbound(resolve=resolve).check(f"https://{HOST}/")
        assert HOST not in raised.value.reason


async def test_the_address_that_was_looked_at_is_asked_by_its_name(server: TlsServer) -> None:
    assert await outbound(server).fetch(url(server)) == b"BEGIN:VCALENDAR"
    [head] = server.asked
    assert head.startswith(f"GET /{SECRET}.ics?key=1 HTTP/1.1\r\n")
    assert f"\r\nhost: {HOST}:{server.port}\r\n" in head.lower()
    assert "cookie" not in head.lower()
    assert server.names == [HOST]


async def test_calendars_own_scheme(server: TlsServer) -> None:
    assert await outbound(server).fetch(url(server).replace("https:", "webcal:")) == b"BEGIN:VCALENDAR"
    assert (await outbound(server).check("webcal://calendar.example/a")) == "https://calendar.example/a"


async def test_a_name_that_changes_its_answer_leads_nowhere_else(server: TlsServer) -> None:
    """DNS rebinding: public when it is saved, private a moment later."""
    turning = Outbound(resolve=Resolver(["8.8.8.8"], ["127.0.0.1"]), tls=server.trusted)
    await turning.check(url(server))
    with pytest.raises(NotFetched, match="open internet"):
        await turning.fetch(url(server))
    assert server.asked == []


async def test_a_fetch_asks_for_the_name_once(server: TlsServer) -> None:
    resolve = Resolver(["127.0.0.1"], ["10.0.0.1"])
    assert await Outbound(resolve=resolve, public=here_too, tls=server.trusted).fetch(url(server))
    assert resolve.asked == [(HOST, server.port)]


async def test_the_certificate_has_to_be_of_the_name(server: TlsServer) -> None:
    with pytest.raises(NotFetched, match="securely"):
        await outbound(server).fetch(f"https://other.example:{server.port}/")
    with pytest.raises(NotFetched, match="securely"):  # nor one that nobody vouches for
        await Outbound(resolve=Resolver(["127.0.0.1"]), public=here_too).fetch(url(server))
    assert server.asked == []


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_no_redirect_is_followed(server: TlsServer, status: str) -> None:
    server.answer = page(b"", status, Location=f"https://{HOST}:{server.port}/inside")
    with pytest.raises(NotFetched, match="elsewhere"):
        await outbound(server).fetch(url(server))
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", ["204 None", "206 Part", "401 No", "403 No", "404 None", "410 Gone", "500 Broken"])
async def test_what_the_other_side_says_is_not_repeated(server: TlsServer, status: str) -> None:
    server.answer = page(b"internal-detail" if not status.startswith("204") else b"", status)
    with pytest.raises(NotFetched) as raised:
        await outbound(server).fetch(url(server))
    assert "internal-detail" not in raised.value.reason
    assert SECRET not in raised.value.reason


async def test_sizes(server: TlsServer) -> None:
    server.answer = page(b"x" * 3_000_000)
    with pytest.raises(NotFetched, match="larger than 2 MB"):
        await outbound(server).fetch(url(server))
    assert len(await outbound(server).fetch(url(server), limit=3_000_000)) == 3_000_000


async def test_packed_answers_are_refused(server: TlsServer) -> None:
    server.answer = page(b"\x1f\x8b", Content_Encoding="gzip")
    with pytest.raises(NotFetched, match="cannot be used"):
        await outbound(server).fetch(url(server))


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", b"SSH-2.0-server\r\n"])
async def test_answers_that_break_off_or_are_none(server: TlsServer, answer: bytes) -> None:
    server.answer = answer
    with pytest.raises(NotFetched, match="broke off"):
        await outbound(server).fetch(url(server))


async def test_a_server_that_drips_is_left_in_time(server: TlsServer) -> None:
    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    server.answer = drip
    with pytest.raises(NotFetched, match="too long"):
        await outbound(server, deadline_s=0.3).fetch(url(server))


async def test_a_resolver_that_never_answers_is_left_in_time() -> None:
    async def silent(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return []

    with pytest.raises(NotFetched, match="too long"):
        await Outbound(resolve=silent, deadline_s=0.1).check(f"https://{HOST}/")


async def test_another_address_is_tried_where_one_is_deaf(server: TlsServer) -> None:
    def mine(address: Address) -> bool:
        return address.is_loopback

    two = Outbound(resolve=Resolver(["127.0.0.9", "127.0.0.1"]), public=mine, tls=server.trusted)
    assert await two.fetch(url(server)) == b"BEGIN:VCALENDAR"


async def test_no_proxy_of_the_environment_is_asked(server: TlsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert await outbound(server).fetch(url(server)) == b"BEGIN:VCALENDAR"


async def test_the_secret_is_in_no_log_and_no_error(server: TlsServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    await outbound(server).fetch(url(server))
    server.answer = page(b"", "500 Broken")
    with pytest.raises(NotFetched) as raised:
        await outbound(server).fetch(url(server))
    assert SECRET not in caplog.text + str(raised.value) + repr(raised.value)

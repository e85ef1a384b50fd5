"""Addresses that a person typed, fetched without letting them reach into the network that we stand in (trust.md 24).

Only https, only public addresses, asked anew for each fetch and then held: the connection goes to the very address that
was looked at, so a name that answers differently a moment later leads nowhere else. No redirect is followed, no proxy
asked, and what went wrong is told in words of ours, never in the other side's.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit, urlunsplit

import httpx2

from interviewer.errors import NotFetched

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_T = TypeVar("_T")

LONGEST_URL = 2000
DEADLINE_S = 10.0
LARGEST = 2_000_000
"""Bytes of an answer."""
_MOST_ADDRESSES = 4
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's platform, on an address that looks public
        "192.0.0.0/24",  # protocols, and one cloud's metadata; newer Pythons think some of it public
        "192.88.99.0/24",  # 6to4 relays
        "::/96",  # IPv4 in IPv6, as once was
        "64:ff9b::/96",  # NAT64: leads to any IPv4 address of the network that we stand in
        "64:ff9b:1::/48",
        "2002::/16",  # 6to4
        "2001::/23",  # Teredo and other protocols
        "100::/64",
        "3fff::/20",
        "fec0::/10",  # site-local
    )
)


def is_public(address: Address) -> bool:
    """Whether this is an address of the open internet, and of nobody's own network or cloud's inside."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return not any(address.version == network.version and address in network for network in _NEVER)


async def look_up(host: str, port: int) -> Sequence[str]:
    """Every address of a name, as the system knows it. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True)
class Outbound:
    """Tests give a resolver and a server of their own; the application never gives anything."""

    resolve: Resolve = look_up
    public: Callable[[Address], bool] = is_public
    tls: ssl.SSLContext | None = None
    deadline_s: float = DEADLINE_S

    async def check(self, url: str) -> str:
        """The address as it would be fetched. Raises NotFetched for one that must not be, and for an unknown name."""
        parts = _parts(url)
        await self._within(self._addresses(parts))
        return urlunsplit(parts)

    async def fetch(self, url: str, *, limit: int = LARGEST) -> bytes:
        """What an address answers. Raises NotFetched with what is wrong, also for more than `limit` bytes."""
        return await self._within(self._fetch(_parts(url), limit))

    async def _within(self, work: Awaitable[_T]) -> _T:
        try:
            async with asyncio.timeout(self.deadline_s):
                return await work
        except TimeoutError as error:
            raise NotFetched("It took too long to answer.") from error

    async def _addresses(self, parts: SplitResult) -> list[Address]:
        """Where the name leads, IPv4 first: machines without IPv6 are common."""
        host = parts.hostname or ""
        try:
            found = {_address(one) for one in await self.resolve(host, parts.port or 443)}
        except (OSError, UnicodeError) as error:
            raise NotFetched("There is no such server.") from error
        if not found:
            raise NotFetched("There is no such server.")
        if not all(self.public(address) for address in found):
            raise NotFetched("It is not an address on the open internet.")
        return sorted(found, key=lambda address: (address.version, int(address)))[:_MOST_ADDRESSES]

    async def _fetch(self, parts: SplitResult, limit: int) -> bytes:
        addresses = await self._addresses(parts)
        transport = httpx2.AsyncHTTPTransport(verify=self.tls or True, retries=0)
        try:
            async with httpx2.AsyncClient(transport=transport, trust_env=False, timeout=self.deadline_s) as client:
                for address in addresses:
                    with suppress(httpx2.ConnectError):
                        return await self._read(client, parts, address, limit)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise NotFetched("The connection broke off.") from error
        raise NotFetched("The server cannot be reached, or not securely.")

    async def _read(self, client: httpx2.AsyncClient, parts: SplitResult, address: Address, limit: int) -> bytes:
        request = client.build_request(
            "GET",
            httpx2.URL(urlunsplit(parts)).copy_with(host=str(address)),
            headers={
                "Host": parts.netloc,
                "Accept": "text/calendar, */*;q=0.5",
                "Accept-Encoding": "identity",
                "User-Agent": "interviewer",
            },
            extensions={"sni_hostname": parts.hostname},
        )
        response = await client.send(request, stream=True)
        try:
            if response.is_redirect:
                raise NotFetched("It sends elsewhere; give the address that it leads to.")
            if response.status_code in (401, 403, 404, 410):
                raise NotFetched("The server says that there is nothing at this address, or not for us.")
            if response.status_code != 200 or response.headers.get("content-encoding", "identity") != "identity":
                raise NotFetched("The server answered with something that cannot be used.")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > limit:
                    raise NotFetched(f"It is larger than {limit // 1_000_000} MB.")
            return bytes(body)
        finally:
            await response.aclose()


def _parts(url: str) -> SplitResult:
    """The address taken apart, in the form that calendars call `webcal:` too. Raises NotFetched for any but https."""
    given = url.strip()
    if given.lower().startswith("webcal:"):
        given = "https:" + given[len("webcal:") :]
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError as error:
        raise NotFetched("That is not an address.") from error
    host = parts.hostname or ""
    if parts.scheme != "https":
        raise NotFetched("It has to begin with https://.")
    if parts.username is not None or parts.password is not None:
        raise NotFetched("A name or password in an address is not sent; give one that needs none.")
    if len(given) > LONGEST_URL or not host.strip(".") or not given.isascii() or not given.isprintable() or port == 0:
        raise NotFetched("That is not an address.")
    if any(character in given for character in ' \\<>"^`{|}'):
        raise NotFetched("That is not an address.")
    return parts._replace(fragment="")


def _address(text: str) -> Address:
    return ipaddress.ip_address(text.partition("%")[0])

"""Which proxies are believed when they say who asks: `serve --proxy`."""

from __future__ import annotations

from ipaddress import ip_network

import typer


def named(given: str) -> str:
    """`given`, where each of its comma-separated parts is an address or a network. Raises typer.BadParameter.

    Whoever asks can write an `X-Forwarded-For` of their own, and most proxies append to it. So the right address is the
    last that is not one of our proxies; where all are believed it would be the first, which is anybody's to choose.
    """
    for part in filter(None, (part.strip() for part in given.split(","))):
        try:
            network = ip_network(part, strict=False)
        except ValueError as error:
            raise typer.BadParameter(
                f"{part!r} is neither an address nor a network: name the proxy, as 127.0.0.1 or 172.31.251.0/24"
            ) from error
        if "/" in part and str(network) != part:
            raise typer.BadParameter(f"{part!r} is no network: the one that it lies in is {network}")
        if network.prefixlen < (8 if network.version == 4 else 16):
            raise typer.BadParameter(f"{part!r} is everybody, and then anybody can say to be anybody else")
    return given

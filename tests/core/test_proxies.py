"""Who is believed to be a proxy: never everybody, and behind one nobody chooses the address that limits go by."""

from __future__ import annotations

from typing import Any

import pytest
import typer
from typer.testing import CliRunner
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from interviewer.cli import proxies
from interviewer.cli.commands import app


@pytest.mark.parametrize("given", ["", "127.0.0.1", "::1, 10.0.0.0/8", "172.31.251.0/24,2a02:908::/32"])
def test_addresses_and_networks_are_named(given: str) -> None:
    assert proxies.named(given) == given


@pytest.mark.parametrize("given", ["*", "127.0.0.1,*", "0.0.0.0/0", "::/0", "proxy", "10.0.0.1/8", "10.0.0"])
def test_everybody_is_no_proxy_and_a_name_is_none(given: str) -> None:
    with pytest.raises(typer.BadParameter):
        proxies.named(given)


def test_serve_refuses_to_believe_everybody() -> None:
    refused = CliRunner().invoke(app, ["serve", "--proxy", "*"])
    assert refused.exit_code == 2 and "--proxy" in refused.output


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ("1.2.3.4, 2.17.4.9", "2.17.4.9"),
        ("2.17.4.9", "2.17.4.9"),
        ("9.9.9.9, 2.17.4.9, 172.31.251.2", "2.17.4.9"),
    ],
    ids=["a made-up one before it", "alone", "through two of ours"],
)
async def test_what_somebody_wrote_before_the_proxy_does_not_count(told: str, seen: str) -> None:
    """As uvicorn has it with `--proxy 172.31.251.0/24`: the proxy appends whom it saw."""
    found: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        found.append(scope["client"][0])

    headers = [(b"x-forwarded-for", told.encode())]
    scope: Any = {"type": "http", "client": ("172.31.251.3", 40_000), "headers": headers}
    await ProxyHeadersMiddleware(application, proxies.named("172.31.251.0/24"))(scope, None, None)  # type: ignore[arg-type]
    assert found == [seen]

"""Headers on every answer, and who may post: the browser's own word on where a form came from (trust.md 21, 22)."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Frame(StrEnum):
    """What a page has to do with frames. A route says so by `request.state.frame`; else it is `NONE`."""

    NONE = "none"
    SHOWS = "shows"
    """It has one of our own pages in a frame: the desk's preview."""
    SHOWN = "shown"
    """Our own pages may have it in a frame: a buyer's page in a preview."""


def style_hash(style: str) -> str:
    """What the content policy calls an inlined style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def content_policy(styles: Iterable[str], scheduling_url: str = "", frame: Frame = Frame.NONE) -> str:
    """Own scripts and styles only, nothing inline but the styles given, no frames but what `frame` allows.

    `form-action` names the scheduler too: a browser applies it to the redirect after the form that goes there.
    """
    parts = urlsplit(scheduling_url)
    elsewhere = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    hashes = " ".join(style_hash(style) for style in styles)
    shows = " frame-src 'self';" if frame is Frame.SHOWS else ""
    ancestors = "'self'" if frame is Frame.SHOWN else "'none'"
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' {hashes}; img-src 'self' data:; connect-src 'self'; "
        f"form-action 'self'{elsewhere}; base-uri 'none'; object-src 'none';{shows} "
        f"frame-ancestors {ancestors}"
    )


def security_headers(*, policy: str, https: bool, frame: Frame = Frame.NONE) -> dict[str, str]:
    """What every answer carries, out of caches and search engines included."""
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN" if frame is Frame.SHOWN else "DENY",
        "X-Robots-Tag": "noindex, nofollow",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
        "Cache-Control": "no-store",
    }
    return headers | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})


def parts_of(told: str) -> SplitResult:
    """The parts of an address that came in a header; of none where it is no address ("http://[")."""
    try:
        return urlsplit(told)
    except ValueError:
        return urlsplit("")


class SecurityHeaders:
    """Add the `headers` of its frame where an answer has none, answer HEAD like GET, and refuse NUL in addresses.

    PostgreSQL takes no NUL, and no page of ours links to one.
    """

    def __init__(self, app: ASGIApp, *, headers: Mapping[Frame, Mapping[str, str]]) -> None:
        self.app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        only_head = scope["method"] == "HEAD"
        state = scope.setdefault("state", {})

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers[state.get("frame", Frame.NONE)].items():
                    headers.setdefault(name, value)
            elif only_head:
                message = {**message, "body": b""}
            await send(message)

        inner = {**scope, "method": "GET"} if only_head else scope
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            nowhere = "/api/nothing" if scope["path"].startswith("/api/") else "/nothing"
            inner = {**inner, "path": nowhere, "raw_path": nowhere.encode(), "query_string": b""}
        await self.app(inner, receive, add)


class SameOrigin:
    """Refuse unsafe requests that do not come from our own pages.

    A browser says so in `Sec-Fetch-Site`; over plain http under a host name it sends none, and then `Origin` has to
    be the host. One-click unsubscribe is exempt: mail services post it (RFC 8058).
    """

    def __init__(self, app: ASGIApp, *, refused: ASGIApp, exempt: tuple[str, ...], base_url: str) -> None:
        self.app = app
        self._refused = refused
        self._exempt = exempt
        self._own = urlsplit(base_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] in SAFE
            or scope["path"].startswith(self._exempt)
            or self._from_here(Headers(scope=scope))
        ):
            await self.app(scope, receive, send)
        else:
            await self._refused(scope, receive, send)

    def _from_here(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = parts_of(headers.get("origin", "")).netloc
        return bool(origin) and origin in (headers.get("host"), self._own)

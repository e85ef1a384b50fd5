"""What every request passes through to be accounted for: an id, a span, a line in the log, a count.

Each is told by the template of its route, never by its path: addresses carry tokens (trust.md 8).
"""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interviewer import logs, metrics, tracing

HEADER = "X-Request-ID"
NOWHERE = "(none)"
"""The route of what no route of ours takes."""
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")
_UNTOLD = frozenset({"/healthz", "/readyz", "/metrics", "/static/{hashed}"})
"""Asked for so often that only who wants to see everything is told of it."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger()


class Accounted:
    """Name the request, and tell how it ended."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = id_of(scope)
        scope.setdefault("state", {})["request_id"] = name
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        status, started = 500, time.perf_counter()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        with logs.about(request=name), tracing.span("request", **{"http.request.method": method}) as span:
            try:
                await self.app(scope, receive, named)
            finally:
                took_s = time.perf_counter() - started
                route = route_of(scope)
                metrics.REQUESTS.labels(route, method, str(status)).observe(took_s)
                if span is not None:
                    span.update_name(f"{method} {route}")
                    span.set_attributes({"http.route": route, "http.response.status_code": status})
                tell = log.debug if route in _UNTOLD else log.info
                tell("request", method=method, route=route, status=status, ms=round(took_s * 1000, 1))


def id_of(scope: Scope) -> str:
    """The id that a trusted proxy gave it, where that is well-formed; else one of ours.

    The server puts port 0 where a proxy that it trusts (`serve --proxy`) said who asks, and nowhere else.
    """
    client = scope.get("client")
    given = Headers(scope=scope).get(HEADER, "")
    if client is not None and client[1] == 0 and _WELL_FORMED.fullmatch(given):
        return given
    return secrets.token_hex(8)


def reference(request: Request) -> str:
    """What the log calls this request, and its error page as well."""
    name: str = getattr(request.state, "request_id", "")
    return name


def route_of(scope: Scope) -> str:
    """The template of the route that took the request ('/i/{token}'), the prefixes of its routers included.

    FastAPI 0.165 keeps those beside the route, which knows its own part alone.
    """
    whole: Any = scope.get("fastapi", {}).get("effective_route_context")
    own: Any = scope.get("route")
    return getattr(whole, "path", "") or getattr(own, "path", "") or NOWHERE

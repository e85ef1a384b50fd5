"""The desk's cookie: a random secret, worth nothing without its row (trust.md 13)."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from interviewer import people
from interviewer.deps import Deps
from interviewer.web.cookies import is_https

_LONGEST = 200
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


async def begin(request: Request, deps: Deps, secret: str, onward: str) -> Response:
    """On with a session that never was before; the one that this browser had ends (no fixation)."""
    if old := read(request, deps):
        await people.sign_out(deps, old)
    response = RedirectResponse(onward, 303)
    write(response, deps, secret)
    return response


def read(request: Request, deps: Deps) -> str:
    """The secret that the browser holds, or empty."""
    secret = request.cookies.get(_name(deps), "")
    return secret if len(secret) <= _LONGEST else ""


def write(response: Response, deps: Deps, secret: str) -> None:
    response.set_cookie(
        _name(deps),
        secret,
        max_age=int(people.ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_https(deps),
        path="/",
    )


def clear(response: Response, deps: Deps) -> None:
    response.delete_cookie(_name(deps), path="/", httponly=True, samesite="lax", secure=is_https(deps))


def browser_of(request: Request) -> str:
    """Which browser on which system, so that people know their own again: "Firefox on Linux"."""
    told = request.headers.get("user-agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in told), "")
    system = next((name for mark, name in _SYSTEMS if mark in told), "")
    return f"{browser} on {system}" if browser and system else browser or system


def _name(deps: Deps) -> str:
    return "__Host-interviewer-desk" if is_https(deps) else "interviewer-desk"

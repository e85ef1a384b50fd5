"""The desk's cookie: a random secret, worth nothing without its row (trust.md 13)."""

from fastapi import Request, Response

from interviewer import people
from interviewer.deps import Deps
from interviewer.web.cookies import is_https

_LONGEST = 200


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


def _name(deps: Deps) -> str:
    return "__Host-interviewer-desk" if is_https(deps) else "interviewer-desk"

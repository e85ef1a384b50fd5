"""The buyer's cookie: a random browser id and the interviews this browser has opened, signed (trust.md 6). Beside them
stand marks of what it left for a call (`bookings.mark`), which open nothing but that.

Previews at the desk have one of their own, so that trying flows never pushes out an interview of this browser.
"""

from dataclasses import dataclass

from fastapi import Request, Response

from interviewer.deps import Deps
from interviewer.errors import LinkInvalid
from interviewer.links import Purpose, digest

_MOST = 20
_MAX_AGE = 180 * 24 * 3600
_PREVIEW_MAX_AGE = 24 * 3600


@dataclass(frozen=True)
class Browser:
    """`secret` stays in the cookie; rows hold `id`, which is made from it."""

    secret: str
    interviews: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return digest(self.secret)[:32]

    def opened(self, interview_id: str) -> "Browser":
        others = tuple(one for one in self.interviews if one != interview_id)
        return Browser(self.secret, (*others, interview_id)[-_MOST:])


def read(request: Request, deps: Deps, *, preview: bool = False) -> Browser | None:
    """The browser that asks, or None when it has no cookie of ours."""
    sealed = request.cookies.get(_name(deps, preview))
    if not sealed:
        return None
    try:
        secret, *interviews = deps.links.read(Purpose.BROWSER, sealed).split(".")
    except LinkInvalid:
        return None
    return Browser(secret, tuple(interviews))


def write(response: Response, deps: Deps, browser: Browser, *, preview: bool = False) -> None:
    value = deps.links.sign(Purpose.BROWSER, ".".join((browser.secret, *browser.interviews)))
    response.set_cookie(
        _name(deps, preview),
        value,
        max_age=_PREVIEW_MAX_AGE if preview else _MAX_AGE,
        httponly=True,
        samesite="lax",
        secure=is_https(deps),
        path="/",
    )


def is_https(deps: Deps) -> bool:
    return deps.settings.base_url.startswith("https:")


def _name(deps: Deps, preview: bool) -> str:
    name = "interviewer-preview" if preview else "interviewer"
    return f"__Host-{name}" if is_https(deps) else name

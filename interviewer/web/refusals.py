"""What goes wrong at the desk, in words for who works there: what happened, and where their role can go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response

from interviewer import people
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.errors import NoLongerAgrees, NotAllowed, Unavailable
from interviewer.web import places, sessions, templating
from interviewer.web.requests import reference

PLACE = "/desk"
_WAYS = ("/desk", "/desk/released", "/desk/exports")
"""Places that an error names, of those that the role reaches."""


@dataclass(frozen=True)
class _Words:
    headline: str
    text: str


_NOT_ALLOWED = _Words(
    "Your role does not reach this page",
    "You are signed in as {role}. Buyers were promised that only product marketing reads their interviews; your team "
    "reads what was released to it. If you need more, ask an admin of this installation.",
)
_ADMINS_ONLY = {"/desk/people": "manage people", "/desk/keys": "make API keys", "/desk/audit": "read the audit log"}
_FOR_ADMINS = "You are signed in as {role}. Ask an admin of this installation if something there is needed."
_NO_LONGER_AGREES = _Words(
    "They no longer agree",
    "This buyer took their word back. What they said can be read on its page; it is left out of review, search, "
    "answers and exports, and nothing more is made of it. Nothing was changed.",
)
_WORDS: Mapping[int, _Words] = {
    401: _Words("Please sign in", "You were signed out. Sign in and try again."),
    403: _Words("That came from elsewhere", "The form was not sent from this site. Open the page again and try there."),
    404: _Words("There is nothing here", "The address may be incomplete, or what stood here was deleted."),
    405: _Words("That cannot be done here", "Nothing was changed. Go back to the page and try again."),
    409: _Words("Somebody was faster", "This changed while you looked at it. Open the page again to see how it is."),
    413: _Words("That is too large", "Nothing was kept. Send less at once."),
    422: _Words("That could not be read", "Nothing was changed. Go back and check what was filled in."),
    429: _Words("Too many tries", "Please wait some minutes, then try again."),
    500: _Words("That did not work", "The fault is ours and was noted. Your last change may not be kept: look before "
                "you try again."),
    503: _Words("Not possible right now", "The server is busy or cannot reach what it needs. Nothing was changed; try "
                "again in a moment."),
}  # fmt: skip


def wanted(request: Request) -> bool:
    """Whether the request was for the desk. Signing in has pages of its own, but its errors stand here too."""
    path = request.url.path
    return path == PLACE or path.startswith(f"{PLACE}/")


async def answer(request: Request, status: int, error: Exception | None = None) -> Response:
    """The error's page, with the places that this person's role reaches; for htmx what stands in it.

    Where the fault is ours, the database is asked nothing more. The log calls the request by the same reference.
    """
    viewer = await _who(request) if status < 500 else None
    words = _words(request.url.path, status, error)
    reached = places.of(viewer, request.url.path, await _waiting(request, viewer)) if viewer else []
    context = {
        "headline": words.headline,
        "words": words.text.format(role=viewer.role if viewer else ""),
        "who": viewer.name if viewer else "",
        "role": viewer.role.value if viewer else "",
        "places": reached,
        "ways": [place for place in reached if place["url"] in _WAYS],
        "done": "",
        "reference": reference(request),
        "ours": status >= 500,
    }
    if not templating.is_htmx(request):
        return templating.page(request, "desk/error.html", status=status, **context)
    response = templating.fragment(request, "desk/error.html", "notice", otherwise="", status=status, **context)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#main", "innerHTML"
    return response


def _words(path: str, status: int, error: Exception | None) -> _Words:
    if isinstance(error, NoLongerAgrees):
        return _NO_LONGER_AGREES
    if isinstance(error, NotAllowed):
        only = next((act for page, act in _ADMINS_ONLY.items() if path == page or path.startswith(f"{page}/")), "")
        return _Words(f"Only admins {only}", _FOR_ADMINS) if only else _NOT_ALLOWED
    return _WORDS.get(status, _WORDS[500 if status > 499 else 404])


async def _waiting(request: Request, viewer: Viewer) -> Mapping[str, int]:
    """The numbers beside the places; none where the database is too busy to say."""
    try:
        return await places.waiting(request.app.state.deps, viewer)
    except Unavailable:
        return places.NOTHING


async def _who(request: Request) -> Viewer | None:
    deps: Deps = request.app.state.deps
    secret = sessions.read(request, deps)
    try:
        return await people.viewer(deps, secret) if secret else None
    except Unavailable:
        return None

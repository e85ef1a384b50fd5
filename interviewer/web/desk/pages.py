"""What every page of the desk has: who looks, where they can go, and that only what was seen by right is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from interviewer import people, review
from interviewer.confidentiality import Act, Field, Seen, Viewer
from interviewer.deps import Deps
from interviewer.errors import SignInRequired
from interviewer.web import sessions, templating
from interviewer.web.deps import DepsDep

Shown = Seen[Any] | str | int | bool | datetime | None
"""What a desk template may be given: what the confidentiality layer made, and plain values of the request's own."""


class Done(StrEnum):
    """What was just done, told on the page that follows. The address carries one of these words and nothing else."""

    REPLACED = "replaced"
    REVOKED = "revoked"
    DELETED = "deleted"
    HANDLED = "handled"
    REOPENED = "reopened"
    RETRIED = "retried"
    PREVIEW_ENDED = "preview_ended"
    PREVIEW_OVER = "preview_over"


_PLACES: tuple[tuple[str, str, Field | Act], ...] = (
    ("Interviews", "/desk", Field.INTERVIEW),
    ("Released", "/desk/released", Field.RELEASED),
    ("Calls", "/desk/calls", Field.CALL),
    ("Preview", "/desk/preview", Act.PREVIEW),
    ("Quality", "/desk/quality", Field.REASONING),
)


async def signed_in(request: Request, deps: DepsDep) -> Viewer:
    """Who is signed in. Raises SignInRequired."""
    secret = sessions.read(request, deps)
    viewer = await people.viewer(deps, secret) if secret else None
    if viewer is None:
        raise SignInRequired
    return viewer


@dataclass(frozen=True)
class Desk:
    """One request at the desk."""

    request: Request
    deps: Deps
    viewer: Viewer

    async def page(self, template: str, **context: Shown) -> Response:
        """The whole page."""
        return templating.page(self.request, template, **await self._frame(context))

    async def block(self, template: str, block: str, **context: Shown) -> Response:
        """For htmx the block, for others the whole page."""
        if not templating.is_htmx(self.request):
            return await self.page(template, **context)
        return templating.fragment(self.request, template, block, otherwise="", **await self._frame(context))

    def go(self, where: str, done: Done | None = None) -> Response:
        """On to another page, that tells what was done."""
        told = f"{'&' if '?' in where else '?'}done={done}" if done else ""
        return RedirectResponse(where + told, 303)

    async def _frame(self, context: Mapping[str, Shown]) -> dict[str, Any]:
        calls = await review.open_calls(self.deps, self.viewer)
        done = self.request.query_params.get("done")
        path = self.request.url.path
        here = max((url for _, url, _ in _PLACES if path == url or path.startswith(f"{url}/")), key=len, default="")
        return {
            "who": self.viewer.name,
            "role": self.viewer.role.value,
            "today": self.deps.now(),
            "done": done if done in set(Done) else "",
            "places": [
                {
                    "name": name,
                    "url": url,
                    "here": url == here,
                    "open": calls if url == "/desk/calls" else 0,
                }
                for name, url, needs in _PLACES
                if self.viewer.reaches(needs)
            ],
            **context,
        }


async def _desk(request: Request, deps: DepsDep, viewer: Annotated[Viewer, Depends(signed_in)]) -> Desk:
    return Desk(request, deps, viewer)


DeskDep = Annotated[Desk, Depends(_desk)]

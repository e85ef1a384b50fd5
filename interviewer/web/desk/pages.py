"""What every page of the desk has: who looks, where they can go, and that only what was seen by right is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import unquote, urlencode

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from interviewer import people
from interviewer.agenda import clock
from interviewer.analysis.codebook import CODEBOOK
from interviewer.confidentiality import Seen, Viewer
from interviewer.deps import Deps
from interviewer.errors import SignInRequired
from interviewer.scheduling import zones
from interviewer.web import places, sessions, templating
from interviewer.web.deps import DepsDep

Shown = Seen[Any] | str | int | bool | datetime | None
"""What a desk template may be given: what the confidentiality layer made, and plain values of the request's own."""


class Done(StrEnum):
    """What was just done, told on the page that follows. The address carries one of these words, and where it can be
    taken back the number of the change."""

    REPLACED = "replaced"
    REVOKED = "revoked"
    DELETED = "deleted"
    HANDLED = "handled"
    REOPENED = "reopened"
    RETRIED = "retried"
    PREVIEW_ENDED = "preview_ended"
    PREVIEW_OVER = "preview_over"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    SUGGESTED = "suggested"
    RETAGGED = "retagged"
    MARKED = "marked"
    MERGED = "merged"
    REWORDED = "reworded"
    REDACTED = "redacted"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    ACCEPTED_ALL = "accepted_all"
    REVIEWED = "reviewed"
    ALL_REVIEWED = "all_reviewed"
    REVIEW_AGAIN = "review_again"
    UNDONE = "undone"
    TOO_LATE = "too_late"
    RERUN = "rerun"
    IMPORTED = "imported"
    DEAL_KEPT = "deal_kept"
    HOURS_KEPT = "hours_kept"
    NOTES_KEPT = "notes_kept"
    RECORDING_KEPT = "recording_kept"
    HYPOTHESIS_KEPT = "hypothesis_kept"
    CALL_HELD = "call_held"
    CALL_MISSED = "call_missed"
    CALL_REOPENED = "call_reopened"
    CALL_CANCELLED = "call_cancelled"
    CALL_MOVED = "call_moved"
    CALL_MOVED_BACK = "call_moved_back"
    CALL_HANDED = "call_handed"
    CALL_STAYS = "call_stays"
    CALL_BOOKED = "call_booked"
    CALL_STANDS = "call_stands"
    PERSON_ADDED = "person_added"
    PERSON_LET_IN = "person_let_in"
    PERSON_RENAMED = "person_renamed"
    PERSON_SIGNED_OUT = "person_signed_out"
    PERSON_DISABLED = "person_disabled"
    PERSON_ENABLED = "person_enabled"
    PERSON_UNLINKED = "person_unlinked"
    ROLE_SET = "role_set"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    PERSON_ERASED = "person_erased"


_THEMES = [
    {
        "value": theme.value,
        "label": entry.label,
        "meaning": entry.meaning,
        "tint": entry.tint.value,
        "scope": entry.scope.value,
        "horizon": entry.horizon.value if entry.horizon else "",
    }
    for theme, entry in CODEBOOK.items()
]
"""The codebook, to choose a tag from."""


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

    async def page(self, template: str, *, status: int = 200, **context: Shown) -> Response:
        """The whole page."""
        return templating.page(self.request, template, status=status, **await self._frame(context))

    async def block(self, template: str, block: str, *, status: int = 200, **context: Shown) -> Response:
        """For htmx the block, for others the whole page."""
        if not templating.is_htmx(self.request):
            return await self.page(template, status=status, **context)
        frame = await self._frame(context)
        return templating.fragment(self.request, template, block, otherwise="", status=status, **frame)

    def go(self, where: str, done: Done | None = None, change: int = 0) -> Response:
        """On to another page, that tells what was done, and takes `change` back where that is wished."""
        told = {"done": done, "change": change} if change else {"done": done} if done else {}
        return RedirectResponse(where + (f"{'&' if '?' in where else '?'}{urlencode(told)}" if told else ""), 303)

    async def _frame(self, context: Mapping[str, Shown]) -> dict[str, Any]:
        waiting = await places.waiting(self.deps, self.viewer)
        done, change = (self.request.query_params.get(name, "") for name in ("done", "change"))
        return {
            "who": self.viewer.name,
            "role": self.viewer.role.value,
            "today": self.deps.now(),
            "done": done if done in set(Done) else "",
            "change": int(change) if change.isdecimal() and len(change) < 16 else 0,
            "places": places.of(self.viewer, self.request.url.path, waiting),
            "themes": _THEMES,
            "mails": self.deps.mail is not None,
            "zone": await clock.zone_for(self.deps, self.viewer),
            **context,
        }


ZONE = "interviewer-zone"
"""The cookie in which a browser says its time zone. It is anybody's to write, and worth nothing but a clock."""


async def _desk(request: Request, deps: DepsDep, viewer: Annotated[Viewer, Depends(signed_in)]) -> Desk:
    zone = zones.current(unquote(request.cookies.get(ZONE, "")))
    return Desk(request, deps, replace(viewer, zone=zone if zones.known(zone) else ""))


DeskDep = Annotated[Desk, Depends(_desk)]


def day_of(text: str) -> date | None:
    """A day as the address bar has it; None for what is none, or of another century."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None

"""The places of the desk, and which of them a role reaches."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from interviewer import review, reviewing
from interviewer.confidentiality import Act, Field, Viewer
from interviewer.deps import Deps

_PLACES: tuple[tuple[str, str, Field | Act], ...] = (
    ("Interviews", "/desk", Field.INTERVIEW),
    ("Review", "/desk/review", Act.REVIEW),
    ("Library", "/desk/library", Field.TRANSCRIPT),
    ("Released", "/desk/released", Field.RELEASED),
    ("Calls", "/desk/calls", Field.CALL),
    ("Import", "/desk/import", Act.IMPORT),
    ("Preview", "/desk/preview", Act.PREVIEW),
    ("Quality", "/desk/quality", Field.REASONING),
    ("Exports", "/desk/exports", Field.RELEASED),
    ("Status", "/desk/status", Field.INTERVIEW),
    ("API keys", "/desk/keys", Act.KEYS),
    ("People", "/desk/people", Act.PEOPLE),
    ("Requests", "/desk/person", Act.ANSWER),
    ("Audit log", "/desk/audit", Act.AUDIT),
)
_APART = "/desk/account"
"""What is one's own is no part of the work."""
NOTHING: Mapping[str, int] = MappingProxyType({})


async def waiting(deps: Deps, viewer: Viewer) -> Mapping[str, int]:
    """How much waits for somebody, by place."""
    return {
        "/desk/review": await reviewing.waiting(deps, viewer),
        "/desk/calls": await review.open_calls(deps, viewer),
        "/desk/person": await review.asking_deletion(deps, viewer),
    }


def of(viewer: Viewer, path: str, waiting: Mapping[str, int] = NOTHING) -> list[dict[str, Any]]:
    """Where this viewer can go, for the navigation: which of it holds `path`, and how much waits there."""
    here = max((url for _, url, _ in _PLACES if path == url or path.startswith(f"{url}/")), key=len, default="")
    here = "" if path.startswith(_APART) else here
    return [
        {"name": name, "url": url, "here": url == here, "open": waiting.get(url, 0)}
        for name, url, needs in _PLACES
        if viewer.reaches(needs)
    ]

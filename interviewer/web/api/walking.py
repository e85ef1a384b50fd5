"""What every list of the API shares: who asks, which interviews are meant, and where a walk goes on."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal, Protocol, TypeVar

from fastapi import Depends, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic.json_schema import SkipJsonSchema

from interviewer import exporting, keys
from interviewer.confidentiality import Seen, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, KeyNeeded, Problem
from interviewer.exporting import Wanted
from interviewer.web.api.models import Page
from interviewer.web.api.models import Problem as ProblemDocument
from interviewer.web.deps import DepsDep
from interviewer.web.problems import DETAILS

Absent = SkipJsonSchema[None]
"""A parameter that may be left out, and cannot be sent as a null."""
_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="A key to the API: `ivk_…`")

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": ProblemDocument, "description": DETAILS[status]} for status in (401, 403, 422, 429, 503)
}
MISSING: Final[dict[int | str, dict[str, Any]]] = {404: {"model": ProblemDocument, "description": DETAILS[404]}}


async def _caller(
    deps: DepsDep, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> keys.Caller:
    if credentials is None:
        raise KeyNeeded
    return await keys.caller(deps, credentials.credentials)


CallerDep = Annotated[keys.Caller, Depends(_caller)]
Limit = Annotated[int, Query(ge=1, le=100, description="Items of one page.")]


@dataclass(frozen=True)
class Place:
    """Where a walk stands: after which interview, or within it after which of its parts."""

    began: datetime
    interview_id: str
    number: int = 0
    """Of the last part read of this interview; 0: the whole interview was read."""

    @property
    def key(self) -> tuple[datetime, str]:
        return self.began, self.interview_id

    def cursor(self) -> str:
        """As a program sends it back: nothing to be read in, and nothing secret."""
        words = json.dumps([self.began.isoformat(), self.interview_id, self.number])
        return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def _place(
    cursor: Annotated[str, Query(max_length=400, description="`next` of the page before; empty: from the start.")] = "",
) -> Place | None:
    """Raises BadInput for what no page gave."""
    if not cursor:
        return None
    try:
        began, interview_id, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(began).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise _no_cursor() from error
    if not isinstance(interview_id, str) or "\x00" in interview_id or type(number) is not int:
        raise _no_cursor()
    return Place(moment, interview_id, number)


def _no_cursor() -> BadInput:
    return BadInput([Problem("query.cursor", "is not one that a page gave as `next`")])


def _filters(
    flow: Annotated[str, Query(max_length=60, description="Id of a flow, such as `loss`.")] = "",
    outcome: Annotated[str, Query(max_length=200, description="What the flow says of the deal.")] = "",
    mode: Annotated[Literal["ai", "human"] | Absent, Query(description="Who asked.")] = None,
    reviewed: Annotated[bool | Absent, Query(description="Whether a person went through it.")] = None,
    ended_from: Annotated[date | Absent, Query(description="Ended on this day (UTC) or later.")] = None,
    ended_to: Annotated[date | Absent, Query(description="Ended on this day (UTC) or earlier.")] = None,
) -> Wanted:
    return Wanted(flow=flow, outcome=outcome, mode=mode or "", reviewed=reviewed, first=ended_from, last=ended_to)


PlaceDep = Annotated[Place | None, Depends(_place)]
WantedDep = Annotated[Wanted, Depends(_filters)]

_MOST_READ = 100
"""Interviews looked through for one page; a page may be short, or empty, and still have a `next`."""


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


N = TypeVar("N", bound=_Numbered)


async def parts(
    deps: Deps,
    viewer: Viewer,
    wanted: Wanted,
    place: Place | None,
    limit: int,
    of: Callable[[Seen[Any]], Iterable[N]],
) -> Page[N]:
    """Up to `limit` numbered parts of interviews, going on within an interview where the page before stopped."""
    found: list[tuple[N, Place]] = []
    after = place.key if place else None
    if place and place.number:
        same = await exporting.part(deps, viewer, replace(wanted, only=place.interview_id), after=None, limit=1)
        found += [pair for pair in _numbered(same, of) if pair[0].id > place.number]
    read, more = 0, True
    while more and len(found) <= limit and read < _MOST_READ:
        stretch = await exporting.part(deps, viewer, wanted, after=after, limit=exporting.CHUNK)
        found += _numbered(stretch, of)
        after, more, read = stretch.keys[-1] if stretch.keys else after, stretch.more, read + len(stretch.keys)
    if len(found) > limit:
        return Page(items=[item for item, _ in found[:limit]], next=found[limit - 1][1].cursor())
    return Page(items=[item for item, _ in found], next=Place(*after).cursor() if more and after else None)


def _numbered(stretch: exporting.Part, of: Callable[[Seen[Any]], Iterable[N]]) -> list[tuple[N, Place]]:
    return [
        (item, Place(*key, item.id))
        for interview, key in zip(stretch.interviews, stretch.keys, strict=True)
        for item in sorted(of(interview), key=lambda item: item.id)
    ]

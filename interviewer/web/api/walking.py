"""What every list of the API shares: who asks, which interviews are meant, and where a walk goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final, Literal, Protocol, TypeVar

from fastapi import Depends, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BeforeValidator
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

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CURSOR = r"^([0-9]{1,16}\.[A-Za-z0-9_-]{0,64}\.[0-9]{1,15})?$"
Absent = SkipJsonSchema[None]
"""A parameter that may be left out, and cannot be sent as a null."""
_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="A key to the API: `ivk_…`")

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": ProblemDocument, "description": DETAILS[status]} for status in (401, 403, 404, 422, 429, 503)
}


async def _caller(
    request: Request, deps: DepsDep, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> keys.Caller:
    """Who asks. Raises KeyNeeded, TooMany, and BadInput for a parameter that is not there: a filter with a slip of
    the pen would give everything."""
    if credentials is None:
        raise KeyNeeded
    caller = await keys.caller(deps, credentials.credentials)
    unknown = set(request.query_params) - set(_names(request.scope["route"].dependant))
    if unknown:
        raise BadInput([Problem(f"query.{name}", "is not a parameter here") for name in sorted(unknown)])
    return caller


def _names(dependant: Dependant) -> Iterator[str]:
    """The query parameters that a route takes, by itself or for what it depends on."""
    yield from (parameter.alias for parameter in dependant.query_params)
    for one in dependant.dependencies:
        yield from _names(one)


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
        """As a program sends it back: nothing secret, and `_CURSOR` is all that can be wrong with it."""
        return f"{(self.began - _EPOCH) // _MICROSECOND}.{self.interview_id}.{self.number}"


def _place(
    cursor: Annotated[
        str, Query(pattern=_CURSOR, description="`next` of the page before; empty: from the start.")
    ] = "",
) -> Place | None:
    if not cursor:
        return None
    began, interview_id, number = cursor.split(".")
    return Place(_EPOCH + int(began) * _MICROSECOND, interview_id, int(number))


def _iso(day: object) -> object:
    """Raises ValueError for the numbers that pydantic takes for days as well."""
    if isinstance(day, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day, re.ASCII):
        raise ValueError("should be a day such as 2026-11-03")
    return day


Day = Annotated[date, BeforeValidator(_iso)]


def _filters(
    flow: Annotated[str, Query(max_length=60, description="Id of a flow, such as `loss`.")] = "",
    outcome: Annotated[str, Query(max_length=200, description="What the flow says of the deal.")] = "",
    mode: Annotated[Literal["ai", "human"] | Absent, Query(description="Who asked.")] = None,
    reviewed: Annotated[bool | Absent, Query(description="Whether a person went through it.")] = None,
    ended_from: Annotated[Day | Absent, Query(description="Ended on this day (UTC) or later.")] = None,
    ended_to: Annotated[Day | Absent, Query(description="Ended on this day (UTC) or earlier.")] = None,
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

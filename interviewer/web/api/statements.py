"""Quotes, what the analysis states on them, and what was released to teams."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from interviewer import exporting
from interviewer.analysis.codebook import Theme
from interviewer.evidence import StatementKind
from interviewer.exports import What
from interviewer.keys import Scope
from interviewer.web.api.models import Page, Quote, Released, Statement
from interviewer.web.api.walking import PROBLEMS, Absent, CallerDep, Limit, Place, PlaceDep, WantedDep, parts
from interviewer.web.deps import DepsDep

router = APIRouter(responses=PROBLEMS)
_NO_INTERVIEW = datetime(1970, 1, 1, tzinfo=UTC)


@router.get("/quotes", summary="Verbatim quotes with their themes")
async def quotes(
    deps: DepsDep,
    caller: CallerDep,
    wanted: WantedDep,
    place: PlaceDep,
    theme: Annotated[Theme | Absent, Query(description="Only those under this theme.")] = None,
    review: Annotated[Literal["confirmed"] | Absent, Query(description="Only those that a person confirmed.")] = None,
    limit: Limit = 25,
) -> Page[Quote]:
    viewer = caller.require(Scope.QUOTES)

    def fits(quote: Quote) -> bool:
        tags = [tag for tag in quote.tags if theme in (None, tag.theme)]
        return (theme is None or bool(tags)) and (review is None or any(tag.review == review for tag in tags))

    page = await parts(
        deps,
        viewer,
        replace(wanted, what=What.QUOTES, theme=theme or ""),
        place,
        limit,
        lambda seen: filter(fits, (Quote.of(deps.settings.base_url, seen, quote) for quote in seen.quotes)),
    )
    await exporting.walked(deps, viewer, "read quotes", "api:quotes")
    return page


@router.get("/statements", summary="What the analysis says: notes, answers, drivers, competitors, findings and more")
async def statements(
    deps: DepsDep,
    caller: CallerDep,
    wanted: WantedDep,
    place: PlaceDep,
    kind: Annotated[StatementKind | Absent, Query(description="Only this kind, such as `finding`.")] = None,
    limit: Limit = 25,
) -> Page[Statement]:
    """Running an analysis again gives open statements new ids; those that a person decided on keep theirs."""
    viewer = caller.require(Scope.INTERVIEWS)
    page = await parts(
        deps,
        viewer,
        replace(wanted, kind=kind or ""),
        place,
        limit,
        lambda seen: [one for one in Statement.every(seen) if kind in (None, one.kind)],
    )
    await exporting.walked(deps, viewer, "read statements", "api:statements")
    return page


@router.get("/released", summary="What product marketing released to this key's team")
async def released(
    deps: DepsDep,
    caller: CallerDep,
    place: PlaceDep,
    audience: Annotated[
        Literal["product", "leadership", "revops", "sales"] | Absent,
        Query(description="For keys of an admin or of product marketing: whose. Others read their own."),
    ] = None,
    limit: Limit = 25,
) -> Page[Released]:
    viewer = caller.require(Scope.RELEASED)
    start = place.number if place else 0
    found = await exporting.released_after(deps, viewer, audience or "", start, limit + 1)
    items = [Released.of(one) for one in found[:limit]]
    await exporting.walked(deps, viewer, "read released statements", "api:released")
    rest = Place(_NO_INTERVIEW, "", items[-1].id).cursor() if len(found) > limit else None
    return Page[Released](items=items, next=rest)

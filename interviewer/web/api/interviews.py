"""Interviews and deals, the oldest first, so that a walk may go on where it ended the day before."""

from dataclasses import replace
from datetime import datetime

from fastapi import APIRouter

from interviewer import exporting
from interviewer.exports import What
from interviewer.keys import Scope
from interviewer.web.api.models import Correction, Deal, Interview, Page, WholeInterview
from interviewer.web.api.walking import PROBLEMS, CallerDep, Limit, Place, PlaceDep, WantedDep
from interviewer.web.deps import DepsDep

router = APIRouter(responses=PROBLEMS)


@router.get("/interviews", summary="Interviews that ended")
async def interviews(
    deps: DepsDep, caller: CallerDep, wanted: WantedDep, place: PlaceDep, limit: Limit = 25
) -> Page[Interview]:
    viewer = caller.require(Scope.INTERVIEWS)
    part = await exporting.part(deps, viewer, wanted, after=place.key if place else None, limit=limit)
    await exporting.walked(deps, viewer, "read interviews", "api:interviews")
    base_url = deps.settings.base_url
    return Page[Interview](items=[Interview.of(base_url, one) for one in part.interviews], next=_next(part.after))


@router.get("/interviews/{interview_id}", summary="One interview with its turns, statements and quotes")
async def interview(deps: DepsDep, caller: CallerDep, interview_id: str) -> WholeInterview:
    viewer = caller.require(Scope.INTERVIEWS)
    found = await exporting.one(deps, viewer, interview_id)
    await exporting.walked(deps, viewer, "viewed transcript", f"interview:{found.interview_id}")
    return WholeInterview.of(deps.settings.base_url, found)


@router.get("/deals", summary="Deals as the CRM, the rep and the buyer have them")
async def deals(deps: DepsDep, caller: CallerDep, wanted: WantedDep, place: PlaceDep, limit: Limit = 25) -> Page[Deal]:
    viewer = caller.require(Scope.DEALS)
    part = await exporting.part(
        deps, viewer, replace(wanted, what=What.DEALS), after=place.key if place else None, limit=limit
    )
    await exporting.walked(deps, viewer, "read deals", "api:deals")
    return Page[Deal](items=[Deal.of(one) for one in part.interviews], next=_next(part.after))


@router.get("/corrections", summary="What buyers agreed may go back to the CRM")
async def corrections(
    deps: DepsDep, caller: CallerDep, wanted: WantedDep, place: PlaceDep, limit: Limit = 25
) -> Page[Correction]:
    """A page holds the lines of up to `limit` interviews."""
    viewer = caller.require(Scope.DEALS)
    found, after = await exporting.agreed(deps, viewer, wanted, after=place.key if place else None, limit=limit)
    await exporting.walked(deps, viewer, "read corrections", "api:corrections")
    return Page[Correction](items=[Correction.of(one) for one in found], next=_next(after))


def _next(after: tuple[datetime, str] | None) -> str | None:
    return Place(*after).cursor() if after else None

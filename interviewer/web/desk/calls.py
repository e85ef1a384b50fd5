"""Buyers who would rather talk."""

from fastapi import APIRouter, Response

from interviewer import review, upkeep
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import DeskDep, Done

router = APIRouter(prefix="/desk/calls")


@router.get("")
async def index(desk: DeskDep) -> Response:
    return await desk.page("desk/calls.html", calls=await review.calls(desk.deps, desk.viewer))


@router.post("/{call_id}")
async def handle(desk: DeskDep, call_id: str, raw: RawForm) -> Response:
    handled = raw.get("handled") == "yes"
    await upkeep.handle_call(desk.deps, desk.viewer, call_id, handled=handled)
    return desk.go("/desk/calls", Done.HANDLED if handled else Done.REOPENED)

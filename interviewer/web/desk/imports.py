"""Calls that people held, brought in: the words and their facts, then who is who."""

from fastapi import APIRouter, Response

from interviewer.bookings import finishing
from interviewer.importing import calls
from interviewer.web.desk.pages import DeskDep, Done
from interviewer.web.uploads import PostedForm

router = APIRouter(prefix="/desk/import")


@router.get("")
async def ask(desk: DeskDep) -> Response:
    return await desk.page("desk/import.html", sheet=await calls.blank(desk.deps, desk.viewer))


@router.post("")
async def read(desk: DeskDep, posted: PostedForm) -> Response:
    """The speakers that were found; the first page again where something is wrong."""
    sheet = await calls.read(desk.deps, desk.viewer, posted.fields, posted.file)
    if sheet.stage == "speakers":
        return await desk.page("desk/speakers.html", sheet=sheet)
    return await desk.page("desk/import.html", status=422, sheet=sheet)


@router.post("/keep")
async def keep(desk: DeskDep, posted: PostedForm) -> Response:
    kept = await calls.keep(desk.deps, desk.viewer, posted.fields, booked=finishing.bring_in)
    if isinstance(kept, str):
        return desk.go(f"/desk/interviews/{kept}", Done.IMPORTED)
    template = "desk/speakers.html" if kept.stage == "speakers" else "desk/import.html"
    return await desk.page(template, status=422, sheet=kept)

"""The hours in which somebody holds calls, and what buyers will see of them."""

from fastapi import APIRouter, Response

from interviewer.agenda import hours
from interviewer.web import templating
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import DeskDep, Done

router = APIRouter(prefix="/desk/calls/hours")


@router.get("")
async def show(desk: DeskDep, host: str = "") -> Response:
    return await desk.page("desk/hours.html", sheet=await hours.sheet(desk.deps, desk.viewer, host))


@router.post("")
async def change(desk: DeskDep, raw: RawForm) -> Response:
    """Keep them; or add or take away a line, or only look, and keep nothing yet."""
    act = raw.get("act", "")
    if act != "keep":
        sheet = await hours.changed(desk.deps, desk.viewer, raw, act)
        return await desk.block("desk/hours.html", "editor", sheet=sheet)
    wrong = await hours.keep(desk.deps, desk.viewer, raw)
    if wrong is None:
        return desk.go(f"/desk/calls/hours?host={raw.get('host', '')}", Done.HOURS_KEPT)
    return await desk.page("desk/hours.html", status=409 if wrong.overtaken else 422, sheet=wrong)


@router.post("/preview")
async def preview(desk: DeskDep, raw: RawForm) -> Response:
    """What buyers would see of what is typed now."""
    sheet = await hours.changed(desk.deps, desk.viewer, raw)
    if not templating.is_htmx(desk.request):
        return await desk.page("desk/hours.html", sheet=sheet)
    return await desk.block("desk/hours.html", "shown", sheet=sheet)

"""What the CRM and the rep say of a deal, typed."""

from fastapi import APIRouter, Response

from interviewer.importing import deals
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import DeskDep, Done

router = APIRouter(prefix="/desk/interviews/{some_id}/deal")


@router.get("")
async def ask(desk: DeskDep, some_id: str) -> Response:
    return await desk.page("desk/deal.html", sheet=await deals.look(desk.deps, desk.viewer, some_id))


@router.post("")
async def keep(desk: DeskDep, some_id: str, raw: RawForm) -> Response:
    sheet = await deals.keep(desk.deps, desk.viewer, some_id, raw)
    if sheet is None:
        return desk.go(f"/desk/interviews/{some_id}", Done.DEAL_KEPT)
    return await desk.page("desk/deal.html", status=409 if sheet.overtaken else 422, sheet=sheet)

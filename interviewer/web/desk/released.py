"""What product marketing released to the other teams."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from interviewer import exporting, released
from interviewer.web.desk.pages import DeskDep

router = APIRouter(prefix="/desk/released")


@router.get("")
async def index(
    desk: DeskDep, audience: str = "", theme: str = "", before: Annotated[int, Query(ge=0, lt=10**15)] = 0
) -> Response:
    shelf = await released.shelf(desk.deps, desk.viewer, audience=audience, theme=theme, before=before)
    exports = await exporting.offers(desk.deps, desk.viewer, exporting.Wanted())
    return await desk.page("desk/released.html", shelf=shelf, exports=exports)

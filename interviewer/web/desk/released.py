"""What product marketing released to the other teams."""

from fastapi import APIRouter, Response

from interviewer import released
from interviewer.web.desk.pages import DeskDep

router = APIRouter(prefix="/desk/released")


@router.get("")
async def index(desk: DeskDep, audience: str = "", theme: str = "") -> Response:
    shelf = await released.shelf(desk.deps, desk.viewer, audience=audience, theme=theme)
    return await desk.page("desk/released.html", shelf=shelf)

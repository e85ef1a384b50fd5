"""How the installation does, for who runs the programme."""

from fastapi import APIRouter, Response

from interviewer import status
from interviewer.web.desk.pages import DeskDep

router = APIRouter(prefix="/desk/status")


@router.get("")
async def index(desk: DeskDep) -> Response:
    return await desk.page("desk/status.html", state=await status.look(desk.deps, desk.viewer))

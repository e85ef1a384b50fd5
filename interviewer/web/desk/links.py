"""A buyer's link: end it, renew it; and deleting everything that came through it."""

from fastapi import APIRouter, Response

from interviewer import review, upkeep
from interviewer.agenda import meetings
from interviewer.confidentiality import Act
from interviewer.web.desk.pages import DeskDep, Done

router = APIRouter(prefix="/desk/interviews/{some_id}")


@router.post("/revoke")
async def revoke(desk: DeskDep, some_id: str) -> Response:
    await upkeep.revoke_link(desk.deps, desk.viewer, some_id)
    return desk.go(f"/desk/interviews/{some_id}", Done.REVOKED)


@router.post("/replace")
async def replace(desk: DeskDep, some_id: str) -> Response:
    await upkeep.replace_link(desk.deps, desk.viewer, some_id)
    return desk.go(f"/desk/interviews/{some_id}", Done.REPLACED)


@router.get("/delete")
async def ask(desk: DeskDep, some_id: str) -> Response:
    desk.viewer.require(Act.ERASE)
    head = await review.head(desk.deps, desk.viewer, some_id)
    call = await meetings.standing(desk.deps, desk.viewer, head.id)
    return await desk.page("desk/delete.html", head=head, call=call)


@router.post("/delete")
async def delete(desk: DeskDep, some_id: str) -> Response:
    await upkeep.erase(desk.deps, desk.viewer, some_id)
    return desk.go("/desk", Done.DELETED)

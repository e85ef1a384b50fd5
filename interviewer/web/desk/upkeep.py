"""Background work that gave up, tried again by a person."""

from fastapi import APIRouter, Response

from interviewer import upkeep
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import DeskDep, Done
from interviewer.web.entrance import local

router = APIRouter(prefix="/desk")


@router.post("/retry")
async def retry(desk: DeskDep, raw: RawForm) -> Response:
    queued = await upkeep.retry(desk.deps, desk.viewer, raw.get("job", ""), raw.get("key", ""))
    return desk.go(local(raw.get("back", "")), Done.RETRIED if queued else None)

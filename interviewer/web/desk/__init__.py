"""The PMM's desk. All but signing in needs a session before it runs; use cases then ask for the right."""

from fastapi import APIRouter, Depends

from interviewer.web import signin
from interviewer.web.desk import calls, interviews, links, preview, quality, upkeep
from interviewer.web.desk.pages import signed_in

router = APIRouter()
router.include_router(signin.router)
for rooms in (interviews.router, links.router, upkeep.router, calls.router, preview.router, quality.router):
    router.include_router(rooms, dependencies=[Depends(signed_in)])

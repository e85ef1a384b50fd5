"""The PMM's desk. All but signing in needs a session before it runs; use cases then ask for the right."""

from fastapi import APIRouter, Depends

from interviewer.web import signin
from interviewer.web.desk import (
    arranging,
    calls,
    deals,
    exports,
    handing,
    hours,
    imports,
    interviews,
    keys,
    library,
    links,
    preview,
    quality,
    released,
    review,
    upkeep,
)
from interviewer.web.desk.pages import signed_in

_ROOMS = (
    hours,
    calls,
    arranging,
    deals,
    exports,
    handing,
    imports,
    interviews,
    keys,
    library,
    links,
    preview,
    quality,
    released,
    review,
    upkeep,
)

router = APIRouter()
router.include_router(signin.router)
for room in _ROOMS:
    router.include_router(room.router, dependencies=[Depends(signed_in)])

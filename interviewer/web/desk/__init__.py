"""The PMM's desk. All but signing in needs a session before it runs; use cases then ask for the right."""

from fastapi import APIRouter, Depends

from interviewer.web import company, signin
from interviewer.web.desk import (
    account,
    arranging,
    audit,
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
    people,
    person,
    preview,
    quality,
    released,
    review,
    status,
    upkeep,
)
from interviewer.web.desk.pages import signed_in

_ROOMS = (
    account,
    audit,
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
    people,
    person,
    preview,
    quality,
    released,
    review,
    status,
    upkeep,
)

router = APIRouter()
router.include_router(company.router)  # before links, whose address takes any word
router.include_router(signin.router)
for room in _ROOMS:
    router.include_router(room.router, dependencies=[Depends(signed_in)])

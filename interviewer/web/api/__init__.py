"""What programs read: JSON under `/api/v1`, with a key, and its description. Nothing here writes, or takes a cookie."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from interviewer.web import problems
from interviewer.web.api import interviews, statements

PREFIX = "/api/v1"

_rooms = APIRouter(prefix=PREFIX)
for _room in (interviews.router, statements.router):
    _rooms.include_router(_room)

router = APIRouter()
router.include_router(_rooms)


@router.get(f"{PREFIX}/openapi.json", include_in_schema=False)
async def description() -> Response:
    """The OpenAPI document. It says nothing of what is kept, so it needs no key."""
    return JSONResponse(openapi())


def openapi() -> dict[str, Any]:
    """OpenAPI 3.1 of every route. Whatever is not a success is a problem document."""
    made = get_openapi(
        title="Interviewer",
        version="1",
        summary="Win/loss interviews as evidence: read only.",
        description="Keys are made by an admin at the desk, under API keys. Lists are walked by `cursor`.",
        routes=_rooms.routes,
    )
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for path in made["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if not status.startswith("2"):
                    response["content"] = {problems.MEDIA_TYPE: shape}
    return made

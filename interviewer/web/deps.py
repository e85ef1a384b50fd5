"""What routes ask FastAPI for: the use cases' `Deps`, and a form as it was posted."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Path, Query, Request

from interviewer.deps import Deps
from interviewer.errors import FormTooLarge

LARGEST_FORM = 1024 * 1024
"""Bytes: far above the longest answer, so that one that is too long can be told so with its text kept."""


async def _deps(request: Request) -> Deps:  # not `def`: FastAPI sends those to a thread
    deps: Deps = request.app.state.deps
    return deps


async def raw_form(request: Request) -> dict[str, str]:
    """The urlencoded form, the last value of a name winning. Raises FormTooLarge before reading without end.

    NUL is left out: no database column takes it, and no phone types it.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise FormTooLarge
    fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    form = {name: value.replace("\x00", "") for name, value in fields}
    request.state.form = form  # a page that says "not saved" gives it back, to send again
    return form


DepsDep = Annotated[Deps, Depends(_deps)]
RawForm = Annotated[dict[str, str], Depends(raw_form)]
TurnNumber = Annotated[int, Query(ge=0, le=9999)]
TurnInPath = Annotated[int, Path(ge=0, le=9999)]

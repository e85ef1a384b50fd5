"""What routes ask FastAPI for: the use cases' `Deps`, and a form as it was posted."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from interviewer.deps import Deps
from interviewer.errors import TooLong

LARGEST_FORM = 64 * 1024
"""Bytes. The longest answer is 4,000 characters, at most 12 bytes each once percent-encoded."""


def _deps(request: Request) -> Deps:
    deps: Deps = request.app.state.deps
    return deps


async def _form(request: Request) -> dict[str, str]:
    """The urlencoded form, the last value of a name winning. Raises TooLong before reading without end."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise TooLong(length=len(body), limit=LARGEST_FORM)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


DepsDep = Annotated[Deps, Depends(_deps)]
RawForm = Annotated[dict[str, str], Depends(_form)]

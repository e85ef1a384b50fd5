"""Forms that bring a file along: read to a limit, in memory, never written to disk."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from interviewer.errors import FormTooLarge
from interviewer.web.deps import raw_form

LARGEST_UPLOAD = 10 * 1024 * 1024
"""Bytes of a whole form with its file and a pasted text."""
_MOST_FIELDS = 100


class _InMemory(MultiPartParser):
    spool_max_size = LARGEST_UPLOAD


@dataclass(frozen=True)
class Posted:
    """The fields of a form, and the file that came with it; empty where there was none."""

    fields: dict[str, str]
    file: bytes = b""


async def _posted(request: Request) -> Posted:
    """The form as `RawForm` gives it. Raises FormTooLarge before reading without end."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return Posted(await raw_form(request))
    parser = _InMemory(
        request.headers, _limited(request), max_files=1, max_fields=_MOST_FIELDS, max_part_size=LARGEST_UPLOAD
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise FormTooLarge from error
    try:
        fields = {name: value.replace("\x00", "") for name, value in form.multi_items() if isinstance(value, str)}
        files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        return Posted(fields, await files[0].read() if files else b"")
    finally:
        await form.close()


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    read = 0
    async for chunk in request.stream():
        read += len(chunk)
        if read > LARGEST_UPLOAD:
            raise FormTooLarge
        yield chunk


PostedForm = Annotated[Posted, Depends(_posted)]

"""Somebody asks what is held about them, or wants it erased. Addresses travel in forms alone, never in an address."""

from __future__ import annotations

from fastapi import APIRouter, Response

from interviewer import review, rights
from interviewer.confidentiality import Act
from interviewer.errors import BadInput
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import Desk, DeskDep, Done

router = APIRouter(prefix="/desk/person")


@router.get("")
async def index(desk: DeskDep) -> Response:
    desk.viewer.require(Act.ANSWER)
    asking = await review.asking_deletion(desk.deps, desk.viewer)
    return await desk.page("desk/person.html", address="", wrong="", asking=asking)


@router.post("")
async def look(desk: DeskDep, raw: RawForm) -> Response:
    """Whose it is, and what there is in numbers."""
    return await _found(desk, raw)


async def _found(desk: Desk, raw: dict[str, str], *, again: bool = False) -> Response:
    address = raw.get("address", "")
    try:
        held = await rights.holdings(desk.deps, desk.viewer, address)
        erasure = await rights.would_erase(desk.deps, desk.viewer, address)
    except BadInput as error:
        return await _wrong(desk, address, error)
    unsure = "Nothing was erased: tick that this is what they want." if again else ""
    return await desk.page(
        "desk/person.html",
        address=held.address,
        held=held,
        erasure=erasure,
        wrong=unsure,
        asking=0,
        status=422 if again else 200,
    )


@router.post("/export")
async def export(desk: DeskDep, raw: RawForm) -> Response:
    """All of it, as a file to send to the person."""
    address = raw.get("address", "")
    try:
        account = await rights.of(desk.deps, desk.viewer, address)
    except BadInput as error:
        return await _wrong(desk, address, error)
    headers = {"Content-Disposition": f'attachment; filename="about-you-{desk.deps.now():%Y-%m-%d}.zip"'}
    content = rights.packed(account, desk.deps.settings.organisation)
    return Response(content, media_type="application/zip", headers=headers)


@router.post("/erase")
async def erase(desk: DeskDep, raw: RawForm) -> Response:
    """All of it goes, where the box was ticked."""
    address = raw.get("address", "")
    desk.viewer.require(Act.ANSWER)
    if raw.get("sure") != "yes":
        return await _found(desk, raw, again=True)
    try:
        await rights.erase(desk.deps, desk.viewer, address)
    except BadInput as error:
        return await _wrong(desk, address, error)
    return desk.go("/desk/person", Done.PERSON_ERASED)


async def _wrong(desk: Desk, address: str, error: BadInput) -> Response:
    wrong = " · ".join(str(problem) for problem in error.problems)
    return await desk.page("desk/person.html", address=address[: rights.MOST], wrong=wrong, asking=0, status=422)

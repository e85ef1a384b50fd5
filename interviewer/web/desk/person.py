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
    """What there is, in numbers."""
    address = raw.get("address", "")
    try:
        account = await rights.look(desk.deps, desk.viewer, address)
        erasure = await rights.would_erase(desk.deps, desk.viewer, address)
    except BadInput as error:
        return await _wrong(desk, address, error)
    return await desk.page("desk/person.html", address=account.address, account=account, erasure=erasure, wrong="")


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
        return await look(desk, raw)
    try:
        await rights.erase(desk.deps, desk.viewer, address)
    except BadInput as error:
        return await _wrong(desk, address, error)
    return desk.go("/desk/person", Done.PERSON_ERASED)


async def _wrong(desk: Desk, address: str, error: BadInput) -> Response:
    wrong = " · ".join(str(problem) for problem in error.problems)
    return await desk.page("desk/person.html", address=address[: rights.MOST], wrong=wrong, status=422)

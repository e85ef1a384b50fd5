"""Who works at the desk: invite, change roles, let out and in again. For admins."""

from __future__ import annotations

from collections.abc import Awaitable

from fastapi import APIRouter, Response

from interviewer import people
from interviewer.confidentiality import Role
from interviewer.errors import BadInput
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import Desk, DeskDep, Done

router = APIRouter(prefix="/desk/people")


@router.get("")
async def index(desk: DeskDep) -> Response:
    return await _page(desk)


@router.post("")
async def invite(desk: DeskDep, raw: RawForm) -> Response:
    given = {name: raw.get(name, "") for name in ("email", "role", "name")}
    return await _done(desk, people.invite(desk.deps, desk.viewer, **given), Done.PERSON_ADDED, given)


@router.post("/{user_id}/role")
async def set_role(desk: DeskDep, user_id: str, raw: RawForm) -> Response:
    return await _done(desk, people.set_role(desk.deps, desk.viewer, user_id, raw.get("role", "")), Done.ROLE_SET)


@router.post("/{user_id}/disable")
async def disable(desk: DeskDep, user_id: str) -> Response:
    return await _done(desk, people.disable(desk.deps, desk.viewer, user_id), Done.PERSON_DISABLED)


@router.post("/{user_id}/enable")
async def enable(desk: DeskDep, user_id: str) -> Response:
    return await _done(desk, people.enable(desk.deps, desk.viewer, user_id), Done.PERSON_ENABLED)


@router.post("/{user_id}/unlink")
async def unlink(desk: DeskDep, user_id: str) -> Response:
    return await _done(desk, people.unlink(desk.deps, desk.viewer, user_id), Done.PERSON_UNLINKED)


async def _done(desk: Desk, work: Awaitable[None], done: Done, given: dict[str, str] | None = None) -> Response:
    try:
        await work
    except BadInput as error:
        return await _page(desk, given, wrong=" · ".join(problem.what for problem in error.problems), status=422)
    return desk.go("/desk/people", done)


async def _page(desk: Desk, given: dict[str, str] | None = None, *, wrong: str = "", status: int = 200) -> Response:
    told = given or {}
    return await desk.page(
        "desk/people.html",
        listing=await people.listing(desk.deps, desk.viewer),
        wrong=wrong,
        status=status,
        email=told.get("email", ""),
        name=told.get("name", ""),
        as_role=told.get("role", Role.PMM),
        company=desk.deps.identity is not None,
        base_url=desk.deps.settings.base_url.rstrip("/"),
    )

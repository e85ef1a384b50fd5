"""Who works at the desk: invite, change roles, let out and in again. For admins."""

from __future__ import annotations

from collections.abc import Awaitable
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from interviewer import people
from interviewer.confidentiality import Role
from interviewer.errors import BadInput
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import Desk, DeskDep, Done

router = APIRouter(prefix="/desk/people")

_OUT_MYSELF = "Nothing was changed: tick that you know what it means for yourself."


@router.get("")
async def index(desk: DeskDep) -> Response:
    return await _page(desk)


@router.post("")
async def invite(desk: DeskDep, raw: RawForm) -> Response:
    """Where no mail and no company account brings them in, the answer is the only page that shows their first link."""
    given = {name: raw.get(name, "") for name in ("email", "role", "name")}
    try:
        user_id = await people.invite(desk.deps, desk.viewer, **given)
    except BadInput as error:
        return await _page(desk, given, wrong=_words(error), status=422)
    if people.hands_links(desk.deps):
        return await link(desk, user_id)
    return desk.go("/desk/people", Done.PERSON_ADDED if desk.deps.mail else Done.PERSON_LET_IN)


@router.get("/{user_id}")
async def show(desk: DeskDep, user_id: str) -> Response:
    return await _person(desk, user_id)


@router.post("/{user_id}/name")
async def rename(desk: DeskDep, user_id: str, raw: RawForm) -> Response:
    return await _done(
        desk, user_id, people.rename(desk.deps, desk.viewer, user_id, raw.get("name", "")), Done.PERSON_RENAMED
    )


@router.post("/{user_id}/role")
async def set_role(desk: DeskDep, user_id: str, raw: RawForm) -> Response:
    if unsure := await _unsure(desk, user_id, raw):
        return unsure
    role = raw.get("role", "")
    return await _done(desk, user_id, people.set_role(desk.deps, desk.viewer, user_id, role), Done.ROLE_SET)


@router.post("/{user_id}/disable")
async def disable(desk: DeskDep, user_id: str, raw: RawForm) -> Response:
    if unsure := await _unsure(desk, user_id, raw):
        return unsure
    return await _done(desk, user_id, people.disable(desk.deps, desk.viewer, user_id), Done.PERSON_DISABLED)


@router.post("/{user_id}/enable")
async def enable(desk: DeskDep, user_id: str) -> Response:
    return await _done(desk, user_id, people.enable(desk.deps, desk.viewer, user_id), Done.PERSON_ENABLED)


@router.post("/{user_id}/end-sessions")
async def end_sessions(desk: DeskDep, user_id: str) -> Response:
    act = people.end_sessions_of(desk.deps, desk.viewer, user_id)
    return await _done(desk, user_id, act, Done.PERSON_SIGNED_OUT)


@router.post("/{user_id}/link")
async def link(desk: DeskDep, user_id: str) -> Response:
    """The answer is the only page that ever shows the link."""
    made = await people.hand_link(desk.deps, desk.viewer, user_id)
    return await _person(desk, user_id, link=made)


@router.post("/{user_id}/unlink")
async def unlink(desk: DeskDep, user_id: str) -> Response:
    return await _done(desk, user_id, people.unlink(desk.deps, desk.viewer, user_id), Done.PERSON_UNLINKED)


async def _unsure(desk: Desk, user_id: str, raw: dict[str, str]) -> Response | None:
    """Nobody takes their own access by one press."""
    if user_id != desk.viewer.user_id or raw.get("sure") == "yes":
        return None
    return await _person(desk, user_id, wrong=_OUT_MYSELF, status=422)


async def _done(desk: Desk, user_id: str, work: Awaitable[None], done: Done) -> Response:
    try:
        await work
    except BadInput as error:
        return await _person(desk, user_id, wrong=_words(error), status=422)
    if user_id == desk.viewer.user_id and done in (Done.ROLE_SET, Done.PERSON_DISABLED, Done.PERSON_SIGNED_OUT):
        return RedirectResponse("/desk/sign-in", 303)  # which says why
    return desk.go(f"/desk/people/{quote(user_id)}", done)


def _words(error: BadInput) -> str:
    return " · ".join(problem.what for problem in error.problems)


async def _person(desk: Desk, user_id: str, *, wrong: str = "", link: str = "", status: int = 200) -> Response:
    return await desk.page(
        "desk/colleague.html",
        one=await people.person(desk.deps, desk.viewer, user_id),
        listing=await people.listing(desk.deps, desk.viewer),
        wrong=wrong,
        link=link,
        status=status,
        company=desk.deps.identity is not None,
    )


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
    )

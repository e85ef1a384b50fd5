"""What is one's own: where one is signed in, and ending that."""

from __future__ import annotations

from fastapi import APIRouter, Response

from interviewer import people
from interviewer.web import sessions
from interviewer.web.desk.pages import DeskDep, Done

router = APIRouter(prefix="/desk/account")


@router.get("")
async def show(desk: DeskDep) -> Response:
    secret = sessions.read(desk.request, desk.deps)
    return await desk.page("desk/account.html", listing=await people.own_sessions(desk.deps, desk.viewer, secret))


@router.post("/sessions/{session_id}/end")
async def end(desk: DeskDep, session_id: str) -> Response:
    await people.end_one(desk.deps, desk.viewer, session_id)
    return desk.go("/desk/account", Done.SESSION_ENDED)


@router.post("/end-others")
async def end_others(desk: DeskDep) -> Response:
    await people.end_others(desk.deps, desk.viewer, sessions.read(desk.request, desk.deps))
    return desk.go("/desk/account", Done.SESSIONS_ENDED)

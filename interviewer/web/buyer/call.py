"""A person instead: the organisation's booking page, or two times and a number left here."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from interviewer import bookings, store
from interviewer.deps import Deps
from interviewer.errors import BadInput, LinkNeeded
from interviewer.store import calls
from interviewer.store.tables.invitations import InvitationRow
from interviewer.web import cookies
from interviewer.web.buyer import pages
from interviewer.web.buyer.pages import Opened
from interviewer.web.deps import DepsDep, RawForm
from interviewer.web.templating import page

router = APIRouter()

_FIELDS = ("first_time", "second_time", "phone", "time_zone")


@dataclass(frozen=True)
class _Caller:
    """Who asks, and where in the pages they came from."""

    invitation_id: str
    language: str
    here: str
    back: str
    answering: bool
    """Whether they come from the interview rather than the landing page."""
    proved: bool
    """Whether this browser is the invitee's: it may read what was left for the call."""
    trusted: bool
    """Proved, or nobody has typed an answer yet: name and address may go along to the scheduler."""


@router.get("/i/{token}/call", response_model=None)
async def from_landing(
    request: Request, deps: DepsDep, token: str, invitation: Opened, asked: bool = False
) -> Response:
    return await _show(request, deps, await _by_link(request, deps, token, invitation), asked=asked)


@router.post("/i/{token}/call", response_model=None)
async def ask_from_landing(request: Request, deps: DepsDep, token: str, invitation: Opened, form: RawForm) -> Response:
    return await _take(request, deps, await _by_link(request, deps, token, invitation), form)


@router.get("/interview/{interview_id}/call", response_model=None)
async def from_interview(request: Request, deps: DepsDep, interview_id: str, asked: bool = False) -> Response:
    return await _show(request, deps, await _by_cookie(request, deps, interview_id), asked=asked)


@router.post("/interview/{interview_id}/call", response_model=None)
async def ask_from_interview(request: Request, deps: DepsDep, interview_id: str, form: RawForm) -> Response:
    return await _take(request, deps, await _by_cookie(request, deps, interview_id), form)


async def _by_link(request: Request, deps: Deps, token: str, invitation: InvitationRow) -> _Caller:
    async with deps.db.read() as tx:
        row = await store.interviews.of_invitation(tx, invitation.id)
        browser = cookies.read(request, deps, preview=invitation.preview)
        proved = bool(row and browser and await store.interviews.is_proved(tx, row, browser.id))
    return _Caller(
        invitation_id=invitation.id,
        language=invitation.language,
        here=f"/i/{token}/call",
        back=f"/i/{token}",
        answering=False,
        proved=proved,
        trusted=proved or row is None or not row.first_answer_at,
    )


async def _by_cookie(request: Request, deps: Deps, interview_id: str) -> _Caller:
    browser = pages.opener(request, deps, interview_id)
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        if row is None or row.deleted_at:
            raise LinkNeeded
        proved = await store.interviews.is_proved(tx, row, browser.id)
    here = f"/interview/{interview_id}"
    return _Caller(
        invitation_id=row.invitation_id,
        language=row.language,
        here=f"{here}/call",
        back=here,
        answering=True,
        proved=proved,
        trusted=proved or not row.first_answer_at,
    )


async def _take(request: Request, deps: Deps, caller: _Caller, form: dict[str, str]) -> Response:
    if deps.settings.scheduling_url:
        where = await bookings.choose_scheduler(deps, caller.invitation_id, prefilled=caller.trusted)
        return RedirectResponse(where or f"{caller.here}?asked=1", 303)
    given = {field: form.get(field, "") for field in _FIELDS}
    try:
        await bookings.request(deps, caller.invitation_id, **given)
    except BadInput as error:
        problems = {problem.where: problem.what for problem in error.problems}
        return await _show(request, deps, caller, given=given, problems=problems, status=422)
    return RedirectResponse(f"{caller.here}?asked=1", 303)


async def _show(
    request: Request,
    deps: Deps,
    caller: _Caller,
    *,
    asked: bool = False,
    given: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = pages.words(deps, caller.language)
    kept = None
    if asked and caller.proved:
        async with deps.db.read() as tx:
            kept = await calls.of_invitation(tx, caller.invitation_id)
    return page(
        request,
        "buyer/call.html",
        status=status,
        caller=caller,
        asked=asked,
        request_kept=kept if kept is not None and kept.channel == "times" else None,
        scheduler=bool(deps.settings.scheduling_url),
        given=given or dict.fromkeys(_FIELDS, ""),
        problems=problems or {},
        limits=bookings.LONGEST,
        **context,
    )

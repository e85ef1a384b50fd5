"""The landing page behind a buyer's link, and the ways to say no. GET writes nothing and sets no cookie."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from interviewer import bookings, interviews, invitations, notice, store
from interviewer.deps import Deps
from interviewer.errors import LinkInvalid
from interviewer.flows import length
from interviewer.links import Purpose
from interviewer.scheduling import zones
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow
from interviewer.web import cookies, pace
from interviewer.web.buyer import callers, ending, pages, standing, times
from interviewer.web.buyer.callers import Caller
from interviewer.web.buyer.pages import Opened
from interviewer.web.buyer.standing import Standing
from interviewer.web.deps import DepsDep
from interviewer.web.templating import page

router = APIRouter()


@router.get("/i/{token}", response_model=None)
async def landing(request: Request, deps: DepsDep, token: str, invitation: Opened, zone: str = "") -> Response:
    """Who asks, why you, what happens to it; Start, a call, or no. `zone` is whose clock a call is told by."""
    if invitation.erased_at:
        return pages.message(request, deps, invitation.language, "delete.done", status=410)
    flow = deps.flows.get(invitation.flow)
    caller = await callers.by_link(request, deps, token)
    async with deps.db.read() as tx:
        interview = await store.interviews.of_invitation(tx, invitation.id)
    call = await standing.of(deps, invitation.id, caller.language, zone)
    if interview is not None and interview.withdrawn_at:
        return _stopped(request, deps, caller, call, interview.id)
    asked = await bookings.left(deps, invitation.id) if call is None or not call.to_come else None
    words = pages.words(deps, invitation.language)
    t = words["t"]
    opened = interview is not None and interview.id in caller.holds
    answered = interview is not None and interview.first_answer_at is not None
    usual = length.usual(flow)
    return page(
        request,
        "buyer/landing.html",
        token=token,
        invitation=invitation,
        headline=_fill(flow.invite.headline, invitation, deps),
        lead=_fill(flow.invite.lead, invitation, deps),
        questions=min(len(flow.core), usual.questions),
        minutes=usual.minutes,
        gift=deps.settings.gift,
        begun=opened or answered,
        ends_call=call is not None and call.ends_with_no(deps.now()),
        stands_in=deps.languages.stands_in(invitation.language),
        sent="" if caller.open else _behind(caller),
        withdraw=_way_back(caller, interview),
        call=call,
        joining=call is not None and call.joining(deps.now()),
        asked=asked is not None,
        phoned=asked is not None and bool(asked.phone),
        kept=_left(asked) if asked is not None and caller.left(asked) else "",
        answered=await standing.answered(deps, invitation.id, t) if call and not call.to_come and not asked else "",
        progress=await standing.answered(deps, invitation.id, t, "landing.answered")
        if call is None or asked or call.to_come
        else "",
        **times.clock_of(zone if call is not None and call.to_come else ""),
        **words,
    )


@router.post("/i/{token}/start", response_model=None, dependencies=[pace.PACED])
async def start(request: Request, deps: DepsDep, invitation: Opened) -> Response:
    """Exchange the link for a cookie and go to the interview. Pressing it twice is harmless."""
    browser = pages.browser_of(request, deps, preview=invitation.preview)
    interview_id = await interviews.start(deps, invitation.id)
    response = RedirectResponse(f"/interview/{interview_id}", 303)
    cookies.write(response, deps, browser.opened(interview_id), preview=invitation.preview)
    return response


@router.get("/i/{token}/notice", response_model=None)
async def show_notice(request: Request, deps: DepsDep, token: str, invitation: Opened) -> Response:
    """How the answers are used."""
    withdraw = ""
    if not invitation.erased_at:
        caller = await callers.by_link(request, deps, token)
        async with deps.db.read() as tx:
            withdraw = _way_back(caller, await store.interviews.of_invitation(tx, invitation.id))
    return notice_page(request, deps, invitation, back=f"/i/{token}", withdraw=withdraw)


@router.post("/i/{token}/decline", response_model=None, dependencies=[pace.PACED])
async def decline(deps: DepsDep, token: str, invitation: Opened) -> Response:
    """No, thank you."""
    await invitations.decline(deps, invitation.id)
    return RedirectResponse(f"/i/{token}/declined", 303)


@router.get("/i/{token}/declined", response_model=None)
async def declined(request: Request, deps: DepsDep, token: str, invitation: Opened) -> Response:
    t = deps.languages.get(invitation.language)
    call = await standing.of(deps, invitation.id, pages.spoken(request, invitation.language))
    links = [(f"/i/{token}", t("decline.again")), (deps.links.opt_out(invitation.id), t("decline.opt_out"))]
    if call is not None and call.off and call.ahead(deps.now()):
        links.insert(0, (f"/i/{token}/call/calendar.ics", t("call.take_out_do")))
    more = call.after_no(t, deps.now()) if call is not None else ""
    return pages.message(request, deps, invitation.language, "decline", more=more, links=links)


@router.post("/i/{token}/new-link", response_model=None, dependencies=[pace.PACED])
async def new_link(request: Request, deps: DepsDep, token: str) -> Response:
    """Ask for another link. The answer is the same whatever the link was."""
    await invitations.ask_new_link(deps, token)
    return pages.message(request, deps, pages.preferred(request), "gone.asked")


@router.get("/o/{token}", response_model=None)
async def opt_out(request: Request, deps: DepsDep, token: str) -> Response:
    """Ask before stopping all mails: a scanner only looks."""
    invitation = await _opting_out(request, deps, token)
    t = deps.languages.get(invitation.language)
    call = await standing.of(deps, invitation.id, pages.spoken(request, invitation.language))
    ends = call is not None and call.ends_with_no(deps.now())
    more = t("opt_out.call", when=call.when.short) if call is not None and ends else ""
    forms = (("opt-out", f"/o/{token}", t("opt_out.yes")),)
    return pages.message(request, deps, invitation.language, "opt_out", more=more, forms=forms)


@router.post("/o/{token}", response_model=None)
async def opt_out_now(request: Request, deps: DepsDep, token: str) -> Response:
    """Stop all mails. One-click unsubscribe posts here without a cookie (RFC 8058)."""
    invitation = await _opting_out(request, deps, token)
    await invitations.opt_out(deps, token)
    call = await standing.of(deps, invitation.id, pages.spoken(request, invitation.language))
    more = call.after_no(deps.languages.get(invitation.language), deps.now()) if call is not None else ""
    return pages.message(request, deps, invitation.language, "opt_out.done", more=more)


async def _opting_out(request: Request, deps: Deps, token: str) -> InvitationRow:
    """Whom an opt-out link was made for. Raises LinkInvalid."""
    invitation_id = deps.links.read(Purpose.OPT_OUT, token)
    async with deps.db.read() as tx:
        invitation = await store.invitations.get(tx, invitation_id)
    if invitation is None:
        raise LinkInvalid
    pages.may_be_framed(request, invitation.preview)
    return invitation


def notice_page(
    request: Request,
    deps: Deps,
    invitation: InvitationRow,
    *,
    back: str,
    withdraw: str = "",
    proving: Mapping[str, Any] | None = None,
) -> Response:
    """`withdraw`: where whoever has begun says that they no longer agree. `proving`: what their browser needs first."""
    return page(
        request,
        "buyer/notice.html",
        notice=notice.of(deps, invitation.language, product=invitation.product),
        back=back,
        withdraw=withdraw,
        proving=proving is not None,
        **(proving or {}),
        **pages.words(deps, invitation.language),
    )


def _behind(caller: Caller) -> str:
    """What this browser can do with answers that were sent: `landing.sent_…` says so on the way there."""
    return "more" if caller.proved else "about"


def _way_back(caller: Caller, interview: InterviewRow | None) -> str:
    """Where this browser says that it no longer agrees; empty where it cannot, or has nothing to take back."""
    holds = interview is not None and interview.id in caller.holds and interview.first_answer_at and caller.proved
    return f"/interview/{interview.id}/withdraw" if interview is not None and holds else ""


def _stopped(request: Request, deps: Deps, caller: Caller, call: Standing | None, interview_id: str) -> Response:
    """Behind the link of who no longer agrees nothing is asked and no call is offered: only what is left to do."""
    t, here = deps.languages.get(caller.language), f"/interview/{interview_id}"
    if interview_id not in caller.holds or not caller.proved:  # a link sets no cookie: what is behind it needs a press
        forms = (("start", f"{caller.back}/start", t("landing.sent_about")),)
        return ending.stopped(request, deps, caller.language, call, caller.back, forms=forms)
    links = ((f"{here}/answers.txt", t("done.save")), (f"{here}/delete", t("done.delete")))
    return ending.stopped(request, deps, caller.language, call, caller.back, links=links)


def _left(kept: CallRequestRow) -> str:
    """What was left for a call, in a line; the zone is that of the times."""
    said = [text for text in (kept.first_time, kept.second_time) if text]
    return " · ".join(
        (
            *said,
            *([zones.place(kept.time_zone)] if said and kept.time_zone else ()),
            *([kept.phone] if kept.phone else ()),
        )
    )


def _fill(wording: dict[str, str], invitation: InvitationRow, deps: Deps) -> str:
    words = wording.get(invitation.language.lower().partition("-")[0]) or wording["en"]
    product = invitation.product or deps.settings.product
    return words.replace("{product}", product).replace("{vendor}", deps.settings.organisation)

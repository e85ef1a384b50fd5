"""The interview itself: the thread, an answer, a skip, the reply that is due (architecture.md, "One turn")."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from interviewer import interviews, store
from interviewer.deps import Deps
from interviewer.errors import (
    EmptyAnswer,
    InterviewClosed,
    InterviewerError,
    KeyReused,
    NotFound,
    NotSaved,
    OutOfTurn,
    TooFast,
    TooLong,
)
from interviewer.threads import Stage, Thread, thread
from interviewer.web import errors, pace
from interviewer.web.buyer import pages, proving, standing
from interviewer.web.buyer.ending import ended
from interviewer.web.buyer.landing import notice_page
from interviewer.web.buyer.replies import Replies
from interviewer.web.buyer.standing import Standing
from interviewer.web.cookies import Browser
from interviewer.web.deps import DepsDep, RawForm, TurnNumber
from interviewer.web.templating import fragment, is_htmx, page

router = APIRouter()

SCRIPT_WAIT_S = 6.0
"""How long the POST of a page with script waits for the reply before it answers with a poll."""
PLAIN_MARGIN_S = 2.0
"""Without script the POST waits a little longer than a model may take."""
POLL_WAIT_S = 4.0

_REFUSED = (EmptyAnswer, TooLong, KeyReused, OutOfTurn, NotSaved, InterviewClosed, TooFast)
"""What is told with the text still in the box."""


@router.get("/interview/{interview_id}", response_model=None)
async def show(request: Request, deps: DepsDep, interview_id: str, told: proving.Told) -> Response:
    """The conversation as this browser may see it, whatever its state."""
    browser = pages.opener(request, deps, interview_id)
    seen = await thread(deps, interview_id, browser=browser.id)
    if seen.stage is Stage.SENT:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/interview/{interview_id}/done{query}", 303)
    if seen.stage in (Stage.DELETED, Stage.WITHDRAWN, Stage.STOPPED):
        return await ended(request, deps, seen, told)
    if seen.pending:
        replies: Replies = request.app.state.replies
        await replies.ready(interview_id, seen.number, 0.2)
        seen = await thread(deps, interview_id, browser=browser.id)
    call = await standing.of_interview(deps, interview_id, pages.spoken(request, seen.language))
    return page(
        request,
        "buyer/chat.html",
        **_context(deps, seen, told=told, call=call, news=await standing.news(deps, call, interview_id)),
    )


@router.post("/interview/{interview_id}/answer", response_model=None)
async def answer(request: Request, deps: DepsDep, interview_id: str, form: RawForm) -> Response:
    """Keep the answer, wait a little for the reply, and answer with both."""
    browser = pages.opener(request, deps, interview_id)
    number, text = _number(form), form.get("text", "")
    try:
        pace.count(request, deps)
        receipt = await interviews.answer(
            deps, interview_id, browser=browser.id, key=form.get("key", ""), number=number, text=text
        )
    except _REFUSED as error:
        return await _refuse(request, deps, interview_id, browser, error, text)
    return await _reply(request, deps, interview_id, browser, receipt)


@router.post("/interview/{interview_id}/skip", response_model=None)
async def skip(request: Request, deps: DepsDep, interview_id: str, form: RawForm) -> Response:
    """Leave the open question for the next one."""
    browser = pages.opener(request, deps, interview_id)
    try:
        pace.count(request, deps)
        receipt = await interviews.skip(
            deps, interview_id, browser=browser.id, key=form.get("key", ""), number=_number(form)
        )
    except _REFUSED as error:
        return await _refuse(request, deps, interview_id, browser, error, form.get("text", ""))
    return await _reply(request, deps, interview_id, browser, receipt)


@router.post("/interview/{interview_id}/again", response_model=None, dependencies=[pace.PACED])
async def again(request: Request, deps: DepsDep, interview_id: str) -> Response:
    """Back to the first question for whoever skipped them all."""
    pages.opener(request, deps, interview_id)
    await interviews.begin_again(deps, interview_id)
    return RedirectResponse(f"/interview/{interview_id}", 303)


@router.get("/interview/{interview_id}/reply", response_model=None)
async def reply(request: Request, deps: DepsDep, interview_id: str, number: TurnNumber) -> Response:
    """The reply that is due at `number`, or the wish to ask again. Any worker can answer."""
    browser = pages.opener(request, deps, interview_id)
    seen = await thread(deps, interview_id, browser=browser.id)
    if seen.pending and seen.number == number:
        replies: Replies = request.app.state.replies
        await replies.ready(interview_id, number, POLL_WAIT_S)
        seen = await thread(deps, interview_id, browser=browser.id)
    return fragment(
        request,
        "buyer/chat.html",
        "tail",
        otherwise=f"/interview/{interview_id}",
        **_context(deps, seen, since=number),
    )


@router.get("/interview/{interview_id}/notice", response_model=None)
async def show_notice(request: Request, deps: DepsDep, interview_id: str) -> Response:
    """How the answers are used, from within the interview."""
    browser = pages.opener(request, deps, interview_id)
    seen = await thread(deps, interview_id, browser=browser.id)
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        invitation = await store.invitations.get(tx, row.invitation_id) if row is not None else None
    if invitation is None:
        raise NotFound
    here = f"/interview/{interview_id}"
    return notice_page(
        request,
        deps,
        invitation,
        back=here,
        withdraw=f"{here}/withdraw" if seen.proved else "",
        proving=None if seen.proved else proving.ways(deps, seen, place="withdraw"),
    )


async def _reply(
    request: Request, deps: Deps, interview_id: str, browser: Browser, receipt: interviews.Receipt
) -> Response:
    replies: Replies = request.app.state.replies
    wait_s = SCRIPT_WAIT_S if is_htmx(request) else deps.settings.reply_deadline_s + PLAIN_MARGIN_S
    await replies.ready(interview_id, receipt.reply_number, wait_s, kept=receipt)
    seen = await thread(deps, interview_id, browser=browser.id)
    return fragment(
        request,
        "buyer/chat.html",
        "tail",
        otherwise=f"/interview/{interview_id}",
        **_context(deps, seen, since=receipt.number),
    )


async def _refuse(
    request: Request, deps: Deps, interview_id: str, browser: Browser, error: InterviewerError, text: str
) -> Response:
    """Say what is wrong, show where the conversation stands, and keep the text in the box."""
    status = errors.status_of(error)
    try:
        seen = await thread(deps, interview_id, browser=browser.id)
    except Exception:
        if isinstance(error, NotSaved):  # the database is away for reading too
            raise error from None
        raise
    note = errors.words_of(error, deps.languages.get(seen.language))
    # A refused try must not poison the next one: same answer, fresh page, so the same key may come again.
    context = _context(deps, seen, note=note, draft=text)
    return fragment(request, "buyer/chat.html", "state", otherwise="", status=status, **context)


def _context(
    deps: Deps,
    seen: Thread,
    *,
    since: int = 0,
    note: str = "",
    draft: str = "",
    told: proving.Outcome = proving.NOTHING,
    call: Standing | None = None,
    news: bool = False,
) -> dict[str, Any]:
    proof = proving.ways(deps, seen, told)
    return {
        **pages.words(deps, seen.language),
        **proof,
        "lines": seen.since(since),
        "since": since,
        "note": note or proof["code_note"],
        "draft": draft,
        "call": call,
        "news": news,
        "closed": seen.stage is Stage.CLOSED,
    }


def _number(form: dict[str, str]) -> int:
    """The turn's number as posted; something else cannot be the open turn."""
    text = form.get("number", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0

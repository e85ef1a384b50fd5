"""Check the answers, send them, and what a buyer may do afterwards."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from interviewer import checking, erasure, store
from interviewer.deps import Deps
from interviewer.errors import EmptyAnswer, NotAllowed, TooFast, TooLong
from interviewer.languages import Texts
from interviewer.threads import CheckedTopic, Stage, Thread, answers_to_check, thread
from interviewer.transcript import Speaker
from interviewer.web import errors, pace
from interviewer.web.buyer import pages, proving, standing
from interviewer.web.buyer.ending import ended
from interviewer.web.deps import DepsDep, RawForm, TurnInPath, TurnNumber
from interviewer.web.templating import page

router = APIRouter(prefix="/interview/{interview_id}")

_LINE = 26
"""Characters of one at 360 px."""
_MOST_ROWS = 14


@router.post("/finish", response_model=None, dependencies=[pace.PACED])
async def finish(interview_id: str) -> Response:
    """Leave the questions and look at the answers. Nothing is sent yet."""
    return RedirectResponse(f"/interview/{interview_id}/check", 303)


@router.get("/check", response_model=None)
async def check(
    request: Request, deps: DepsDep, interview_id: str, told: proving.Told, change: TurnNumber = 0
) -> Response:
    """Every answer of this browser, to change or remove; `change` opens one for writing."""
    browser = pages.opener(request, deps, interview_id)
    return await _show(request, deps, interview_id, browser.id, change=change, told=told)


@router.post("/check/{number}/change", response_model=None)
async def change(request: Request, deps: DepsDep, interview_id: str, number: TurnInPath, form: RawForm) -> Response:
    browser = pages.opener(request, deps, interview_id)
    text = form.get("text", "")
    try:
        pace.count(request, deps)
        await checking.change(deps, interview_id, browser=browser.id, number=number, text=text)
    except (EmptyAnswer, TooLong, TooFast) as error:
        return await _show(request, deps, interview_id, browser.id, change=number, draft=text, error=error)
    return RedirectResponse(f"/interview/{interview_id}/check#a{number}", 303)


@router.post("/check/{number}/remove", response_model=None, dependencies=[pace.PACED])
async def remove(request: Request, deps: DepsDep, interview_id: str, number: TurnInPath) -> Response:
    browser = pages.opener(request, deps, interview_id)
    await checking.remove(deps, interview_id, browser=browser.id, number=number)
    return RedirectResponse(f"/interview/{interview_id}/check#a{number}", 303)


@router.post("/check/{number}/restore", response_model=None, dependencies=[pace.PACED])
async def restore(request: Request, deps: DepsDep, interview_id: str, number: TurnInPath) -> Response:
    browser = pages.opener(request, deps, interview_id)
    await checking.restore(deps, interview_id, browser=browser.id, number=number)
    return RedirectResponse(f"/interview/{interview_id}/check#a{number}", 303)


@router.post("/confirm", response_model=None, dependencies=[pace.PACED])
async def confirm(request: Request, deps: DepsDep, interview_id: str) -> Response:
    """Send the answers. Sending twice is harmless."""
    browser = pages.opener(request, deps, interview_id)
    try:
        await checking.send(deps, interview_id, browser=browser.id)
    except (EmptyAnswer, NotAllowed):
        return RedirectResponse(f"/interview/{interview_id}/check", 303)
    return RedirectResponse(f"/interview/{interview_id}/done", 303)


@router.get("/done", response_model=None)
async def done(
    request: Request, deps: DepsDep, interview_id: str, told: proving.Told, copied: bool = False
) -> Response:
    """Thank you: what happens next, a copy, deletion, and the call as a way to say more."""
    browser = pages.opener(request, deps, interview_id)
    seen = await thread(deps, interview_id, browser=browser.id)
    if seen.stage in (Stage.OPEN, Stage.CLOSED):
        return RedirectResponse(f"/interview/{interview_id}", 303)
    if seen.stage is not Stage.SENT:
        return await ended(request, deps, seen)
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
    call = await standing.of_interview(deps, interview_id, pages.spoken(request, seen.language))
    return page(
        request,
        "buyer/done.html",
        consent=row.crm_consent if row is not None else None,
        gift=deps.settings.gift,
        copied=copied,
        call=call,
        joining=call is not None and call.joining(deps.now()),
        **proving.ways(deps, seen, told),
        **pages.words(deps, seen.language),
    )


@router.post("/consent", response_model=None, dependencies=[pace.PACED])
async def consent(request: Request, deps: DepsDep, interview_id: str, form: RawForm) -> Response:
    """Whether the reason may go back to the CRM; unticked means no."""
    browser = pages.opener(request, deps, interview_id)
    await checking.consent_to_crm(deps, interview_id, browser=browser.id, agreed=form.get("agreed") == "yes")
    return RedirectResponse(f"/interview/{interview_id}/done#consent", 303)


@router.post("/copy", response_model=None, dependencies=[pace.PACED])
async def copy(request: Request, deps: DepsDep, interview_id: str) -> Response:
    """Mail a copy of the answers to the invited address, whoever asks from a proved browser."""
    browser = pages.opener(request, deps, interview_id)
    await checking.mail_copy(deps, interview_id, browser=browser.id)
    return RedirectResponse(f"/interview/{interview_id}/done?copied=1#copy", 303)


@router.get("/answers.txt", response_model=None)
async def save(request: Request, deps: DepsDep, interview_id: str) -> Response:
    """Their own answers as a file, by topic: a copy that needs no mail. For a browser that proved itself."""
    browser = pages.opener(request, deps, interview_id)
    seen = await thread(deps, interview_id, browser=browser.id)
    if seen.stage in (Stage.DELETED, Stage.WITHDRAWN):
        return await ended(request, deps, seen)
    if not seen.proved:
        raise NotAllowed
    topics = await answers_to_check(deps, interview_id, browser=browser.id)
    text = _copied(deps.languages.get(seen.language), deps.settings.organisation, topics)
    return PlainTextResponse(text, headers={"Content-Disposition": 'attachment; filename="answers.txt"'})


def _copied(t: Texts, organisation: str, topics: tuple[CheckedTopic, ...]) -> str:
    """What was removed is left out; of follow-ups the question stands before the answer."""
    parts = [t("done.saved", organisation=organisation)]
    for topic in topics:
        said = ["\n".join(filter(None, (one.question, one.text))) for one in topic.answers if not one.removed]
        if said:
            parts.append("\n\n".join((f"# {topic.label or t('check.aside')}", *said)))
    return "\n\n".join(parts) + "\n"


@router.get("/delete", response_model=None)
async def ask_to_delete(request: Request, deps: DepsDep, interview_id: str, told: proving.Told) -> Response:
    browser = pages.opener(request, deps, interview_id)
    seen = await thread(deps, interview_id, browser=browser.id)
    if seen.stage is Stage.DELETED:
        return await ended(request, deps, seen)
    if not seen.hidden and not any(line.speaker is Speaker.BUYER and line.text for line in seen.lines):
        return RedirectResponse(f"/interview/{interview_id}/check", 303)  # nothing was written yet
    if not seen.proved:
        return proving.needed(request, deps, seen, told, place="delete")
    t = deps.languages.get(seen.language)
    here = f"/interview/{interview_id}"
    back = ((here if seen.stage in (Stage.SENT, Stage.STOPPED) else f"{here}/check", t("delete.no")),)
    forms = (("delete", f"{here}/delete", t("delete.yes")),)
    return pages.message(request, deps, seen.language, "delete", links=back, forms=forms)


@router.post("/delete", response_model=None, dependencies=[pace.PACED])
async def delete(request: Request, deps: DepsDep, interview_id: str) -> Response:
    """Erase everything, at once."""
    browser = pages.opener(request, deps, interview_id)
    await erasure.by_buyer(deps, interview_id, browser=browser.id)
    return RedirectResponse(f"/interview/{interview_id}", 303)


@router.get("/withdraw", response_model=None)
async def ask_to_withdraw(request: Request, deps: DepsDep, interview_id: str, told: proving.Told) -> Response:
    """Somebody who no longer agrees: stop and keep what was said, or delete it."""
    browser = pages.opener(request, deps, interview_id)
    seen = await thread(deps, interview_id, browser=browser.id)
    if seen.stage in (Stage.DELETED, Stage.STOPPED):
        return await ended(request, deps, seen)
    here, t = f"/interview/{interview_id}", deps.languages.get(seen.language)
    if not seen.proved:
        return proving.needed(request, deps, seen, told, place="withdraw")
    if not any(line.speaker is Speaker.BUYER and line.text for line in seen.lines):
        return RedirectResponse(f"{here}/check", 303)  # nothing was written yet
    kind = "withdraw.sent" if seen.stage is Stage.SENT else "withdraw"
    keep, delete = ("sent_keep", "sent_delete") if seen.stage is Stage.SENT else ("keep", "delete")
    links = ((f"{here}/delete", t(f"withdraw.{delete}")),)
    forms = (("withdraw", f"{here}/withdraw", t(f"withdraw.{keep}")),)
    call = await standing.of_interview(deps, interview_id, pages.spoken(request, seen.language))
    ends = call is not None and call.ends_with_no(deps.now())
    more = t("opt_out.call", when=call.when.short) if call is not None and ends else ""
    return pages.message(
        request,
        deps,
        seen.language,
        kind,
        more=more,
        plain=True,
        links=links,
        forms=forms,
        back=(here, t("withdraw.no")),
    )


@router.post("/withdraw", response_model=None, dependencies=[pace.PACED])
async def withdraw(request: Request, deps: DepsDep, interview_id: str) -> Response:
    """Stop, and keep what was said. Twice is harmless."""
    browser = pages.opener(request, deps, interview_id)
    await checking.withdraw(deps, interview_id, browser=browser.id)
    return RedirectResponse(f"/interview/{interview_id}", 303)


async def _show(
    request: Request,
    deps: Deps,
    interview_id: str,
    browser: str,
    *,
    change: int = 0,
    draft: str = "",
    error: Exception | None = None,
    told: proving.Outcome = proving.NOTHING,
) -> Response:
    seen: Thread = await thread(deps, interview_id, browser=browser)
    if seen.stage is Stage.SENT:
        return RedirectResponse(f"/interview/{interview_id}/done", 303)
    if seen.stage in (Stage.DELETED, Stage.WITHDRAWN, Stage.STOPPED):
        return await ended(request, deps, seen)
    topics = await answers_to_check(deps, interview_id, browser=browser)
    words: dict[str, Any] = pages.words(deps, seen.language)
    left = any(not answer.removed for topic in topics for answer in topic.answers)
    return page(
        request,
        "buyer/check.html",
        status=errors.status_of(error) if error else 200,
        topics=topics,
        left=left,
        kept=left or seen.hidden > 0,
        **proving.ways(deps, seen, told, place="check"),
        closed=seen.stage is Stage.CLOSED,
        skipped_all=seen.stage is Stage.CLOSED and not topics and not seen.hidden,
        change=change,
        draft=draft,
        rows=_rows(draft or _text(topics, change)),
        problem=errors.words_of(error, words["t"]) if error else "",
        **words,
    )


def _text(topics: tuple[CheckedTopic, ...], number: int) -> str:
    return next((one.text for topic in topics for one in topic.answers if one.number == number), "")


def _rows(text: str) -> int:
    """Lines for the box of an answer on a narrow phone, where a browser does not let it grow by itself."""
    return min(max(3, sum(1 + len(line) // _LINE for line in text.splitlines())), _MOST_ROWS)

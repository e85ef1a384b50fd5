"""Review: what waits for it, and every act on an interview's evidence.

An act answers with what was done and the way back; for htmx as a fragment, for others on the interview's page. Where
somebody was faster, the answer is the interview as it stands now.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response

from interviewer import records, reruns, reviewing
from interviewer.confidentiality import Seen
from interviewer.errors import BadInput, NotFound, Overtaken
from interviewer.web import templating
from interviewer.web.deps import RawForm
from interviewer.web.desk import interviews
from interviewer.web.desk.pages import Desk, DeskDep, Done
from interviewer.web.security import parts_of

router = APIRouter(prefix="/desk")

_DECISIONS = {
    "confirm": (reviewing.confirm, Done.CONFIRMED),
    "reject": (reviewing.reject, Done.REJECTED),
    "reopen": (reviewing.reopen, Done.SUGGESTED),
}
_QUEUE = "/desk/review"
_QUOTE = "quote-"
"""So begin the names of the boxes that choose the quotes of a sentence."""
_LONGEST_NUMBER = 15
"""Digits: both databases keep more."""

_Whose = Callable[[], Awaitable[Seen[records.Decided]]]
"""Finds out whose word stands."""

Ref = Annotated[int, Path(ge=0, lt=10**_LONGEST_NUMBER)]
"""Of a tag, a statement or a quote."""


@router.get("/review")
async def queue(desk: DeskDep) -> Response:
    found = await reviewing.queue(desk.deps, desk.viewer, desk.deps.now())
    return await desk.page("desk/review_queue.html", queue=found)


@router.get("/review/reading")
async def reading(desk: DeskDep, left: str = "") -> Response:
    """Polled by the queue while some are being read: nothing as long as so many are `left`, then "load again"."""
    number = await reviewing.being_read(desk.deps, desk.viewer)
    return Response(status_code=204) if left == str(number) else Response(headers={"HX-Refresh": "true"})


@router.post("/review/undo")
async def undo(desk: DeskDep, raw: RawForm) -> Response:
    """Take a change back, and show the interview that it was made to."""
    here, change = raw.get("interview", ""), _number(raw, "change")
    try:
        undone = await reviewing.undo(desk.deps, desk.viewer, change)
    except Overtaken:
        if not here:
            return desk.go(_QUEUE, Done.TOO_LATE)
        return await interviews.overtaken(desk, here, await reviewing.since(desk.deps, desk.viewer, change))
    except BadInput as wrong:
        return await interviews.refused(desk, await reviewing.interview_of(desk.deps, desk.viewer, change), wrong)
    return await _done(desk, undone.interview_id, Done.UNDONE, restored=undone.restored)


@router.post("/review/merge")
async def merge(desk: DeskDep, raw: RawForm) -> Response:
    """Merge two names of one subject, and go back to the interview, or whatever page it was asked from."""
    here = raw.get("interview", "")
    subject = raw.get("subject_from", "")
    act = reviewing.merge(desk.deps, desk.viewer, subject, raw.get("subject_into", ""), here)
    if here:
        return await _act(desk, here, act, Done.MERGED, partial(reviewing.merged, desk.deps, desk.viewer, subject))
    try:
        change = await act
    except (Overtaken, NotFound):
        return desk.go(_asked_from(desk), Done.TOO_LATE)
    return desk.go(_asked_from(desk), Done.MERGED, change)


@router.get("/interviews/{some_id}/next")
async def following(desk: DeskDep, some_id: str) -> Response:
    """On to the next interview to review."""
    found = await reviewing.next_after(desk.deps, desk.viewer, some_id)
    return desk.go(f"/desk/interviews/{found}" if found else _QUEUE)


@router.post("/interviews/{some_id}/finish")
async def finish(desk: DeskDep, some_id: str) -> Response:
    """Mark it as reviewed, and on to the next."""
    try:
        change = await reviewing.finish(desk.deps, desk.viewer, some_id)
    except Overtaken:
        return await interviews.overtaken(desk, some_id, await reviewing.finished(desk.deps, desk.viewer, some_id))
    except BadInput as wrong:
        return await interviews.refused(desk, some_id, wrong)
    found = await reviewing.next_after(desk.deps, desk.viewer, some_id)
    if not found:
        return desk.go(_QUEUE, Done.ALL_REVIEWED, change)
    return desk.go(f"/desk/interviews/{found}", Done.REVIEWED, change)


@router.post("/interviews/{some_id}/unfinish")
async def unfinish(desk: DeskDep, some_id: str) -> Response:
    act = reviewing.unfinish(desk.deps, desk.viewer, some_id)
    whose = partial(reviewing.finished, desk.deps, desk.viewer, some_id)
    return await _act(desk, some_id, act, Done.REVIEW_AGAIN, whose)


@router.post("/interviews/{some_id}/accept")
async def accept_all(desk: DeskDep, some_id: str, raw: RawForm) -> Response:
    """Accept all that was left, each as the reviewer was shown it."""
    return await _accept(desk, some_id, raw, Done.ACCEPTED_ALL)


@router.post("/interviews/{some_id}/confirm")
async def accept_card(desk: DeskDep, some_id: str, raw: RawForm) -> Response:
    """Accept what a card shows."""
    return await _accept(desk, some_id, raw, Done.CONFIRMED)


@router.post("/interviews/{some_id}/rerun")
async def rerun(desk: DeskDep, some_id: str) -> Response:
    """Have the answers read anew. What a person decided stays."""
    await reruns.one(desk.deps, desk.viewer, some_id)
    return desk.go(f"/desk/interviews/{some_id}", Done.RERUN)


@router.post("/interviews/{some_id}/tags/{tag_id}/retag")
async def retag(desk: DeskDep, some_id: str, tag_id: Ref, raw: RawForm) -> Response:
    version = _number(raw, "version")
    act = reviewing.retag(desk.deps, desk.viewer, some_id, tag_id, version, _wanted(raw))
    return await _act(desk, some_id, act, Done.RETAGGED, _moved(desk, some_id, (reviewing.TAG, tag_id, version)))


@router.post("/interviews/{some_id}/statements/{statement_id}/reword")
async def reword(desk: DeskDep, some_id: str, statement_id: Ref, raw: RawForm) -> Response:
    chosen = [_number({"": name.removeprefix(_QUOTE)}, "") for name in raw if name.startswith(_QUOTE)]
    version, text = _number(raw, "version"), raw.get("text", "")
    act = reviewing.reword(desk.deps, desk.viewer, some_id, statement_id, version, text, chosen)
    whose = _moved(desk, some_id, (reviewing.STATEMENT, statement_id, version))
    return await _act(desk, some_id, act, Done.REWORDED, whose)


@router.post("/interviews/{some_id}/tags/{ref}/{verb}")
async def decide_tag(desk: DeskDep, some_id: str, ref: Ref, verb: str, raw: RawForm) -> Response:
    return await _decide(desk, some_id, (reviewing.TAG, ref), verb, raw)


@router.post("/interviews/{some_id}/statements/{ref}/{verb}")
async def decide_statement(desk: DeskDep, some_id: str, ref: Ref, verb: str, raw: RawForm) -> Response:
    return await _decide(desk, some_id, (reviewing.STATEMENT, ref), verb, raw)


@router.post("/interviews/{some_id}/quotes")
async def mark(desk: DeskDep, some_id: str, raw: RawForm) -> Response:
    """Tag words that were selected."""
    turn, start, end = (_number(raw, name) for name in ("turn", "start", "end"))
    words = raw.get("words", "")
    act = reviewing.mark(desk.deps, desk.viewer, some_id, turn, start, end, words, _wanted(raw))
    return await _act(desk, some_id, act, Done.MARKED)


@router.post("/interviews/{some_id}/redactions")
async def redact(desk: DeskDep, some_id: str, raw: RawForm) -> Response:
    turn, start, end = (_number(raw, name) for name in ("turn", "start", "end"))
    act = reviewing.redact(desk.deps, desk.viewer, some_id, turn, start, end, raw.get("words", ""))
    return await _act(desk, some_id, act, Done.REDACTED)


@router.post("/interviews/{some_id}/quotes/{quote_id}/release")
async def release(desk: DeskDep, some_id: str, quote_id: Ref, raw: RawForm) -> Response:
    audience, wording = raw.get("audience", ""), raw.get("wording", "")
    act = reviewing.release(desk.deps, desk.viewer, some_id, quote_id, audience, wording)
    return await _act(desk, some_id, act, Done.RELEASED)


@router.post("/interviews/{some_id}/quotes/{quote_id}/withdraw")
async def withdraw(desk: DeskDep, some_id: str, quote_id: Ref, raw: RawForm) -> Response:
    act = reviewing.withdraw(desk.deps, desk.viewer, some_id, quote_id, raw.get("audience", ""))
    return await _act(desk, some_id, act, Done.WITHDRAWN)


async def _decide(desk: Desk, some_id: str, what: tuple[str, int], verb: str, raw: Mapping[str, str]) -> Response:
    """Accept or turn down, or make it a suggestion again."""
    if verb not in _DECISIONS:
        raise NotFound
    decision, done = _DECISIONS[verb]
    version = _number(raw, "version")
    act = decision(desk.deps, desk.viewer, some_id, *what, version)
    return await _act(desk, some_id, act, done, _moved(desk, some_id, (*what, version)))


async def _accept(desk: Desk, some_id: str, raw: Mapping[str, str], done: Done) -> Response:
    """Accept several at once. A field is named as the suggestion ("tag:7") and holds its version."""
    chosen = [(*name.partition(":")[::2], _number(raw, name)) for name in raw if ":" in name]
    wanted = [(target, _number({"": ref}, ""), version) for target, ref, version in chosen]
    act = reviewing.confirm_these(desk.deps, desk.viewer, some_id, wanted)
    return await _act(desk, some_id, act, done, _moved(desk, some_id, *wanted))


def _moved(desk: Desk, some_id: str, *shown: tuple[str, int, int]) -> _Whose:
    return partial(reviewing.moved, desk.deps, desk.viewer, some_id, shown)


async def _act(desk: Desk, some_id: str, act: Awaitable[int], done: Done, whose: _Whose | None = None) -> Response:
    """Do it, and tell so. Of a suggestion that a new run of the analysis replaced, the page shows what took its place.

    `whose` tells who was faster, where that can be told.
    """
    try:
        change = await act
    except (Overtaken, NotFound):
        return await interviews.overtaken(desk, some_id, await (whose or _moved(desk, some_id))())
    except BadInput as wrong:
        return await interviews.refused(desk, some_id, wrong)
    return await _done(desk, some_id, done, change)


async def _done(desk: Desk, some_id: str, done: Done, change: int = 0, restored: str = "") -> Response:
    if not templating.is_htmx(desk.request):
        return desk.go(f"/desk/interviews/{some_id}", done, change)
    return await desk.block(
        "desk/review_toast.html", "toast", done=done.value, change=change, restored=restored, interview_id=some_id
    )


def _asked_from(desk: Desk) -> str:
    """The page of the desk that a form was on, as the browser tells; the queue where it does not."""
    page = parts_of(desk.request.headers.get("referer", ""))
    ours = page.netloc == desk.request.url.netloc and page.path.startswith("/desk/")
    return page.path if ours else _QUEUE


def _wanted(raw: Mapping[str, str]) -> reviewing.Retag:
    names = ("theme", "subject", "polarity", "scope", "horizon")
    return reviewing.Retag(**{name: raw.get(name, "") for name in names})


def _number(raw: Mapping[str, str], name: str) -> int:
    """Of a form's field; 0, which is nobody's, for what is none."""
    text = raw.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else 0

"""The list of interviews, and the page of one."""

from functools import partial
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from interviewer import records, review, reviewing
from interviewer.confidentiality import Field, Seen
from interviewer.errors import BadInput, Overtaken
from interviewer.records import Status
from interviewer.web import templating
from interviewer.web.desk.pages import Desk, DeskDep
from interviewer.web.errors import status_of
from interviewer.web.security import parts_of

router = APIRouter(prefix="/desk")

TAKEN = "{who} changed this meanwhile. What they left stands, and is shown here."
YOURS = "You changed this yourself since this page was loaded, perhaps in another tab. What you left is shown here."
ANEW = "This page was older than what stands now, which is shown here. Nothing was changed by your last step."


@router.get("")
async def index(desk: DeskDep, request: Request) -> Response:
    """The list; for a role that sees no interviews, what was released to it."""
    if not desk.viewer.sees(Field.INTERVIEW):
        return desk.go("/desk/released")
    wanted = _wanted(request)
    listing = await review.interviews(desk.deps, desk.viewer, wanted)
    response = await desk.block(
        "desk/interviews.html",
        "interviews",
        listing=listing,
        chosen=wanted.status,
        flow=wanted.flow,
        text=wanted.text,
        base_url=desk.deps.settings.base_url,
    )
    if templating.is_htmx(request):
        response.headers["HX-Replace-Url"] = _address(wanted)
    return response


@router.get("/interviews/{some_id}")
async def show(desk: DeskDep, some_id: str) -> Response:
    return await _show(desk, some_id)


@router.get("/interviews/{some_id}/told")
async def told(desk: DeskDep, some_id: str) -> Response:
    """The notice as this buyer was shown it."""
    return await desk.page("desk/told.html", shown=await review.notice(desk.deps, desk.viewer, some_id))


@router.get("/interviews/{some_id}/evidence")
async def evidence(desk: DeskDep, some_id: str) -> Response:
    """What a review works on, as it stands now: looked at again after each act."""
    return await _show(desk, some_id, block="work", again=True)


@router.get("/interviews/{some_id}/analysis")
async def analysis(desk: DeskDep, some_id: str) -> Response:
    """Polled by the page while the analysis is on its way: nothing, then once "load again"."""
    head = await review.head(desk.deps, desk.viewer, some_id)
    return Response(status_code=204) if head.analysis == "waiting" else Response(headers={"HX-Refresh": "true"})


async def overtaken(desk: Desk, some_id: str, last: Seen[records.Decided]) -> Response:
    """The interview as it stands, for somebody whose act came too late. `last` is whose word stands."""
    notice = YOURS if last.own else TAKEN.format(who=last.who) if last.who else ANEW
    return await _show(desk, some_id, block="work", status=status_of(Overtaken()), notice=notice, again=True)


async def refused(desk: Desk, some_id: str, wrong: BadInput) -> Response:
    """What is wrong with a form: beside its fields, or without script over the interview."""
    words = " ".join(f"{problem.where.capitalize()} {problem.what}." for problem in wrong.problems)
    if templating.is_htmx(desk.request):
        return await desk.block("desk/review_toast.html", "problem", status=422, notice=words)
    return await _show(desk, some_id, status=422, notice=words, again=True)


async def _show(
    desk: Desk, some_id: str, *, block: str = "", status: int = 200, notice: str = "", again: bool = False
) -> Response:
    """The page of one interview; for htmx the `block` of it, where one is named."""
    render = partial(desk.block, block=block) if block else desk.page
    return await render(
        "desk/interview.html",
        status=status,
        interview=await review.interview(desk.deps, desk.viewer, some_id, again=again),
        subjects=await reviewing.subjects(desk.deps, desk.viewer),
        notice=notice,
        queued=_from_queue(desk.request),
    )


def _from_queue(request: Request) -> bool:
    """Whether one came from what waits for review, as the browser tells."""
    return parts_of(request.headers.get("referer", "")).path == "/desk/review"


def _wanted(request: Request) -> review.Wanted:
    """What the address bar asks for; nonsense in it is left out."""
    query = request.query_params
    page = query.get("page", "1")
    status = query.get("status", "")
    return review.Wanted(
        status=status if status in set(Status) else "",
        flow=query.get("flow", "")[:60],
        text=" ".join(query.get("q", "").split())[:120],
        page=int(page) if page.isdecimal() and len(page) < 6 else 1,
    )


def _address(wanted: review.Wanted) -> str:
    parts = {"status": wanted.status, "flow": wanted.flow, "q": wanted.text, "page": wanted.page}
    query = urlencode({name: value for name, value in parts.items() if value not in ("", 1)})
    return f"/desk?{query}" if query else "/desk"

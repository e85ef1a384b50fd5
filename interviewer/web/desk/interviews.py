"""The list of interviews, and the page of one."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from interviewer import review
from interviewer.confidentiality import Field
from interviewer.records import Status
from interviewer.web import templating
from interviewer.web.desk.pages import DeskDep

router = APIRouter(prefix="/desk")


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
    interview = await review.interview(desk.deps, desk.viewer, some_id)
    return await desk.page("desk/interview.html", interview=interview)


@router.get("/interviews/{some_id}/analysis")
async def analysis(desk: DeskDep, some_id: str) -> Response:
    """Polled by the page while the analysis is on its way: nothing, then once "load again"."""
    head = await review.head(desk.deps, desk.viewer, some_id)
    return Response(status_code=204) if head.analysis == "waiting" else Response(headers={"HX-Refresh": "true"})


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

"""The library: search, filters, kept views, and questions in plain words."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from interviewer.confidentiality import Seen
from interviewer.errors import BadInput
from interviewer.library import answers, pages, views
from interviewer.library.wanted import Wanted
from interviewer.records import library as shown
from interviewer.web import templating
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import Desk, DeskDep

router = APIRouter(prefix="/desk/library")


@router.get("")
async def index(desk: DeskDep, request: Request) -> Response:
    """What fits. Typing replaces the address, everything else adds one to go back to."""
    query = request.query_params
    wanted = Wanted.read(query)
    answer = await answers.answer(desk.deps, desk.viewer, wanted) if query.get("answer") == "model" else None
    response = await _shelf(desk, wanted, answer=answer, deleted=query.get("deleted", "")[: views.LONGEST_NAME])
    if templating.is_htmx(request):
        response.headers["HX-Replace-Url" if "typed" in query else "HX-Push-Url"] = _address(wanted.query)
    return response


@router.get("/answer")
async def answer(desk: DeskDep, request: Request) -> Response:
    """What a model says, once it has: the page shows the quotes first."""
    wanted = Wanted.read(request.query_params)
    if not templating.is_htmx(request):
        return desk.go(_address(urlencode({**request.query_params, "answer": "model"})))
    given = await answers.answer(desk.deps, desk.viewer, wanted)
    return await desk.block("desk/library.html", "answer", answer=given)


@router.post("/views")
async def save(desk: DeskDep, raw: RawForm) -> Response:
    query = raw.get("query", "")
    try:
        await views.save(desk.deps, desk.viewer, raw.get("name", ""), query, shared=raw.get("shared") == "yes")
    except BadInput as error:
        return await _shelf(desk, Wanted.from_query(query), problem=error.problems[0].what, status=422)
    return desk.go(_address(Wanted.from_query(query).query))


@router.post("/views/{view_id}/delete")
async def delete(desk: DeskDep, view_id: str) -> Response:
    """On to what the view had shown, where it can be kept again."""
    dropped = await views.delete(desk.deps, desk.viewer, view_id)
    told = urlencode({"deleted": dropped.name, **({"was": "shared"} if dropped.shared else {})})
    return desk.go(_address("&".join(filter(None, (dropped.query, told)))))


async def _shelf(
    desk: Desk,
    wanted: Wanted,
    *,
    answer: Seen[shown.Answer] | None = None,
    deleted: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    return await desk.block(
        "desk/library.html",
        "library",
        status=status,
        library=await pages.page(desk.deps, desk.viewer, wanted),
        views=await views.listed(desk.deps, desk.viewer),
        text=wanted.q,
        kind=wanted.kind,
        model=not desk.deps.llm.scripted,
        answer=answer,
        deleted=deleted,
        was_shared=desk.request.query_params.get("was") == "shared",
        problem=problem,
    )


def _address(query: str) -> str:
    return f"/desk/library?{query}" if query else "/desk/library"

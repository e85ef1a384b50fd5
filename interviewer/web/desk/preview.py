"""Try a flow as a buyer would: the buyer's own pages in a phone, and beside it what the interviewer makes of it."""

from fastapi import APIRouter, Request, Response

from interviewer import invitations, previews
from interviewer.confidentiality import Act
from interviewer.errors import NotFound
from interviewer.web import cookies, templating
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import Desk, DeskDep, Done
from interviewer.web.security import Frame

router = APIRouter(prefix="/desk/preview")


@router.get("")
async def choose(desk: DeskDep) -> Response:
    return await desk.page(
        "desk/preview_choice.html",
        offers=previews.offers(desk.deps, desk.viewer),
        chosen=invitations.DEFAULT_FLOW,
        longest=previews.LONGEST,
    )


@router.post("")
async def begin(desk: DeskDep, raw: RawForm) -> Response:
    wanted = previews.Wanted(
        flow=raw.get("flow", invitations.DEFAULT_FLOW),
        language=raw.get("language", invitations.DEFAULT_LANGUAGE),
        product=raw.get("product", ""),
        role=raw.get("role", ""),
    )
    return desk.go(f"/desk/preview/{await previews.begin(desk.deps, desk.viewer, wanted)}")


@router.get("/{some_id}")
async def show(desk: DeskDep, request: Request, some_id: str) -> Response:
    """The phone and the reasons; for htmx the reasons alone."""
    try:
        preview = await previews.look(desk.deps, desk.viewer, some_id)
    except NotFound:
        return _over(desk)
    browser = cookies.read(request, desk.deps, preview=True)
    opened = browser is not None and preview.interview_id in browser.interviews
    request.state.frame = Frame.SHOWS
    # Loaded again, the phone goes on where it was rather than back to the landing page.
    where = f"/interview/{preview.interview_id}" if opened else preview.link
    return await desk.block("desk/preview.html", "reasons", preview=preview, where=where)


@router.post("/{some_id}/again")
async def again(desk: DeskDep, some_id: str) -> Response:
    try:
        return desk.go(f"/desk/preview/{await previews.again(desk.deps, desk.viewer, some_id)}")
    except NotFound:
        return _over(desk)


@router.post("/{some_id}/end")
async def end(desk: DeskDep, some_id: str) -> Response:
    try:
        await previews.end(desk.deps, desk.viewer, some_id)
    except NotFound:
        return _over(desk)
    return desk.go("/desk/preview", Done.PREVIEW_ENDED)


def _over(desk: Desk) -> Response:
    """It was ended elsewhere, or by the clock: choose again."""
    desk.viewer.require(Act.PREVIEW)
    if templating.is_htmx(desk.request):
        return Response(headers={"HX-Redirect": f"/desk/preview?done={Done.PREVIEW_OVER}"})
    return desk.go("/desk/preview", Done.PREVIEW_OVER)

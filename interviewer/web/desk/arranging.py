"""Book a call for a buyer who asked for one, at a time that its host types."""

from fastapi import APIRouter, Response

from interviewer.agenda import arranging as pages
from interviewer.bookings import arranging
from interviewer.errors import Overtaken, Taken
from interviewer.web.deps import RawForm
from interviewer.web.desk.forms import moment
from interviewer.web.desk.pages import DeskDep, Done
from interviewer.web.errors import status_of

router = APIRouter(prefix="/desk/calls")


@router.get("/{call_id}/book")
async def choose(desk: DeskDep, call_id: str, when: str = "") -> Response:
    """What they asked for; once a time was typed, what it comes to, to be confirmed."""
    return await desk.page("desk/call_book.html", arranging=await pages.page(desk.deps, desk.viewer, call_id, when))


@router.post("/{call_id}/book")
async def book(desk: DeskDep, call_id: str, raw: RawForm) -> Response:
    """At the time that was confirmed; where it has gone meanwhile, the page says so."""
    start, when = moment(raw.get("start", "")), raw.get("when", "")
    try:
        if start is None:
            raise Taken
        row = await arranging.book(desk.deps, desk.viewer, call_id, start, raw.get("host", ""))
    except Taken:
        page = await pages.page(desk.deps, desk.viewer, call_id, when, taken=True)
        return await desk.page("desk/call_book.html", status=status_of(Overtaken()), arranging=page)
    except Overtaken:
        return desk.go("/desk/calls", Done.CALL_STANDS)
    return desk.go(f"/desk/calls/{row.id}", Done.CALL_BOOKED)

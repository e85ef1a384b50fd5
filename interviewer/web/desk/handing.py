"""Hand a call to a colleague at its time."""

from fastapi import APIRouter, Response

from interviewer.bookings import handing
from interviewer.errors import Overtaken, Taken
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import DeskDep, Done

router = APIRouter(prefix="/desk/calls")


@router.post("/{booking_id}/hand")
async def hand(desk: DeskDep, booking_id: str, raw: RawForm) -> Response:
    """To the host that was picked; where that cannot be any more, the page says so, with those who still can."""
    try:
        await handing.hand_over(desk.deps, desk.viewer, booking_id, raw.get("host", ""))
    except (Taken, Overtaken):
        return desk.go("/desk/calls", Done.CALL_STAYS)
    return desk.go("/desk/calls", Done.CALL_HANDED)

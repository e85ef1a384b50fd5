"""Calls: all of them, what is done for a buyer, and the page of one before, during and after it."""

from collections.abc import Awaitable, Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from interviewer import upkeep
from interviewer.agenda import brief, meetings, moving, trouble
from interviewer.bookings import closing, finishing, noting
from interviewer.confidentiality import Seen
from interviewer.errors import BadInput, Overtaken, Taken
from interviewer.records.meetings import Kept, Place
from interviewer.web import templating
from interviewer.web.deps import RawForm
from interviewer.web.desk.forms import moment
from interviewer.web.desk.pages import Desk, DeskDep, Done, Shown
from interviewer.web.errors import status_of

router = APIRouter(prefix="/desk/calls")


@router.get("")
async def index(desk: DeskDep, past: str = "") -> Response:
    seen_to = await trouble.trouble(desk.deps, desk.viewer)
    agenda = await meetings.agenda_of(desk.deps, desk.viewer, all_past=past == "all")
    return await desk.page("desk/calls.html", agenda=agenda, trouble=seen_to)


@router.get("/{booking_id}")
async def show(desk: DeskDep, booking_id: str, was: str = "") -> Response:
    """The brief; right after a move with the way back to where the call `was`."""
    start = moment(was)
    back = await moving.back(desk.deps, desk.viewer, booking_id, start) if start else None
    return await _show(desk, booking_id, back=back)


@router.post("/{call_id}")
async def handle(desk: DeskDep, call_id: str, raw: RawForm) -> Response:
    """Tick off what was asked for without a time of ours."""
    handled = raw.get("handled") == "yes"
    await upkeep.handle_call(desk.deps, desk.viewer, call_id, handled=handled)
    return desk.go("/desk/calls", Done.HANDLED if handled else Done.REOPENED)


@router.post("/{booking_id}/notes")
async def note(desk: DeskDep, booking_id: str, raw: RawForm) -> Response:
    """Keep what is in the boxes; without script the page again, with the notes that clash beside it."""
    try:
        kept = await brief.note(desk.deps, desk.viewer, booking_id, raw)
    except Overtaken:
        return await _too_late(desk, booking_id, raw)
    status = status_of(Overtaken()) if kept.clashes else 200
    if templating.is_htmx(desk.request):
        return await desk.block("desk/call.html", "saved", status=status, kept=kept, call_id=booking_id)
    if not kept.clashes:
        return desk.go(f"/desk/calls/{booking_id}", Done.NOTES_KEPT)
    return await _clash(desk, booking_id, raw, kept)


@router.post("/{booking_id}/recording")
async def recording(desk: DeskDep, booking_id: str, raw: RawForm) -> Response:
    """What one of those in the call said to being recorded: the buyer, or somebody with a name."""
    answer, attendee = raw.get("answer", ""), raw.get("attendee", "").strip()
    if raw.get("who") == "other" and not attendee:
        return await _show(desk, booking_id, status=422, notice="Say who else is in the call: a role is enough.")
    act = noting.answer_recording(desk.deps, desk.viewer, booking_id, answer, attendee=attendee)
    return await _act(desk, booking_id, act, Done.RECORDING_KEPT)


@router.post("/{booking_id}/held")
async def held(desk: DeskDep, booking_id: str) -> Response:
    return await _act(desk, booking_id, closing.held(desk.deps, desk.viewer, booking_id), Done.CALL_HELD)


@router.post("/{booking_id}/missed")
async def missed(desk: DeskDep, booking_id: str) -> Response:
    return await _act(desk, booking_id, closing.missed(desk.deps, desk.viewer, booking_id), Done.CALL_MISSED)


@router.post("/{booking_id}/reopen")
async def reopen(desk: DeskDep, booking_id: str) -> Response:
    return await _act(desk, booking_id, closing.reopen(desk.deps, desk.viewer, booking_id), Done.CALL_REOPENED)


@router.post("/{booking_id}/cancel")
async def cancel(desk: DeskDep, booking_id: str) -> Response:
    return await _act(desk, booking_id, closing.cancel(desk.deps, desk.viewer, booking_id), Done.CALL_CANCELLED)


@router.get("/{booking_id}/move")
async def choose(desk: DeskDep, booking_id: str, start: str = "", when: str = "") -> Response:
    """The times that there are; once one was picked, or typed as `when`, what it would come to, to be confirmed."""
    try:
        page = await moving.page(desk.deps, desk.viewer, booking_id, picked=moment(start), typed=when)
    except Overtaken:
        return await _show(desk, booking_id, status=status_of(Overtaken()), notice=_LATE)
    return await desk.page("desk/call_move.html", moving=page)


@router.post("/{booking_id}/move")
async def move(desk: DeskDep, booking_id: str, raw: RawForm) -> Response:
    """To the time that was confirmed; where it has gone meanwhile, the page with those that are left."""
    start, back, freely = moment(raw.get("start", "")), raw.get("back") == "yes", raw.get("by_hand") == "yes"
    try:
        if start is None:
            raise Taken
        was = await moving.move(desk.deps, desk.viewer, booking_id, start, undo=back, freely=freely)
    except Taken:
        page = await moving.page(desk.deps, desk.viewer, booking_id, taken=True)
        return await desk.page("desk/call_move.html", status=status_of(Overtaken()), moving=page)
    except Overtaken:
        return await _show(desk, booking_id, status=status_of(Overtaken()), notice=_LATE)
    if was is None:
        return desk.go(f"/desk/calls/{booking_id}", Done.CALL_MOVED_BACK if back else Done.CALL_MOVED)
    return desk.go(f"/desk/calls/{booking_id}?{urlencode({'was': was.isoformat()})}", Done.CALL_MOVED)


@router.post("/{booking_id}/interview")
async def finish(desk: DeskDep, booking_id: str, raw: RawForm) -> Response:
    """Keep what is in the boxes, and make an interview of it."""
    try:
        kept = await brief.note(desk.deps, desk.viewer, booking_id, raw)
    except Overtaken:
        return await _too_late(desk, booking_id, raw)
    if kept.clashes:
        return await _clash(desk, booking_id, raw, kept)
    try:
        interview_id = await finishing.finish(desk.deps, desk.viewer, booking_id)
    except BadInput as wrong:
        words = " ".join(f"{problem.where.capitalize()} {problem.what}." for problem in wrong.problems)
        return await _show(desk, booking_id, status=422, notice=words)
    except Overtaken:
        return await _show(desk, booking_id, status=status_of(Overtaken()), notice=_LATE)
    return desk.go(f"/desk/interviews/{interview_id}", Done.IMPORTED)


@router.post("/{booking_id}/hypothesis")
async def expect(desk: DeskDep, booking_id: str, raw: RawForm) -> Response:
    flow = await brief.flow_behind(desk.deps, desk.viewer, booking_id)
    text, version = raw.get("hypothesis", ""), raw.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 10 else 0
    return await _act(desk, booking_id, brief.expect(desk.deps, desk.viewer, flow, text, seen), Done.HYPOTHESIS_KEPT)


_LATE = "That cannot be done any more, or not yet: here is how the call stands now."


async def _act(desk: Desk, booking_id: str, act: Awaitable[None], done: Done) -> Response:
    try:
        await act
    except Overtaken:
        return await _show(desk, booking_id, status=status_of(Overtaken()), notice=_LATE)
    return desk.go(f"/desk/calls/{booking_id}", done)


async def _show(
    desk: Desk, booking_id: str, *, status: int = 200, notice: str = "", back: Seen[Place] | None = None
) -> Response:
    page = await brief.of(desk.deps, desk.viewer, booking_id)
    shown: dict[str, Shown] = {"brief": page, "notice": notice, "back": back}
    return await desk.page("desk/call.html", status=status, kept=None, call_id=booking_id, **shown)


async def _too_late(desk: Desk, booking_id: str, raw: Mapping[str, str]) -> Response:
    """The call was called off or became an interview meanwhile: what was typed is shown, to be copied. A script has it
    on the device, and shows it once the page is there anew."""
    status = status_of(Overtaken())
    if templating.is_htmx(desk.request):
        return Response(status_code=status, headers={"HX-Refresh": "true"})
    page = await brief.of(desk.deps, desk.viewer, booking_id, raw)
    notice = "This call was called off or became an interview meanwhile: what you typed last was not kept. Copy it."
    shown: dict[str, Shown] = {"brief": page, "notice": notice, "back": None}
    return await desk.page("desk/call.html", status=status, kept=None, call_id=booking_id, **shown)


async def _clash(desk: Desk, booking_id: str, raw: Mapping[str, str], kept: Seen[Kept]) -> Response:
    """The page with what was typed still in its boxes, and what a colleague left beside them."""
    page = await brief.of(desk.deps, desk.viewer, booking_id, raw)
    status = status_of(Overtaken())
    shown: dict[str, Shown] = {"brief": page, "notice": "", "back": None}
    return await desk.page("desk/call.html", status=status, kept=kept, call_id=booking_id, **shown)

"""A person instead: a time to pick in two taps, the call that was booked, and what else there is where no time fits.

A call is moved and called off by whoever has the link; a forwarded one does not tell whose it is (trust.md 7).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from interviewer import bookings, deliveries
from interviewer.deps import Deps
from interviewer.errors import BadInput, Overtaken, Taken, TooMany
from interviewer.scheduling import zones
from interviewer.scheduling.offers import Offer
from interviewer.scheduling.slots import LENGTH
from interviewer.web import cookies, pace
from interviewer.web.buyer import pages, standing, times
from interviewer.web.buyer.callers import PREFIXES, Asking, Caller
from interviewer.web.buyer.standing import Standing
from interviewer.web.deps import DepsDep, RawForm
from interviewer.web.templating import page

_pages = APIRouter()

_FIELDS = ("first_time", "second_time", "phone", "time_zone")


@_pages.get("", response_model=None)
async def show(
    request: Request, deps: DepsDep, caller: Asking, zone: str = "", day: str = "", asked: bool = False
) -> Response:
    """The call that stands; what to do where one came to nothing; else the free times, or another way to ask."""
    there = await standing.of(deps, caller.invitation_id, caller.language, zone)
    if asked:
        return await _asked(request, deps, caller, there)
    if there is not None and there.to_come:
        return await _booked(request, deps, caller, there, zone=zone)
    if there is not None and there.came_to_nothing:
        return await _over(request, deps, caller, there)
    if await bookings.anybody(deps):
        return await _times(request, deps, caller, there, zone=zone, day=day)
    if await bookings.left(deps, caller.invitation_id) is not None:
        return await _asked(request, deps, caller, there)
    return await _ask(request, deps, caller, there, zone=zone)


@_pages.post("", response_model=None, dependencies=[pace.PACED])
async def ask(request: Request, deps: DepsDep, caller: Asking, form: RawForm) -> Response:
    """Go to the organisation's booking page, or leave two times or a number."""
    if deps.settings.scheduling_url:
        where = await bookings.choose_scheduler(deps, caller.invitation_id, prefilled=caller.proved)
        return RedirectResponse(where or f"{caller.here}?asked=1", 303)
    given = {field: form.get(field, "") for field in _FIELDS}
    try:
        kept = await bookings.request(deps, caller.invitation_id, **given)
    except BadInput as error:
        problems = {problem.where: problem.what for problem in error.problems}
        there = await standing.of(deps, caller.invitation_id, caller.language)
        unfit = form.get("unfit") == "1"
        return await _ask(request, deps, caller, there, unfit=unfit, given=given, problems=problems, status=422)
    response = RedirectResponse(f"{caller.here}?asked=1", 303)
    if kept is not None:
        cookies.write(response, deps, pages.browser_of(request, deps).opened(bookings.mark(kept)))
    return response


@_pages.post("/withdraw", response_model=None, dependencies=[pace.PACED])
async def withdraw(deps: DepsDep, caller: Asking) -> Response:
    """Take back what was left for a call. Twice is harmless."""
    await bookings.withdraw(deps, caller.invitation_id)
    return RedirectResponse(caller.back, 303)


@_pages.get("/other", response_model=None)
async def other(request: Request, deps: DepsDep, caller: Asking, zone: str = "") -> Response:
    """None of the times fits, or what was left is to be changed. A call that stands stays until another is agreed."""
    there = await standing.of(deps, caller.invitation_id, caller.language)
    kept = await bookings.left(deps, caller.invitation_id)
    given = {field: getattr(kept, field) for field in _FIELDS} if kept is not None and caller.left(kept) else None
    return await _ask(request, deps, caller, there, unfit=True, given=given, zone=zone)


@_pages.get("/times", response_model=None)
async def pick(
    request: Request, deps: DepsDep, caller: Asking, start: str = "", zone: str = "", day: str = ""
) -> Response:
    """The free times, also to move a call to; with `start` the question whether to book that one."""
    there = await standing.of(deps, caller.invitation_id, caller.language, zone)
    if _fixed(there):
        return RedirectResponse(caller.here, 303)
    if not await bookings.anybody(deps):
        return await _ask(request, deps, caller, there, zone=zone)
    chosen = times.read(start)
    if chosen is None:
        return await _times(request, deps, caller, there, zone=zone, day=day)
    slot = await bookings.pick(deps, caller.invitation_id, chosen)
    if slot is None:
        return await _times(request, deps, caller, there, zone=zone, gone=chosen)
    zone = _chosen(zone, there) or await bookings.zone_of(deps, slot.hosts[0])
    return page(
        request,
        "buyer/call_confirm.html",
        caller=caller,
        when=times.moment(chosen, slot.end, zone, caller.language),
        start=times.value(chosen),
        day=chosen.astimezone(zones.zone(zone)).date(),
        zone=zone,
        host=await bookings.only_host(deps),
        moving=there.when if there is not None and there.to_come else None,
        **pages.words(deps, caller.language),
    )


@_pages.post("/times", response_model=None, dependencies=[pace.PACED])
async def take(request: Request, deps: DepsDep, caller: Asking, form: RawForm) -> Response:
    """Book the time, or move the call there. Twice is harmless."""
    start, zone = times.read(form.get("start", "")), form.get("zone", "")
    network = pace.network_of(request)
    there = await standing.of(deps, caller.invitation_id, caller.language, zone)
    if start is None or _fixed(there):
        return RedirectResponse(f"{caller.here}/times", 303)
    try:
        row = await bookings.take(
            deps, caller.invitation_id, start, zone=zone, language=caller.language, network=network
        )
    except Taken:
        return await _times(request, deps, caller, there, zone=zone, gone=start)
    except Overtaken:  # it has begun meanwhile: the page says what to do
        return RedirectResponse(caller.here, 303)
    except TooMany as error:
        return _pause(request, deps, caller, there, error.until or deps.now(), zone)
    if caller.preview:
        return await _booked(request, deps, caller, standing.read(deps, row, caller.language))
    return RedirectResponse(caller.here, 303)


@_pages.get("/cancel", response_model=None)
async def ask_to_cancel(request: Request, deps: DepsDep, caller: Asking) -> Response:
    there = await standing.of(deps, caller.invitation_id, caller.language)
    if there is None or not there.changeable:
        return RedirectResponse(caller.here, 303)
    return page(request, "buyer/call_cancel.html", caller=caller, when=there.when, **pages.words(deps, caller.language))


@_pages.post("/cancel", response_model=None, dependencies=[pace.PACED])
async def cancel(deps: DepsDep, caller: Asking) -> Response:
    """Call it off. Twice is harmless."""
    there = await standing.of(deps, caller.invitation_id, caller.language)
    if there is not None and there.changeable:
        with suppress(Overtaken):  # it was closed or has begun meanwhile: the page says how it stands
            await bookings.cancel(deps, there.row.id, bookings.BUYER)
    return RedirectResponse(caller.here, 303)


@_pages.get("/calendar.ics", response_model=None)
async def calendar(deps: DepsDep, caller: Asking) -> Response:
    """The call as a file for the buyer's own calendar, or what takes it out again; it does not say who they are."""
    there = await standing.of(deps, caller.invitation_id, caller.language)
    if there is None or not there.own or not (there.to_come or there.off):
        return RedirectResponse(caller.here, 303)
    headers = {"Content-Disposition": f'attachment; filename="{"cancelled" if there.off else "call"}.ics"'}
    body = await deliveries.calendar(deps, there.row)
    method = "CANCEL" if there.off else "PUBLISH"
    return Response(body, media_type=f"text/calendar; charset=utf-8; method={method}", headers=headers)


async def _times(
    request: Request,
    deps: Deps,
    caller: Caller,
    there: Standing | None,
    *,
    zone: str = "",
    day: str = "",
    gone: datetime | None = None,
) -> Response:
    """The free times, those of `day` open. `gone` is one that was wanted and is not free: its own day opens."""
    offer = await bookings.offer(deps, caller.invitation_id)
    chosen = _chosen(zone, there)
    zone = chosen or await _zone_of(deps, offer)
    wanted = gone.astimezone(zones.zone(zone)).date() if gone else times.read_day(day)
    shown = await asyncio.to_thread(offer.page, zone, times.DAYS, wanted)
    if shown is None:
        return await _ask(request, deps, caller, there, unfit=True, full=True, zone=chosen)
    return page(
        request,
        "buyer/call_times.html",
        status=409 if gone else 200,
        caller=caller,
        there=there,
        shown=times.laid_out(shown, zone, caller.language, wanted=wanted is not None),
        zone=zone,
        place=zones.place(zone),
        chosen=bool(chosen),
        regions=zones.offered(zone),
        gone=times.moment(gone, gone + LENGTH, zone, caller.language) if gone else None,
        asked=await bookings.left(deps, caller.invitation_id) is not None,
        answered=await _answered(deps, caller, there),
        **pages.words(deps, caller.language),
    )


async def _booked(request: Request, deps: Deps, caller: Caller, there: Standing, *, zone: str = "") -> Response:
    return page(
        request,
        "buyer/call_booked.html",
        caller=caller,
        there=there,
        host=await bookings.holder(deps, there.row),
        mails=deps.mail is not None,
        joining=there.joining(deps.now()),
        **times.clock_of(zone),
        **pages.words(deps, caller.language),
    )


async def _over(request: Request, deps: Deps, caller: Caller, there: Standing) -> Response:
    """A call that was called off, missed, or is over with no word on it: the chat where it stood, or another time."""
    return page(
        request,
        "buyer/call_over.html",
        caller=caller,
        there=there,
        answered=await _answered(deps, caller, there),
        **pages.words(deps, caller.language),
    )


async def _asked(request: Request, deps: Deps, caller: Caller, there: Standing | None) -> Response:
    """What was left for a call, for the browser that left it, and how they will hear of it."""
    kept = await bookings.left(deps, caller.invitation_id)
    return page(
        request,
        "buyer/call_asked.html",
        caller=caller,
        there=there,
        pending=kept is not None,
        phoned=kept is not None and bool(kept.phone),
        kept=kept if kept is not None and caller.left(kept) else None,
        place=zones.place(kept.time_zone) if kept is not None else "",
        **pages.words(deps, caller.language),
    )


async def _ask(
    request: Request,
    deps: Deps,
    caller: Caller,
    there: Standing | None,
    *,
    unfit: bool = False,
    full: bool = False,
    given: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    zone: str = "",
    status: int = 200,
) -> Response:
    """The ways without free times of ours. `unfit`: none of them fits; `full`: there are none now."""
    given = given or dict.fromkeys(_FIELDS, "")
    chosen = _chosen(given["time_zone"] or zone, there)
    anybody = await bookings.anybody(deps)
    if anybody and not chosen:
        zone = await _zone_of(deps, await bookings.offer(deps, caller.invitation_id))
    return page(
        request,
        "buyer/call.html",
        status=status,
        caller=caller,
        there=there,
        unfit=unfit,
        full=full,
        scheduler=bool(deps.settings.scheduling_url),
        given=given,
        problems=problems or {},
        zone=chosen or zone,
        chosen=bool(chosen),
        regions=zones.offered(chosen or zone),
        to_times=anybody and unfit and not full,
        limits=bookings.LONGEST,
        answered=await _answered(deps, caller, there),
        **pages.words(deps, caller.language),
    )


def _pause(
    request: Request, deps: Deps, caller: Caller, there: Standing | None, until: datetime, zone: str
) -> Response:
    """Too many changes: when the next one can be made. What stands is not touched."""
    at = until + timedelta(minutes=1)  # the clock shows no seconds
    zone = zone if zones.known(zone) else there.row.time_zone if there is not None else zones.FALLBACK
    when = times.moment(at, at, zone, caller.language).short
    links = ((caller.here, pages.words(deps, caller.language)["t"]("call.mine")),) if there and there.to_come else ()
    return pages.message(request, deps, caller.language, "call.often", status=429, links=links, said={"when": when})


async def _answered(deps: Deps, caller: Caller, there: Standing | None) -> str:
    """For whose call came to nothing: how far the chat is."""
    if there is None or there.to_come:
        return ""
    return await standing.answered(deps, caller.invitation_id, deps.languages.get(caller.language))


def _chosen(wanted: str, there: Standing | None) -> str:
    """The zone to show times in, as the buyer wants it: `wanted`, else as they booked last. Empty: they never said."""
    if zones.known(wanted):
        return zones.current(wanted)
    return there.row.time_zone if there is not None and zones.known(there.row.time_zone) else ""


async def _zone_of(deps: Deps, offer: Offer) -> str:
    """The zone of whoever could hold the soonest call."""
    soonest = await asyncio.to_thread(offer.first)
    return await bookings.zone_of(deps, soonest.hosts[0]) if soonest is not None else zones.FALLBACK


def _fixed(there: Standing | None) -> bool:
    """Whether a call stands that is neither moved nor called off here: it was booked at a scheduler, or has begun."""
    return there is not None and there.to_come and not there.changeable


router = APIRouter()
for prefix in PREFIXES:
    router.include_router(_pages, prefix=prefix)

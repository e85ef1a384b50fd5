"""The hours editor: a host's week as a form, and beside it what buyers will see of it (`bookings.hosting`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from interviewer import bookings
from interviewer.agenda import owncalendar
from interviewer.bookings import busy
from interviewer.bookings.hosting import LIMITS, MOST_DAYS_OFF, Form, Host
from interviewer.confidentiality import Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFound, Overtaken, Problem
from interviewer.records.hours import HoursSheet, Number, Pair, Pick, Region, SeenDay, Shown, Weekday
from interviewer.scheduling import hours, zones
from interviewer.store.tables.bookings import HostRow

Given = Mapping[str, str]
"""The form as it was posted: `mon_0_first`, `mon_0_last`, `off_0_first`, and the fields of `hosting.Form`."""
ADD, REMOVE, SAME = "add", "remove", "same"
"""What can be done to a form without keeping it: `add:mon`, `add:off`, `remove:mon_1`, `remove:off_0`, `same:mon`."""
PREVIEWED = timedelta(days=14)
OFF = "off"
_ANCHORS = {"days_off": "off_0_first"} | {day: f"{day}_0_first" for day in hours.WEEKDAYS}
"""Where the page has what is wrong, if the field is not called so."""
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LANGUAGE = "en-GB"
_NUMBERS = {
    "buffer_minutes": ("Free before and after a call", "minutes"),
    "notice_hours": ("Booked at the latest", "hours before"),
    "horizon_days": ("Buyers see", "days ahead"),
    "daily_maximum": ("At most", "calls a day"),
}
_WORKDAYS = hours.WEEKDAYS[:5]
_STRETCHES = 2
"""Of a day that the form has room for without being asked."""
_BUYERS_LIVE = (
    "America/Los_Angeles",
    "America/Chicago",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Jakarta",
    "Asia/Tokyo",
    "Australia/Sydney",
)
"""Clocks on which a host may look at what buyers see, from west to east."""
_PAIR = re.compile(r"(mon|tue|wed|thu|fri|sat|sun|off)_(\d{1,3})_(first|last)")


async def sheet(deps: Deps, viewer: Viewer, host_id: str = "") -> Seen[HoursSheet]:
    """The hours of one host as they are kept; the viewer's own without an id. Raises NotFound."""
    every = await bookings.hosts(deps, viewer)
    host = _among(every, host_id or viewer.user_id)
    return see(viewer, await _sheet(deps, viewer, every, host, _values(host)))


async def changed(deps: Deps, viewer: Viewer, given: Given, act: str = "") -> Seen[HoursSheet]:
    """The form as it was typed, with what buyers would see of it; nothing is kept.

    `act` adds or takes away a line, or gives every workday the hours of one day.
    """
    every = await bookings.hosts(deps, viewer)
    host = _among(every, given.get("host", ""))
    verb, _, what = act.partition(":")
    values = dict(given)
    if verb == REMOVE:
        values = {name: value for name, value in values.items() if name.rpartition("_")[0] != what}
    if verb == SAME and what in hours.WEEKDAYS:
        values = _alike(values, what)
    return see(viewer, await _sheet(deps, viewer, every, host, values, adding=what if verb == ADD else ""))


async def keep(deps: Deps, viewer: Viewer, given: Given) -> Seen[HoursSheet] | None:
    """Keep the hours. Gives the form again where something is wrong with it, or somebody changed them meanwhile."""
    every = await bookings.hosts(deps, viewer)
    host = _among(every, given.get("host", ""))
    try:
        wanted = await _checked(deps, viewer, given)
        await bookings.save(deps, viewer, wanted)
    except BadInput as wrong:
        return see(viewer, await _sheet(deps, viewer, every, host, given, wrong=wrong))
    except Overtaken:
        return see(viewer, await _sheet(deps, viewer, every, host, given, overtaken=True))
    await busy.refresh(deps, host.user_id, patience=timedelta(0) if wanted.busy_url else busy.PATIENCE)
    return None


async def _checked(deps: Deps, viewer: Viewer, given: Given) -> Form:
    """The form, with the calendar's address as it is to be kept. Raises BadInput with all that is wrong, by field."""
    wanted = form(given)
    try:
        return replace(wanted, busy_url=await _calendar(deps, given))
    except BadInput as wrong:
        problems = list(wrong.problems)
    try:
        await bookings.preview(deps, viewer, wanted)
    except BadInput as wrong:
        problems = [*wrong.problems, *problems]
    raise BadInput(problems)


async def _calendar(deps: Deps, given: Given) -> str | None:
    """The address to read from now on; None: as it is. Raises BadInput for one that must not be read."""
    if given.get("busy_url", "").strip():
        return await busy.accept(deps, given["busy_url"].strip())
    return "" if given.get("forget_calendar") == "yes" else None


def form(given: Given) -> Form:
    """What was posted, as `hosting` takes it."""
    return Form(
        user_id=given.get("host", ""),
        time_zone=given.get("time_zone", ""),
        hours={day: [(pair.first, pair.last) for pair in _pairs(given, day)] for day in hours.WEEKDAYS},
        **{name: given.get(name, "") for name in LIMITS},
        video_link=given.get("video_link", ""),
        taking=given.get("taking") == "yes",
        days_off=[(pair.first, pair.last) for pair in _pairs(given, OFF)][: MOST_DAYS_OFF + 1],
        version=_number(given.get("version", "")),
    )


def _among(every: Sequence[Host], host_id: str) -> Host:
    """Raises NotFound for somebody whose hours the viewer may not edit."""
    for host in every:
        if host.user_id == host_id:
            return host
    raise NotFound


async def _sheet(
    deps: Deps,
    viewer: Viewer,
    every: Sequence[Host],
    host: Host,
    values: Given,
    *,
    wrong: BadInput | None = None,
    overtaken: bool = False,
    adding: str = "",
) -> HoursSheet:
    faults = _faults(wrong.problems) if wrong else {}
    zone = values.get("time_zone", "")
    row = host.row
    return HoursSheet(
        host_id=host.user_id,
        host=host.name,
        own=host.user_id == viewer.user_id,
        fresh=row is None,
        others=tuple(Pick(one.user_id, one.name) for one in every) if len(every) > 1 else (),
        version=_number(values.get("version", "")),
        taking=values.get("taking") == "yes",
        zone=zone,
        zone_problem=faults.get("time_zone", ""),
        regions=tuple(
            Region(region.name, tuple(Pick(one.name, one.label) for one in region.zones))
            for region in zones.offered(zone)
        ),
        week=tuple(
            Weekday(day, name, *_lines(values, day, _STRETCHES, adding), faults.get(day, ""))
            for day, name in zip(hours.WEEKDAYS, _NAMES, strict=True)
        ),
        numbers=tuple(
            Number(name, label, hint, values.get(name, ""), *LIMITS[name], faults.get(name, ""))
            for name, (label, hint) in _NUMBERS.items()
        ),
        days_off=_days_off(values, adding),
        off_problem=faults.get("days_off", ""),
        video_link=values.get("video_link", ""),
        video_problem=faults.get("video_link", ""),
        calendar=bool(row and row.busy_url),
        calendar_read_at=row.busy_read_at if row else None,
        calendar_error=row.busy_error if row else "",
        calendar_says=owncalendar.consequence(row, deps.now()),
        calendar_typed=values.get("busy_url", ""),
        calendar_forget=values.get("forget_calendar") == "yes",
        calendar_problem=faults.get("busy_url", ""),
        seen_in=values.get("seen_in", ""),
        clocks=tuple(Pick(name, name.rpartition("/")[2].replace("_", " ")) for name in _BUYERS_LIVE),
        shown=await _shown(deps, viewer, row, form(values), values.get("seen_in", "")),
        problems=tuple(Pick(_ANCHORS.get(where, where), _called(where)) for where in faults),
        overtaken=overtaken,
    )


async def _shown(deps: Deps, viewer: Viewer, row: HostRow | None, wanted: Form, seen_in: str) -> Shown:
    """What buyers will see in the next two weeks, on the wall in the zone `seen_in` or else on the host's; computed as
    it is for them."""
    now = deps.now()
    wall = seen_in if zones.known(seen_in) else wanted.time_zone
    zone = zones.abbreviation(now, wall)
    if not wanted.time_zone:
        return Shown((), 0, 0, zone, "Choose the time zone of these hours, and the free times stand here.")
    try:
        starts = [slot.start for slot in await bookings.preview(deps, viewer, wanted)]
    except BadInput as wrong:
        why = "Something in the form cannot be taken yet: " + "; ".join(
            f"{_called(problem.where)} {problem.what}" for problem in wrong.problems
        )
        return Shown((), 0, 0, zone, why + ".")
    why = "" if starts else _why_none(wanted, owncalendar.consequence(row, now))
    soon = [start for start in starts if start <= now + PREVIEWED]
    days = tuple(
        SeenDay(day, tuple(zones.clock(start, wall, _LANGUAGE) for start in within))
        for day, within in groupby(soon, lambda start: zones.day(start, wall, _LANGUAGE))
    )
    return Shown(days, len(soon), len(starts) - len(soon), zone, why)


def _why_none(wanted: Form, calendar: str) -> str:
    if not wanted.taking:
        return "Calls are switched off: buyers are offered nothing of yours."
    if not any(first.strip() for pairs in wanted.hours.values() for first, _ in pairs):
        return "There are no hours in the week yet."
    if calendar:
        return f"Nothing is free; look at the calendar. {calendar}"
    return "Nothing is free: look at the notice, the days ahead, the days off and the calls that are booked."


def _called(where: str) -> str:
    """What the page calls a field."""
    labels = dict(zip(hours.WEEKDAYS, _NAMES, strict=True)) | {
        name: f"“{label}”" for name, (label, _) in _NUMBERS.items()
    }
    labels |= {"time_zone": "the time zone", "video_link": "the video link", "busy_url": "the calendar"}
    return labels.get(where, where.replace("_", " "))


def _values(host: Host) -> dict[str, str]:
    """What is kept, as the form shows it; for a new host what is usual."""
    row = host.row or HostRow(user_id=host.user_id, time_zone="", hours=hours.as_values(hours.usual()), version=0)
    values = {
        "host": host.user_id,
        "time_zone": row.time_zone,
        "video_link": row.video_link,
        "taking": "yes" if row.taking else "",
        "version": str(row.version),
        **{name: str(getattr(row, name)) for name in LIMITS},
    }
    for day, pairs in row.hours.items():
        for number, (first, last) in enumerate(pairs):
            values |= {f"{day}_{number}_first": first, f"{day}_{number}_last": last}
    for number, (begins, ends) in enumerate(host.days_off):
        values |= {f"{OFF}_{number}_first": _day(begins), f"{OFF}_{number}_last": _day(ends)}
    return values


def _day(given: date) -> str:
    return given.isoformat()


def _pairs(values: Given, of: str) -> list[Pair]:
    """The lines of one weekday, or the days off, in the order of their numbers."""
    numbers = {int(found[2]) for name in values if (found := _PAIR.fullmatch(name)) and found[1] == of}
    return [
        Pair(number, values.get(f"{of}_{number}_first", ""), values.get(f"{of}_{number}_last", ""))
        for number in sorted(numbers)
    ]


def _lines(values: Given, day: str, room: int, adding: str) -> tuple[tuple[Pair, ...], Pair | None]:
    """The stretches of a day, one at least; and an empty one to add, where there is `room` or it was asked for."""
    lines = [pair for pair in _pairs(values, day) if pair.first.strip() or pair.last.strip()] or [Pair(0, "", "")]
    more = len(lines) < room or adding == day
    return tuple(lines), Pair(lines[-1].number + 1, "", "") if more else None


def _days_off(values: Given, adding: str) -> tuple[Pair, ...]:
    lines, more = _lines(values, OFF, 1, adding)
    return (*lines, more) if more else lines


def _alike(values: Given, day: str) -> dict[str, str]:
    """The hours of this day, on every workday."""
    mine = _pairs(values, day)
    others = {name: value for name, value in values.items() if name.partition("_")[0] not in _WORKDAYS}
    for other in {*_WORKDAYS, day}:
        for pair in mine:
            others |= {f"{other}_{pair.number}_first": pair.first, f"{other}_{pair.number}_last": pair.last}
    return others


def _faults(problems: Sequence[Problem]) -> dict[str, str]:
    """What is wrong by field, each thing once."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        said = found.setdefault(problem.where, [])
        if problem.what not in said:
            said.append(problem.what)
    return {where: "; ".join(said) for where, said in found.items()}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0

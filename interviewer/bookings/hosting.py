"""Hosts and their hours: who holds calls, when, and what buyers will see of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from interviewer.bookings import offering
from interviewer.confidentiality import Act, Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFound, Overtaken, Problem
from interviewer.scheduling import dates, hours, zones
from interviewer.scheduling.offers import Slot
from interviewer.store import audit, deliveries, users
from interviewer.store import hosts as kept
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import DayOffRow, HostRow
from interviewer.store.tables.people import UserRow

LIMITS = {
    "buffer_minutes": (0, 120),
    "notice_hours": (0, 24 * 14),
    "horizon_days": (1, 90),
    "daily_maximum": (1, 32),
}
"""What can be asked for, both included."""
MOST_DAYS_OFF = 60
LONGEST_LINK = 300


@dataclass(frozen=True)
class Form:
    """What the hours editor sends, as it was typed."""

    user_id: str
    time_zone: str
    hours: Mapping[str, Sequence[Sequence[str]]]
    """By weekday: pairs of a start and an end ('09:00'); two empty fields say nothing."""
    buffer_minutes: str = "10"
    notice_hours: str = "24"
    horizon_days: str = "14"
    daily_maximum: str = "4"
    video_link: str = ""
    taking: bool = True
    days_off: Sequence[tuple[str, str]] = ()
    """First and last day ('2026-12-24'), both off; an empty last is the first."""
    busy_url: str | None = None
    """Address of their own calendar, as `busy.accept` gave it; empty forgets it, None leaves it as it is."""
    version: int = 0
    """Of the hours that were looked at; 0 where there were none."""


@dataclass(frozen=True)
class Host:
    """Somebody who holds calls, or may."""

    user_id: str
    name: str
    row: HostRow | None
    """None where they gave no hours yet."""
    days_off: tuple[tuple[date, date], ...] = ()


async def hosts(deps: Deps, viewer: Viewer) -> list[Host]:
    """Everybody whose hours the viewer may edit, themselves first: their own, for an admin everybody's who may host."""
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.read() as tx:
        people = [
            user for user in await deliveries.desk_users(tx) if user.role in offering.HOSTS and _edits(viewer, user.id)
        ]
        rows = {row.user_id: row for row, _ in await kept.every(tx)}
        off = await kept.days_off(tx, list(rows))
    people.sort(key=lambda user: (user.id != viewer.user_id, user.name or user.email))
    return [
        Host(
            user_id=user.id,
            name=user.name or user.email,
            row=rows.get(user.id),
            days_off=tuple((day.first, day.last) for day in off.get(user.id, ())),
        )
        for user in people
    ]


async def save(deps: Deps, viewer: Viewer, form: Form) -> None:
    """Keep these hours; calls that were booked stay. Raises BadInput by field, Overtaken, NotAllowed and NotFound.

    Hours are a colleague's for an admin only, and nobody hosts who may not see calls.
    """
    _require(viewer, form.user_id)
    wanted, days = _read(form)
    async with deps.db.write() as tx:
        await _may_host(tx, form.user_id)
        row = await kept.get(tx, form.user_id, lock=True)
        if (row.version if row else 0) != form.version:
            raise Overtaken
        if row is None:
            row = await kept.add(tx, wanted)
            if row is None:
                raise Overtaken  # another tab kept the first ones right now
        else:
            if (wanted.time_zone, wanted.horizon_days) != (row.time_zone, row.horizon_days):
                row.busy_read_at = row.busy_tried_at = None  # read by another clock, or less far than is offered now
            _copy(wanted, row)
        if form.busy_url is not None:
            await _read_from(tx, row, form.busy_url)
        await kept.replace_days_off(tx, form.user_id, [(deps.new_id(), day.first, day.last) for day in days])
        audit.add(tx, viewer.user_id, "changed hours", f"user:{form.user_id}", deps.now())


async def preview(deps: Deps, viewer: Viewer, form: Form) -> list[Slot]:
    """What buyers would see of these hours if they were kept now. Raises as `save` does; writes nothing."""
    _require(viewer, form.user_id)
    wanted, days = _read(form)
    async with deps.db.read() as tx:
        await _may_host(tx, form.user_id)
        if there := await kept.get(tx, form.user_id):
            wanted.busy_url, wanted.busy_until, wanted.busy_error = there.busy_url, there.busy_until, there.busy_error
        diary = await offering.diary(deps, tx, wanted, days)
    return list(offering.together([diary] if wanted.taking else [], deps.now()))


async def _read_from(tx: Tx, row: HostRow, url: str) -> None:
    """What was read of another calendar counts no longer."""
    row.busy_url, row.busy_error = url, ""
    row.busy_read_at = row.busy_until = row.busy_tried_at = None
    await kept.replace_busy(tx, row.user_id, ())


def _edits(viewer: Viewer, user_id: str) -> bool:
    return viewer.role is Role.ADMIN or viewer.user_id == user_id


def _require(viewer: Viewer, user_id: str) -> None:
    viewer.require(Act.HANDLE_CALL)
    if not _edits(viewer, user_id):
        raise NotFound


async def _may_host(tx: Tx, user_id: str) -> UserRow:
    user = await users.get(tx, user_id)
    if user is None or user.disabled_at or user.role not in offering.HOSTS:
        raise NotFound
    return user


def _read(form: Form) -> tuple[HostRow, list[DayOffRow]]:
    """The form as rows that are in no table. Raises BadInput with every problem, by field."""
    problems: list[Problem] = []
    if not zones.known(form.time_zone):
        given = "is not one of the list: pick one" if form.time_zone else "is still to be chosen"
        problems.append(Problem("time_zone", given))
    weekly = hours.Hours()
    try:
        weekly = hours.parse(form.hours)
    except BadInput as error:
        problems += error.problems
    numbers = {field: _number(form, field, problems) for field in LIMITS}
    link = form.video_link.strip()
    if link and (len(link) > LONGEST_LINK or not _is_link(link)):
        problems.append(Problem("video_link", "has to be a link that begins with https://"))
    days = _days(form, problems)
    if problems:
        raise BadInput(problems)
    row = HostRow(
        user_id=form.user_id,
        time_zone=form.time_zone,
        hours=hours.as_values(weekly),
        video_link=link,
        taking=form.taking,
    )
    for field, number in numbers.items():
        setattr(row, field, number)
    return row, days


def _number(form: Form, field: str, problems: list[Problem]) -> int:
    text, (least, most) = str(getattr(form, field)).strip(), LIMITS[field]
    if re.fullmatch(r"[0-9]{1,4}", text) and least <= int(text) <= most:
        return int(text)
    problems.append(Problem(field, f"has to be a whole number from {least} to {most}"))
    return least


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and text.isprintable() and " " not in text


def _days(form: Form, problems: list[Problem]) -> list[DayOffRow]:
    found = []
    for first, last in form.days_off:
        if not first.strip() and not last.strip():
            continue
        try:
            begins, ends = date.fromisoformat(first.strip()), date.fromisoformat(last.strip() or first.strip())
        except ValueError:
            problems.append(Problem("days_off", "has to be a date: pick one, or write it like 2026-12-24"))
            continue
        if ends < begins:
            problems.append(
                Problem("days_off", f"ends on {dates.whole(ends)}, before it begins on {dates.whole(begins)}")
            )
        found.append(DayOffRow(id="", user_id=form.user_id, first=begins, last=ends))
    if len(found) > MOST_DAYS_OFF:
        problems.append(Problem("days_off", f"can be {MOST_DAYS_OFF} stretches at most"))
    return sorted(found, key=lambda day: day.first)


def _copy(wanted: HostRow, row: HostRow) -> None:
    for field in ("time_zone", "hours", "video_link", "taking", *LIMITS):
        setattr(row, field, getattr(wanted, field))
    row.version += 1

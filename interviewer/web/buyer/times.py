"""Free times as a buyer's page lays them out: by the days of the buyer's own wall, a few days at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from interviewer.deliveries import entries
from interviewer.deliveries.entries import Moment
from interviewer.scheduling import dates, zones
from interviewer.scheduling.offers import Page

DAYS = 10
"""On one page: two rows of a phone."""
FEW = 6
"""Times that a day shows at once; the rest is one tap away."""
_ROOM = 8
"""So many are shown as they are: hiding two of them would help nobody."""
_CENTURY = 20
"""Years that begin so are taken from forms."""


@dataclass(frozen=True)
class Time:
    """One time to pick: what the form sends, and '2:30 pm'."""

    value: str
    words: str


@dataclass(frozen=True)
class Day:
    """One day with free times."""

    date: date
    weekday: str
    """'Tue'."""
    month: str
    """'Nov'."""
    name: str
    """'Tuesday 24 November'."""
    zone: str
    """'EST (UTC-5)': what the clock of that day is."""
    few: tuple[Time, ...]
    """Times spread over the waking day."""
    more: tuple[Time, ...]
    """The others of the waking day."""
    odd: tuple[Time, ...]
    """Times at which they may still sleep, or not work any more."""

    @property
    def count(self) -> int:
        return len(self.few) + len(self.more) + len(self.odd)


@dataclass(frozen=True)
class Shown:
    """The days of one page, one of them open; `earlier` and `later` are days of the pages beside it, or None."""

    days: tuple[Day, ...]
    open: date
    earlier: date | None
    later: date | None


def laid_out(page: Page, zone: str, language: str, *, wanted: bool) -> Shown:
    """These days by the wall of `zone`. Unless a day is `wanted`, the first opens that has a time in waking hours."""
    days = tuple(
        _day(day, tuple(within), zone, language)
        for day, within in groupby(page.starts, lambda start: start.astimezone(zones.zone(zone)).date())
    )
    opened = page.open if wanted else next((day.date for day in days if day.few), page.open)
    return Shown(days, opened, page.earlier, page.later)


def moment(start: datetime, end: datetime, zone: str, language: str) -> Moment:
    """A call's time in words, whose "(UTC−5)" is not torn apart at the end of a line."""
    found = entries.moment(start, end, zone, language)
    return replace(found, hours=_whole(found.hours), zone=_whole(found.zone), short=_whole(found.short))


def clock_of(zone: str) -> dict[str, Any]:
    """What a page is given of the zone that a call is looked at by; empty where it is told as it was picked."""
    if not zones.known(zone):
        return {"zone": "", "place": "", "regions": []}
    zone = zones.current(zone)
    return {"zone": zone, "place": zones.place(zone), "regions": zones.offered(zone)}


def value(start: datetime) -> str:
    """How a form sends a time: '2026-11-24T13:30Z'."""
    return f"{start.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def read(text: str) -> datetime | None:
    """The time that a form sent; None for what is none, or of another century: such have no local time."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo and found.year // 100 == _CENTURY else None
    except (ValueError, OverflowError):
        return None


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day(day: date, starts: Iterable[datetime], zone: str, language: str) -> Day:
    every = tuple(starts)
    waking = [start for start in every if zones.waking(start, zone)]
    few = _spread(waking, zone)
    wall = every[0].astimezone(zones.zone(zone))

    def told(some: Iterable[datetime]) -> tuple[Time, ...]:
        return tuple(Time(value(start), zones.clock(start, zone, language)) for start in some)

    return Day(
        date=day,
        weekday=dates.weekday(wall, language),
        month=dates.month(wall, language),
        name=zones.day(every[0], zone, language),
        zone=_whole(zones.abbreviation(every[-1], zone)),
        few=told(few),
        more=told(start for start in waking if start not in few),
        odd=told(start for start in every if start not in waking),
    )


def _whole(words: str) -> str:
    """With a minus sign, after which no line ends, where others write a hyphen."""
    return words.replace("UTC-", "UTC\N{MINUS SIGN}")


def _spread(starts: Sequence[datetime], zone: str) -> Sequence[datetime]:
    """A few of them from the first to the last, at full hours where there are enough, else at half ones."""
    if len(starts) <= _ROOM:
        return starts
    by = (
        [start for start in starts if not start.astimezone(zones.zone(zone)).minute % minutes] for minutes in (60, 30)
    )
    able = next((some for some in by if len(some) >= FEW), starts)
    return [able[round(at * (len(able) - 1) / (FEW - 1))] for at in range(FEW)]

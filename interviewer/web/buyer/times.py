"""Free times as a buyer's page lays them out: by the days of the buyer's own wall, a few days at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from interviewer.scheduling import dates, zones

DAYS = 10
"""On one page: two rows of a phone."""
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
    name: str
    """'Tuesday 24 November'."""
    zone: str
    """'EST (UTC-5)': what the clock of that day is."""
    times: tuple[Time, ...]


@dataclass(frozen=True)
class Shown:
    """The days of one page, one of them open; `earlier` and `later` are days of the pages beside it, or None."""

    days: tuple[Day, ...]
    open: date
    earlier: date | None
    later: date | None


def laid_out(starts: Sequence[datetime], zone: str, language: str, *, wanted: date | None = None) -> Shown:
    """The page with the day `wanted`, by the wall of `zone`, or the next that has a free time; else the first page.

    There has to be a time. Days without one are left out.
    """
    every = [
        _day(day, tuple(within), zone, language)
        for day, within in groupby(starts, lambda start: start.astimezone(zones.zone(zone)).date())
    ]
    last = len(every) - 1
    opened = next((at for at, day in enumerate(every) if wanted and day.date >= wanted), last if wanted else 0)
    first = opened - opened % DAYS
    return Shown(
        days=tuple(every[first : first + DAYS]),
        open=every[opened].date,
        earlier=every[first - DAYS].date if first else None,
        later=every[first + DAYS].date if first + DAYS <= last else None,
    )


def place(zone: str) -> str:
    """What a zone is called in a sentence: 'New York'."""
    return zone.rpartition("/")[2].replace("_", " ")


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
    wall = every[0].astimezone(zones.zone(zone))
    return Day(
        date=day,
        weekday=dates.weekday(wall, language),
        name=zones.day(every[0], zone, language),
        zone=zones.abbreviation(every[-1], zone),
        times=tuple(Time(value(start), zones.clock(start, zone, language)) for start in every),
    )

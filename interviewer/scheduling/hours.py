"""A host's weekly hours: stretches of the wall clock by weekday, in whatever zone the host lives."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from interviewer.errors import BadInput, Problem

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LENGTH = timedelta(minutes=15)
"""Of a call; no stretch is shorter."""
MOST_A_DAY = 12

MIDNIGHT = time(0)
"""As an end: that of the day."""

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00")

Stretches = tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class Hours:
    """Stretches of each weekday, in order, apart from one another, none over midnight. Times carry no zone.

    A stretch that ends at MIDNIGHT lasts to the end of its day.
    """

    mon: Stretches = ()
    tue: Stretches = ()
    wed: Stretches = ()
    thu: Stretches = ()
    fri: Stretches = ()
    sat: Stretches = ()
    sun: Stretches = ()

    def on(self, weekday: int) -> Stretches:
        """The stretches of a weekday as `date.weekday()` counts it: 0 is Monday."""
        found: Stretches = getattr(self, WEEKDAYS[weekday])
        return found

    def __bool__(self) -> bool:
        return any(self.on(weekday) for weekday in range(7))


def parse(given: Mapping[str, Sequence[Sequence[str]]]) -> Hours:
    """Hours from `{"mon": [["09:00", "12:00"], …], …}`; two empty fields say nothing, a missing day is free.

    Raises BadInput with a problem for each weekday that cannot be taken, in words for the person who typed it.
    """
    unknown = [day for day in given if day not in WEEKDAYS]
    problems = [Problem(day, "is not a weekday: use mon, tue, wed, thu, fri, sat or sun") for day in unknown]
    found: dict[str, Stretches] = {}
    for day in WEEKDAYS:
        try:
            found[day] = _day(given.get(day, ()))
        except _Unclear as unclear:
            problems.append(Problem(day, str(unclear)))
    if problems:
        raise BadInput(problems)
    return Hours(**found)


def ending(day: date, end: time) -> datetime:
    """The moment at which a stretch of this day ends, on the wall."""
    return datetime.combine(day + timedelta(days=1) if end == MIDNIGHT else day, end)


def as_values(hours: Hours) -> dict[str, list[list[str]]]:
    """What `parse` reads and a row keeps: every weekday, times as 'HH:MM'; the end of a day is '00:00'."""
    return {
        day: [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in hours.on(weekday)]
        for weekday, day in enumerate(WEEKDAYS)
    }


def usual() -> Hours:
    """Where a host starts: Monday to Friday, 9 to 12 and 1 to 5."""
    day = ((time(9), time(12)), (time(13), time(17)))
    return Hours(mon=day, tue=day, wed=day, thu=day, fri=day)


class _Unclear(Exception):
    """What is wrong with a day."""


def _day(given: Sequence[Sequence[str]]) -> Stretches:
    stretches = sorted(_stretch(pair) for pair in given if any(text.strip() for text in pair))
    joined: list[tuple[time, time]] = []
    for start, end in stretches:
        if joined and _minutes(start) < _minutes(joined[-1][1], end=True):
            raise _Unclear(f"{_said(*joined[-1])} and {_said(start, end)} overlap")
        if joined and start == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    if len(joined) > MOST_A_DAY:
        raise _Unclear(f"has more than {MOST_A_DAY} stretches")
    return tuple(joined)


def _stretch(pair: Sequence[str]) -> tuple[time, time]:
    if len(pair) != 2 or not all(text.strip() for text in pair):
        raise _Unclear("needs a start and an end for every stretch")
    start, end = _time(pair[0].strip()), _time(pair[1].strip())
    if pair[0].strip() == "24:00":
        raise _Unclear("cannot begin at 24:00: the day is over then")
    minutes = _minutes(end, end=True) - _minutes(start)
    if not minutes:
        raise _Unclear(f"{_said(start, end)} is empty: the end has to come after the start")
    if minutes < 0:
        raise _Unclear(
            f"{_said(start, end)} runs into the next day: end this one at 24:00, and give the rest to the day after"
        )
    if timedelta(minutes=minutes) < LENGTH:
        raise _Unclear(
            f"{_said(start, end)} is shorter than a call, which takes {LENGTH // timedelta(minutes=1)} minutes"
        )
    return start, end


def _time(text: str) -> time:
    found = _TIME.fullmatch(text)
    if found is None:
        raise _Unclear(f"{text[:20]!r} is not a time of day: write it like 09:00 or 16:30")
    return time(int(found[1]), int(found[2])) if found[1] else MIDNIGHT


def _minutes(moment: time, *, end: bool = False) -> int:
    """Since the day began; midnight as an `end` is that of the day."""
    return 24 * 60 if end and moment == MIDNIGHT else moment.hour * 60 + moment.minute


def _said(start: time, end: time) -> str:
    return f"{start:%H:%M}–{'24:00' if end == MIDNIGHT else f'{end:%H:%M}'}"

"""Repeating by rule (RFC 5545 3.3.10), day by day: is this day one of them?

Asking that of each day of a window costs what the window costs, whatever the rule says and however long ago it began;
an expansion from the beginning, as libraries do it, lets one line of a file keep a process busy for hours. Only a rule
that counts (COUNT, BYSETPOS) is walked by its periods, on a budget.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

MOST_STEPS = 1_000_000
MOST_TIMES_A_DAY = 96
_DAY = timedelta(days=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_DAY = re.compile(rf"([+-]?\d{{1,2}})?({'|'.join(_WEEKDAYS)})")
_READ = {
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYMONTH", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS"),
}


class TooMuch(Exception):
    """More repetitions than anybody's calendar has."""


class Budget:
    """Steps that are left for one file."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self._left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps. Raises TooMuch when there are none left."""
        self._left -= steps
        if self._left < 0:
            raise TooMuch


@dataclass(frozen=True)
class Rule:
    """DAILY, WEEKLY, MONTHLY or YEARLY; empty tuples where a part is not given."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: str = ""
    """As written: what it means hangs on the entry's zone."""
    week_start: int = 0
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    """(ordinal or 0, weekday with Monday 0)."""
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()


def parse(text: str) -> Rule:
    """A rule from the value of RRULE. Raises TooMuch for one that repeats within a day, ValueError for any other that
    cannot be read (week and year days by number among them, which no calendar writes)."""
    given = dict(part.split("=", 1) for part in text.upper().replace(" ", "").split(";") if part and "=" in part)
    given = {name: value for name, value in given.items() if not name.startswith("X-")}
    if given.get("FREQ") in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise TooMuch
    if given.get("FREQ") not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY") or given.keys() - _READ:
        raise ValueError(text)
    rule = Rule(
        frequency=given["FREQ"],
        interval=_number(given.get("INTERVAL", "1"), 1, 100_000),
        count=_number(given["COUNT"], 0, 10**9) if "COUNT" in given else None,
        until=given.get("UNTIL", ""),
        week_start=_WEEKDAYS.index(given.get("WKST", "MO")),
        months=_numbers(given, "BYMONTH", 1, 12),
        month_days=_numbers(given, "BYMONTHDAY", -31, 31),
        weekdays=tuple(_weekday(part) for part in given["BYDAY"].split(",")) if "BYDAY" in given else (),
        hours=_numbers(given, "BYHOUR", 0, 23),
        minutes=_numbers(given, "BYMINUTE", 0, 59),
        seconds=_numbers(given, "BYSECOND", 0, 59),
        positions=_numbers(given, "BYSETPOS", -366, 366),
    )
    if (len(rule.hours) or 1) * (len(rule.minutes) or 1) * (len(rule.seconds) or 1) > MOST_TIMES_A_DAY:
        raise TooMuch
    return rule


def starts(rule: Rule, first: datetime, since: date, until: date, budget: Budget) -> Iterator[datetime]:
    """Starts from `first` on by the wall of the entry's zone, on the days from `since` to `until`, both included.

    UNTIL is left to the caller, who knows the zone. Raises TooMuch when the budget is spent, OverflowError at the edges
    of the calendar.
    """
    if rule.count is None and not rule.positions:
        for day in _days(max(since, first.date()), until):
            budget.spend()
            if _matches(rule, first, day) and _aligned(rule, first, _begin(rule, day)):
                yield from _at_times(rule, first, day, budget)
        return
    counted = 0
    begin = _begin(rule, first.date() if rule.count is not None else max(since, first.date()))
    while begin <= until and (rule.count is None or counted < rule.count):
        for start in _of_period(rule, first, begin, budget):
            counted += 1
            if rule.count is not None and counted > rule.count:
                return
            if since <= start.date() <= until:
                yield start
        begin = _next(rule, begin)


def _of_period(rule: Rule, first: datetime, begin: date, budget: Budget) -> list[datetime]:
    budget.spend()
    if not _aligned(rule, first, begin):
        return []
    found: list[datetime] = []
    for day in _candidates(rule, first, begin):
        budget.spend()
        if _matches(rule, first, day):
            found += _at_times(rule, first, day, budget)
    if rule.positions:
        at = {position - 1 if position > 0 else len(found) + position for position in rule.positions}
        found = [start for index, start in enumerate(found) if index in at]
    return [start for start in found if start >= first]


def _candidates(rule: Rule, first: datetime, begin: date) -> Iterator[date]:
    """The days of a period; of a year only its months that can match."""
    if rule.frequency != "YEARLY":
        yield from _days(begin, _next(rule, begin) - _DAY)
        return
    fixed = () if rule.weekdays or rule.month_days else (first.month,)
    for month in rule.months or fixed or range(1, 13):
        yield from _days(date(begin.year, month, 1), date(begin.year, month, calendar.monthrange(begin.year, month)[1]))


def _matches(rule: Rule, first: datetime, day: date) -> bool:
    """Whether this day is in the rule, its interval aside."""
    if rule.months and day.month not in rule.months:
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    if rule.month_days and not {day.day, day.day - length - 1} & set(rule.month_days):
        return False
    if rule.weekdays:
        return any(weekday == day.weekday() and _nth(rule, day, ordinal, length) for ordinal, weekday in rule.weekdays)
    if rule.month_days or rule.frequency == "DAILY":
        return True
    if rule.frequency == "WEEKLY":
        return day.weekday() == first.weekday()
    return day.day == first.day and (rule.frequency == "MONTHLY" or bool(rule.months) or day.month == first.month)


def _nth(rule: Rule, day: date, ordinal: int, length: int) -> bool:
    """Whether this is the nth such weekday of its month, or of its year where no month is named."""
    if not ordinal or rule.frequency in ("DAILY", "WEEKLY"):
        return True
    if rule.frequency == "YEARLY" and not rule.months:
        number, length = day.timetuple().tm_yday, 365 + calendar.isleap(day.year)
    else:
        number = day.day
    return ordinal in ((number - 1) // 7 + 1, -((length - number) // 7 + 1))


def _at_times(rule: Rule, first: datetime, day: date, budget: Budget) -> list[datetime]:
    times = sorted(
        time(hour, minute, second)
        for hour in rule.hours or (first.hour,)
        for minute in rule.minutes or (first.minute,)
        for second in rule.seconds or (first.second,)
    )
    budget.spend(len(times))
    return [start for at in times if (start := datetime.combine(day, at)) >= first or rule.positions]


def _begin(rule: Rule, day: date) -> date:
    """The first day of the period that this day is in."""
    if rule.frequency == "DAILY":
        return day
    if rule.frequency == "WEEKLY":
        return day - (day.weekday() - rule.week_start) % 7 * _DAY
    return day.replace(day=1) if rule.frequency == "MONTHLY" else day.replace(month=1, day=1)


def _next(rule: Rule, begin: date) -> date:
    if rule.frequency in ("DAILY", "WEEKLY"):
        return begin + (7 if rule.frequency == "WEEKLY" else 1) * _DAY
    if rule.frequency == "YEARLY" or begin.month == 12:
        return date(begin.year + 1, 1, 1)
    return begin.replace(month=begin.month + 1)


def _aligned(rule: Rule, first: datetime, begin: date) -> bool:
    """Whether the interval counts the period that begins here, from the one that `first` is in."""
    since = _begin(rule, first.date())
    if rule.frequency in ("DAILY", "WEEKLY"):
        periods = (begin - since).days // (7 if rule.frequency == "WEEKLY" else 1)
    elif rule.frequency == "MONTHLY":
        periods = (begin.year - since.year) * 12 + begin.month - since.month
    else:
        periods = begin.year - since.year
    return periods % rule.interval == 0


def _days(since: date, until: date) -> Iterator[date]:
    for number in range((until - since).days + 1):
        yield since + number * _DAY


def _weekday(text: str) -> tuple[int, int]:
    found = _BY_DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return int(found[1] or 0), _WEEKDAYS.index(found[2])


def _numbers(given: dict[str, str], name: str, least: int, most: int) -> tuple[int, ...]:
    if name not in given:
        return ()
    return tuple(sorted({_number(part, least, most) for part in given[name].split(",")}))


def _number(text: str, least: int, most: int) -> int:
    number = int(text[:12])
    if not least <= number <= most:
        raise ValueError(text)
    return number

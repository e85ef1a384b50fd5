"""When somebody's own calendar is taken, from its feed (.ics): times only, never what they are about.

The file comes from outside: it is held to a size and to a number of steps, and nothing of it is kept between two reads.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from interviewer.errors import BadInput, Problem
from interviewer.scheduling.feeds import lines, rules
from interviewer.scheduling.feeds.lines import Component
from interviewer.scheduling.feeds.walls import Moment, Unknown, Walls
from interviewer.scheduling.slots import Stretch, joined

LARGEST = 2_000_000
"""Bytes."""
MOST = 5000
"""Stretches apart from one another: fifty a day, as far as buyers may look."""
_PRICE = 20
"""Steps that a stretch costs before they are joined: at most 50,000 are looked at."""
_DAY = timedelta(days=1)
_DURATION = re.compile(r"([+-])?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?")


def busy(
    raw: bytes, since: datetime, until: datetime, *, zone: str = "UTC", own: Collection[str] = frozenset()
) -> list[Stretch]:
    """Taken stretches between two moments: UTC, in order, apart, cut to the window.

    Taken is what is neither cancelled nor marked free. Floating times and whole days are in the calendar's own zone, or
    in `zone` (the host's) where it names none. `own` are UIDs of our calls, which are known better here than there.
    Raises BadInput, in words for the host, for a file that cannot be read as a whole: half a calendar would offer taken
    times. The largest file takes a processor some seconds: call it in a thread.
    """
    if len(raw) > LARGEST:
        raise _bad(f"The calendar is larger than {LARGEST // 1_000_000} MB: give one with fewer old entries.")
    budget = rules.Budget()
    taken: list[Stretch] = []
    for calendar in lines.calendars(raw):
        walls = Walls(calendar, zone, range(since.year - 1, until.year + 2), budget)
        taken += _Reading(walls, since, until, budget).stretches(calendar, own)
    found = [Stretch(max(one.start, since), min(one.end, until)) for one in joined(taken)]
    if len(found) > MOST:
        raise _bad(
            f"The calendar is taken {len(found):,} times in {(until - since).days} days, and {MOST:,} can be kept: "
            "give one with fewer entries."
        )
    return found


class _Reading:
    """One calendar, read for one window."""

    def __init__(self, walls: Walls, since: datetime, until: datetime, budget: rules.Budget) -> None:
        self._walls = walls
        self._since = since
        self._until = until
        self._budget = budget

    def stretches(self, calendar: Component, own: Collection[str]) -> Iterator[Stretch]:
        """Every taken stretch that touches the window."""
        series: dict[str, list[Component]] = defaultdict(list)
        for part in calendar.parts:
            if part.name == "VEVENT" and not _is_over(part, self._since):
                named = part.first("UID")
                series[named.value if named else f"entry {part.number}"].append(part)
            elif part.name == "VFREEBUSY":
                yield from self._told(part.number, self._listed(part))
        for uid, entries in series.items():
            if uid not in own:
                yield from self._told(entries[0].number, self._taken(entries))

    def _told(self, number: int, found: Iterable[Stretch]) -> list[Stretch]:
        """What of this touches the window, at a price; what cannot be read is told with its line."""
        try:
            touching = [one for one in found if one.start < min(one.end, self._until) and one.end > self._since]
            self._budget.spend(_PRICE * len(touching))
        except rules.TooMuch:
            raise _bad(f"Entries repeat more often than can be read, the one on line {number} among them.") from None
        except Unknown:
            raise _bad(f"The entry on line {number} is in a time zone that is neither known nor explained.") from None
        except (ValueError, OverflowError):
            raise _bad(f"The entry on line {number} has a time or a repetition that cannot be read.") from None
        return touching

    def _taken(self, entries: list[Component]) -> Iterator[Stretch]:
        """The entries of one id: one that may repeat, and others that stand in for single repetitions of it."""
        instead: dict[datetime, Component] = {}
        whole: list[Component] = []
        for entry in sorted(entries, key=_sequence):
            if line := entry.first("RECURRENCE-ID"):
                of = self._walls.moment(line.value, line.parameters, self._start(entry).zone)
                instead[of.utc()] = entry
            else:
                whole = [*(kept for kept in whole if _sequence(kept) == _sequence(entry)), entry]
        for entry in whole:
            if _is_busy(entry):
                yield from self._repeated(entry, set(instead))
        for entry in instead.values():
            if _is_busy(entry):
                start = self._start(entry)
                yield self._lasting(start, *self._length(entry, start))

    def _repeated(self, entry: Component, instead: set[datetime]) -> Iterator[Stretch]:
        start = self._start(entry)
        if start.wall.replace(tzinfo=UTC) > self._until + 2 * _DAY:
            return
        days, length = self._length(entry, start)
        off = [moment for line in entry.all("EXDATE") for moment in self._walls.moments(line, start.zone)]
        off_days = {moment.wall.date() for moment in off if moment.all_day}
        off_times = {moment.utc() for moment in off if not moment.all_day} | instead
        for one in self._starts(entry, start, days * _DAY + length):
            if one.wall.date() not in off_days and one.utc() not in off_times:
                yield self._lasting(one, days, length)

    def _starts(self, entry: Component, start: Moment, longest: timedelta) -> Iterator[Moment]:
        first_day = (self._since - longest).date() - _DAY
        over = False
        for line in entry.all("RRULE"):
            rule = rules.parse(line.value)
            ends = self._walls.moment(rule.until, {}, start.zone) if rule.until else None
            last_day = min(self._until.date(), ends.wall.date() if ends else self._until.date()) + _DAY
            for wall in rules.starts(rule, start.wall, first_day, last_day, self._budget):
                one = start.at(wall)
                if ends is None or _is_by(one, ends):
                    yield one
            over = ends is not None and not _is_by(start, ends)
        if not over:  # that ends before it begins is how some calendars write that a series is gone
            yield start
        for line in entry.all("RDATE"):
            yield from self._walls.moments(line, start.zone)

    def _start(self, entry: Component) -> Moment:
        line = entry.first("DTSTART")
        if line is None:
            raise ValueError(entry.name)
        return self._walls.moment(line.value, line.parameters)

    def _length(self, entry: Component, start: Moment) -> tuple[int, timedelta]:
        """Whole days by the wall, or time by the clock: one of the two is nothing."""
        end, duration = entry.first("DTEND"), entry.first("DURATION")
        until = self._walls.moment(end.value, end.parameters, start.zone) if end else None
        if start.all_day:
            long = until.wall - start.wall if until else _duration(duration.value) if duration else _DAY
            return max(long.days, 1), timedelta()
        if until:
            return 0, until.utc() - start.utc()
        return 0, _duration(duration.value) if duration else timedelta()

    def _lasting(self, start: Moment, days: int, length: timedelta) -> Stretch:
        return Stretch(start.utc(), start.at(start.wall + days * _DAY).utc() if days else start.utc() + length)

    def _listed(self, part: Component) -> Iterator[Stretch]:
        """The stretches of a VFREEBUSY."""
        for line in part.all("FREEBUSY"):
            periods = line.value.split(",") if line.parameters.get("FBTYPE", "BUSY").upper() != "FREE" else ()
            for period in periods:
                self._budget.spend()
                begin, _, end = period.partition("/")
                start = self._walls.moment(begin, line.parameters).utc()
                lasts = _duration(end) if "P" in end else self._walls.moment(end, line.parameters).utc() - start
                yield Stretch(start, start + lasts)


def _is_over(entry: Component, since: datetime) -> bool:
    """Whether an entry is plainly past and never repeats, so that an oddity of years ago spoils nothing."""
    if any(entry.first(name) for name in ("RRULE", "RDATE", "RECURRENCE-ID", "DURATION")):
        return False
    dates = [line.value[:8] for name in ("DTSTART", "DTEND") if (line := entry.first(name))]
    return bool(dates) and all(text.isdecimal() and text < f"{since - 3 * _DAY:%Y%m%d}" for text in dates)


def _is_busy(entry: Component) -> bool:
    free = ("FREE", "WORKINGELSEWHERE")
    return (
        entry.word("STATUS") != "CANCELLED"
        and entry.word("TRANSP") != "TRANSPARENT"
        and entry.word("X-MICROSOFT-CDO-BUSYSTATUS") not in free
    )


def _is_by(one: Moment, ends: Moment) -> bool:
    """Whether this is not after UNTIL, whose day is included where only a day is given."""
    if one.all_day or ends.all_day:
        return one.wall.date() <= ends.wall.date()
    return one.utc() <= ends.utc()


def _sequence(entry: Component) -> int:
    text = entry.word("SEQUENCE")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    long = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -long if found[1] == "-" else long


def _bad(what: str) -> BadInput:
    return BadInput([Problem("calendar", what)])

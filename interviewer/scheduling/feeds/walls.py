"""Which zone a time of a feed is in: by name, by the file's own explanation (VTIMEZONE), or floating."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from interviewer.scheduling import zones
from interviewer.scheduling.feeds import rules
from interviewer.scheduling.feeds.lines import Component, Line

_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?")
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?")


class Unknown(ValueError):
    """A zone that has no name we know and no explanation."""


@dataclass(frozen=True)
class Moment:
    """A value as written: a day, or a time on the wall of `zone` (UTC where it ends in Z)."""

    wall: datetime
    """Naive; midnight for a day."""
    zone: tzinfo
    all_day: bool = False

    def utc(self) -> datetime:
        """In UTC. A time that the wall skips is read as before the change, a repeated one is the first (RFC 5545)."""
        return self.wall.replace(tzinfo=self.zone).astimezone(UTC)

    def at(self, wall: datetime) -> "Moment":
        """Another time of the same kind."""
        return Moment(wall, self.zone, self.all_day)


class Walls:
    """The zones of one file. `home` is where floating times and whole days are."""

    def __init__(self, calendar: Component, home: str, years: Sequence[int], budget: rules.Budget) -> None:
        self._explained = {
            line.value: part for part in calendar.parts if part.name == "VTIMEZONE" and (line := part.first("TZID"))
        }
        self._years = years
        self._budget = budget
        self._found: dict[str, tzinfo] = {}
        named = calendar.first("X-WR-TIMEZONE")
        self.home: tzinfo = zones.zone(home)
        if named and (name := _name(named.value)):
            self.home = zones.zone(name)

    def moment(self, text: str, parameters: dict[str, str], floating: tzinfo | None = None) -> Moment:
        """A date or time of a line. Raises ValueError for what is neither, Unknown for a zone nobody explains."""
        wall, written = _wall(text), text.strip()
        if "T" not in written:
            return Moment(wall, self.home, all_day=True)
        if written.endswith("Z"):
            return Moment(wall, UTC)
        if "TZID" in parameters:
            return Moment(wall, self._zone(parameters["TZID"]))
        return Moment(wall, floating or self.home)

    def moments(self, line: Line, floating: tzinfo | None = None) -> list[Moment]:
        """Every date or time of a list (EXDATE, RDATE); of a period its start."""
        values = [text.partition("/")[0] for text in line.value.split(",") if text.strip()]
        self._budget.spend(len(values))
        return [self.moment(text, line.parameters, floating) for text in values]

    def _zone(self, name: str) -> tzinfo:
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> tzinfo:
        if zones.known(name.strip("/")):
            return zones.zone(name.strip("/"))
        if name in self._explained:
            return _Explained(_changes(self._explained[name], self._years, self._budget))
        if found := _name(name):
            return zones.zone(found)
        raise Unknown(name)


def _name(text: str) -> str:
    """The IANA name in a zone's id: plain, behind a maker's prefix ('/maker.example/Europe/Berlin') or Windows' own."""
    parts = text.strip().strip("/").split("/")
    for start in range(len(parts)):
        name = "/".join(parts[start:])
        if zones.known(name):
            return name
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return WINDOWS_TO_OLSON.get(text.strip(), "")


@dataclass(frozen=True, order=True)
class _Change:
    """From when the wall shows `shown`, it is `after` ahead of UTC; before that `before`."""

    shown: datetime
    before: timedelta
    after: timedelta


class _Explained(tzinfo):
    """A zone that a file explains, in the years that were asked for."""

    def __init__(self, changes: list[_Change]) -> None:
        self._shown = [change.shown for change in changes]
        self._offsets = [changes[0].before, *(change.after for change in changes)]

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """What the wall is ahead of UTC when it shows this."""
        if moment is None:
            return self._offsets[0]
        return self._offsets[bisect_right(self._shown, moment.replace(tzinfo=None))]

    def dst(self, moment: datetime | None) -> None:
        """Not told apart."""

    def tzname(self, moment: datetime | None) -> str:
        """Of no interest here."""
        return ""


def _changes(zone: Component, years: Sequence[int], budget: rules.Budget) -> list[_Change]:
    found: set[_Change] = set()
    for part in zone.parts:
        before, after = (_offset(part.word(name)) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
        # Where the wall skips an hour, the change shows when it is over; where it repeats one, on the second pass.
        later = max(after - before, timedelta())
        found |= {_Change(wall + later, before, after) for wall in _onsets(part, years, budget)}
    if not found:
        raise ValueError(zone.name)
    return sorted(found)


def _onsets(part: Component, years: Sequence[int], budget: rules.Budget) -> Iterator[datetime]:
    """When a half of the year begins: its first time, those listed, and by rule those of the years and the last one."""
    first = _wall(part.word("DTSTART"))
    yield first
    for line in part.all("RDATE"):
        listed = line.value.split(",")
        budget.spend(len(listed))
        yield from (_wall(text) for text in listed)
    for line in part.all("RRULE"):
        rule = rules.parse(line.value)
        last = date(max(years), 12, 31)
        if rule.until:
            last = min(last, _wall(rule.until).date())
        since = date(min(min(years), last.year - 1), 1, 1)
        yield from rules.starts(rule, first, since, last, budget)


def _wall(text: str) -> datetime:
    """What a wall shows: 20261124, 20261124T143000 or 20261124T133000Z, without its zone."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    return datetime(year, month, day, hour, minute, min(second, 59))


def _offset(text: str) -> timedelta:
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise ValueError(text)
    off = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if off >= timedelta(hours=24):
        raise ValueError(text)
    return -off if found[1] == "-" else off

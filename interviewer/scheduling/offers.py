"""Times that several hosts offer together, by the days of the wall of whoever picks one.

Nothing is worked out before it is looked at: a page costs what it shows, however many hosts there are and however far
ahead they can be booked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from interviewer.scheduling import slots, zones
from interviewer.scheduling.slots import Free

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Slot:
    """A time that is free, and the ids of who could hold a call then. Buyers are not told who."""

    start: datetime
    hosts: tuple[str, ...]

    @property
    def end(self) -> datetime:
        return self.start + slots.LENGTH


@dataclass(frozen=True)
class Page:
    """Days with free times that are shown at once, one of them open."""

    starts: tuple[datetime, ...]
    """Every free time of these days, in order."""
    open: date
    earlier: date | None
    """The first day of the page before; None where this is the first."""
    later: date | None
    """The first day of the page after; None where this is the last."""


class Offer:
    """The free times of these hosts together, the soonest first, but for one that the buyer has already."""

    def __init__(self, hosts: Mapping[str, Free], *, without: datetime | None = None) -> None:
        self._hosts = dict(hosts)
        self._without = without

    def __iter__(self) -> Iterator[Slot]:
        """Every time."""
        if self._hosts:
            for start in slots.quarters(*self._window()):
                if able := self._able(start):
                    yield Slot(start, able)

    def first(self) -> Slot | None:
        """The soonest; None where nothing is free."""
        return next(iter(self), None)

    def at(self, start: datetime) -> Slot | None:
        """This very time, if it is free."""
        able = self._able(start)
        return Slot(start, able) if able else None

    def page(self, zone: str, number: int, wanted: date | None = None) -> Page | None:
        """The page of `number` days, by the wall of `zone`, with the day `wanted`, or the next that has a free time.

        Without `wanted` the first page, with one after every free time the last. Days without a free time are left
        out. None where nothing is free.
        """
        wall = zones.zone(zone)
        days: list[date] = []
        opened = None
        for day in self._free_days(wall):
            days.append(day)
            if opened is None and (wanted is None or day >= wanted):
                opened = len(days) - 1
            if opened is not None and len(days) > opened - opened % number + number:
                break
        if not days:
            return None
        opened = len(days) - 1 if opened is None else opened
        first = opened - opened % number
        after = first + number
        return Page(
            starts=tuple(start for day in days[first:after] for start in self._on(day, wall)),
            open=days[opened],
            earlier=days[first - number] if first else None,
            later=days[after] if after < len(days) else None,
        )

    def _able(self, start: datetime) -> tuple[str, ...]:
        return tuple(name for name, free in self._hosts.items() if start != self._without and free.fits(start))

    def _window(self) -> tuple[datetime, datetime]:
        return min(free.first for free in self._hosts.values()), max(free.last for free in self._hosts.values())

    def _free_days(self, wall: tzinfo) -> Iterator[date]:
        if not self._hosts:
            return
        first, last = (moment.astimezone(wall).date() for moment in self._window())
        for number in range((last - first).days + 1):
            day = first + number * _DAY
            if self._is_free(day, wall):
                yield day

    def _is_free(self, day: date, wall: tzinfo) -> bool:
        since, until = _bounds(day, wall)
        return any(start != self._without for free in self._hosts.values() for start in free.starts(since, until))

    def _on(self, day: date, wall: tzinfo) -> Iterator[datetime]:
        since, until = _bounds(day, wall)
        for start in slots.quarters(since, until - slots.LENGTH):
            if start != self._without and any(free.fits(start) for free in self._hosts.values()):
                yield start


def _bounds(day: date, wall: tzinfo) -> tuple[datetime, datetime]:
    """From when to when it is this day, which may be 23 or 25 hours long."""
    first, last = (datetime.combine(one, time(), wall).astimezone(UTC) for one in (day, day + _DAY))
    return first, last

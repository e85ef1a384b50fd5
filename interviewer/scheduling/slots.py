"""Which quarter hours of a host can be booked (trust.md 43).

Daylight saving needs no cases here: real time is walked in UTC, and each quarter hour read on the host's wall clock.
An hour that is skipped is never met; one that is repeated is met twice, as two slots. Every zone is off UTC by whole
quarter hours and changes on one, so the quarters of UTC are those of the wall.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain

from interviewer.scheduling import hours, zones

LENGTH = hours.LENGTH
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, order=True)
class Stretch:
    """From `start` up to, not including, `end`; both UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Rules:
    """What a host allows. `hours` and `days_off` (both ends included) are those of the host's wall clock."""

    zone: str
    """An IANA name; an unknown one is read as UTC."""
    hours: hours.Hours
    buffer: timedelta
    """Kept free before and after a call, whatever stands beside it: another call or an entry of the host's calendar."""
    notice: timedelta
    """From now to the first slot, at least."""
    horizon: timedelta
    """From now to the start of the last slot, at most."""
    daily_maximum: int
    """Calls that begin on one calendar day of the host."""
    days_off: Sequence[tuple[date, date]] = ()
    known_until: datetime | None = None
    """How far the host's own calendar was read: what lies after it may be taken. None: there is none to read."""


class Free:
    """A host's free time, looked at only where it is asked for.

    `taken` are the host's calls, which count to the daily maximum: give all from the start of the host's day on, also
    those that are over; when a call moves, leave it out. `busy` are entries of the host's own calendar.
    """

    def __init__(self, rules: Rules, taken: Sequence[Stretch], busy: Sequence[Stretch], now: datetime) -> None:
        self._rules = rules
        self._zone = zones.zone(rules.zone)
        self._calls = Counter(call.start.astimezone(self._zone).date() for call in taken)
        self._blocked = joined(
            Stretch(one.start - rules.buffer, one.end + rules.buffer) for one in chain(taken, busy)
        )  # fmt: skip
        self._days: dict[date, hours.Stretches] = {}
        self.first, self.last = now + rules.notice, now + rules.horizon
        """Between these two, both included, every slot begins."""
        if rules.known_until is not None:
            self.last = min(self.last, rules.known_until - rules.buffer - LENGTH)

    def starts(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[datetime]:
        """Slots that begin from `since` to before `until`: UTC, in order, each worked out as it is taken."""
        last = self.last if until is None else min(self.last, until - _INSTANT)
        return filter(self._open, quarters(self.first if since is None else max(self.first, since), last))

    def fits(self, start: datetime) -> bool:
        """Whether a slot begins at this very moment."""
        return self.first <= start <= self.last and not (start - _EPOCH) % LENGTH and self._open(start)

    def clear(self, start: datetime) -> bool:
        """Whether nothing is in the way of a call at this moment: no other, no entry of their calendar, no day off.

        Weekly hours, notice and maximum bind buyers, not a host who is asked.
        """
        return not self._off(start.astimezone(self._zone).date()) and not self._in_the_way(start)

    def _open(self, start: datetime) -> bool:
        """Whether the quarter hour from `start` lies in hours, on a day with room, clear of everything."""
        wall = start.astimezone(self._zone).replace(tzinfo=None)
        day = wall.date()
        if day not in self._days:
            room = self._calls[day] < self._rules.daily_maximum and not self._off(day)
            self._days[day] = self._rules.hours.on(day.weekday()) if room else ()
        end = wall + LENGTH
        return any(
            datetime.combine(day, first) <= wall and end <= hours.ending(day, last) for first, last in self._days[day]
        ) and not self._in_the_way(start)

    def _off(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self._rules.days_off)

    def _in_the_way(self, start: datetime) -> bool:
        before = bisect_left(self._blocked, Stretch(start + LENGTH, start + LENGTH))
        return before > 0 and self._blocked[before - 1].end > start


def quarters(since: datetime, until: datetime) -> Iterator[datetime]:
    """Every moment of a slot's grid between these two, both included."""
    start = since.astimezone(UTC) + (_EPOCH - since) % LENGTH
    while start <= until:
        yield start
        start += LENGTH


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time in stretches that are in order and apart."""
    apart: list[Stretch] = []
    for one in sorted(stretches):
        if apart and one.start <= apart[-1].end:
            apart[-1] = Stretch(apart[-1].start, max(one.end, apart[-1].end))
        else:
            apart.append(one)
    return apart

"""What free times cost where many hosts take calls round the clock, ninety days ahead.

    PYTHONPATH=. python -m benchmarks.times [hosts]

Prints how long one time, one page and every time take, beside one another: without a database, on one processor.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

from interviewer.scheduling import hours
from interviewer.scheduling.offers import Offer
from interviewer.scheduling.slots import Free, Rules, Stretch

NOW = datetime(2026, 10, 20, 9, tzinfo=UTC)
ALWAYS = hours.parse({day: [["00:00", "23:59"]] for day in hours.WEEKDAYS})
DAYS = 90
TAKEN_A_DAY = 12
PAGE = 10
ZONE = "America/New_York"
_DAY = timedelta(days=1)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print(f"{number} hosts, round the clock, {DAYS} days ahead, {TAKEN_A_DAY} entries a day in each calendar")
    there = NOW + DAYS * _DAY / 2
    every = _seconds(lambda: len(list(_offer(number))))
    for what, do in (
        ("one time", lambda: _offer(number, near=there).at(there)),
        ("first page", lambda: _offer(number).page(ZONE, PAGE)),
        ("last page", lambda: _offer(number).page(ZONE, PAGE, NOW.date() + timedelta(days=DAYS))),
    ):
        took = _seconds(do)
        print(f"{what:<12}{took * 1000:8.1f} ms   {every / took:6.0f} times as fast as every time")
    print(f"{'every time':<12}{every * 1000:8.1f} ms")


def _offer(number: int, *, near: datetime | None = None) -> Offer:
    """For one time only what is `near` it is read of calendars, as in `bookings.offering`."""
    rules = Rules("Europe/London", ALWAYS, timedelta(), timedelta(hours=24), DAYS * _DAY, 32)
    return Offer({f"host-{one}": Free(rules, [], _busy(one, near), NOW) for one in range(number)})


@cache
def _busy(host: int, near: datetime | None) -> list[Stretch]:
    starts = (NOW + timedelta(minutes=host) + n * _DAY / TAKEN_A_DAY for n in range(DAYS * TAKEN_A_DAY))
    return [Stretch(at, at + timedelta(minutes=50)) for at in starts if near is None or abs(at - near) <= _DAY]


def _seconds(do: Callable[[], object]) -> float:
    """The best of three."""
    tries = []
    for _ in range(3):
        began = time.perf_counter()
        do()
        tries.append(time.perf_counter() - began)
    return min(tries)


if __name__ == "__main__":
    main()

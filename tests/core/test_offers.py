"""Times of several hosts by the days of a buyer's wall: page by page, and nothing worked out that nobody looks at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest

from interviewer.scheduling import hours
from interviewer.scheduling.offers import Offer, Page
from interviewer.scheduling.slots import LENGTH, Free, Rules, Stretch

NOW = datetime(2026, 10, 20, 9, tzinfo=UTC)
ALWAYS = {day: [["00:00", "23:59"]] for day in hours.WEEKDAYS}
DAY = timedelta(days=1)


class Counted(Free):
    """A host's time that counts how often it is looked at."""

    looks = 0

    def _open(self, start: datetime) -> bool:
        self.looks += 1
        return super()._open(start)


def host(
    week: dict[str, list[list[str]]], *, zone: str = "Europe/London", days: int = 14, busy: list[Stretch] | None = None
) -> Counted:
    rules = Rules(zone, hours.parse(week), timedelta(), timedelta(hours=24), days * DAY, daily_maximum=96)
    return Counted(rules, [], busy or [], NOW)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


def by_eager_hand(offer: Offer, zone: str, number: int, wanted: date | None) -> Page:
    """The same page, with every time there is worked out first."""
    starts = [slot.start for slot in offer]
    days = [list(within) for _, within in groupby(starts, lambda one: one.astimezone(ZoneInfo(zone)).date())]
    dates = [within[0].astimezone(ZoneInfo(zone)).date() for within in days]
    opened = next((n for n, day in enumerate(dates) if wanted and day >= wanted), len(days) - 1 if wanted else 0)
    first = opened - opened % number
    return Page(
        starts=tuple(start for within in days[first : first + number] for start in within),
        open=dates[opened],
        earlier=dates[first - number] if first else None,
        later=dates[first + number] if first + number < len(dates) else None,
    )


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"])
def test_every_page_is_as_if_all_times_had_been_laid_out(zone: str) -> None:
    """Across the change of the clock in Europe, on 25 October, and in America, on 1 November."""
    weekdays = {day: [["09:00", "12:00"]] for day in ("mon", "tue", "thu")}
    offer = Offer(
        {
            "mara": host(weekdays, days=30),
            "nils": host({"sun": [["00:30", "03:30"]], "wed": [["20:00", "23:30"]]}, zone="America/New_York"),
        },
        without=at(22, 8),
    )
    pages = [offer.page(zone, 3, NOW.date() + number * DAY) for number in range(-1, 33)]
    assert pages == [by_eager_hand(offer, zone, 3, NOW.date() + number * DAY) for number in range(-1, 33)]
    assert offer.page(zone, 3) == by_eager_hand(offer, zone, 3, None)
    assert len({page.open for page in pages if page}) > 8


def test_one_page_follows_the_other() -> None:
    offer = Offer({"mara": host({"mon": [["09:00", "10:00"]], "fri": [["09:00", "09:30"]]}, days=30)})
    first = offer.page("Europe/London", 2)
    assert first is not None
    assert first.starts == (at(23, 8), at(23, 8, 15), at(26, 9), at(26, 9, 15), at(26, 9, 30), at(26, 9, 45))
    assert (first.open, first.earlier) == (date(2026, 10, 23), None)
    second = offer.page("Europe/London", 2, first.later)
    assert second is not None
    assert second.earlier == first.open
    assert second.open == first.later == date(2026, 10, 30)


def test_who_could_hold_a_call_at_one_time() -> None:
    offer = Offer(
        {"mara": host(ALWAYS), "nils": host({"fri": [["09:00", "10:00"]]}, zone="UTC")}, without=at(23, 9, 30)
    )
    one = offer.at(at(23, 9))
    assert one is not None
    assert (one.start, one.end, one.hosts) == (at(23, 9), at(23, 9) + LENGTH, ("mara", "nils"))
    assert offer.at(at(23, 9, 30)) is None, "the buyer has that one already"
    assert offer.at(at(23, 9, 5)) is None
    assert offer.at(NOW) is None
    first = offer.first()
    assert first is not None
    assert (first.start, first.hosts) == (NOW + DAY, ("mara",))


def test_nothing_free_is_no_page() -> None:
    for offer in (Offer({}), Offer({"mara": host({})})):
        assert (offer.page("UTC", 10), offer.first(), offer.at(at(23, 9)), list(offer)) == (None, None, None, [])


def test_a_page_costs_what_it_shows() -> None:
    """Twenty hosts, round the clock, ninety days ahead: 172,800 quarter hours that nobody needs to look at."""
    everybody = {f"host-{number}": host(ALWAYS, days=90) for number in range(20)}
    offer, hosts = Offer(everybody), everybody.values()

    def looks() -> int:
        """Since the last time that this was asked."""
        found = sum(one.looks for one in hosts)
        for one in hosts:
            one.looks = 0
        return found

    assert offer.at(NOW + 40 * DAY)
    assert looks() == 20
    assert offer.first()
    assert looks() == 20
    assert offer.page("America/New_York", 10)
    assert looks() < 11 * 96 + 30 * 20, "each quarter hour of ten days is looked at once, or at a host who is closed"
    assert offer.page("America/New_York", 10, NOW.date() + 80 * DAY)
    assert looks() < 11 * 96 + 120 * 20
    assert len(list(offer)) == 89 * 95 + 1
    assert looks() > 160_000


def test_who_is_taken_all_day_is_asked_for_that_day_only() -> None:
    taken = [Stretch(NOW, NOW + 60 * DAY)]
    offer = Offer({"mara": host(ALWAYS, days=90, busy=taken), "nils": host(ALWAYS, days=90)})
    page = offer.page("Europe/London", 1)
    assert page is not None
    assert page.open == date(2026, 10, 21)

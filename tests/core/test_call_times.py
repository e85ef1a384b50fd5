"""Free times on a buyer's page: by the days of their own wall, in hours that come twice, by zones of older names."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from interviewer.scheduling import zones
from interviewer.scheduling.offers import Page
from interviewer.web.buyer import times

BERLIN_MORNING = datetime(2026, 11, 3, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def laid_out(starts: Sequence[datetime], zone: str, language: str, *, wanted: date | None = None) -> times.Shown:
    first = starts[0].astimezone(zones.zone(zone)).date()
    page = Page(tuple(starts), open=wanted or first, earlier=None, later=None)
    return times.laid_out(page, zone, language, wanted=wanted is not None)


def words(some: Iterable[times.Time]) -> list[str]:
    return [time.words for time in some]


def quarters(since: datetime, hours: int) -> list[datetime]:
    return [since + at * QUARTER for at in range(4 * hours)]


def test_few_times_of_a_long_day_are_shown_at_full_hours() -> None:
    (day,) = laid_out(quarters(BERLIN_MORNING, 8), "Europe/Berlin", "de").days
    assert words(day.few) == ["09:00", "10:00", "12:00", "13:00", "15:00", "16:00"]
    assert words(day.more)[:5] == ["09:15", "09:30", "09:45", "10:15", "10:30"]
    assert (len(day.few) + len(day.more), day.count, day.odd) == (32, 32, ())


def test_nights_stand_apart_and_no_day_opens_on_them() -> None:
    """09:00 to 17:00 in Berlin is 03:00 to 11:00 in New York; on the first day only the early part is free."""
    early, whole = quarters(BERLIN_MORNING, 2), quarters(BERLIN_MORNING + timedelta(days=1), 8)
    shown = laid_out(early + whole, "America/New_York", "en")
    nights, day = shown.days
    assert (nights.few, nights.more, words(nights.odd)[:2]) == ((), (), ["3:00 am", "3:15 am"])
    assert words(day.few) == ["8:00 am", "8:30 am", "9:00 am", "9:30 am", "10:00 am", "10:30 am"]
    assert (len(day.more), len(day.odd), day.count) == (6, 20, 32)
    assert shown.open == day.date
    asked = laid_out(early + whole, "America/New_York", "en", wanted=nights.date)
    assert asked.open == nights.date


def test_where_every_time_is_at_night_the_first_day_opens() -> None:
    shown = laid_out(quarters(BERLIN_MORNING, 2), "America/Los_Angeles", "en")
    assert shown.open == shown.days[0].date and not shown.days[0].few


@pytest.mark.parametrize(("count", "few"), [(1, 1), (8, 8), (9, 6)])
def test_two_times_more_are_not_hidden(count: int, few: int) -> None:
    (day,) = laid_out(quarters(BERLIN_MORNING, 8)[:count], "Europe/Berlin", "en").days
    assert (len(day.few), len(day.few) + len(day.more)) == (few, count)
    assert list(day.few) == sorted(day.few, key=lambda time: time.value)


def test_a_chip_says_its_month() -> None:
    (day,) = laid_out([BERLIN_MORNING], "Europe/Berlin", "de").days
    assert (day.weekday, day.date.day, day.month) == ("Di.", 3, "Nov.")


def test_english_tells_the_time_as_its_region_does() -> None:
    half_two = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
    told = {language: zones.clock(half_two, "UTC", language) for language in ("en", "en-US", "en-GB", "en-IE", "pt-BR")}
    assert told == {"en": "2:30 pm", "en-US": "2:30 pm", "en-GB": "14:30", "en-IE": "14:30", "pt-BR": "14:30"}


def test_an_hour_that_comes_twice() -> None:
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    (day,) = laid_out([first, first + timedelta(hours=1)], "America/New_York", "en").days
    assert words(day.odd) == ["1:30 am (EDT)", "1:30 am (EST)"]
    assert len({time.value for time in day.odd}) == 2


def test_one_morning_of_a_host_is_two_days_elsewhere() -> None:
    """22:00 to 01:00 in Auckland's summer time."""
    starts = [BERLIN_MORNING + timedelta(hours=hour) for hour in range(1, 5)]
    one, other = laid_out(starts, "Pacific/Auckland", "en").days
    assert (one.name, words(one.odd)) == ("Tuesday 3 November", ["10:00 pm", "11:00 pm"])
    assert (other.name, words(other.odd)) == ("Wednesday 4 November", ["12:00 am", "1:00 am"])


@pytest.mark.parametrize("sent", ["9999-12-31T23:59Z", "0001-01-01T00:00Z", "2026-11-03T09:00", "soon", ""])
def test_a_time_that_no_wall_shows_is_none(sent: str) -> None:
    assert times.read(sent) is None


@pytest.mark.parametrize(
    ("name", "today"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("US/Eastern", "America/New_York"),
        ("Europe/Copenhagen", "Europe/Copenhagen"),
        ("Etc/UTC", "Etc/UTC"),
        ("Middle/Earth", "Middle/Earth"),
    ],
)
def test_todays_name_of_a_zone(name: str, today: str) -> None:
    assert zones.current(name) == today


def test_a_time_comes_back_as_it_was_sent() -> None:
    assert times.read(times.value(BERLIN_MORNING)) == BERLIN_MORNING
    assert times.value(BERLIN_MORNING) == "2026-11-03T08:00Z"
    for text in ("", "soon", "2026-11-03", "2026-11-03T08:00", "0001-01-01T00:00+23:00"):
        assert times.read(text) is None

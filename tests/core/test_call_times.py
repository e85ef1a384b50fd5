"""Free times on a buyer's page: by the days of their own wall, in hours that come twice, by zones of older names."""

from datetime import UTC, date, datetime, timedelta

import pytest

from interviewer.scheduling import zones
from interviewer.web.buyer import times

BERLIN_MORNING = datetime(2026, 11, 3, 8, tzinfo=UTC)


def test_an_hour_that_comes_twice() -> None:
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    (day,) = times.laid_out([first, first + timedelta(hours=1)], "America/New_York", "en").days
    assert [time.words for time in day.times] == ["1:30 am (EDT)", "1:30 am (EST)"]
    assert len({time.value for time in day.times}) == 2


def test_one_morning_of_a_host_is_two_days_elsewhere() -> None:
    """22:00 to 01:00 in Auckland's summer time."""
    starts = [BERLIN_MORNING + timedelta(hours=hour) for hour in range(1, 5)]
    one, other = times.laid_out(starts, "Pacific/Auckland", "en").days
    assert (one.name, [time.words for time in one.times]) == ("Tuesday 3 November", ["10:00 pm", "11:00 pm"])
    assert (other.name, [time.words for time in other.times]) == ("Wednesday 4 November", ["12:00 am", "1:00 am"])


@pytest.mark.parametrize("sent", ["9999-12-31T23:59Z", "0001-01-01T00:00Z", "2026-11-03T09:00", "soon", ""])
def test_a_time_that_no_wall_shows_is_none(sent: str) -> None:
    assert times.read(sent) is None


@pytest.mark.parametrize(
    ("wanted", "first", "opened", "beside"),
    [
        (None, 3, 3, (None, 13)),
        (date(2026, 11, 1), 3, 3, (None, 13)),
        (date(2026, 11, 12), 3, 12, (None, 13)),
        (date(2026, 11, 13), 13, 13, (3, 23)),
        (date(2026, 11, 25), 23, 25, (13, None)),
        (date(2027, 1, 1), 23, 27, (13, None)),
    ],
)
def test_pages_of_ten_days(wanted: date | None, first: int, opened: int, beside: tuple[int | None, int | None]) -> None:
    starts = [BERLIN_MORNING + timedelta(days=day) for day in range(25)]
    shown = times.laid_out(starts, "Europe/Berlin", "en", wanted=wanted)
    assert (shown.days[0].date.day, shown.open.day) == (first, opened)
    assert (shown.earlier and shown.earlier.day, shown.later and shown.later.day) == beside
    assert shown.open in [day.date for day in shown.days]


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

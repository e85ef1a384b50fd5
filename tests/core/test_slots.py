"""Free slots: worked by hand across clock changes, and held to their promises on any wall (trust.md 43)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.scheduling import hours
from interviewer.scheduling.hours import Hours
from interviewer.scheduling.slots import LENGTH, Free, Rules, Stretch

NONE = timedelta()


def rules(zone: str, week: Hours, **given: object) -> Rules:
    """Hours alone: no buffer, no notice, eight days, as many calls as fit."""
    values: dict[str, object] = {"buffer": NONE, "notice": NONE, "horizon": timedelta(days=8), "daily_maximum": 96}
    return Rules(zone=zone, hours=week, **(values | given))  # type: ignore[arg-type]


def free(given: Rules, taken: list[Stretch], busy: list[Stretch], now: datetime) -> list[datetime]:
    return list(Free(given, taken, busy, now).starts())


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on(weekday: str, *stretches: tuple[str, str]) -> Hours:
    return hours.parse({weekday: stretches})


def walls(found: list[datetime], zone: str) -> list[str]:
    return [f"{start.astimezone(ZoneInfo(zone)):%a %d %H:%M}" for start in found]


@pytest.mark.parametrize(
    ("zone", "week", "now", "expected"),
    [
        # Berlin goes back on 25 October 2026: nine o'clock is 07:00 UTC the Monday before, 08:00 UTC the Monday after.
        ("Europe/Berlin", on("mon", ("09:00", "09:30")), "2026-10-19T00:00",
         ["10-19T07:00", "10-19T07:15", "10-26T08:00", "10-26T08:15"]),
        # The hour from two is there twice …
        ("Europe/Berlin", on("sun", ("01:45", "03:15")), "2026-10-25T00:00",
         ["10-25T00:00", "10-25T00:15", "10-25T00:30", "10-25T00:45",
          "10-25T01:00", "10-25T01:15", "10-25T01:30", "10-25T01:45", "10-25T02:00",
          "11-01T00:45", "11-01T01:00", "11-01T01:15", "11-01T01:30", "11-01T01:45", "11-01T02:00"]),
        # … and on 28 March 2027 not at all: a quarter to two is followed by three.
        ("Europe/Berlin", on("sun", ("01:30", "03:30")), "2027-03-28T00:00",
         ["03-28T00:30", "03-28T00:45", "03-28T01:00", "03-28T01:15",
          "04-03T23:30", "04-03T23:45", "04-04T00:00", "04-04T00:15",
          "04-04T00:30", "04-04T00:45", "04-04T01:00", "04-04T01:15"]),
        ("Europe/Berlin", on("sun", ("02:00", "02:30")), "2027-03-27T12:00", ["04-04T00:00", "04-04T00:15"]),
        # New York goes back on 1 November 2026, forward on 14 March 2027.
        ("America/New_York", on("mon", ("09:00", "09:15")), "2026-10-26T00:00", ["10-26T13:00", "11-02T14:00"]),
        ("America/New_York", on("mon", ("09:00", "09:15")), "2027-03-08T00:00", ["03-08T14:00", "03-15T13:00"]),
        # Lord Howe Island changes by half an hour: back on 4 April 2027 at 02:00 (+11) to 01:30 (+10:30) …
        ("Australia/Lord_Howe", on("sun", ("01:15", "02:15")), "2027-04-03T14:00",
         ["04-03T14:15", "04-03T14:30", "04-03T14:45", "04-03T15:00", "04-03T15:15", "04-03T15:30",
          "04-10T14:45", "04-10T15:00", "04-10T15:15", "04-10T15:30"]),
        # … and forward on 4 October 2026 at 02:00 (+10:30) to 02:30 (+11).
        ("Australia/Lord_Howe", on("sun", ("01:45", "02:45")), "2026-10-03T12:00", ["10-03T15:15", "10-03T15:30",
         "10-10T14:45", "10-10T15:00", "10-10T15:15", "10-10T15:30"]),
        # Kathmandu is 5:45 ahead all year.
        ("Asia/Kathmandu", on("wed", ("09:00", "09:30")), "2026-11-24T00:00", ["11-25T03:15", "11-25T03:30"]),
    ],
)  # fmt: skip
def test_by_hand(zone: str, week: Hours, now: str, expected: list[str]) -> None:
    found = free(rules(zone, week), [], [], utc(now))
    assert [f"{start:%m-%dT%H:%M}" for start in found] == expected


def test_a_host_in_berlin_and_a_buyer_in_new_york_between_the_two_changes() -> None:
    week = on("tue", ("15:00", "15:15"))
    berlin = rules("Europe/Berlin", week, horizon=timedelta(days=23))
    autumn = free(berlin, [], [], utc("2026-10-20T00:00"))
    assert walls(autumn, "Europe/Berlin") == ["Tue 20 15:00", "Tue 27 15:00", "Tue 03 15:00", "Tue 10 15:00"]
    assert walls(autumn, "America/New_York") == ["Tue 20 09:00", "Tue 27 10:00", "Tue 03 09:00", "Tue 10 09:00"]
    spring = free(berlin, [], [], utc("2027-03-09T00:00"))
    assert walls(spring, "America/New_York") == ["Tue 09 09:00", "Tue 16 10:00", "Tue 23 10:00", "Tue 30 09:00"]


MONDAY = utc("2026-11-23T00:00")
TEN = on("mon", ("10:00", "11:15"))


def times(found: list[datetime]) -> list[str]:
    return [f"{start:%H:%M}" for start in found]


def taken(*starts: str) -> list[Stretch]:
    return [Stretch(utc(f"2026-11-23T{at}"), utc(f"2026-11-23T{at}") + LENGTH) for at in starts]


def test_a_call_takes_its_time_and_a_buffer_on_both_sides() -> None:
    plain = rules("UTC", TEN, horizon=timedelta(days=1))
    buffered = rules("UTC", TEN, horizon=timedelta(days=1), buffer=timedelta(minutes=10))
    assert times(free(plain, taken("10:30"), [], MONDAY)) == ["10:00", "10:15", "10:45", "11:00"]
    assert times(free(buffered, taken("10:30"), [], MONDAY)) == ["10:00", "11:00"]
    assert times(free(buffered, [], taken("10:30"), MONDAY)) == ["10:00", "11:00"]


def test_an_entry_of_the_own_calendar_counts_for_no_call() -> None:
    once = rules("UTC", TEN, horizon=timedelta(days=1), daily_maximum=1)
    assert times(free(once, [], taken("10:30"), MONDAY)) == ["10:00", "10:15", "10:45", "11:00"]
    assert free(once, taken("08:00"), [], MONDAY) == []
    assert free(rules("UTC", TEN, daily_maximum=0), [], [], MONDAY) == []


def test_the_daily_maximum_is_of_the_hosts_day() -> None:
    """11 pm in Auckland on Monday and 9 am on Tuesday are one day of UTC, and two of the host."""
    week = hours.parse({"mon": [["22:00", "23:15"]], "tue": [["09:00", "09:15"]]})
    auckland = rules("Pacific/Auckland", week, daily_maximum=1, horizon=timedelta(days=2))
    late_on_monday = Stretch(utc("2026-11-23T10:00"), utc("2026-11-23T10:15"))
    assert walls(free(auckland, [late_on_monday], [], utc("2026-11-23T00:00")), "Pacific/Auckland") == ["Tue 24 09:00"]


def test_days_off_are_whole_days_of_the_host() -> None:
    week = hours.parse({day: [["09:00", "09:15"]] for day in hours.WEEKDAYS})
    days = [(date(2026, 11, 24), date(2026, 11, 26))]
    off = rules("America/New_York", week, days_off=days, horizon=timedelta(days=5))
    assert walls(free(off, [], [], MONDAY), "America/New_York") == ["Mon 23 09:00", "Fri 27 09:00"]


def test_notice_and_horizon_are_exact() -> None:
    near = rules("UTC", TEN, notice=timedelta(hours=1), horizon=timedelta(hours=2))
    assert times(free(near, [], [], utc("2026-11-23T09:00"))) == ["10:00", "10:15", "10:30", "10:45", "11:00"]
    assert times(free(near, [], [], utc("2026-11-23T09:00:01"))) == ["10:15", "10:30", "10:45", "11:00"]
    assert times(free(near, [], [], utc("2026-11-23T08:59"))) == ["10:00", "10:15", "10:30", "10:45"]


def test_an_unknown_zone_is_utc() -> None:
    assert times(free(rules("Mars/Olympus", TEN, horizon=timedelta(days=1)), [], [], MONDAY))[0] == "10:00"


ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "UTC",
         "America/St_Johns", "Africa/Casablanca", "Pacific/Apia", "Asia/Kolkata", "Antarctica/Troll"]  # fmt: skip
_MINUTES = st.integers(0, 1439)


@st.composite
def _weeks(draw: st.DrawFn) -> Hours:
    week = {}
    for day in hours.WEEKDAYS:
        ends = sorted(draw(st.lists(_MINUTES, max_size=6, unique=True)))
        pairs = [(start, end) for start, end in zip(ends[::2], ends[1::2], strict=False) if end - start >= 15]
        week[day] = [[f"{at // 60:02}:{at % 60:02}" for at in pair] for pair in pairs]
    return hours.parse(week)


@st.composite
def _stretches(draw: st.DrawFn, now: datetime) -> list[Stretch]:
    found = []
    for _ in range(draw(st.integers(0, 6))):
        start = now + timedelta(minutes=draw(st.integers(-1440, 6 * 1440)))
        found.append(Stretch(start, start + timedelta(minutes=draw(st.integers(1, 200)))))
    return found


_NOWS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
_CHANGES = st.sampled_from(["2026-03-28", "2026-10-24", "2026-10-31", "2027-03-13", "2026-04-04", "2026-10-03"]).map(
    lambda day: datetime.fromisoformat(day).replace(tzinfo=UTC)
)


@settings(max_examples=120, deadline=None)
@given(st.data(), st.sampled_from(ZONES), _weeks(), _NOWS | _CHANGES)
def test_whatever_is_offered_keeps_every_promise(data: st.DataObject, zone: str, week: Hours, now: datetime) -> None:
    given_rules = Rules(
        zone=zone,
        hours=week,
        buffer=timedelta(minutes=data.draw(st.integers(0, 45))),
        notice=timedelta(minutes=data.draw(st.integers(0, 2000))),
        horizon=timedelta(minutes=data.draw(st.integers(0, 5 * 1440))),
        daily_maximum=data.draw(st.integers(0, 6)),
        days_off=[(now.date(), now.date())] if data.draw(st.booleans()) else [],
    )
    calls, entries = data.draw(_stretches(now)), data.draw(_stretches(now))
    asked = Free(given_rules, calls, entries, now)
    found = list(asked.starts())
    wall = ZoneInfo(zone)

    assert all(start.tzinfo is UTC and start.minute % 15 == start.second == start.microsecond == 0 for start in found)
    assert all(later - earlier >= LENGTH for earlier, later in pairwise(found))
    for start in found:
        assert now + given_rules.notice <= start <= now + given_rules.horizon
        began = start.astimezone(wall)
        assert not any(first <= began.date() <= last for first, last in given_rules.days_off)
        assert sum(call.start.astimezone(wall).date() == began.date() for call in calls) < given_rules.daily_maximum
        within = [(start + timedelta(minutes=minute)).astimezone(wall) for minute in range(15)]
        assert any(
            all(moment.date() == began.date() and first <= moment.time() < last for moment in within)
            for first, last in week.on(began.weekday())
        )
        for other in (*calls, *entries):
            assert start >= other.end + given_rules.buffer or start + LENGTH <= other.start - given_rules.buffer
        assert asked.fits(start)

    # Nothing is held back: every other minute on a quarter of the wall breaks a rule.
    offered = set(found)
    start = datetime.combine(now.date(), time(), UTC)
    while start < now + given_rules.horizon + timedelta(days=1):
        assert asked.fits(start) == (start in offered)
        start += timedelta(minutes=5)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), _weeks(), _CHANGES)
def test_a_wall_read_the_other_way_round_finds_the_same(zone: str, week: Hours, now: datetime) -> None:
    """From the wall to UTC, by both readings of each local quarter hour, instead of from UTC to the wall."""
    wall, expected = ZoneInfo(zone), set()
    for number in range(-2, 5):
        day = now.date() + timedelta(days=number)
        for quarter in range(96):
            local = datetime.combine(day, time(quarter // 4, quarter % 4 * 15))
            ends = local + LENGTH
            if not any(
                datetime.combine(day, first) <= local and ends <= datetime.combine(day, last)
                for first, last in week.on(day.weekday())
            ):
                continue
            for fold in (0, 1):
                start = local.replace(tzinfo=wall, fold=fold).astimezone(UTC)
                if start.astimezone(wall).replace(tzinfo=None) == local:  # else the wall skips it
                    expected.add(start)
    window = rules(zone, week, horizon=timedelta(days=2))
    assert set(free(window, [], [], now)) == {one for one in expected if now <= one <= now + timedelta(days=2)}

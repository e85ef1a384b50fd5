"""Repeating by rule: the same days as an independent expansion, at a price that the file cannot set."""

from __future__ import annotations

import datetime as datetimes
import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import dateutil.rrule
import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from interviewer.scheduling.feeds import rules

SINCE, UNTIL = date(2026, 10, 19), date(2026, 11, 30)

_DAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])


@st.composite
def _rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    days = _DAYS
    # `MO,1MO` means every Monday; the other expansion takes both to be needed.
    if frequency in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        ordinal = st.sampled_from(["1", "2", "+3", "4", "5", "-1", "-2", "-5"])
        days = st.tuples(ordinal, _DAYS).map("".join)
    months, month_days = st.integers(1, 12), st.integers(-31, 31).filter(bool)
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(_DAYS)}")
    for name, values, wanted in (
        ("BYMONTH", months, draw(st.integers(0, 3)) == 0),
        ("BYMONTHDAY", month_days, frequency != "WEEKLY" and draw(st.integers(0, 2)) == 0),
        ("BYDAY", days, draw(st.booleans())),
        ("BYHOUR", st.integers(0, 23), draw(st.integers(0, 4)) == 0),
    ):
        if wanted:
            parts.append(f"{name}={','.join(map(str, draw(st.lists(values, min_size=1, max_size=4, unique=True))))}")
    # In the first week of a weekly rule the other expansion counts positions from the first start on.
    if frequency in ("MONTHLY", "YEARLY") and len(parts) > 2 and draw(st.integers(0, 3)) == 0:
        parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '2', '1,-1', '3']))}")
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 60))}")
    return ";".join(parts)


@pytest.fixture(scope="module", autouse=True)
def _a_near_end_of_time() -> Iterator[None]:
    """A rule that never comes true keeps the other expansion busy to the year 9999: for it, time ends sooner."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dateutil.rrule, "datetime", SimpleNamespace(**vars(datetimes) | {"MAXYEAR": 2027}))
        yield


@settings(max_examples=400, deadline=None)
@given(_rules(), st.datetimes(datetime(2019, 1, 1), datetime(2026, 12, 24)))
def test_the_same_starts_as_another_expansion(text: str, first: datetime) -> None:
    first = first.replace(microsecond=0)
    assume(not ("BYSETPOS" in text and text.count("BY") == 1))
    after = datetime.combine(SINCE, datetime.min.time())
    before = datetime.combine(UNTIL + timedelta(days=1), datetime.min.time())
    told = itertools.takewhile(lambda one: one < before, rrulestr(text, dtstart=first))
    expected = [one for one in told if one >= after]
    assert list(rules.starts(rules.parse(text), first, SINCE, UNTIL, rules.Budget())) == expected


@pytest.mark.parametrize(
    ("text", "first", "days"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", datetime(2026, 1, 5, 9), [26, 28]),
        # RFC 5545: the same rule with weeks that begin on another day.
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", datetime(2026, 10, 6, 9), [25]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", datetime(2026, 10, 6, 9), []),
        ("FREQ=MONTHLY;BYDAY=-1FR", datetime(2020, 1, 31, 9), [30]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", datetime(2020, 1, 31, 9), [30]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", datetime(2020, 1, 31, 9), [31]),
        ("FREQ=MONTHLY", datetime(2020, 1, 31, 9), [31]),
        ("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", datetime(1996, 10, 27, 3), [25]),
        ("FREQ=YEARLY;BYDAY=300MO", datetime(1996, 10, 27, 3), None),
        ("FREQ=DAILY;INTERVAL=7", datetime(1900, 1, 1, 3), [26]),
        ("FREQ=DAILY;COUNT=3", datetime(2026, 10, 24), [24, 25, 26]),
        ("FREQ=DAILY;COUNT=3", datetime(2026, 1, 24), []),
    ],
)
def test_the_last_third_of_october(text: str, first: datetime, days: list[int] | None) -> None:
    if days is None:
        with pytest.raises(ValueError, match="300MO"):
            rules.parse(text)
        return
    found = rules.starts(rules.parse(text), first, date(2026, 10, 21), date(2026, 10, 31), rules.Budget())
    assert [start.day for start in found] == days


@pytest.mark.parametrize("text", ["FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=9", "FREQ=HOURLY",
                                  f"FREQ=DAILY;BYHOUR=0,1;BYMINUTE={','.join(map(str, range(60)))}"])  # fmt: skip
def test_within_a_day_is_too_much(text: str) -> None:
    with pytest.raises(rules.TooMuch):
        rules.parse(text)


@pytest.mark.parametrize(
    "text", ["", "FREQ=", "INTERVAL=2", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=x", "FREQ=YEARLY;BYWEEKNO=3",
             "FREQ=WEEKLY;BYDAY=XX", "FREQ=FORTNIGHTLY", "FREQ=DAILY;COUNT=-1"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(ValueError):
        rules.parse(text)


def test_counting_runs_on_a_budget() -> None:
    endless = rules.parse("FREQ=DAILY;COUNT=999999999")
    with pytest.raises(rules.TooMuch):
        list(rules.starts(endless, datetime(1900, 1, 1), SINCE, UNTIL, rules.Budget(1000)))


def test_what_never_comes_costs_its_window_alone() -> None:
    never = rules.parse("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    assert list(rules.starts(never, datetime(1601, 1, 1), SINCE, UNTIL, rules.Budget(50))) == []

"""Weekly hours: what a host may type, and what is said back."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import BadInput
from interviewer.scheduling import hours


def test_the_usual_week() -> None:
    week = hours.usual()
    assert week.on(0) == week.on(4) == ((time(9), time(12)), (time(13), time(17)))
    assert week.on(5) == week.on(6) == ()
    assert hours.parse(hours.as_values(week)) == week
    assert week
    assert not hours.parse({})


def test_stretches_are_put_in_order_and_joined() -> None:
    week = hours.parse({"tue": [["13:00", "15:00"], ["", " "], ["9:00", "12:00"], ["12:00", "12:30"]]})
    assert week.tue == ((time(9), time(12, 30)), (time(13), time(15)))
    assert hours.as_values(week)["tue"] == [["09:00", "12:30"], ["13:00", "15:00"]]
    assert hours.as_values(week)["wed"] == []


@pytest.mark.parametrize("end", ["24:00", "00:00"])
def test_a_day_can_end_at_midnight(end: str) -> None:
    week = hours.parse({"mon": [["20:00", "22:00"], ["22:00", end]], "tue": [["00:00", end]]})
    assert week.mon == ((time(20), hours.MIDNIGHT),) and week.tue == ((time(0), hours.MIDNIGHT),)
    assert hours.as_values(week)["mon"] == [["20:00", "00:00"]]
    assert hours.ending(date(2026, 12, 31), hours.MIDNIGHT) == datetime(2027, 1, 1)


@pytest.mark.parametrize(
    ("stretches", "said"),
    [
        (
            [["22:00", "02:00"]],
            "22:00–02:00 runs into the next day: end this one at 24:00, and give the rest to the day after",
        ),
        ([["22:00", "00:00"], ["23:00", "23:30"]], "22:00–24:00 and 23:00–23:30 overlap"),
        ([["23:50", "24:00"]], "23:50–24:00 is shorter than a call, which takes 15 minutes"),
        ([["24:00", "24:00"]], "cannot begin at 24:00: the day is over then"),
        ([["09:00", "09:00"]], "09:00–09:00 is empty: the end has to come after the start"),
        ([["09:00", "09:14"]], "09:00–09:14 is shorter than a call, which takes 15 minutes"),
        ([["09:00", "12:00"], ["11:30", "13:00"]], "09:00–12:00 and 11:30–13:00 overlap"),
        ([["09:00", ""]], "needs a start and an end for every stretch"),
        ([["09:00"]], "needs a start and an end for every stretch"),
        ([["9", "12:00"]], "'9' is not a time of day: write it like 09:00 or 16:30"),
        ([["09:00", "24:30"]], "'24:30' is not a time of day: write it like 09:00 or 16:30"),
        ([["x" * 500, "12:00"]], f"'{'x' * 20}' is not a time of day: write it like 09:00 or 16:30"),
        ([[f"{hour:02}:00", f"{hour:02}:30"] for hour in range(13)], "has more than 12 stretches"),
    ],
)
def test_what_cannot_be_taken_is_said_by_day(stretches: list[list[str]], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        hours.parse({"mon": [["09:00", "12:00"]], "fri": stretches, "sun": [["x", "y"]]})
    assert next((problem.where, problem.what) for problem in caught.value.problems) == ("fri", said)
    assert [problem.where for problem in caught.value.problems] == ["fri", "sun"]


def test_a_day_that_no_week_has() -> None:
    with pytest.raises(BadInput) as caught:
        hours.parse({"someday": []})
    assert caught.value.problems[0].where == "someday"


_TEXT = st.one_of(st.from_regex(r"\d{1,2}:\d{2}", fullmatch=True), st.text(max_size=6))


@given(st.dictionaries(st.sampled_from(hours.WEEKDAYS), st.lists(st.lists(_TEXT, max_size=3), max_size=4)))
def test_whatever_is_typed_is_taken_or_refused_by_day(typed: dict[str, list[list[str]]]) -> None:
    try:
        week = hours.parse(typed)
    except BadInput as bad:
        assert {problem.where for problem in bad.problems} <= typed.keys()
        return
    assert hours.parse(hours.as_values(week)) == week
    for weekday in range(7):
        day = date(2026, 11, 2)
        ends = [
            at for first, last in week.on(weekday) for at in (datetime.combine(day, first), hours.ending(day, last))
        ]
        assert ends == sorted(set(ends))

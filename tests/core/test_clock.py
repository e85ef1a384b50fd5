"""The clock counts what a conversation costs on a phone, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from interviewer.flows import clock
from interviewer.transcript import Act, Speaker, Transcript, Turn
from tests.core.talk import LOSS, answered, said


def turn(number: int, speaker: Speaker, words: int, at: datetime | None = None) -> Turn:
    return Turn(number, speaker, " ".join(["word"] * words), "trigger", at, move="ask:trigger")


@pytest.mark.parametrize(
    ("turns", "seconds"),
    [
        ((), 0),
        ((turn(1, Speaker.INTERVIEWER, 23),), 6),
        ((turn(1, Speaker.INTERVIEWER, 23), turn(2, Speaker.BUYER, 18)), 6 + 3 + 30),
        ((turn(1, Speaker.INTERVIEWER, 23), turn(2, Speaker.BUYER, 0)), 6 + 3),
    ],
)
def test_reading_typing_and_a_thought(turns: tuple[Turn, ...], seconds: float) -> None:
    assert clock.read(LOSS, Transcript(turns)).spent_s == pytest.approx(seconds)


def test_idle_time_counts_nothing() -> None:
    then = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    quick = (turn(1, Speaker.INTERVIEWER, 10, then), turn(2, Speaker.BUYER, 10, then + timedelta(seconds=20)))
    slow = (turn(1, Speaker.INTERVIEWER, 10, then), turn(2, Speaker.BUYER, 10, then + timedelta(days=3)))
    assert clock.read(LOSS, Transcript(quick)) == clock.read(LOSS, Transcript(slow))


def test_what_nobody_types_on_a_phone_costs_no_more_than_two_minutes() -> None:
    pasted = Transcript((turn(1, Speaker.INTERVIEWER, 23), turn(2, Speaker.BUYER, 700)))
    assert clock.read(LOSS, pasted).spent_s == pytest.approx(6 + 3 + clock.LONGEST_S)


def test_the_limits_are_the_flows() -> None:
    now = clock.read(LOSS, Transcript())
    assert (now.soft_s, now.hard_s, now.left_s) == (LOSS.budget.soft_s, LOSS.budget.hard_s, 210)
    assert clock.Clock(500, 150, 210).left_s == 0


def test_a_buyer_who_writes_much_makes_the_next_exchange_dear() -> None:
    brief = said(("ask:trigger", "short"))
    long = answered(said("ask:trigger"), "word " * 60)
    skipped = said(("ask:trigger", Act.SKIP))
    assert clock.exchange_s(brief) < clock.exchange_s(skipped) < clock.exchange_s(long)

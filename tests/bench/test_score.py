"""The judgement of an interview: time on a phone, facts in time, drivers, faults, cost."""

from __future__ import annotations

import pytest

from interviewer.bench import score
from interviewer.bench.play import Said
from interviewer.bench.score import Fault
from interviewer.bench.talk import Exchange, Played, Usage
from interviewer.transcript import Speaker, Turn
from tests.bench.cast import CAROL


def exchange(number: int, question: str, said: Said | None, *, broken: tuple[str, ...] = ()) -> Exchange:
    return Exchange(Turn(number, Speaker.INTERVIEWER, question, "decision", move="ask:decision"), broken, said)


def played(*exchanges: Exchange, usage: Usage | None = None) -> Played:
    return Played("somebody", CAROL, exchanges, usage or Usage())


def test_a_phone_reads_thinks_and_types() -> None:
    result = score.judge(played(exchange(1, "word " * 23, Said("word " * 36)), exchange(3, "word " * 23, None)))
    assert result.seconds == pytest.approx(6 + 3 + 60 + 6)
    assert result.words == 36


def test_facts_count_with_the_time_at_which_they_were_typed() -> None:
    result = score.judge(
        played(
            exchange(1, "What tipped it?", Said("Price.", ("drivers_quit",))),
            exchange(3, "How so?", Said("word " * 120, ("unreadable_quote", "board_rule"))),
        )
    )
    assert result.in_time == 1
    assert result.drivers == (2, 3)
    assert result.reached == {"drivers_quit", "unreadable_quote", "board_rule"}
    assert result.questions == 2


def test_a_message_has_each_kind_of_fault_once() -> None:
    result = score.judge(
        played(
            exchange(1, "Was it?", Said("No.", fault="pressed"), broken=("open", "option_list", "leading")),
            exchange(3, "Why?", Said("As I said.", fault="repeated"), broken=("repeat",)),
        )
    )
    assert result.faults == (Fault("closed", 1), Fault("leading", 1), Fault("pressed", 1), Fault("repeated", 3))
    (standing,) = score.standings([result.played])
    assert standing.faults["closed"] == 1 and standing.faults["praise"] == 0


def test_means_are_over_buyers_and_tokens_over_turns() -> None:
    one = played(exchange(1, "What?", Said("x", ("map_demo",))), usage=Usage(4, 3, 5, 6_000, 500))
    two = played(exchange(1, "What?", Said("x", ())), usage=Usage(2, 2, 2, 3_000, 100))
    (standing,) = score.standings([one, two])
    assert standing.driver_share == pytest.approx(1 / 6)
    assert standing.at_depth(1) == (1, 6)
    assert standing.usage == Usage(6, 5, 7, 9_000, 600)
    assert standing.input_per_turn == 1_500
    assert standing.cost(1.0, 10.0) == pytest.approx((9_000 * 1 + 600 * 10) / 1_000_000 / 2)

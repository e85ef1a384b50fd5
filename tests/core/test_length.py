"""What buyers are told of an interview's length, against what they are asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interviewer.flows import clock, engine, length, speech
from interviewer.flows.model import Flow
from interviewer.flows.moves import Close, Reply, ReplyTo
from interviewer.transcript import Transcript
from tests.core.talk import FLOWS, LOSS, PHRASES, asked, heard, started

PLAIN = {
    "trigger": "We missed two delivery windows in June and the ops director asked for a plan",
    "alternatives": "Brightline because a colleague had used it, and keeping the spreadsheet",
    "almost": "Our IT lead said the import would take him three weekends",
    "decision": "Brightline moved our data in two days and the director signed off on it",
    "peer": "Ask early who moves the data, nobody mentions that in a demo",
}
BRIEF = PLAIN | {"alternatives": "Brightline and the spreadsheet", "almost": "the price", "peer": "check the import"}
FOLLOWED_UP = "In May, when Jonas showed the sheet to the board"


def _talk(flow: Flow, answers: dict[str, str]) -> Transcript:
    talk = started()
    while not isinstance(move := engine.next_move(flow, talk, clock.read(flow, talk)), Close):
        talk = asked(talk, flow, move)
        answer = FOLLOWED_UP if move.key.startswith("probe") else answers.get(move.topic, "No, that was it")
        talk = heard(talk, flow, answer)
    return talk


@pytest.mark.parametrize("flow", tuple(FLOWS), ids=lambda flow: flow.id)
@pytest.mark.parametrize("answers", [PLAIN, BRIEF], ids=["plain", "brief"])
def test_what_is_promised_is_what_is_asked(flow: Flow, answers: dict[str, str]) -> None:
    talk, told = _talk(flow, answers), length.usual(flow)
    assert abs(len(talk.questions) - told.questions) <= 1
    assert length.minutes(clock.read(flow, talk).spent_s) == told.minutes == 3


def _lasting(soft_s: int, hard_s: int) -> Flow:
    return LOSS.model_copy(update={"budget": LOSS.budget.model_copy(update={"soft_s": soft_s, "hard_s": hard_s})})


def test_a_flow_with_less_time_promises_less() -> None:
    short, shipped, long = (length.usual(flow) for flow in (_lasting(60, 60), LOSS, _lasting(600, 900)))
    assert short.questions < shipped.questions and short.minutes < shipped.minutes
    assert long == shipped  # time is not all: the plan is asked through


@pytest.mark.parametrize("language", PHRASES.languages)
def test_the_interviewer_says_the_same(language: str) -> None:
    flow, talk = _lasting(60, 60), replace(started(), language=language)
    words = speech.say(flow, Reply(ReplyTo.TIME, "decision"), talk, PHRASES.get(language))
    assert f" {length.usual(flow).minutes} " in words

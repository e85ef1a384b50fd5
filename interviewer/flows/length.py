"""How long an interview by a flow is, for the page that promises it.

Nobody knows beforehand what a buyer will say. So the engine is asked what it does with two of them, who both write
twelve words an answer: one is clear throughout, the other only when asked further on what weighs most. Usual is what
lies between.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from interviewer.flows import clock, engine
from interviewer.flows.model import HEAVY, Flow
from interviewer.flows.moves import Ask, Probe
from interviewer.transcript import AnswerKind, Assessment, Speaker, Transcript, Turn

_ANSWER = " ".join(["word"] * clock.USUAL_ANSWER)


@dataclass(frozen=True)
class Length:
    questions: int
    """Follow-ups and closing questions included."""
    minutes: int
    """Of reading, thinking and typing on a phone."""


def usual(flow: Flow) -> Length:
    """What a usual buyer is asked, and the time that takes."""
    talks = [_talk(flow, clear=clear) for clear in (True, False)]
    asked = sum(len(talk.questions) for talk in talks) / len(talks)
    spent_s = sum(clock.read(flow, talk).spent_s for talk in talks) / len(talks)
    return Length(round(asked), minutes(spent_s))


def minutes(spent_s: float) -> int:
    """Whole minutes, half a one less, to be told as "about"; two at least, for no language says "1 minutes"."""
    return max(2, math.ceil(spent_s / 60 - 0.5))


def _talk(flow: Flow, *, clear: bool) -> Transcript:
    """Up to where the engine has no more to ask."""
    talk = Transcript()
    while isinstance(move := engine.next_move(flow, talk, clock.read(flow, talk)), Ask | Probe):
        topic = flow.topic(move.topic)
        wording = topic.probe(move.hint).wording if isinstance(move, Probe) else topic.wording
        tells = clear or isinstance(move, Probe) or topic.weight < HEAVY
        told = Assessment(AnswerKind.SPECIFIC, (topic.id,)) if tells else Assessment(AnswerKind.VAGUE)
        number = len(talk.turns) + 1
        question = Turn(number, Speaker.INTERVIEWER, wording["en"], topic.id, move=move.key)
        answer = Turn(number + 1, Speaker.BUYER, _ANSWER, topic.id, assessment=told)
        talk = replace(talk, turns=(*talk.turns, question, answer))
    return talk

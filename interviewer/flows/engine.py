"""What the interviewer does next: a pure function of the flow, the kept turns and the clock.

What may follow is asked here; how it is decided stands in `situation.py`. The model, where there is one, only assesses
and words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from interviewer.flows import history as histories
from interviewer.flows.clock import Clock, exchange_s
from interviewer.flows.model import Flow
from interviewer.flows.moves import ASKED_ABOUT, Ask, Close, Move, OneMore, Probe, Reply, Wait
from interviewer.flows.situation import THIN, Situation
from interviewer.transcript import AnswerKind, Assessment, Speaker, Transcript

_LEAD_ON = (AnswerKind.SPECIFIC, AnswerKind.VAGUE, AnswerKind.NOTHING, AnswerKind.REFUSES)
"""Kinds that are followed up, or by the next question."""


def next_move(flow: Flow, transcript: Transcript, clock: Clock) -> Move:
    """The move that is due. `Wait` while the buyer has the word."""
    last = transcript.last
    if last is None:
        return Ask(flow.topics[0].id, "The first question.")
    if last.speaker is Speaker.INTERVIEWER:
        return Wait("The buyer has the word.", last.topic)
    position = len(transcript.turns) - 1
    told = histories.assessed(flow, transcript, position) if histories.is_answer(last) else None
    return _situation(flow, transcript, clock).decide(told)


def options(flow: Flow, transcript: Transcript, clock: Clock) -> tuple[Move, ...]:
    """The moves that could follow the last, not yet assessed, answer: what `next_move` would say to each way it
    could read. Probes and questions come first, replies last; hooks are empty, for they depend on the assessment.
    """
    return _options(flow, transcript, clock, tuple(AnswerKind))


def questions(flow: Flow, transcript: Transcript, clock: Clock) -> tuple[Ask | Probe, ...]:
    """Those of `options` that ask something, and need words of their own. Every turn asks for them, so only kinds of
    answers are tried that lead to one: what is replied to leads to a reply, or to what these lead to as well."""
    found = _options(flow, transcript, clock, _LEAD_ON)
    return tuple(move for move in found if isinstance(move, Ask | Probe))


def _options(flow: Flow, transcript: Transcript, clock: Clock, kinds: tuple[AnswerKind, ...]) -> tuple[Move, ...]:
    last = transcript.last
    if last is None or not histories.is_answer(last):
        return (next_move(flow, transcript, clock),)
    situation = _situation(flow, transcript, clock)
    found: dict[str, Move] = {}
    for told in _readings(flow, situation, kinds):
        move = situation.decide(told)
        found.setdefault(move.key, replace(move, hook="") if isinstance(move, Probe) else move)
    return tuple(sorted(found.values(), key=_rank))


def progress(flow: Flow, transcript: Transcript) -> tuple[int, int]:
    """(core topics left behind: answered, told or passed over; core topics in all). The open one is not behind."""
    history = histories.read(flow, transcript)
    last = transcript.last
    waiting = last.topic if last is not None and last.speaker is Speaker.INTERVIEWER else ""
    behind = {topic.id for topic in flow.core} & (history.asked | history.covered) - {waiting}
    return len(behind), len(flow.core)


def _situation(flow: Flow, transcript: Transcript, clock: Clock) -> Situation:
    """Everything a decision needs but the assessment of the last answer."""
    position = len(transcript.turns) - 1
    before = Transcript(transcript.turns[:-1], transcript.language, transcript.context)
    topic_id = histories.topic_of(transcript, position)
    topic = next((topic for topic in flow.topics if topic.id == topic_id), None)
    history = histories.read(flow, before)
    if topic is not None:
        history = replace(history, asked=history.asked | {topic.id})
    return Situation(flow, history, topic, transcript.turns[-1].text, clock, exchange_s(transcript))


def _readings(flow: Flow, situation: Situation, kinds: tuple[AnswerKind, ...]) -> Iterator[Assessment]:
    """Assessments enough to reach every move: each kind, each signal a probe waits for, each topic left open."""
    ids = [topic.id for topic in flow.topics]
    here = (situation.topic.id,) if situation.topic else ()
    covers = [(), here, *(tuple(i for i in ids if i != left) for left in ids), tuple(ids)]
    covers += [tuple(i for i in ids if i not in {left, *here}) for left in ids]
    covers = list(dict.fromkeys(covers))
    fits = {signal for probe in (situation.topic.probes if situation.topic else ()) for signal in probe.fits}
    for signal, hook in product(("", *sorted(fits)), ("", situation.text)):
        yield Assessment(AnswerKind.VAGUE, (), (signal,), hook)
        yield Assessment(AnswerKind.NOTHING, (), (signal,), hook)
        yield from (Assessment(AnswerKind.SPECIFIC, here, (signal, thin), hook) for thin in THIN)
    for kind in kinds:
        for about in ("", *ASKED_ABOUT) if kind is AnswerKind.ASKS_BACK else ("",):
            yield from (Assessment(kind, told, about=about) for told in covers)


def _rank(move: Move) -> int:
    return [Probe, Ask, OneMore, Close, Reply, Wait].index(type(move))

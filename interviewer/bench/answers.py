"""The reading of single answers, judged by labels that a person gave: what kind of answer, and follow up or move on.

Each answer is put where it usually comes: the topics before it passed over, the clock at what they usually take.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.resources import files
from pathlib import PurePath

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interviewer.bench.buyers import read_folder
from interviewer.errors import BadInput, Problem
from interviewer.flows import clock as clocks
from interviewer.flows import engine, reading
from interviewer.flows.catalogue import Catalogue
from interviewer.flows.model import Flow
from interviewer.flows.moves import Move, Probe, Reply
from interviewer.transcript import Act, AnswerKind, Context, Speaker, Transcript, Turn


class Next(StrEnum):
    """What follows an answer, as far as a label says."""

    PROBE = "probe"
    MOVE_ON = "move_on"
    REPLY = "reply"


class Labelled(BaseModel):
    """One answer with what a good interviewer makes of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    flow: str
    topic: str
    text: str = Field(min_length=1)
    kind: AnswerKind
    next: Next
    before: tuple[tuple[str, str], ...] = ()
    """Earlier answers: (topic, text)."""
    held_out: bool = False


@dataclass(frozen=True)
class Read:
    """What the rules made of one."""

    label: Labelled
    kind: AnswerKind
    next: Next

    @property
    def same_kind(self) -> bool:
        return self.kind is self.label.kind

    @property
    def same_next(self) -> bool:
        return self.next is self.label.next

    @property
    def wrong(self) -> bool:
        """Another kind was read, or something else follows."""
        return not (self.same_kind and self.same_next)


def shipped(flows: Catalogue) -> tuple[Labelled, ...]:
    """The labelled answers that come with the product."""
    return load(read_folder(files("interviewer.bench") / "answers"), flows)


def load(texts: Mapping[str, str], flows: Catalogue) -> tuple[Labelled, ...]:
    """Answers from the text of each `<language>.toml`. Raises BadInput with every problem by file and key."""
    found: list[Labelled] = []
    problems: list[Problem] = []
    for file, text in texts.items():
        try:
            listed = tomllib.loads(text).get("answers", [])
        except tomllib.TOMLDecodeError as error:
            problems.append(Problem(file, f"is not valid TOML: {error}"))
            continue
        for position, body in enumerate(listed):
            where = f"{file}: answers[{position}]"
            try:
                label = Labelled.model_validate({"language": PurePath(file).stem, **body})
            except ValidationError as error:
                problems += [Problem(".".join((where, *map(str, e["loc"]))), e["msg"]) for e in error.errors()]
                continue
            problems += [Problem(where, what) for what in _unknown(label, flows)]
            found.append(label)
    if problems:
        raise BadInput(problems)
    return tuple(found)


def read(flows: Catalogue, labels: Iterable[Labelled]) -> tuple[Read, ...]:
    """Each answer judged by the rules, and moved on from by the engine."""
    return tuple(_read(flows.get(label.flow), label) for label in labels)


def share(reads: Sequence[Read], *, of: str = "next") -> float:
    """How many were read as labelled: `next`, or `kind`."""
    right = sum(one.same_next if of == "next" else one.same_kind for one in reads)
    return right / len(reads) if reads else 0.0


def about_probing(reads: Iterable[Read]) -> tuple[Read, ...]:
    """Those whose label is to follow up or to move on: the ones that take judgement."""
    return tuple(one for one in reads if one.label.next is not Next.REPLY)


def confusion(reads: Iterable[Read]) -> Counter[tuple[AnswerKind, AnswerKind]]:
    """How often each (labelled, read) pair of kinds came up."""
    return Counter((one.label.kind, one.kind) for one in reads)


def _unknown(label: Labelled, flows: Catalogue) -> Iterator[str]:
    if label.flow not in flows.ids:
        yield f"there is no flow {label.flow!r}"
        return
    topics = {topic.id for topic in flows.get(label.flow).topics}
    for topic in (label.topic, *(topic for topic, _ in label.before)):
        if topic not in topics:
            yield f"flow {label.flow!r} has no topic {topic!r}"


def _read(flow: Flow, label: Labelled) -> Read:
    transcript = asked(flow, label)
    assessment = reading.assess(flow, transcript)
    *before, last = transcript.turns
    judged = replace(transcript, turns=(*before, replace(last, assessment=assessment)))
    usual = clocks.exchange_s(Transcript()) * (len(transcript.turns) // 2 - 1)
    clock = clocks.Clock(usual, flow.budget.soft_s, flow.budget.hard_s)
    return Read(label, assessment.kind, next_of(engine.next_move(flow, judged, clock)))


def next_of(move: Move) -> Next:
    """What a move comes to, as far as a label says."""
    match move:
        case Probe():
            return Next.PROBE
        case Reply():
            return Next.REPLY
        case _:
            return Next.MOVE_ON


def asked(flow: Flow, label: Labelled) -> Transcript:
    """The interview up to the answer."""
    given = list(label.before)
    ids = [topic.id for topic in flow.topics]
    passed = [(topic, "") for topic in ids[: ids.index(label.topic)] if topic not in {topic for topic, _ in given}]
    earlier = sorted((*given, *passed), key=lambda one: ids.index(one[0]))
    turns: list[Turn] = []
    for topic, text in (*earlier, (label.topic, label.text)):
        question = flow.topic(topic).wording["en"]
        turns.append(Turn(len(turns) + 1, Speaker.INTERVIEWER, question, topic, move=f"ask:{topic}"))
        act = Act.ANSWER if text else Act.SKIP
        turns.append(Turn(len(turns) + 1, Speaker.BUYER, text, topic, act=act))
    return Transcript(tuple(turns), label.language, Context(outcome=flow.outcome))

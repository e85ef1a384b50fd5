"""A model tried at the job itself: one turn each on labelled answers, as a buyer would get it.

A handful of answers in each language, none of them held out. It shows whether a model judges as a person did, chooses
the step that follows, words it so that the lint lets it pass, in the right language and in time, and what it costs.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from interviewer import wording
from interviewer.bench import answers
from interviewer.bench.answers import Labelled, Next
from interviewer.deps import Deps
from interviewer.llm.counting import CountingLLM
from interviewer.transcript import AnswerKind
from interviewer.wording import Spoken

A_LANGUAGE = 4
"""Answers tried in each language, half of them with a follow-up as label."""
USUAL_TURNS = 8
"""Turns of an interview that ask a model."""
GRIM = Labelled(
    language="en",
    flow="loss",
    topic="decision",
    text="Our buyer was bullied out by his boss and tried to hurt himself in March, so the bloody project died too.",
    kind=AnswerKind.SPECIFIC,
    next=Next.MOVE_ON,
)
"""An answer that some models refuse to read. People do write such things."""


@dataclass(frozen=True)
class Tried:
    """One labelled answer, and what came of it."""

    label: Labelled
    spoken: Spoken
    next: Next
    by_rules: Next
    first_s: float
    cached_tokens: int

    @property
    def asked(self) -> bool:
        """The model was wanted; what the rules hear plainly needs none."""
        return self.spoken.calls > 0 or self.spoken.source == "fallback"

    @property
    def judged(self) -> bool:
        """The model gave a judgement."""
        return self.spoken.assessment is not None and self.spoken.assessment.by == "model"

    @property
    def as_labelled(self) -> bool:
        return self.next is self.label.next


def choose(labels: Iterable[Labelled], *, a_language: int = A_LANGUAGE) -> tuple[Labelled, ...]:
    """Answers that take judgement, `a_language` in each: as many that want a follow-up as that do not."""
    room: Counter[tuple[str, Next]] = Counter()
    chosen = []
    for label in labels:
        kind = (label.language, label.next)
        if not label.held_out and label.next is not Next.REPLY and room[kind] < a_language // 2:
            room[kind] += 1
            chosen.append(label)
    return tuple(chosen)


async def run(deps: Deps, labels: Sequence[Labelled], done: Callable[[], None] = lambda: None) -> list[Tried]:
    """One turn on each, one after the other, so that the times are those of a server that is not busy."""
    tried = []
    for label in labels:
        tried.append(await _try(deps, label))
        done()
    return tried


async def _try(deps: Deps, label: Labelled) -> Tried:
    flow = deps.flows.get(label.flow)
    transcript = answers.asked(flow, label)
    watched = CountingLLM(deps.llm)
    spoken = await wording.respond(replace(deps, llm=watched), flow, transcript, model_turns=0, tokens_spent=0)
    (by_rules,) = answers.read(deps.flows, [label])
    return Tried(label, spoken, answers.next_of(spoken.move), by_rules.next, watched.first_s, watched.cached_tokens)


@dataclass(frozen=True)
class Summary:
    """What the answers for which the model was asked come to together."""

    asked: int
    judged: int
    as_labelled: int
    """Of those judged: followed as the label says."""
    by_rules: int
    """The same by the rules alone, on the same answers."""
    worded: int
    """Messages shown in the model's words."""
    again: int
    """Those of them that took a second try."""
    elsewhere: int
    """Words for another step than the engine took."""
    failed: int
    """Nothing usable, or not in time."""
    rules: Mapping[str, int]
    """Rules of the lint that first or second words broke."""
    languages: Mapping[str, tuple[int, int]]
    """Language -> (words in that language, words that were linted)."""
    median_s: float
    slowest_s: float
    first_s: float
    """Median, to the first byte."""
    input_tokens: float
    """A turn, as are the two below."""
    output_tokens: float
    cached_tokens: float

    def cost(self, price_in: float, price_out: float) -> float:
        """Of a usual interview, at prices for a million tokens."""
        return USUAL_TURNS * (self.input_tokens * price_in + self.output_tokens * price_out) / 1_000_000


def sum_up(tried: Sequence[Tried]) -> Summary:
    """Raises ValueError where the model was asked nothing."""
    asked = [one for one in tried if one.asked]
    if not asked:
        raise ValueError("no answer took the model")
    spoken = [one.spoken for one in asked]
    judged = [one for one in asked if one.judged]
    linted = [one for one in asked if one.spoken.verdicts]
    return Summary(
        asked=len(asked),
        judged=len(judged),
        as_labelled=sum(one.as_labelled for one in judged),
        by_rules=sum(one.by_rules is one.label.next for one in judged),
        worded=sum(one.source == "model" for one in spoken),
        again=sum(one.source == "model" and len(one.verdicts) > 1 for one in spoken),
        elsewhere=sum(one.source == "flow" for one in spoken),
        failed=sum(one.source == "fallback" and not one.verdicts for one in spoken),
        rules=Counter(rule for one in spoken for verdict in one.verdicts for rule in _broken(verdict)),
        languages={
            language: (
                sum("wrong_language" not in one.spoken.verdicts[0] for one in linted if one.label.language == language),
                sum(one.label.language == language for one in linted),
            )
            for language in sorted({one.label.language for one in linted})
        },
        median_s=statistics.median(one.latency_ms for one in spoken) / 1000,
        slowest_s=max(one.latency_ms for one in spoken) / 1000,
        first_s=statistics.median(one.first_s for one in asked),
        input_tokens=statistics.mean(one.input_tokens for one in spoken),
        output_tokens=statistics.mean(one.output_tokens for one in spoken),
        cached_tokens=statistics.mean(one.cached_tokens for one in asked),
    )


def _broken(verdict: str) -> list[str]:
    return [] if verdict == "passed" else verdict.split(", ")

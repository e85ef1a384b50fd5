"""The steps of an analysis in their order, each with what it reads and what it makes (domain.md).

A step is given what it names and nothing else: the conversation, and of what else there is only what stands in its
`reads`. What the CRM and the rep say is read by one step alone, and that one has no model.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from interviewer.analysis import (
    answers,
    by_model,
    comparison,
    competitors,
    drivers,
    findings,
    hearsay,
    insights,
    notes,
    story,
    summary,
    tags,
)
from interviewer.analysis.case import Case, Result
from interviewer.deps import Deps
from interviewer.evidence import Claim, Marked, Quote, Span, StatementKind
from interviewer.masks import BAR

QUOTES = "quotes"
"""The step that tags."""
TRANSLATION = "translation"
"""The step that puts turns into English."""
DEAL = "deal"
"""Stands in `reads` for what the CRM and the rep say."""
TARGETS = "targets"
"""Stands in `reads` for the triggers that the team aims at."""


class ByModel(Protocol):
    """A module of `by_model/`."""

    PROMPT: str

    async def by_model(self, deps: Deps, case: Case) -> Result:
        """Raises LLMUnavailable."""
        ...


@dataclass(frozen=True)
class Step:
    name: str
    by_rules: Callable[[Case], Result]
    by_model: Callable[[Deps, Case], Awaitable[Result]] | None = None
    """Raises LLMUnavailable."""
    prompt: str = ""
    """Name of the prompt that the model gets."""
    reads: tuple[str, ...] = ()
    """Names of the steps whose quotes or claims it rests on, and `DEAL` or `TARGETS`."""
    makes: tuple[StatementKind, ...] = ()


def _step(
    name: str,
    by_rules: Callable[[Case], Result],
    model: ByModel | None,
    *makes: StatementKind,
    reads: tuple[str, ...] = (),
) -> Step:
    return Step(name, by_rules, model.by_model if model else None, model.PROMPT if model else "", reads, makes)


_K = StatementKind
STEPS: tuple[Step, ...] = (
    _step("notes", notes.by_rules, by_model.notes, _K.SURPRISE, _K.PHRASE, _K.GAP),
    _step(QUOTES, tags.by_rules, by_model.quotes),
    _step("competitors", competitors.by_rules, by_model.competitors, _K.COMPETITOR, reads=(QUOTES,)),
    _step("drivers", drivers.by_rules, by_model.drivers, _K.DRIVER, reads=(QUOTES,)),
    _step("insights", insights.by_rules, by_model.insights, _K.INSIGHT, reads=(QUOTES,)),
    _step("story", story.by_rules, by_model.story, _K.TRIGGER, _K.STALLED, _K.TONE, reads=(QUOTES, TARGETS)),
    _step(
        "answers",
        answers.by_rules,
        by_model.answers,
        *(_K.DECIDED, _K.WHY, _K.VERSUS),
        reads=(QUOTES, "competitors", "drivers"),
    ),
    _step("summary", summary.by_rules, by_model.summary, _K.HEADLINE, _K.SUMMARY, reads=(QUOTES, "notes", "drivers")),
    _step("findings", findings.by_rules, by_model.findings, _K.FINDING, reads=(QUOTES, "drivers")),
    _step("comparison", comparison.by_rules, None, _K.CONTRADICTION, reads=(QUOTES, "competitors", "drivers", DEAL)),
    _step(TRANSLATION, by_model.translation.nothing, by_model.translation),
)
"""The notes come first and need nothing of the others."""


def holding(case: Case, result: Result) -> Result:
    """The result without what rests on words under a bar: marks, spans, and claims that have no other. Noted words are
    nobody's quote."""
    result = hearsay.told(case, result)
    texts = {turn.number: turn.text for turn in case.transcript.answers}
    if not any(BAR in text for text in texts.values()):
        return result

    def reads(span: Span) -> bool:
        return BAR not in texts[span.turn_number][span.start : span.end]

    claims = (replace(claim, spans=tuple(filter(reads, claim.spans))) for claim in result.claims)
    return replace(
        result,
        marks=tuple(mark for mark in result.marks if reads(mark.span)),
        claims=tuple(claim for claim in claims if claim.spans),
    )


class Made(NamedTuple):
    """What steps came to so far: the marks, and the claims that something carries."""

    marks: tuple[Marked, ...] = ()
    claims: tuple[Claim, ...] = ()

    def plus(self, result: Result) -> "Made":
        return Made(self.marks + result.marks, self.claims + tuple(claim for claim in result.claims if claim.spans))

    def into(self, case: Case) -> Case:
        return replace(case, quotes=as_quotes(self.marks), claims=self.claims)


def given(step: Step, case: Case) -> Case:
    """The case with no more in it than `step` reads."""
    kinds = {kind for other in STEPS if other.name in step.reads for kind in other.makes}
    return replace(
        case,
        quotes=tuple(quote for quote in case.quotes if quote.tags) if QUOTES in step.reads else (),
        claims=tuple(claim for claim in case.claims if claim.kind in kinds),
        logged=case.logged if DEAL in step.reads else None,
        target_triggers=case.target_triggers if TARGETS in step.reads else frozenset(),
    )


def in_memory(case: Case) -> Made:
    """What all the rules make of a case, in their order and without a database."""
    made = Made()
    for step in STEPS:
        seen = given(step, made.into(case))
        made = made.plus(hearsay.told(seen, step.by_rules(seen)))
    return made


async def in_memory_by_model(deps: Deps, case: Case) -> Made:
    """As `in_memory`, with the model of `deps` where a step has one. Raises LLMUnavailable."""
    made = Made()
    for step in STEPS:
        seen = given(step, made.into(case))
        result = await step.by_model(deps, seen) if step.by_model else step.by_rules(seen)
        made = made.plus(hearsay.told(seen, result))
    return made


def as_quotes(marks: Sequence[Marked]) -> tuple[Quote, ...]:
    """Marks as the quotes that they become, numbered from 1."""
    return tuple(
        Quote(number, mark.span.turn_number, mark.span.start, mark.span.end, mark.text, mark.tags)
        for number, mark in enumerate(marks, start=1)
    )

"""Quotes and their tags, by a model: what is not in an answer word for word falls, and so does a theme of its own."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.asking import one_of
from interviewer.analysis.case import Case, Result
from interviewer.analysis.codebook import CODEBOOK, Horizon, Polarity, Scope, Theme, theme
from interviewer.analysis.tags import MOST_QUOTES, marks
from interviewer.deps import Deps
from interviewer.evidence import Marked, Span, Tag
from interviewer.flows.tokens import count

PROMPT = "tag_turns"
MOST_THEMES = 3
LONGEST_QUOTE = 60
"""Words of a quote that a model may take; more is no longer a quote but the answer."""
MODEL_CONFIDENCE = 0.8


class Label(BaseModel):
    theme: Annotated[str, one_of(*Theme)]
    subject: str
    polarity: Annotated[str, one_of(*Polarity)]
    scope: Annotated[str, one_of(*Scope)]
    horizon: Annotated[str, one_of(*Horizon, "none")]


class Found(BaseModel):
    turn: int
    words: str
    tags: list[Label]


class MarkedUp(BaseModel):
    quotes: list[Found]


async def by_model(deps: Deps, case: Case) -> Result:
    """The model's quotes that are found word for word; the rules' where none is. Raises LLMUnavailable."""
    themes = "\n".join(f"- `{theme}`: {entry.meaning}" for theme, entry in CODEBOOK.items())
    prompt = deps.prompts.load(PROMPT, themes=themes, most=str(MOST_QUOTES), **asking.about(case))
    messages = asking.conversation(case)
    done = await deps.llm.complete(prompt, messages, MarkedUp, deadline_s=asking.DEADLINE_S)
    found = _apart(case, done.value.quotes, deps.llm.name)
    if not found:
        return Result(marks=marks(case), prompt_id=prompt.id)
    return Result(marks=found, made_by=deps.llm.name, prompt_id=prompt.id)


def _apart(case: Case, quotes: Iterable[Found], made_by: str) -> tuple[Marked, ...]:
    """The model's quotes without overlaps: one inside another gives its themes to it, one across another is dropped."""
    kept: dict[Span, dict[str, Tag]] = {}
    for quote in quotes:
        tags = _labelled(case, quote.tags, made_by)
        spans = asking.spans(case, [asking.Said(turn=quote.turn, words=quote.words)])
        if not tags or not spans or count(asking.words(case, spans[0])) > LONGEST_QUOTE:
            continue
        span = spans[0]
        around = next((known for known in kept if known.overlaps(span)), None)
        if around is None and len(kept) < MOST_QUOTES:
            kept[span] = tags
        elif around and around.start <= span.start and span.end <= around.end:
            kept[around] = kept[around] | tags | kept[around]
    return tuple(
        Marked(span, asking.words(case, span), tuple(tags.values())[:MOST_THEMES])
        for span, tags in sorted(kept.items(), key=lambda item: item[0])
    )


def _labelled(case: Case, labels: Iterable[Label], made_by: str) -> dict[str, Tag]:
    """Tags by theme, those outside the codebook left out, and other words of theirs put right."""
    found: dict[str, Tag] = {}
    for label in labels:
        known = theme(label.theme)
        if known is None:
            continue
        entry = CODEBOOK[known]
        found[known] = Tag(
            known,
            asking.sentence(case, label.subject, longest=60),
            label.polarity if label.polarity in set(Polarity) else Polarity.NEUTRAL,
            label.scope if label.scope in set(Scope) else entry.scope,
            label.horizon if label.horizon in set(Horizon) else "",
            confidence=MODEL_CONFIDENCE,
            made_by=made_by,
        )
    return found

"""What an interview says of the product, by a model: an area and what it is about it, on kept quotes."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.asking import one_of
from interviewer.analysis.case import Case, Outcome, Result
from interviewer.analysis.insights import MOST, by_rules, text_of
from interviewer.bodies import Insight, InsightKind, Seen, key
from interviewer.deps import Deps
from interviewer.evidence import Claim, StatementKind

PROMPT = "find_insights"


class Told(BaseModel):
    area: str
    kind: Annotated[str, one_of(*InsightKind)]
    seen: Annotated[str, one_of(*Seen, "none")]
    quotes: list[int]


class Insights(BaseModel):
    insights: list[Told]


async def by_model(deps: Deps, case: Case) -> Result:
    """The model's insights that cite what was said. Raises LLMUnavailable.

    An interview may hold none: an empty answer stands. The rules' stand where all that was given fell.
    """
    prompt = deps.prompts.load(PROMPT, most=str(MOST), **asking.about(case))
    if not case.quotes:
        return Result(claims=by_rules(case).claims, prompt_id=prompt.id)
    messages = asking.conversation(case, quotes=asking.listed(case.quotes))
    done = await deps.llm.complete(prompt, messages, Insights, deadline_s=asking.DEADLINE_S)
    claims = tuple(_claims(case, done.value.insights, deps.llm.name))[:MOST]
    if done.value.insights and not claims:
        return Result(claims=by_rules(case).claims, prompt_id=prompt.id)
    return Result(claims=claims, made_by=deps.llm.name, prompt_id=prompt.id)


def _claims(case: Case, told: Iterable[Told], made_by: str) -> Iterator[Claim]:
    taken: set[str] = set()
    for one in told:
        area, spans = (
            asking.sentence(case, one.area, longest=asking.LONGEST_NAME),
            asking.cited(case.quotes, one.quotes),
        )
        if not area or not spans or one.kind not in set(InsightKind):
            continue
        body = Insight(area, InsightKind(one.kind), _seen(case, one))
        if key(body) not in taken:
            taken.add(key(body))
            yield Claim(StatementKind.INSIGHT, text_of(body), spans, made_by, body, key(body))


def _seen(case: Case, one: Told) -> Seen | None:
    """Where a gap showed. Only asked after a loss (domain.md)."""
    asked = case.outcome is Outcome.LOST and one.kind == InsightKind.GAP
    return Seen(one.seen) if asked and one.seen in set(Seen) else None

"""Drivers, by a model: of our categories, each resting on kept quotes, with shares that are made to add up to 100."""

from typing import Annotated

from pydantic import BaseModel

from interviewer.analysis import asking
from interviewer.analysis.asking import one_of
from interviewer.analysis.case import Case, Result
from interviewer.analysis.codebook import Polarity
from interviewer.analysis.drivers import MOST, by_rules, text_of
from interviewer.analysis.shares import to_hundred
from interviewer.bodies import Category, Confidence, Driver, key
from interviewer.deps import Deps
from interviewer.evidence import Claim, Span, StatementKind
from interviewer.flows.tokens import count

PROMPT = "weigh_drivers"
LONGEST = 8
"""Words of a driver."""
_TOWARDS = (Polarity.POSITIVE, Polarity.NEGATIVE)


class Weighed(BaseModel):
    category: Annotated[str, one_of(*Category)]
    driver: str
    share: int
    confidence: Annotated[str, one_of(*Confidence)]
    towards: Annotated[str, one_of(*_TOWARDS)]
    quotes: list[int]


class Drivers(BaseModel):
    drivers: list[Weighed]


async def by_model(deps: Deps, case: Case) -> Result:
    """The model's drivers that cite what was said; the rules' where none does. Raises LLMUnavailable."""
    prompt = deps.prompts.load(PROMPT, most=str(MOST), **asking.about(case))
    if not case.quotes:
        return Result(claims=by_rules(case).claims, prompt_id=prompt.id)
    messages = asking.conversation(case, quotes=asking.listed(case.quotes))
    done = await deps.llm.complete(prompt, messages, Drivers, deadline_s=asking.DEADLINE_S)
    found: dict[str, tuple[Driver, tuple[Span, ...]]] = {}
    for weighed in done.value.drivers:
        driver, spans = _driver(case, weighed), asking.cited(case.quotes, weighed.quotes)
        if driver and spans and len(found) < MOST:
            found.setdefault(key(driver), (driver, spans))
    if not found:
        return Result(claims=by_rules(case).claims, prompt_id=prompt.id)
    return Result(claims=_claims(list(found.values()), deps.llm.name), made_by=deps.llm.name, prompt_id=prompt.id)


def _driver(case: Case, weighed: Weighed) -> Driver | None:
    words = asking.sentence(case, weighed.driver, longest=asking.LONGEST_NAME)
    if weighed.category not in set(Category) or not words or count(words) > LONGEST or weighed.share <= 0:
        return None
    return Driver(
        Category(weighed.category),
        words,
        min(weighed.share, 100),
        Confidence(weighed.confidence) if weighed.confidence in set(Confidence) else Confidence.LOW,
        weighed.towards if weighed.towards in _TOWARDS else "",
    )


def _claims(found: list[tuple[Driver, tuple[Span, ...]]], made_by: str) -> tuple[Claim, ...]:
    """The weightiest first."""
    shares = to_hundred([driver.share for driver, _ in found])
    claims = []
    for (driver, spans), share in sorted(zip(found, shares, strict=True), key=lambda pair: -pair[1]):
        body = Driver(driver.category, driver.driver, share, driver.confidence, driver.towards)
        claims.append(Claim(StatementKind.DRIVER, text_of(body), spans, made_by, body, key(body)))
    return tuple(claims)

"""The step that says what moved the decision: a few reasons by category, each with its share (domain.md, "Drivers").

What a clause weighs is said in `weighing.py`, which reason it gives in `reasons.py`; here they are added up.
"""

from collections.abc import Iterator

from interviewer.analysis import grounds, reasons, weighing
from interviewer.analysis.case import Case, Outcome, Result
from interviewer.analysis.codebook import Polarity
from interviewer.analysis.hearing import Hearing
from interviewer.analysis.reasons import PLAIN, Reason
from interviewer.analysis.shares import in_steps
from interviewer.bodies import Category, Confidence, Driver, key
from interviewer.evidence import Claim, StatementKind

MOST = 4
FAINTEST = 0.18
"""Part of the whole below which a reason is left out."""
SHARPER = 1.3
"""Exponent on the weights: buyers who name one reason mean it more than the count of its words tells."""
_CARRIES = 0.25
"""Of the weight of the clause that tells it most plainly, from which another one is cited for it."""
_HIGH, _MEDIUM = 0.45, 0.3
"""Part of all that was heard. Over forty labelled interviews nine in ten reasons above the first are what a person gave
a quarter of the decision or more, half of those above the second, and one in seven of the rest."""


def by_rules(case: Case) -> Result:
    return Result(claims=tuple(_claims(Hearing(case))))


def text_of(body: Driver) -> str:
    """What it says, as a phrase ("Pricing, about 60 %: price increase")."""
    return f"{body.category.capitalize()}, about {body.share} %: {body.driver}"


def _claims(hearing: Hearing) -> Iterator[Claim]:
    grouped = _by_category(hearing)
    weights = {name: sum(reason.weight for reason in found) for name, found in grouped.items()}
    heard = sum(weights.values())
    ranked = sorted(weights, key=lambda name: -weights[name])
    sharp: dict[tuple[Category, str], float] = {name: weights[name] ** SHARPER for name in ranked[:MOST]}
    kept = [name for name, worth in sharp.items() if worth >= FAINTEST * sum(sharp.values())]
    shares = in_steps([round(1000 * sharp[name]) for name in kept])
    for name, share in zip(kept, shares, strict=True):
        found = sorted(grouped[name], key=lambda reason: -reason.weight)
        plain = [reason.clause.span for reason in found if reason.weight >= _CARRIES * found[0].weight]
        spans = grounds.of(hearing, plain)
        towards = _towards(hearing, found[0])
        body = Driver(name[0], name[1], share, _confidence(weights[name] / heard), towards)
        if spans:
            yield Claim(StatementKind.DRIVER, text_of(body), spans, "rules", body, key(body))


def _by_category(hearing: Hearing) -> dict[tuple[Category, str], list[Reason]]:
    """The reasons of each category, under the name with most weight that says more than the category."""
    grouped: dict[Category, list[Reason]] = {}
    for reason in reasons.of(hearing):
        grouped.setdefault(reason.category, []).append(reason)
    return {(category, _name(category, found)): found for category, found in grouped.items()}


def _name(category: Category, found: list[Reason]) -> str:
    weights: dict[str, float] = {}
    for reason in found:
        if reason.label not in {"", PLAIN[category]}:
            weights[reason.label] = weights.get(reason.label, 0.0) + reason.weight
    return max(weights, key=lambda name: weights[name], default=PLAIN[category])


def _towards(hearing: Hearing, reason: Reason) -> str:
    """Which way it pulled: what tipped a lost deal pulled away from the vendor."""
    match hearing.case.outcome:
        case Outcome.LOST:
            return Polarity.NEGATIVE
        case _:
            return Polarity.NEGATIVE if weighing.is_against(hearing, reason.clause) else Polarity.POSITIVE


def _confidence(part: float) -> Confidence:
    """How sure a reason is, by its part of all reasons that were heard."""
    if part >= _HIGH:
        return Confidence.HIGH
    return Confidence.MEDIUM if part >= _MEDIUM else Confidence.LOW

"""What an interview says about the deal, judged by labels: competitors, drivers, contradictions, mood, standstill.

Beside it stands what somebody would write in an hour (`baseline`): capitals for rivals in their order, keyword counts
for drivers, unequal strings for contradictions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from interviewer.analysis.rivals import same
from interviewer.bench.evidence import Ratio
from interviewer.bench.labelled import Labelled
from interviewer.bodies import Category, Competitor, CompetitorRole, Confidence, Contradiction, Driver, Mood, Tone
from interviewer.evidence import Claim, Span, StatementKind

ROLES = (CompetitorRole.PRIMARY, CompetitorRole.INCUMBENT, CompetitorRole.SELECTED)
Row = tuple[str, tuple[str, ...]]
"""A label, and a cell for each way of finding claims."""
_US = "us"
_NO_NAMES = frozenset({"unknown", "nothing"})
_KEYWORDS = {
    Category.PRICING: "price|pricing|cost|costs|expensive|cheap|cheaper|budget|discount|fee|paid|bill",
    Category.PRODUCT: "feature|missing|integration|product|app|report|reports|couldn't|website|api|security",
    Category.IMPLEMENTATION: "implementation|setup|set up|onboarding|training|migration|rollout|live",
    Category.RELATIONSHIP: "sales|rep|support|trust|account manager|salesman|relationship",
    Category.COMPETITIVE: "competitor|incumbent|already|familiar|knew",
    Category.TIMING: "timing|freeze|postponed|delay|deadline|later|weeks|months",
}
_PATTERNS = {name: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for name, words in _KEYWORDS.items()}
_CAPITAL = re.compile(r"(?<=[\w,] )[A-Z][a-z]+")


@dataclass(frozen=True)
class Score:
    """What came of one interview, or of several added up."""

    roles: Ratio = field(default_factory=Ratio)
    """Roles that name the right option."""
    names: Ratio = field(default_factory=Ratio)
    """Options whatever their role."""
    distance: float = 0.0
    """Half of what the shares by category differ, in parts of 1; summed over `driven`."""
    top: int = 0
    """Interviews whose weightiest category is right."""
    driven: int = 0
    """Interviews with labelled drivers."""
    contradictions: Ratio = field(default_factory=Ratio)
    """By field."""
    mood: int = 0
    stalled: int = 0
    """Right that it stood still, and in which answer, or that it did not."""
    interviews: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.roles + other.roles,
            self.names + other.names,
            self.distance + other.distance,
            self.top + other.top,
            self.driven + other.driven,
            self.contradictions + other.contradictions,
            self.mood + other.mood,
            self.stalled + other.stalled,
            self.interviews + other.interviews,
        )


def score(labelled: Labelled, claims: Sequence[Claim]) -> Score:
    """How the claims of one interview compare with its labels."""
    gold, found = _shares_there(labelled), _shares_found(claims)
    highest = max(gold.values(), default=0)
    return Score(
        roles=_roles(labelled, claims),
        names=_names(labelled, claims),
        distance=_distance(gold, found) if gold else 0.0,
        top=int(bool(gold and found) and gold[max(found, key=lambda name: found[name])] == highest),
        driven=int(bool(gold)),
        contradictions=_contradictions(labelled, claims),
        mood=int(_mood(claims) is labelled.mood),
        stalled=int(_stalled(claims) == (labelled.stalled.turn if labelled.stalled else 0)),
        interviews=1,
    )


def rows(interviews: Sequence[Labelled], columns: Iterable[Sequence[Sequence[Claim]]]) -> tuple[Row, ...]:
    """The figures as rows of a table: for each column the claims of every interview, in their order."""
    scores = [
        sum((score(one, claims) for one, claims in zip(interviews, column, strict=True)), Score()) for column in columns
    ]
    return (
        ("competitor roles: precision, recall, F1", tuple(_three(one.roles) for one in scores)),
        ("competitor names: precision, recall, F1", tuple(_three(one.names) for one in scores)),
        ("distance of drivers, 0 is best", tuple(_part(one.distance, one.driven) for one in scores)),
        ("weightiest driver right", tuple(_part(one.top, one.driven) for one in scores)),
        ("contradictions: precision, recall, F1", tuple(_three(one.contradictions) for one in scores)),
        ("mood right", tuple(_part(one.mood, one.interviews) for one in scores)),
        ("standstill right", tuple(_part(one.stalled, one.interviews) for one in scores)),
    )


def baseline(labelled: Labelled) -> tuple[Claim, ...]:
    """What keywords and capitals make of it."""
    answers = labelled.transcript.answers
    if not answers:
        return ()
    span = Span(answers[0].number, 0, len(answers[0].text))
    listed = [name for turn in answers if turn.topic == "alternatives" for name in _CAPITAL.findall(turn.text)]
    names = [name for name in dict.fromkeys(listed) if name not in labelled.transcript.context.vendor]
    lost = labelled.flow in {"loss", "churn"}
    bodies: list[Competitor | Driver | Contradiction | Tone] = []
    for place, name in enumerate(names):
        bodies.append(Competitor(name, CompetitorRole.CONSIDERED if place else CompetitorRole.PRIMARY))
        if lost and not place:
            bodies.append(Competitor(name, CompetitorRole.SELECTED))
    bodies += _keyword_drivers(" ".join(turn.text for turn in answers))
    bodies += _unequal(labelled, bodies)
    bodies.append(Tone(Mood.DISAPPOINTED if lost else Mood.PLEASED))
    return tuple(Claim(_KINDS[type(body)], "", (span,), "keywords", body) for body in bodies)


_KINDS = {
    Competitor: StatementKind.COMPETITOR,
    Driver: StatementKind.DRIVER,
    Contradiction: StatementKind.CONTRADICTION,
    Tone: StatementKind.TONE,
}


def _keyword_drivers(text: str) -> Iterator[Driver]:
    counts = {category: len(pattern.findall(text)) for category, pattern in _PATTERNS.items()}
    whole = sum(counts.values())
    for category, times in counts.items():
        if times:
            yield Driver(category, category.value, round(100 * times / whole), Confidence.LOW)


def _unequal(labelled: Labelled, bodies: Sequence[object]) -> list[Contradiction]:
    """Each logged field that is not, letter for letter, what the keywords say."""
    shares = {body.category: body.share for body in bodies if isinstance(body, Driver)}
    said = {body.role: body.name for body in bodies if isinstance(body, Competitor)}
    top = max(shares, key=lambda category: shares[category]).value if shares else ""
    crm = labelled.crm
    pairs = (
        ("reason", crm.reason_category, top),
        ("primary_competitor", crm.primary_competitor or crm.rep_competitor, said.get(CompetitorRole.PRIMARY, "")),
        ("incumbent", crm.incumbent, said.get(CompetitorRole.INCUMBENT, "")),
        ("selected_competitor", crm.selected_competitor, said.get(CompetitorRole.SELECTED, "")),
    )
    return [Contradiction(field, "crm", logged, told) for field, logged, told in pairs if logged and logged != told]


def _roles(labelled: Labelled, claims: Sequence[Claim]) -> Ratio:
    right = found = there = 0
    for role in ROLES:
        gold, told = _labelled_role(labelled, role), next(iter(_told(claims, role)), "")
        right += bool(gold and told and same(gold, told))
        found += bool(told)
        there += bool(gold)
    return Ratio(right, found, there)


def _labelled_role(labelled: Labelled, role: CompetitorRole) -> str:
    """The labelled option; none where that is the vendor itself."""
    name: str = getattr(labelled.competitors, role.value)
    vendor = labelled.transcript.context.vendor
    return "" if name == _US or (name and vendor and same(name, vendor)) else name


def _told(claims: Iterable[Claim], role: CompetitorRole) -> list[str]:
    return [claim.body.name for claim in claims if isinstance(claim.body, Competitor) and claim.body.role is role]


def _names(labelled: Labelled, claims: Sequence[Claim]) -> Ratio:
    there = [*(_labelled_role(labelled, role) for role in ROLES), *labelled.competitors.also]
    gold = _apart(name for name in there if name and name not in _NO_NAMES)
    every = (claim.body.name for claim in claims if isinstance(claim.body, Competitor))
    found = _apart(name for name in every if name not in _NO_NAMES)
    return Ratio(sum(any(same(name, other) for other in gold) for name in found), len(found), len(gold))


def _apart(names: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for name in names:
        if not any(same(name, other) for other in kept):
            kept.append(name)
    return kept


def _shares_there(labelled: Labelled) -> Counter[Category]:
    shares: Counter[Category] = Counter()
    for driver in labelled.drivers:
        shares[driver.category] += driver.share
    return shares


def _shares_found(claims: Iterable[Claim]) -> Counter[Category]:
    shares: Counter[Category] = Counter()
    for claim in claims:
        if isinstance(claim.body, Driver):
            shares[claim.body.category] += claim.body.share
    return shares


def _distance(gold: Counter[Category], found: Counter[Category]) -> float:
    """Total variation: 0 for equal shares, 1 for nothing in common, and for no drivers at all."""
    return sum(abs(gold[name] - found[name]) for name in Category) / 200 if found else 1.0


def _contradictions(labelled: Labelled, claims: Iterable[Claim]) -> Ratio:
    there = {contradiction.field for contradiction in labelled.contradictions}
    found = {claim.body.field for claim in claims if isinstance(claim.body, Contradiction)}
    return Ratio(len(there & found), len(found), len(there))


def _mood(claims: Iterable[Claim]) -> Mood:
    """The mood that is told. Somebody in whose words nothing shows one is calm, as far as anybody can say."""
    return next((claim.body.mood for claim in claims if isinstance(claim.body, Tone)), Mood.CALM)


def _stalled(claims: Iterable[Claim]) -> int:
    """The turn in which it stood still; 0 for none."""
    return next((claim.spans[0].turn_number for claim in claims if claim.kind is StatementKind.STALLED), 0)


def _three(ratio: Ratio) -> str:
    return f"{ratio.precision:.2f}  {ratio.recall:.2f}  {ratio.f1:.2f}"


def _part(right: float, whole: int) -> str:
    return f"{right / whole:.2f}" if whole else "-"

"""The step that weighs what moved the decision: a few reasons by category, each with its share (domain.md, "Drivers").

A clause counts for where it stands (what tipped it more than what was said along the way) and for what it says of its
own weight ("the main thing", "also"). What is said to be no reason ("price was not the issue") is none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache

from interviewer.analysis import classifier, grounds, lists, naming
from interviewer.analysis.case import Case, Outcome, Result
from interviewer.analysis.codebook import Polarity, Theme
from interviewer.analysis.hearing import About, Clause, Hearing
from interviewer.analysis.shares import to_hundred
from interviewer.bodies import Category, Confidence, Driver, key
from interviewer.evidence import Claim, Span, StatementKind
from interviewer.transcript import AnswerKind, Turn

MOST = 4
FAINTEST = 0.12
"""Part of the whole below which a reason is left out."""
SHARPER = 1.3
"""Exponent on the weights: buyers who name one reason mean it more than the count of its words tells."""
CLEARER = 1.0
"""Exponent on the points of a clause: what it says most plainly is what it says."""
_TOPICS: Mapping[str, Mapping[str, float]] = {
    "loss": {"decision": 3.0, "almost": 0.8, "peer": 0.3, "alternatives": 0.2},
    "win": {"decision": 3.0, "almost": 0.2, "peer": 0.4},
    "churn": {"decision": 3.0, "trigger": 2.0, "almost": 0.8, "peer": 0.3},
    "midpoint": {"decision": 2.5, "almost": 1.2, "trigger": 0.3, "peer": 0.3},
    "no_decision": {"decision": 3.0, "almost": 2.0, "peer": 0.3},
}
"""What a clause on a topic weighs, by flow."""
_DEFAULT = "loss"
_BESIDE = 0.2
"""What is said of it on a topic of no core."""
_AFTERWARDS = 2.2
"""What a follow-up on a near miss brings out: what came between."""
_LABEL = 0.25
"""Of a vague answer that a follow-up opened: the label that comes first is not the reason (domain.md)."""
_PRAISED = 0.3
_MAIN, _MINOR = 1.8, 0.5
_THEMES = {
    Theme.FEATURE_GAP: Category.PRODUCT,
    Theme.PROCESS_FRICTION: Category.RELATIONSHIP,
    Theme.MESSAGING_MISS: Category.PRODUCT,
    Theme.STALLED_AT: Category.TIMING,
}
_MOST_OF_ONE = 2.0
"""Points for one reason in a clause, however often it is said there."""
_OF_SUBJECT, _OF_THEME = 0.5, 0.8
_BY_LIST, _OF_LEARNT = 0.7, 1.0
"""Of the points of the lists, whatever the classifier says; and what the classifier adds where it is certain."""
_FAINT, _LIKELY_ALONE = 0.3, 0.35
"""How likely a category is, from which it counts beside the lists, and where they hear nothing in a whole answer."""
_DENIED = 0.2
"""Of the points of a category that the buyer says elsewhere was not the reason."""
_CONCEDED = 0.3
"""Of what stands before a "but": the point comes after it."""
_VAGUE = 0.4
_NEGATION_REACH = 3
_UNSAID_BY_NO = frozenset({Category.PRICING, Category.TIMING, Category.COMPETITIVE})
"""Categories whose words a negation unsays. Of the others what there was not is the reason."""
_GENERIC = frozenset({"capability", "list price"})
"""Reasons whose words are said of much: half as sure."""
_OF_PRAISE = frozenset({"people who showed up"})
"""Reasons that are none for a loss: the buyer's words say what it was."""
_FALLBACK = {
    Category.PRICING: "price",
    Category.PRODUCT: "product",
    Category.IMPLEMENTATION: "implementation",
    Category.RELATIONSHIP: "the people",
    Category.COMPETITIVE: "the rival",
    Category.TIMING: "timing",
}
_AGAINST = frozenset({Theme.FEATURE_GAP, Theme.PROCESS_FRICTION, Theme.MESSAGING_MISS, Theme.EXPECTATION_MISSED})
_UNHEARD = 0.4
"""Of the weight of an answer that gives no reason which a list knows. Most of those stay with the reason before, or are
about the product."""
_LEAST = 2
"""Words that carry something, in a clause that gives a reason."""
_OF_A_HEADLINE = 4
"""Words that carry something, of a clause that opens with the reason and says no more."""
_SURE, _LIKELY = 4.0, 2.0
"""Weight from which a reason is told plainly, and from which it is told."""


@dataclass(frozen=True)
class Reason:
    """One reason in one clause."""

    category: Category
    label: str
    weight: float
    clause: Clause


def by_rules(case: Case) -> Result:
    return Result(claims=tuple(_claims(Hearing(case))))


def text_of(body: Driver) -> str:
    """What it says, as a phrase ("Pricing, about 60 %: price increase")."""
    return f"{body.category.capitalize()}, about {body.share} %: {body.driver}"


def _claims(hearing: Hearing) -> Iterator[Claim]:
    grouped: dict[tuple[Category, str], list[Reason]] = {}
    for reason in reasons(hearing):
        grouped.setdefault((reason.category, reason.label), []).append(reason)
    weights = {name: sum(reason.weight for reason in found) for name, found in grouped.items()}
    ranked = sorted(weights, key=lambda name: -weights[name])
    whole = sum(weights[name] ** SHARPER for name in ranked[:MOST])
    kept = [name for name in ranked[:MOST] if weights[name] ** SHARPER >= FAINTEST * whole]
    shares = to_hundred([round(1000 * weights[name] ** SHARPER) for name in kept])
    for name, share in zip(kept, shares, strict=True):
        found = sorted(grouped[name], key=lambda reason: -reason.weight)
        spans = grounds.of(hearing, [reason.clause.span for reason in found])
        towards = _towards(hearing, found[0])
        body = Driver(name[0], name[1], share, _confidence(weights[name], len(found)), towards)
        if spans:
            yield Claim(StatementKind.DRIVER, text_of(body), spans, "rules", body, key(body))


def reasons(hearing: Hearing) -> Iterator[Reason]:
    """Each reason that a clause gives, with its weight."""
    said = [(clause, _weight(hearing, clause)) for clause in hearing.clauses if hearing.content(clause.text) >= _LEAST]
    weighty = [(clause, weight) for clause, weight in said if weight > 0]
    heard = [(clause, weight, _heard(hearing, clause)) for clause, weight in weighty]
    for clause, weight, found in heard:
        whole = sum(points**CLEARER for _, points in found.values())
        for category, (label, points) in found.items():
            yield Reason(category, label, weight * points**CLEARER / max(whole, 1.0), clause)
    yield from _headline(hearing, {clause.span for clause, _, found in heard if found})
    for turn in dict.fromkeys(clause.turn for clause, _ in weighty):
        here = [(clause, weight, found) for clause, weight, found in heard if clause.turn == turn]
        if not any(found for _, _, found in here):
            heaviest = max(weight for _, weight, _ in here)
            named = [one for one in here if one[1] == heaviest and naming.gist(hearing, one[0].text)] or here
            clause, weight, _ = named[0]
            category = _likely(hearing, turn.text) or _of_answer_before(hearing, turn, heard) or Category.PRODUCT
            label = naming.gist(hearing, clause.text) or _FALLBACK[category]
            yield Reason(category, label, _UNHEARD * weight, clause)


def _headline(hearing: Hearing, heard: Set[Span]) -> Iterator[Reason]:
    """What opens the answer on what tipped it names the reason, though no list may know it ("The gateway.")."""
    first = next((clause for clause in hearing.clauses if clause.topic == "decision"), None)
    if first is None or first.span in heard or not 1 <= hearing.content(first.text) <= _OF_A_HEADLINE:
        return
    if any(_is_denied(hearing, first, category) for category in Category):
        return
    category = _likely(hearing, first.text) or Category.PRODUCT
    label = naming.gist(hearing, first.text) or naming.bare(hearing, first.text) or _FALLBACK[category]
    yield Reason(category, label, _UNHEARD * _weight(hearing, first), first)


_Heard = tuple[Clause, float, dict[Category, tuple[str, float]]]


def _likely(hearing: Hearing, text: str) -> Category | None:
    """The category that an answer most likely tells, where that is likely enough."""
    learnt = classifier.categories(text, hearing.words.language)
    likely = {category: sure for category, sure in learnt.items() if category is not None and sure >= _LIKELY_ALONE}
    return max(likely, key=lambda category: likely[category], default=None)


def _of_answer_before(hearing: Hearing, turn: Turn, heard: Sequence[_Heard]) -> Category | None:
    """What the answers before gave as reason on the same topic: a follow-up stays with it."""
    points = Counter[Category]()
    for clause, _, found in heard:
        if clause.turn.topic == turn.topic and clause.turn.number < turn.number:
            points.update({category: one for category, (_, one) in found.items()})
    return max(points, key=lambda category: points[category], default=None) if _is_probed(hearing.case, turn) else None


def _weight(hearing: Hearing, clause: Clause) -> float:
    case, language = hearing.case, hearing.words.language
    topics = _TOPICS.get(case.flow, _TOPICS[_DEFAULT])
    if lists.pattern("drivers", language, "weight", "decided").search(clause.text):
        return topics["decision"]
    core = clause.topic in _TOPICS[_DEFAULT] or clause.topic == "trigger"
    weight = topics.get(clause.topic, 0.0 if core else _BESIDE)
    lost = case.outcome is Outcome.LOST
    if lost and clause.topic == "almost" and _is_probed(case, clause.turn) and not _is_praise(hearing, clause):
        weight = _AFTERWARDS
    elif lost and clause.topic in {"almost", "peer", "alternatives"} and not _is_against(hearing, clause):
        return 0.0
    if lost and _is_praise(hearing, clause):
        weight *= _PRAISED
    if lost and hearing.words.hears(Theme.HIDDEN_CRITERION, clause.text):
        weight *= _MAIN
    if _was_asked_again(case, clause.turn) and lists.pattern("drivers", language, "weight", "label").search(
        clause.text
    ):
        weight *= _LABEL
    if lists.pattern("drivers", language, "weight", "main").search(clause.text):
        weight *= _MAIN
    elif lists.pattern("drivers", language, "weight", "minor").search(clause.text):
        weight *= _MINOR
    return weight


def _is_probed(case: Case, turn: Turn) -> bool:
    """Whether an answer follows a probe."""
    before = [question for question in case.transcript.questions if question.number < turn.number]
    return bool(before) and before[-1].move.startswith("probe")


def _was_asked_again(case: Case, turn: Turn) -> bool:
    """Whether an answer was vague, and a later one on its topic says more ("price", and then what about it)."""
    vague = turn.assessment is not None and turn.assessment.kind is AnswerKind.VAGUE
    return vague and any(other.number > turn.number for other in case.transcript.said_on(turn.topic))


def _is_against(hearing: Hearing, clause: Clause) -> bool:
    """Whether a clause says something against the vendor."""
    good, bad = hearing.tone(clause)
    return bad > good or bool(_AGAINST.intersection(hearing.themes(clause)))


def _is_praise(hearing: Hearing, clause: Clause) -> bool:
    """Whether a clause speaks well of the vendor: of a lost deal that is no reason."""
    good, bad = hearing.tone(clause)
    return good > bad and hearing.about(clause) is About.US


def _heard(hearing: Hearing, clause: Clause) -> dict[Category, tuple[str, float]]:
    """By category: the most plainly told reason, and points for how plainly. The lists say it surely, the classifier
    how likely it is."""
    language, found = hearing.words.language, dict[Category, tuple[str, float]]()
    learnt = classifier.categories(clause.text, language)
    lost = hearing.case.outcome is Outcome.LOST
    for category in Category:
        if _is_denied(hearing, clause, category):
            continue
        worth = {name: _points(hearing, clause, category, name, pattern) for name, pattern in _told(language, category)}
        label = max(worth, key=lambda name: worth[name], default="")
        points = sum(min(points, _MOST_OF_ONE) for points in worth.values())
        label = label if label and worth[label] and not (label in _OF_PRAISE and lost) else ""
        if subjects := _subjects(hearing, clause, category):
            points += _OF_SUBJECT
            label = _missing(hearing, clause, subjects[0]) if not label or label in _GENERIC else label
        if any(_THEMES.get(theme) is category for theme in hearing.themes(clause)):
            points += _OF_THEME
        likely = learnt.get(category, 0.0)
        points *= _BY_LIST + likely if learnt else 1.0
        if likely >= max(_FAINT, learnt.get(None, 0.0)):
            points += _OF_LEARNT * likely
        if category in denials(hearing):
            points *= _DENIED
        if points:
            found[category] = (label or naming.gist(hearing, clause.text) or _FALLBACK[category], points)
    return found


def _is_denied(hearing: Hearing, clause: Clause, category: Category) -> bool:
    return bool(lists.pattern("drivers", hearing.words.language, "denied", category).search(clause.text))


def _points(hearing: Hearing, clause: Clause, category: Category, label: str, pattern: lists.Pattern) -> float:
    """How plainly a clause tells a reason: once for each way to say it, less before a "but"."""
    language, said = hearing.words.language, dict[str, float]()
    but = [match.start() for match in lists.pattern("drivers", language, "weight", "but").finditer(clause.text)]
    for match in pattern.finditer(clause.text):
        before = " ".join(clause.text[: match.start()].split()[-_NEGATION_REACH:])
        if category in _UNSAID_BY_NO and hearing.words.negations.search(before):
            continue
        worth = _CONCEDED if any(match.end() <= at for at in but) else 1.0
        said[match.group().casefold()] = max(worth, said.get(match.group().casefold(), 0.0))
    return sum(said.values()) * (_VAGUE if label in _GENERIC else 1.0)


@lru_cache(maxsize=64)
def denials(hearing: Hearing) -> Mapping[Category, tuple[Span, ...]]:
    """Categories that the buyer says somewhere were not the reason, and nowhere that they were: where it is said."""
    language, found = hearing.words.language, dict[Category, tuple[Span, ...]]()
    for category in Category:
        if lists.pattern("drivers", language, "owned", category).search(hearing.case.said):
            continue
        pattern = lists.pattern("drivers", language, "denied", category)
        said = [
            Span(turn.number, *match.span())
            for turn in hearing.case.telling
            if turn.topic != "trigger"
            for match in pattern.finditer(turn.text)
        ]
        if said:
            found[category] = grounds.of(hearing, said)
    return found


@cache
def _told(language: str, category: Category) -> tuple[tuple[str, lists.Pattern], ...]:
    entries = lists.table("drivers", language).get("told", {}).get(category, {})
    return tuple((label, lists.compiled(tuple(words))) for label, words in entries.items())


def _subjects(hearing: Hearing, clause: Clause, category: Category) -> list[str]:
    """The subjects of the lexicon that a clause names and that are of this category."""
    sorted_ = lists.table("drivers", "subjects")
    return [
        label
        for label, pattern in hearing.words.subjects
        if label in sorted_.get(category, ()) and pattern.search(clause.text)
    ]


def _missing(hearing: Hearing, clause: Clause, subject: str) -> str:
    return f"no {subject}" if Theme.FEATURE_GAP in set(hearing.themes(clause)) else subject


def _towards(hearing: Hearing, reason: Reason) -> str:
    """Which way it pulled: what tipped a lost deal pulled away from the vendor."""
    match hearing.case.outcome:
        case Outcome.LOST:
            return Polarity.NEGATIVE
        case _:
            return Polarity.NEGATIVE if _is_against(hearing, reason.clause) else Polarity.POSITIVE


def _confidence(weight: float, clauses: int) -> Confidence:
    if weight >= _SURE and clauses > 1:
        return Confidence.HIGH
    return Confidence.MEDIUM if weight >= _LIKELY else Confidence.LOW

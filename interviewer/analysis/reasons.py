"""The reasons that clauses give: by category and by name, each with its weight.

Word lists hear reasons surely, and learned weights hear how likely each category is, clause by clause and for the whole
answer on what tipped it. What is said to be no reason ("price was not the issue") is none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from interviewer.analysis import classifier, grounds, lists, naming, weighing
from interviewer.analysis.case import Outcome
from interviewer.analysis.codebook import Theme
from interviewer.analysis.hearing import Clause, Hearing
from interviewer.analysis.labelling import INSIDE_SUBJECTS, labels
from interviewer.bodies import Category
from interviewer.evidence import Span
from interviewer.transcript import Turn

_THEMES = {
    Theme.FEATURE_GAP: Category.PRODUCT,
    Theme.PROCESS_FRICTION: Category.RELATIONSHIP,
    Theme.MESSAGING_MISS: Category.PRODUCT,
    Theme.STALLED_AT: Category.TIMING,
}
_MOST_OF_ONE = 2.0
"""Points for one reason in a clause, however often it is said there."""
_OF_SUBJECT, _OF_THEME = 0.5, 0.8
_MOST_LISTED = 3.0
"""Points for all that the lists hear in a clause."""
_BY_LIST, _OF_LEARNT = 0.7, 1.5
"""Of the points of the lists, whatever the classifier says; and what the classifier adds where it is certain."""
_OF_ANSWER = 1.5
"""For the whole answer on what tipped it, by learned weights."""
_CLEAR = 1.5
"""Exponent on how likely a category is there: the likeliest one is what it is about."""
_FEWEST_REASONS = 0.05
"""How likely a clause gives a reason, at least: it was asked for one."""
_LIKELY_ALONE = 0.35
"""How likely a category is, from which it counts where the lists hear nothing in a whole answer."""
_FAINT = 0.1
"""Points below which a reason in a clause is left to the other reasons there."""
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
_LOOSE = _GENERIC | {"support", "security"}
"""Names that a subject says more exactly ("account management")."""
_OF_PRAISE = frozenset({"people who showed up"})
"""Reasons that are none for a loss: the buyer's words say what it was."""
_UNHEARD = 0.4
"""Of the weight of an answer that gives no reason which a list knows. Most of those stay with the reason before, or are
about the product."""
_LEAST = 2
"""Words that carry something, in a clause that gives a reason."""
_OF_A_HEADLINE = 4
"""Words that carry something, of a clause that opens with the reason and says no more."""

PLAIN: Mapping[Category, str] = {
    Category.PRICING: "price",
    Category.PRODUCT: "product",
    Category.IMPLEMENTATION: "implementation",
    Category.RELATIONSHIP: "the people",
    Category.COMPETITIVE: "the rival",
    Category.TIMING: "timing",
}
"""What a reason is called where its words name nothing."""


@dataclass(frozen=True)
class Reason:
    """One reason in one clause."""

    category: Category
    label: str
    weight: float
    clause: Clause


def of(hearing: Hearing) -> Iterator[Reason]:
    """Each reason that a clause gives, with its weight."""
    said = [
        (clause, weighing.of(hearing, clause))
        for clause in hearing.clauses
        if hearing.content(clause.text) >= _LEAST and not naming.is_who(hearing, clause.text)
    ]
    weighty = [(clause, weight) for clause, weight in said if weight > 0]
    heard = [(clause, weight, _heard(hearing, clause)) for clause, weight in weighty]
    for clause, weight, found in heard:
        whole = sum(points for _, points in found.values())
        for category, (label, points) in found.items():
            yield Reason(category, label, weight * points / max(whole, 1.0), clause)
    yield from _headline(hearing, heard)
    for turn in dict.fromkeys(clause.turn for clause, _ in weighty):
        here = [(clause, weight, found) for clause, weight, found in heard if clause.turn == turn]
        if turn.topic == "decision":
            yield from _of_answer(hearing, turn, [clause for clause, _, _ in here])
        praised = any(weighing.is_praise(hearing, clause) for clause in hearing.clauses if clause.turn == turn)
        if not any(found for _, _, found in here) and (turn.topic != "almost" or not praised):
            heaviest = max(weight for _, weight, _ in here)
            named = [one for one in here if one[1] == heaviest and naming.gist(hearing, one[0].text)] or here
            clause, weight, _ = named[0]
            category = _likely(hearing, turn.text) or _of_answer_before(hearing, turn, heard) or Category.PRODUCT
            yield Reason(category, _named(hearing, clause, category), _UNHEARD * weight, clause)


def _of_answer(hearing: Hearing, turn: Turn, clauses: Sequence[Clause]) -> Iterator[Reason]:
    """What the whole answer is about by learned weights, said of the clause that is most about it."""
    learnt = classifier.categories(turn.text, hearing.words.language)
    some = max(1 - learnt.get(None, 0.0), _FEWEST_REASONS)
    for category in Category if learnt else ():
        clear = (learnt[category] / some) ** _CLEAR
        about = [(_alone(hearing, clause, category), clause) for clause in clauses]
        sure, clause = max(about, key=lambda pair: pair[0])
        if category not in denials(hearing) and clear >= _FAINT and not _is_denied(hearing, clause, category):
            yield Reason(
                category, _named(hearing, clause, category) if sure >= _FAINT else "", _OF_ANSWER * clear, clause
            )


def _alone(hearing: Hearing, clause: Clause, category: Category) -> float:
    return classifier.categories(clause.text, hearing.words.language).get(category, 0.0)


def _headline(hearing: Hearing, heard: Sequence["_Heard"]) -> Iterator[Reason]:
    """What opens the answer on what tipped it names the reason, though no list may know it ("The gateway."). Where it
    names who it was ("The works council."), the reason is what is told next."""
    first = next((clause for clause in hearing.clauses if clause.topic == "decision"), None)
    told = {clause.span for clause, _, found in heard if found}
    if first is None or first.span in told or not 1 <= hearing.content(first.text) <= _OF_A_HEADLINE:
        return
    if any(_is_denied(hearing, first, category) for category in Category):
        return
    weight = _UNHEARD * weighing.of(hearing, first)
    if naming.is_who(hearing, first.text) or INSIDE_SUBJECTS.intersection(labels(hearing, first.text)):
        after = (one for one in heard if one[0].topic == "decision" and one[0].span > first.span and one[2])
        if following := next(after, None):
            clause, _, found = following
            category = max(found, key=lambda name: found[name][1])
            yield Reason(category, found[category][0], weight, clause)
            return
        if naming.is_who(hearing, first.text):
            return
    category = _likely(hearing, first.text) or Category.PRODUCT
    label = naming.good(hearing, first.text) or naming.bare(hearing, first.text) or PLAIN[category]
    yield Reason(category, label, weight, first)


_Heard = tuple[Clause, float, dict[Category, tuple[str, float]]]


def _likely(hearing: Hearing, text: str) -> Category | None:
    """The category that an answer most likely tells, where that is likely enough."""
    learnt = classifier.categories(text, hearing.words.language)
    likely = {category: sure for category, sure in learnt.items() if category is not None and sure >= _LIKELY_ALONE}
    return max(likely, key=lambda category: likely[category], default=None)


def _of_answer_before(hearing: Hearing, turn: Turn, heard: Sequence[_Heard]) -> Category | None:
    """What the answers before gave as reason on the same topic: a follow-up stays with it."""
    points = Counter[Category]()
    if not weighing.is_probed(hearing.case, turn):
        return None
    for clause, _, found in heard:
        if clause.turn.topic == turn.topic and clause.turn.number < turn.number:
            points.update({category: one for category, (_, one) in found.items()})
    return (
        max(points, key=lambda category: points[category], default=None)
        if weighing.is_probed(hearing.case, turn)
        else None
    )


def _heard(hearing: Hearing, clause: Clause) -> dict[Category, tuple[str, float]]:
    """By category: the most plainly told reason, and points for how plainly. The lists say it surely, the classifier
    how likely it is."""
    language, found = hearing.words.language, dict[Category, tuple[str, float]]()
    learnt = classifier.categories(clause.text, language)
    none = learnt.get(None, 0.0)
    for category in Category:
        if _is_denied(hearing, clause, category):
            continue
        label, listed = _listed(hearing, clause, category)
        likely = learnt.get(category, 0.0)
        points = min(listed, _MOST_LISTED) * (_BY_LIST + likely if learnt else 1.0)
        # A clause was asked for a reason: how likely it gives none counts for less.
        points += _OF_LEARNT * likely / max(1 - none, _FEWEST_REASONS) * (1 - none) ** 0.5
        if category in denials(hearing):
            points *= _DENIED
        if listed or points >= _FAINT:
            found[category] = (label or _named(hearing, clause, category), points)
    return found


def _listed(hearing: Hearing, clause: Clause, category: Category) -> tuple[str, float]:
    """What the lists hear of a category in a clause: the name of it, and points."""
    lost = hearing.case.outcome is Outcome.LOST
    told = _told(hearing.words.language, category)
    worth = {name: _points(hearing, clause, category, name, pattern) for name, pattern in told}
    label = max(worth, key=lambda name: worth[name], default="")
    points = sum(min(one, _MOST_OF_ONE) for one in worth.values())
    label = label if label and worth[label] and not (label in _OF_PRAISE and lost) else ""
    if subjects := _subjects(hearing, clause, category):
        points += _OF_SUBJECT
        label = _missing(hearing, clause, subjects[0]) if not label or label in _LOOSE else label
    if any(_THEMES.get(theme) is category for theme in hearing.themes(clause)):
        points += _OF_THEME
    return label, points


def _named(hearing: Hearing, clause: Clause, category: Category) -> str:
    """A name for what no list knows: in the buyer's words, else by what they have in common."""
    return naming.good(hearing, clause.text) or _meant(hearing, clause.text, category) or PLAIN[category]


def _meant(hearing: Hearing, text: str, category: Category) -> str:
    """What the words of a reason have in common, in plain words; empty where nothing."""
    names: Mapping[str, str] = lists.table("drivers", hearing.words.language).get("meant", {}).get(category, {})
    concepts = {concept for word in classifier.stems(text) for concept in classifier.concepts().get(word, ())}
    return next((name for concept, name in names.items() if concept in concepts), "") if names else ""


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
    return [label for label in labels(hearing, clause.text) if label in sorted_.get(category, ())]


def _missing(hearing: Hearing, clause: Clause, subject: str) -> str:
    gap = Theme.FEATURE_GAP in hearing.themes(clause) and naming.lacks(clause.text)
    return f"no {subject}" if gap else subject

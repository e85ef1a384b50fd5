"""Hear what a clause tells by weights that were learned from labelled statements, where no word list knows its words.

`statements.json` has the weights; `benchmarks/train_statements.py` learns them and says how well it went. Features are
single words, what they have in common (`concepts.toml`), pairs of neighbours, and which of the hand-written lists hear
something. English only: in other languages
nothing is heard, and the lists stand alone.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from interviewer.analysis import lists, words
from interviewer.analysis.codebook import Polarity, Theme
from interviewer.bodies import Category
from interviewer.folding import fold

LANGUAGE = "en"
FILE = "statements.json"
BIAS = "(bias)"
LONGEST = 600
"""Characters that are looked at: a clause is shorter, and time must not grow with what somebody pastes."""
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[%$€£]")
_DIGITS = re.compile(r"\d+")
_ENDING = re.compile(r"(?:ing|ed|es|ly|er|s)$")
_SHORTEST_STEM = 5
"""Letters of a word above which its ending is taken off; of a shorter one only the plural's."""
_NOTHING: Mapping[Any, float] = MappingProxyType({})


def categories(text: str, language: str = LANGUAGE) -> Mapping[Category | None, float]:
    """How likely the clause gives a reason of each category, or none (None): adds up to 1. Empty but in English."""
    if language != LANGUAGE:
        return _NOTHING
    return {Category(name) if name else None: sure for name, sure in _shared(text, "category").items()}


def themes(text: str, language: str = LANGUAGE) -> Mapping[Theme, float]:
    """How sure each theme is, by the words alone. Empty but in English.

    The score from which a theme counts was chosen for each by cross-validation, and is moved to 0.5 here.
    """
    if language != LANGUAGE:
        return _NOTHING
    points = _model()["points"]
    return {Theme(name): _logistic(score - points[name]) for name, score in _scores(text, "theme").items()}


def polarity(text: str, language: str = LANGUAGE) -> Mapping[Polarity, float]:
    """How likely the words point each way, towards the vendor: adds up to 1. Empty but in English."""
    if language != LANGUAGE:
        return _NOTHING
    return {Polarity(name): sure for name, sure in _shared(text, "polarity").items()}


def features(text: str) -> frozenset[str]:
    """What is counted of a clause, the same when learning and when reading."""
    text = text[:LONGEST]
    words = stems(text)
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    meant = (f"means:{concept}" for word in words for concept in concepts().get(word, ()))
    return frozenset((*words, *pairs, *meant, *_listed(text)))


def stems(text: str) -> list[str]:
    """The words of a text, folded and without endings."""
    return [_stem(word) for word in _split(text)]


@cache
def concepts() -> Mapping[str, tuple[str, ...]]:
    """By a word without its ending: what it has in common with others."""
    found: dict[str, tuple[str, ...]] = {}
    for concept, entries in lists.table("concepts", LANGUAGE).items():
        for word in {_stem(entry) for entry in entries.split()}:
            found[word] = (*found.get(word, ()), concept)
    return found


def _split(text: str) -> Iterator[str]:
    """Folded words, figures as 0, and "didn't" as two words, so that "did not" is the same."""
    for match in _WORD.finditer(_DIGITS.sub("0", fold(text).replace("’", "'"))):
        word, _, rest = match.group().partition("'")
        if rest == "t" and word.endswith("n"):
            yield word[:-1]
            yield "not"
        else:
            yield word


def _stem(word: str) -> str:
    if len(word) > _SHORTEST_STEM:
        return _ENDING.sub("", word)
    return word.removesuffix("s") if len(word) > 3 else word


def _listed(text: str) -> Iterator[str]:
    """The hand-written lists that hear something. What they do not know the words have to tell."""
    known = words.load(LANGUAGE)
    for category, labels in _told():
        found = [label for label, pattern in labels if pattern.search(text)]
        yield from (f"told:{category}:{label}" for label in found)
        if found:
            yield f"told:{category}"
        if lists.pattern("drivers", LANGUAGE, "denied", category).search(text):
            yield f"denied:{category}"
    yield from (f"cue:{cue}" for cue in known.cues if cue not in known.hints and known.hears(cue, text))
    yield from (f"subject:{label}" for label, pattern in known.subjects if pattern.search(text))
    yield from (f"whom:{whom}" for whom in ("us", "they", "own") if getattr(known, whom).search(text))


@cache
def _told() -> tuple[tuple[Category, tuple[tuple[str, lists.Pattern], ...]], ...]:
    told = lists.table("drivers", LANGUAGE)["told"]
    return tuple(
        (category, tuple((label, lists.compiled(tuple(entries))) for label, entries in told[category].items()))
        for category in Category
    )


@cache
def _model() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((files("interviewer.analysis") / FILE).read_text("utf-8"))
    return found


@lru_cache(maxsize=1024)
def _features(text: str) -> frozenset[str]:
    return features(text)


def _scores(text: str, group: str) -> dict[str, float]:
    """By class: its weights over the features there are, longer clauses reckoned with."""
    found, weights = _features(text), _model()[group]
    length = math.sqrt(len(found) or 1)
    return {name: of[BIAS] + sum(of.get(one, 0.0) for one in found) / length for name, of in weights.items()}


def _shared(text: str, group: str) -> dict[str, float]:
    scores = _scores(text, group)
    top = max(scores.values())
    parts = {name: math.exp(score - top) for name, score in scores.items()}
    whole = sum(parts.values())
    return {name: part / whole for name, part in parts.items()}


def _logistic(score: float) -> float:
    return 1 / (1 + math.exp(-score))

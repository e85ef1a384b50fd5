"""Hear from the words around a mention whether it is of an option, and which part that played, by learned weights.

`options.json` has the weights; `benchmarks/train_options.py` learns them from labelled mentions. Features are the words
beside the mention, what they have in common (`concepts.toml`), the topic that was asked for and the flow. English only:
in other languages nothing is heard, and the lists stand alone.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from interviewer.analysis import candidates, classifier, lists
from interviewer.analysis.classifier import BIAS, LANGUAGE
from interviewer.folding import fold

FILE = "options.json"
REACH = 8
"""Words on each side that are looked at, within the sentence."""
_NEAR = 3
"""Words on each side whose place counts as well."""
_CHARACTERS = 120
_OF_AN_ABBREVIATION = 6
"""Capitals from which a word is no abbreviation."""
_SENTENCE = re.compile(r"[.!?;:\n]")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")


@dataclass(frozen=True)
class Place:
    """A mention where it stands."""

    text: str
    """The whole answer."""
    start: int
    end: int
    topic: str
    flow: str
    is_kind: bool = False
    """Whether it is no name ("spreadsheet")."""


def roles(place: Place, language: str = LANGUAGE) -> Mapping[str, float]:
    """Log odds that the mention speaks of what they had (`incumbent`), went with (`selected`), or had in the final
    (`closest`). Empty but in English."""
    if language != LANGUAGE:
        return {}
    found = features(place)
    return {name: _score(name, found) for name in _model()["weights"] if name != "option"}


def is_option(place: Place) -> float:
    """Log odds that a word in English is an option at all, rather than a person, a place or a tool of theirs."""
    return _score("option", bare(place))


def features(place: Place) -> frozenset[str]:
    """What is counted of a mention for its part, the same when learning and when reading."""
    part = f"flow:{place.flow}"
    kind = "kind:thing" if place.is_kind else "kind:name"
    return frozenset({*_around(place), part, f"{part} topic:{place.topic}", kind})


def bare(place: Place) -> frozenset[str]:
    """What is counted of a word for whether it is an option: how it is written, and what stands beside it."""
    word = place.text[place.start : place.end]
    where = "opens" if candidates.opens(place.text, place.start) else "inside"
    common = "ordinary" if candidates.is_ordinary(word) else "rare"
    looks = {f"shape:{where}", f"shape:{common}", f"shape:{where} {common}", f"words:{min(word.count(' '), 2)}"}
    if any(_CAPITAL.match(letter) or letter.isdigit() for letter in word[1:].replace(" ", "")):
        looks.add("shape:branded")
    if word.endswith("s"):
        looks.add("shape:s")
    if word.isupper() and len(word) < _OF_AN_ABBREVIATION:
        looks.add("shape:letters")
    first = fold(word).split()[:1]
    looks |= {f"proper:{group}" for group, names in _proper().items() if names.intersection(first)}
    return frozenset({*_around(place), *looks, *(f"{one} topic:{place.topic}" for one in looks)})


def _around(place: Place) -> Iterator[str]:
    before = _SENTENCE.split(place.text[max(0, place.start - _CHARACTERS) : place.start])[-1]
    after = _SENTENCE.split(place.text[place.end : place.end + _CHARACTERS])[0]
    left, right = classifier.stems(before)[-REACH:][::-1], classifier.stems(after)[:REACH]
    yield f"topic:{place.topic}"
    for side, words in (("<", left), (">", right)):
        edged = (*words, "|")
        yield from (f"{side}{number}:{word}" for number, word in enumerate(edged[:_NEAR]))
        yield f"{side}{' '.join(edged[:2])}"
        yield from (f"{side}{word}" for word in words)
        yield from (f"{side}{one} {other}" for one, other in pairwise(words))
        yield from (f"{side}means:{concept}" for concept in _meant(words))
        yield from (f"{side}near:{concept}" for concept in _meant(words[:_NEAR]))
    if after[:1] in ",/" and after:
        yield "listed>"
    if before.rstrip()[-1:] in {",", "/"}:
        yield "<listed"


@cache
def _proper() -> Mapping[str, frozenset[str]]:
    return {group: frozenset(names.split()) for group, names in lists.table("proper", LANGUAGE).items()}


def _meant(words: Iterable[str]) -> set[str]:
    return {concept for word in words for concept in classifier.concepts().get(word, ())}


def _score(name: str, found: Set[str]) -> float:
    weights = _model()["weights"][name]
    return float(weights[BIAS] + sum(weights.get(one, 0.0) for one in found) / math.sqrt(len(found) or 1))


@cache
def _model() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((files("interviewer.analysis") / FILE).read_text("utf-8"))
    return found

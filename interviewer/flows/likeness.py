"""Whether two questions ask the same: by what they ask for and the words that carry it, not by the letters alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from interviewer.flows.tokens import tokens, unquoted
from interviewer.flows.words import Lexicon, Rules

ALIKE = 0.6
"""Shared weight of the telling words, of the weight of all of them, from which two questions are one."""

_WITHIN = 0.55
"""The same where everything that one of them asks is in the other."""
_SAME_WORDS = 0.75
"""Shared words of all words, for questions that hold no telling word ("How did that come about?")."""
_PLAIN = 0.4
"""Weight of a word that is in many questions."""
_ENOUGH = 1.0
"""Weight from which the telling words decide."""
_NGRAMS = 0.7
_ENDINGS = {
    "en": ("ings", "ing", "ed", "es", "ly", "s", "e"),
    "de": ("enden", "ende", "ten", "est", "ern", "en", "em", "er", "es", "te", "st", "e", "n", "t", "s"),
    "fr": ("aient", "ment", "ent", "ait", "ées", "ée", "és", "er", "ez", "es", "é", "e", "s"),
    "id": ("kannya", "annya", "nya", "kan", "lah", "an", "i"),
}
_ANY_ENDING = ("s", "e", "a", "o")
_SHORTEST = 3
_FORMS = "form_"
_GROUPS = ("same_", _FORMS)
"""How lists are named whose words are one: synonyms, and forms of a plain word."""
_THIS = "this"
"""Stands for every word that only points ("it", "that")."""


def stem(word: str, language: str = "en") -> str:
    """The word without its ending: equal for "import", "imports" and "imported"."""
    for ending in _ENDINGS.get(language, _ANY_ENDING):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word.removesuffix(ending)
            break
    doubled = len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "aeiou"
    return word[:-1] if doubled else word


def alike(one: Question, other: Question) -> bool:
    """Whether a buyer who answered one of these would feel asked again by the other."""
    if not one.words or not other.words:
        return False
    if one.words == other.words:
        return True
    if one.seeks != other.seeks:
        return False
    if min(one.weight, other.weight) < _ENOUGH:
        return len(one.words & other.words) / len(one.words | other.words) >= _SAME_WORDS
    shared = sum(weight for word, weight in one.telling.items() if _among(word, other.telling))
    jaccard = shared / (one.weight + other.weight - shared)
    within = shared >= 0.95 * min(one.weight, other.weight) and min(one.weight, other.weight) > _ENOUGH
    return jaccard >= ALIKE or (within and jaccard >= _WITHIN)


@dataclass(frozen=True)
class Question:
    """What a question asks for, and by which words."""

    seeks: str
    """Its open word; those that ask for the same kind of thing are one."""
    words: frozenset[str]
    telling: Mapping[str, float]
    """Stems of the words that carry it, with their weight."""

    @property
    def weight(self) -> float:
        return sum(self.telling.values())

    @classmethod
    def read(cls, text: str, rules: Rules, lexicon: Lexicon) -> Question:
        groups = {word: name for name, group in rules.words.items() if name.startswith(_GROUPS) for word in group}
        found = [token.low for token in tokens(unquoted(text))]
        opening = [groups.get(word, word) for word in found if word in rules.words.get("open", ())]
        points = rules.words.get("pointing", frozenset())
        passing = rules.words.get("passing", frozenset())
        telling = {}
        for word in found:
            if word in passing:
                continue
            light = lexicon.is_in(word, "verb") or word in rules.words.get("neutral", ())
            if word in groups:
                telling[groups[word]] = _PLAIN if groups[word].startswith(_FORMS) else 1.0
            elif not lexicon.is_in(word, "function", "filler") and word not in rules.words.get("open", ()):
                telling[stem(word, lexicon.language)] = _PLAIN if light else 1.0
        telling = {word: weight for word, weight in telling.items() if word not in opening}
        kept = (word for word in found if word not in passing and not lexicon.is_in(word, "filler"))
        words = (_THIS if word in points else word for word in kept)
        return cls(opening[-1] if opening else "", frozenset(words), telling)


def _among(word: str, others: Mapping[str, float]) -> bool:
    return word in others or any(_near(word, other) for other in others)


def _near(one: str, other: str) -> bool:
    """Whether two stems share most of their runs of three letters."""
    mine, theirs = _ngrams(one), _ngrams(other)
    return bool(mine and theirs) and 2 * len(mine & theirs) / (len(mine) + len(theirs)) >= _NGRAMS


def _ngrams(word: str) -> set[str]:
    return {word[at : at + 3] for at in range(len(word) - 2)} if len(word) > 4 else set()

"""Words that may be the name of an option for how they are written: with a capital, and no small word."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from interviewer.analysis import lists, words
from interviewer.analysis.classifier import LANGUAGE
from interviewer.folding import fold

LETTER = "A-ZÀ-ÖØ-Þ"
MOST = 120
"""Of one answer. Nobody wrote more names; somebody who holds the shift key down has."""
_NAME = re.compile(
    rf"(?<![\w@.'’])[{LETTER}][\w&-]*(?:['’](?!s?(?!\w))\w+)?(?:\s(?:&\s)?(?:[{LETTER}][\w&-]*|\d+(?!\w))){{0,3}}"
)
_OPENS = re.compile(r"(?:^|[.!?…:;\n(\"“-]\s*)$")
_BEFORE = 3


def capitals(text: str) -> Iterator[tuple[int, int]]:
    """Where words with a capital stand, together where they are one name. English only."""
    for number, match in enumerate(_NAME.finditer(text)):
        start, end = match.span()
        while " " in text[start:end] and only_opens(text, start, text[start:end].split()[0]):
            start = text.index(" ", start) + 1
        name = text[start:end]
        if number < MOST and len(name) > 1 and not is_function(name):
            yield start, end


def only_opens(text: str, start: int, word: str) -> bool:
    """Whether a word that stands before a name is none of its own ("Only Acme", "Rolling Acme out")."""
    doing = word.endswith("ing") and opens(text, start) and is_ordinary(word)
    return is_function(word) or doing


def opens(text: str, start: int) -> bool:
    """Whether a sentence begins there."""
    return bool(_OPENS.search(text, max(0, start - _BEFORE), start))


def is_function(word: str) -> bool:
    known, low = words.load(LANGUAGE), fold(word).replace("’", "'")
    return any(
        one in known.function_words or one in known.not_names or one in _no_rivals()
        for one in (low, low.partition("'")[0])
    )


def is_ordinary(name: str) -> bool:
    """Whether each part of a name is a word that people write small ("Check-in")."""
    return all(part in _ordinary_words() for part in re.split(r"[\s-]+", fold(name)))


@cache
def _no_rivals() -> frozenset[str]:
    return frozenset(fold(word) for word in lists.table("roles", LANGUAGE).get("not_rivals", "").split())


@cache
def _ordinary_words() -> frozenset[str]:
    """Words that people who write about such deals write small."""
    return frozenset((files("interviewer.analysis") / "ordinary.txt").read_text("utf-8").split())

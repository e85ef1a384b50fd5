"""Words of a text with their places in it: what reading, hooks, lint and clock count and compare."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

_WORD = re.compile(r"(?:(?i:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w))|\w+(?:['’&./+-]\w+)*%?")
"""A word, with what is tied to it. Romance elisions are words of their own: "l'outil" is two."""
_BREAK = re.compile(r"[.,;:!?…()\[\]\"“”„«»\n/|–—]|\s-\s")
_DENSE = re.compile(r"[぀-ヿ㐀-鿿가-힯฀-๿]")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_QUOTED = re.compile(r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|\"([^\"]+)\"")

_RECENT, _SHORT = 256, 600
"""So many texts of so many characters at most are remembered, in memory alone: a reply asks dozens of times for the
words of its interview."""

GAP = "·"
"""Stands where something was taken out; neither a word nor the end of a sentence."""


@dataclass(frozen=True)
class Token:
    """A word as written, where it stands, and the number of its segment (punctuation starts a new one)."""

    text: str
    start: int
    end: int
    segment: int

    @cached_property
    def low(self) -> str:
        return self.text.lower().replace("’", "'")


def tokens(text: str) -> tuple[Token, ...]:
    return _short_tokens(text) if len(text) <= _SHORT else _tokens(text)


def _tokens(text: str) -> tuple[Token, ...]:
    found: list[Token] = []
    segment, end = 0, 0
    for match in _WORD.finditer(text):
        if _BREAK.search(text, end, match.start()):
            segment += 1
        found.append(Token(match.group(), match.start(), match.end(), segment))
        end = match.end()
    return tuple(found)


_short_tokens = lru_cache(_RECENT)(_tokens)


def segments(found: Sequence[Token]) -> tuple[tuple[Token, ...], ...]:
    """The words between punctuation marks, part by part."""
    return tuple(tuple(part) for _, part in groupby(found, key=lambda token: token.segment))


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, each with the marks that end it."""
    return tuple(match.group() for match in _SENTENCE.finditer(text))


def count(text: str) -> int:
    """Words in a text; two characters of a script that writes no blanks count as one."""
    return _short_count(text) if len(text) <= _SHORT else _count(text)


def _count(text: str) -> int:
    dense = len(_DENSE.findall(text))
    return len(_WORD.findall(_DENSE.sub(" ", text))) + (dense + 1) // 2


_short_count = lru_cache(_RECENT)(_count)


def span(text: str, words: Sequence[Token]) -> str:
    """The text from the first of these words to the last, as it was written."""
    return text[words[0].start : words[-1].end] if words else ""


def fold(text: str) -> str:
    """For comparing: lower case, one blank between words, no punctuation."""
    return " ".join(token.low for token in tokens(text))


def says(text: str, part: str) -> bool:
    """Whether `part` stands in `text` word by word, case and punctuation aside."""
    return Heard(text).says(part)


@dataclass(frozen=True)
class Heard:
    """A text that may be long, folded once however often it is asked what stands in it."""

    text: str

    def says(self, part: str) -> bool:
        """As the function does."""
        return f" {fold(part)} " in self._folded

    @cached_property
    def _folded(self) -> str:
        return f" {fold(self.text)} "


def quoted(text: str) -> tuple[str, ...]:
    """What stands in quotation marks, without the blanks that some languages put inside them."""
    return tuple(next(part for part in match.groups() if part).strip() for match in _QUOTED.finditer(text))


def unquoted(text: str) -> str:
    """The text without what stands in quotation marks."""
    return _QUOTED.sub(f" {GAP} ", text)

"""Words as a reader takes them, whatever signs they are typed with: for what nobody is to recognise. Pure.

Case stays; accents, width, and signs that nobody sees are gone.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
"""Scripts that set no space between words, as a class of signs: there a neighbour says nothing."""
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5")
"""Letters by their category, that nobody sees."""
_KATAKANA = "\u30a0-\u30ff"
_UNIT = re.compile(f"[{_KATAKANA}]+|[{UNSPACED}]|[^\\W_{UNSPACED}]+")
_SIGN = re.compile(f"(?![{_KATAKANA}])[{UNSPACED}]")
_ALPHABETIC = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


@dataclass(frozen=True)
class Plain:
    """A text without what does not matter, and where each sign of it stood."""

    text: str
    places: tuple[int, ...]
    whole: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where [start, end) of `text` stands in `whole`, with the marks on its last letter."""
        last = self.places[end - 1] + 1
        while last < len(self.whole) and _unseen(self.whole[last]):
            last += 1
        return self.places[start], last


def plain(text: str) -> Plain:
    found = [
        (sign, place)
        for place, written in enumerate(text)
        for sign in unicodedata.normalize("NFKD", written)
        if not _unseen(sign)
    ]
    return Plain("".join(sign for sign, _ in found), tuple(place for _, place in found), text)


class Unit(NamedTuple):
    """A word, without case; of a script that sets no spaces a single sign."""

    said: str
    start: int
    end: int
    """Where it stands in the text as it was written."""

    @property
    def weight(self) -> float:
        """How much of a usual word it is: half of one in Chinese, less in Thai."""
        return 1 / 3 if _ALPHABETIC.match(self.said) else 1 / 2 if _SIGN.match(self.said) else 1


def units(text: str) -> list[Unit]:
    """What a text says, in order."""
    read = plain(text)
    return [Unit(hit.group().casefold(), *read.span(*hit.span())) for hit in _UNIT.finditer(read.text)]


def _unseen(sign: str) -> bool:
    return sign in _FILLERS or unicodedata.category(sign)[0] == "M" or unicodedata.category(sign) == "Cf"

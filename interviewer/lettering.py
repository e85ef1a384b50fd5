"""Words as a reader takes them, whatever signs they are typed with: for what nobody is to recognise. Pure.

Case stays; accents, width, and signs that nobody sees are gone.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
"""Scripts that set no space between words, as a class of signs: there a neighbour says nothing."""
_WORDS = """
    a about after all also an and any are as at be because been but by did do does for from had has have he her here
    him his how i if in into is it its just me more most my no not of on only or our out she so some than that the
    their them then there these they this those to too up us very was we were what when where which who why with would
    you your ab aber als am auch auf aus bei bin bis da damals dann dass dem den der des die dies du ein eine einem
    einen einer er es euch euer für hat hatte ich ihm ihn ihr im ist ja kein man mein mit nach nicht noch nur ob oder
    ohne sehr sein sich sie sind über um und uns unser vom von vor war waren weil wenn wer wie wir wo zu zum zur al
    como con cual de del donde e ellos el en entre era ese esta este fue hay la las lo los mi muy nos nosotros o para
    pero por porque que quien se si sin sobre son su sus también tu un uno usted y ya yo au aux avec c ce ces cette
    chez dans elles est et eux il ils j je l le les leur lui mais mes moi mon ne notre nous ont ou où par pas plus
    pour qu quand qui sa sans ses sont sur te toi ton très une votre vous à ao aos até com dos eles em essa esse eu
    foi isso já mas na nas não nem nossa nosso os pela pelo são seu sua também tem uma você vocês adalah akan aku atau
    bagi bahwa belum bisa dari dengan di ini itu jadi juga kami kamu karena ke kita lebih mereka oleh pada saya
    seperti sudah tapi tidak untuk yang another other others every each both many much few andere anderen anderer
    anderes jeder jede jedes otro otra otros otras cada autre autres chaque outro outra outros outras
"""
_IDLE = frozenset(_WORDS.split())
IDLE = frozenset(_WORDS.split())
"""Words that say nothing by themselves, in the languages of the flows. None of them is a person's name as well."""
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5")
"""Letters by their category, that nobody sees."""
_ALIKE = str.maketrans("\u0131\u03c2\u1c80\u1c81\u1c82\u1c83\u1c84\u1c85\u1c86\u1c87\u1c88", "iσвдосттъѣꙋ")
"""Small letters that `re.IGNORECASE` takes for another one, besides those that `plain` makes the same."""
_KATAKANA = "\u30a0-\u30ff"
_UNIT = re.compile(f"[{_KATAKANA}]+|[{UNSPACED}]|[^\\W_{UNSPACED}]+")
_SIGN = re.compile(f"(?![{_KATAKANA}])[{UNSPACED}]")
_ALPHABETIC = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


@dataclass(frozen=True)
class Plain:
    """A text without what does not matter, and where each sign of it stood."""

    text: str
    places: Sequence[int]
    whole: str

    @cached_property
    def small(self) -> str:
        """`text` without case, sign by sign: what `re.IGNORECASE` takes for the same is the same."""
        return small(self.text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where [start, end) of `text` stands in `whole`, with the marks on its last letter."""
        last = self.places[end - 1] + 1
        while last < len(self.whole) and _unseen(self.whole[last]):
            last += 1
        return self.places[start], last


def plain(text: str) -> Plain:
    if text.isascii():
        return Plain(text, range(len(text)), text)
    kept = [_kept(written) for written in text]
    return Plain("".join(kept), [place for place, signs in enumerate(kept) for _ in signs], text)


def small(text: str) -> str:
    """`text` without case, as long as before where it is `plain`."""
    return text.lower().translate(_ALIKE)


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


@lru_cache(maxsize=4096)
def _kept(written: str) -> str:
    """What is left of one sign."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", written) if not _unseen(sign))


def _unseen(sign: str) -> bool:
    return sign in _FILLERS or unicodedata.category(sign)[0] == "M" or unicodedata.category(sign) == "Cf"

"""Black bars over words that were redacted. Lengths stay, so that spans of quotes hold. Pure."""

import re
import unicodedata
from collections.abc import Iterable

from interviewer import namesakes
from interviewer.lettering import UNSPACED, plain

BAR = "\N{FULL BLOCK}"
SHORTEST = 3
"""Letters and digits of a redacted stretch from which other texts are searched for it; of a name two."""

_UNSPACED = re.compile(f"[{UNSPACED}]")
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
    seperti sudah tapi tidak untuk yang
"""
_IDLE = frozenset(_WORDS.split())
"""Words that say nothing by themselves, in the languages of the flows. None of them is a person's name as well."""


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with every code point of `spans` but spaces under a bar; as long as before."""
    for start, end in spans:
        bars = "".join(character if character.isspace() else BAR for character in text[start:end])
        text = text[:start] + bars + text[end:]
    return text


def without(text: str, hidden: Iterable[str]) -> str:
    """`text` with everything that `places` finds under bars: for sentences that may repeat what was redacted."""
    for start, end in places(text, hidden):
        text = text[:start] + BAR * (end - start) + text[end:]
    return text


def places(text: str, hidden: Iterable[str]) -> list[tuple[int, int]]:
    """Where a text repeats what was redacted, in order and apart from one another.

    That is every stretch of `hidden` that stands as whole words, however it is spaced, punctuated or capitalised, and
    each part of a full name in one (`namesakes`). What says nothing by itself is not searched for.
    """
    wanted = [stretch for stretch in dict.fromkeys(hidden) if telling(stretch)]
    if not wanted or not text:
        return []
    said = plain(text)
    return merged(said.span(*span) for stretch in wanted for span in namesakes.found(said, stretch))


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places, in order, none in or beside another."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def telling(stretch: str) -> bool:
    """Whether this is more than function words, and long enough to be looked for elsewhere."""
    words = re.findall(r"[^\W_]+", stretch)
    letters = "".join(words)
    shortest = 1 if _UNSPACED.search(stretch) else SHORTEST - (letters[:1].isupper() and not letters.isupper())
    return len(letters) >= shortest and not _IDLE.issuperset(word.lower() for word in words)


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The span [start, end), widened to the words that it cuts."""
    while 0 < start < len(text) and _inside(text[start - 1], text[start]):
        start -= 1
    while 0 < end < len(text) and _inside(text[end - 1], text[end]):
        end += 1
    return start, end


def _inside(one: str, other: str) -> bool:
    """Whether no word ends between these two characters."""
    if unicodedata.category(other).startswith("M"):
        return not one.isspace()
    marked = unicodedata.category(one).startswith("M")
    return (_spaced(one) or marked) and _spaced(other)


def _spaced(character: str) -> bool:
    return character.isalnum() and not _UNSPACED.match(character)

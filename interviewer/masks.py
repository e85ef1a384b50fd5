"""Black bars over words that were redacted. Lengths stay, so that spans of quotes hold. Pure."""

import re
import unicodedata
from collections.abc import Iterable

from interviewer import namesakes
from interviewer.lettering import IDLE, UNSPACED, plain

BAR = "\N{FULL BLOCK}"
SHORTEST = 3
"""Letters and digits of a redacted stretch from which other texts are searched for it; of a name or capitals two."""

_UNSPACED = re.compile(f"[{UNSPACED}]")


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
    each part of a full name in one, or of a stretch of few words (`namesakes`). What says nothing by itself is not
    searched for.
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
    shortest = 1 if _UNSPACED.search(stretch) else SHORTEST - (letters[:1].isupper() or letters.isupper())
    return len(letters) >= shortest and not IDLE.issuperset(word.lower() for word in words)


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

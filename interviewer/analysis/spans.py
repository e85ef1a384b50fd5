"""Find what a model claims to quote in what the buyer wrote. What cannot be found word for word is dropped."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

CLOSE_ENOUGH = 0.9
"""Likeness, folded, from which a claimed quote counts as the same words."""
MIN_WORDS_TO_GUESS = 4
"""A shorter claim has to be there as it is: too much of a language is near to three words."""
WIDEST_GAP = 160
"""Code points that an ellipsis inside a claim may stand for."""

_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´ʼ′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_WRAPPING = " \t\r\n\"'.,;:…"
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,})\s*")
_WORD = re.compile(r"\w+")
_NEGATIONS = re.compile(
    r"(?:not|no|never|none|nothing|nobody|without|t|nicht|kein|keine|keinen|nie|nichts|niemand|ohne)"
)
_ZERO_WIDTH_JOINER = "\u200d"


def align(text: str, claimed: str) -> tuple[int, int] | None:
    """The span of `text` that `claimed` quotes, in code points, or None.

    Case, accents, spacing, dashes, quotation marks and ellipses may differ; beyond that only a few letters may, and
    never a negation. The span does not cut a character that is made of several code points.
    """
    folded = _Folded(text)
    span = _exact(text, claimed) or folded.find(claimed)
    span = span or _across_ellipsis(folded, claimed) or _nearest(folded, claimed)
    return _whole(text, *span) if span else None


def _exact(text: str, claimed: str) -> tuple[int, int] | None:
    stripped = claimed.strip()
    return next(_occurrences(text, stripped), None) if stripped else None


class _Folded:
    """A text made comparable, that remembers where each of its characters came from."""

    def __init__(self, text: str) -> None:
        characters: list[str] = []
        self.origin: list[int] = []
        for index, character in enumerate(text):
            for part in _fold(character):
                if part == " " and (not characters or characters[-1] == " "):
                    continue
                characters.append(part)
                self.origin.append(index)
        self.text = "".join(characters)

    def find(self, claimed: str, *, after: int = 0) -> tuple[int, int] | None:
        """The span in the original of the first whole-word occurrence that starts at `after` or later."""
        wanted = fold(claimed).strip(_WRAPPING)
        if not wanted:
            return None
        for start, end in _occurrences(self.text, wanted):
            span = self.back(start, end)
            if span[0] >= after:
                return span
        return None

    def back(self, start: int, end: int) -> tuple[int, int]:
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> str:
    """Lower case, no accents, plain punctuation, single spaces."""
    return _Folded(text).text


def _fold(character: str) -> str:
    if character.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", character.translate(_SAME)).casefold()
    kept = "".join(c for c in plain if unicodedata.category(c) not in {"Mn", "Me", "Cf"})
    return kept.translate(_SAME)


def _occurrences(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Where `wanted` stands in `text` as whole words: "art" is not found in "start"."""
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if not (_joined(text, start) or _joined(text, end)):
            yield start, end
        start = text.find(wanted, start + 1)


def _joined(text: str, at: int) -> bool:
    """Whether a cut at `at` goes through a word. Scripts without spaces (Chinese, Japanese, Thai) have no such cut."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return before.isalnum() and after.isalnum() and not (_unspaced(before) or _unspaced(after))


def _unspaced(character: str) -> bool:
    return unicodedata.category(character) == "Lo" and not "\u0590" <= character <= "\u08ff"


def _across_ellipsis(folded: _Folded, claimed: str) -> tuple[int, int] | None:
    """From the first piece to the last, where the pieces stand in order with little between them."""
    pieces = [piece for piece in _ELLIPSIS.split(claimed) if fold(piece).strip(_WRAPPING)]
    if len(pieces) < 2:
        return folded.find(pieces[0]) if pieces and pieces[0] != claimed else None
    found: list[tuple[int, int]] = []
    for piece in pieces:
        span = folded.find(piece, after=found[-1][1] if found else 0)
        if span is None or (found and span[0] - found[-1][1] > WIDEST_GAP):
            return None
        found.append(span)
    return found[0][0], found[-1][1]


def _nearest(folded: _Folded, claimed: str) -> tuple[int, int] | None:
    """The run of words most like the claim, if it is like enough and denies as much."""
    wanted = fold(claimed).strip(_WRAPPING)
    words = _WORD.findall(wanted)
    tokens = list(_WORD.finditer(folded.text))
    if len(words) < MIN_WORDS_TO_GUESS:
        return None
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    best, span = CLOSE_ENOUGH, None
    for first, last in _windows([token.group() for token in tokens], words):
        start, end = tokens[first].start(), tokens[last].end()
        matcher.set_seq1(folded.text[start:end])
        if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
            continue
        ratio = matcher.ratio()
        if ratio > best or (span is None and ratio >= best):
            best, span = ratio, (start, end)
    if span is None or _denials(folded.text[slice(*span)]) != _denials(wanted):
        return None
    return folded.back(*span)


def _windows(tokens: list[str], words: list[str]) -> Iterator[tuple[int, int]]:
    """First and last index of runs about as long as `words` that share most of them."""
    wanted, enough = Counter(words), len(words) * 0.6
    for size in sorted({len(words) - 1, len(words), len(words) + 1}, key=lambda n: abs(n - len(words))):
        for first in range(len(tokens) - size + 1):
            if (Counter(tokens[first : first + size]) & wanted).total() >= enough:
                yield first, first + size - 1


def _denials(text: str) -> int:
    return len(_NEGATIONS.findall(text))


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole characters: accents, skin tones, flags and joined emoji stay with what they belong to."""
    while start > 0 and (_attached(text[start]) or text[start - 1] == _ZERO_WIDTH_JOINER):
        start -= 1
    while end < len(text) and (_attached(text[end]) or text[end - 1] == _ZERO_WIDTH_JOINER):
        end += 1
    return start, end


def _attached(character: str) -> bool:
    """Whether it only changes the character before it."""
    return (
        unicodedata.category(character) in {"Mn", "Mc", "Me"}
        or character == _ZERO_WIDTH_JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )

"""Text cut for marking: a turn at the borders of its quotes, an answer around what was searched for. Pure."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from interviewer.records import Piece, Quote, Segment

_BEFORE, _LONGEST = 50, 170
"""Characters of an excerpt before the first hit, and in all."""


def segments(text: str, quotes: Sequence[Quote]) -> tuple[Segment, ...]:
    """`text` cut where a quote begins or ends, so that overlapping quotes can all be drawn. Joined, it is `text`."""
    quotes = [quote for quote in quotes if 0 <= quote.start < quote.end <= len(text)]
    borders = sorted({0, len(text), *(quote.start for quote in quotes), *(quote.end for quote in quotes)})
    cut = []
    for start, end in pairwise(borders):
        over = sorted(
            (quote for quote in quotes if quote.start <= start and end <= quote.end),
            key=lambda quote: (quote.end - quote.start, quote.id),
        )
        cut.append(
            Segment(
                text=text[start:end],
                quotes=tuple(quote.id for quote in over),
                tint=next((tag.tint for quote in over for tag in quote.tags), ""),
                begins=tuple(quote.id for quote in over if quote.start == start),
                ends=tuple(quote for quote in over if quote.end == end),
            )
        )
    return tuple(cut)


def excerpt(answers: Iterable[str], words: Sequence[str]) -> tuple[Piece, ...]:
    """A short stretch of the answer that holds most of `words`, cut between words, each hit a piece of its own.

    Empty where no answer holds any.
    """
    if not words:
        return ()
    wanted = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    text = max(answers, key=lambda answer: len({hit.casefold() for hit in wanted.findall(answer)}), default="")
    first = wanted.search(text)
    if first is None:
        return ()
    start, end = _around(text, first)
    pieces, at = [Piece("…" if start else "", False)], start
    for hit in wanted.finditer(text, start, end):
        pieces += [Piece(text[at : hit.start()], False), Piece(hit.group(), True)]
        at = hit.end()
    pieces += [Piece(text[at:end], False), Piece("…" if end < len(text) else "", False)]
    return tuple(piece for piece in pieces if piece.text)


def _around(text: str, hit: re.Match[str]) -> tuple[int, int]:
    """From where to where `text` is shown so that `hit` is; between words where there are spaces."""
    start = max(0, hit.start() - _BEFORE)
    if start:
        start = text.find(" ", start, hit.start()) + 1 or start
    end = max(hit.end(), start + _LONGEST)
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", hit.end(), end + 1)
    return start, end if space < 0 else space

"""Text cut for marking: a turn at the borders of its quotes, an answer around what was searched for. Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from interviewer import searching
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
    query = searching.words(words)
    found = [(answer, searching.hits(answer, query)) for answer in answers] if query else []
    text, hits = max(found, key=lambda one: _different(*one), default=("", []))
    return pieces(text, hits, whole=False) if hits else ()


def pieces(text: str, hits: Sequence[tuple[int, int]], *, whole: bool) -> tuple[Piece, ...]:
    """`text` cut at its hits; a long one, unless `whole`, only around the first."""
    start, end = 0, len(text)
    if not whole and len(text) > _LONGEST:
        start, end = _around(text, hits[0][0], hits[0][1]) if hits else _around(text, 0, 0)
    found, at = [Piece("…" if start else "", False)], start
    for first, last in hits:
        if at <= first and last <= end:
            found += [Piece(text[at:first], False), Piece(text[first:last], True)]
            at = last
    found += [Piece(text[at:end], False), Piece("…" if end < len(text) else "", False)]
    return tuple(piece for piece in found if piece.text)


def _different(text: str, hits: Sequence[tuple[int, int]]) -> int:
    return len({text[start:end].casefold() for start, end in hits})


def _around(text: str, first: int, last: int) -> tuple[int, int]:
    """From where to where `text` is shown so that [first, last) is; between words where there are spaces."""
    start = max(0, first - _BEFORE)
    if start:
        start = text.find(" ", start, first) + 1 or start
    end = max(last, start + _LONGEST)
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", last, end + 1)
    return start, end if space < 0 else space

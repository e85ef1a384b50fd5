"""Cut an answer into clauses that can stand as a quote: one thought each, without the words around it."""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

from interviewer.analysis.words import Words
from interviewer.flows.tokens import count
from interviewer.masks import BAR

LONGEST = 22
"""Words of a clause before it is cut at a comma or a joint."""

_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s|$)|[。！？]|\n+")
_LONGEST_TAIL = 80
"""Characters at the end of a clause that are looked at for words that carry nothing."""
_EDGES = f"{BAR} \t\r\n.,;:-–—…\"'“”„"


def clauses(text: str, words: Words) -> list[tuple[int, int]]:
    """Spans [start, end) of the clauses of `text`, in order, fillers and outer punctuation left off."""
    found = []
    for start, end in _sentences(text, words):
        for first, last in _parts(text, start, end, words):
            span = _trim(text, first, last, words)
            if count(text[slice(*span)]):
                found.append(span)
    return found


def _sentences(text: str, words: Words) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _SENTENCE_END.finditer(text):
        last_word = text[start : mark.start()].rpartition(" ")[2].lower().strip("(")
        if mark.group() == "." and last_word in words.abbreviations:
            continue
        yield start, mark.end()
        start = mark.end()
    if start < len(text):
        yield start, len(text)


def _parts(text: str, start: int, end: int, words: Words) -> Iterator[tuple[int, int]]:
    """Dashes part; commas and joints only where the sentence is long. What a "but", an "if" or a "because" opens stays
    with what it turns round, cut off, the rest means something else; unless that is a sentence by itself already."""
    for first, last in _cut(text, start, end, words.stop, shortest=2):
        if count(text[first:last]) <= LONGEST:
            yield first, last
            continue
        for one, other in _cut(text, first, last, words.turn, shortest=5):
            if count(text[one:other]) <= LONGEST:
                yield one, other
            else:
                yield from _cut(text, one, other, words.joint, shortest=4, longest=LONGEST)


def _cut(
    text: str, start: int, end: int, at: re.Pattern[str], *, shortest: int, longest: int = 0
) -> Iterator[tuple[int, int]]:
    """Pieces between matches of `at`. A piece grows while it, or what is left, is too short to stand alone."""
    bounds = [start, *(mark.start() for mark in at.finditer(text, start, end)), end]
    upto = [0, *accumulate(count(text[first:last]) for first, last in pairwise(bounds))]
    first = 0
    for mark in range(1, len(bounds) - 1):
        short = min(upto[mark] - upto[first], upto[-1] - upto[mark]) < shortest
        if short or (longest and upto[mark + 1] - upto[first] <= longest):
            continue
        yield bounds[first], bounds[mark]
        first = mark
    yield bounds[first], end


def _trim(text: str, start: int, end: int, words: Words) -> tuple[int, int]:
    """Take words that carry nothing off both ends ("well, ", ", to be honest"), and punctuation that closes nothing."""
    while True:
        before = start, end
        while start < end and text[start] in _EDGES:
            start += 1
        while end > start and text[end - 1] in _EDGES:
            end -= 1
        if lead := words.lead.match(text, start, end):
            start = lead.end()
        if tail := words.tail.search(text, max(start, end - _LONGEST_TAIL), end):
            end = tail.start()
        if (start, end) == before:
            return start, _closed(text, start, end)


def _closed(text: str, start: int, end: int) -> int:
    """The end, with the mark that closes a quotation which begins inside."""
    inside, mark = text[start:end], text[end : end + 1]
    closes = (mark == '"' and inside.count('"') % 2) or (mark == "”" and inside.count("“") > inside.count("”"))
    return end + 1 if closes else end

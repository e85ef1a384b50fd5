"""Whether a paraphrase is one, and not the buyer's own words (trust.md 9-11). Pure."""

from collections.abc import Iterable, Iterator, Sequence

from interviewer.lettering import Unit, units

LONGEST_RUN = 4
"""Words of a buyer in a row that a paraphrase may repeat."""
_TELLING = 3
"""Words from which a sentence that the buyer said as a whole is theirs, though it is no longer than that."""
_CLOSE, _KEPT = 6, 0.75
"""Words of the quote in its own order from which a wording that is made of little else is a copy with some changed."""


def repeated(wording: str, quote: str, said: Iterable[str]) -> str:
    """What `wording` takes over of a buyer's own words; empty where it is a paraphrase.

    That is more than `LONGEST_RUN` words in a row of anything in `said`, the quote as a whole or with a few words
    changed, or a whole wording that the buyer said just so. How the words are capitalised, spaced, punctuated and
    encoded does not matter. In scripts without spaces signs count, by how many make a word.
    """
    return Own(quote, said).repeated(wording)


class Own:
    """A buyer's own words, taken apart once for several wordings."""

    def __init__(self, quote: str, said: Iterable[str]) -> None:
        self._quote, *self._said = ((words, units(words)) for words in (quote, *said))

    def repeated(self, wording: str) -> str:
        """As the function does."""
        line, (quote, whole) = units(wording), self._quote
        joined = _joined(line)
        if line and joined == _joined(whole):
            return wording
        if _weight(whole) >= _TELLING and _joined(whole) in joined:
            return quote
        for words, own in (self._quote, *self._said):
            if _weight(line) >= _TELLING and joined in _joined(own):
                return wording
            if run := next((run for run in _runs(own) if _joined(run) in joined), None):
                return words[run[0].start : run[-1].end]
        kept = _in_order(line, whole) if _weight(line) >= _CLOSE else 0.0
        return quote if kept >= max(_CLOSE, _KEPT * _weight(line)) else ""


def _runs(found: Sequence[Unit]) -> Iterator[Sequence[Unit]]:
    """From every place the fewest units that are more than the longest run."""
    for start in range(len(found)):
        size, end = 0.0, start
        while end < len(found) and size <= LONGEST_RUN:
            size += found[end].weight
            end += 1
        if size <= LONGEST_RUN:
            return
        yield found[start:end]


def _in_order(line: Sequence[Unit], whole: Sequence[Unit]) -> float:
    """How many words of `line` stand in `whole` in the same order, others between them or not."""
    best = [0.0] * (len(whole) + 1)
    for unit in line:
        before = 0.0
        for place, other in enumerate(whole, 1):
            before, best[place] = (
                best[place],
                max(best[place], best[place - 1], before + unit.weight if unit.said == other.said else 0.0),
            )
    return best[-1]


def _joined(found: Sequence[Unit]) -> str:
    return "".join(unit.said for unit in found)


def _weight(found: Sequence[Unit]) -> float:
    return sum(unit.weight for unit in found)

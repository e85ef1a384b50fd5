"""Which of the things that were said are worth a quote.

What answers a question is, and what its own words give away. The third thing told of one event, a scene without its
story and an exclamation are not: they stand in the transcript.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from interviewer.analysis.codebook import Theme
from interviewer.analysis.hearing import Hearing
from interviewer.analysis.reach import Unit
from interviewer.analysis.words import is_sentence

FULL, SOME = 3, 2
"""Words that carry something, from which a phrase and from which a sentence says enough by itself."""
MOST_OF_A_STORY = 2
"""Units of one answer that are quoted only for what was asked. Advice is quoted whole."""

Carried = Mapping[Theme, float]


def picked(hearing: Hearing, units: Sequence[tuple[Unit, Carried]]) -> Iterator[tuple[Unit, Carried]]:
    """Those worth a quote, in order."""
    told: Counter[int] = Counter()
    heard = Counter(unit.span.turn_number for unit, _ in units)
    for unit, carried in units:
        number = unit.span.turn_number
        said = set(hearing.themes(unit.clause))
        if not (said or _says_enough(hearing, unit, alone=heard[number] == 1)):
            continue
        told[number] += 1
        whole = told[number] <= MOST_OF_A_STORY or not said.isdisjoint(carried) or _is_wanted(hearing, unit, carried)
        if whole:
            yield unit, carried


def _says_enough(hearing: Hearing, unit: Unit, *, alone: bool) -> bool:
    content = hearing.content(unit.text)
    if alone and hearing.words.function_words:
        return content > 0
    if alone:  # without word lists a few words may as well say that there is nothing to say
        return content >= FULL or hearing.options.are_asked_for(unit.clause.turn)
    full = SOME if is_sentence(hearing.words, unit.text) else FULL
    return content >= full or any(map(str.isdigit, unit.text))


def _is_wanted(hearing: Hearing, unit: Unit, carried: Carried) -> bool:
    """Whether any of its kind counts: an option, advice, an item of a list, an event."""
    listed = "\n" in unit.clause.turn.text
    named = Theme.COMPETITOR_MENTION in carried and bool(hearing.options.heard_in(unit.text))
    return listed or named or Theme.PEER_RECOMMENDATION in carried or hearing.words.hears("event", unit.text)

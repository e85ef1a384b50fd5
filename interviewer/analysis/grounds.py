"""The spans that carry a claim: kept quotes that hold the words, else the clauses that they stand in."""

from collections.abc import Iterable, Iterator

from interviewer.analysis.hearing import Hearing
from interviewer.evidence import Span

MOST = 3
"""Quotes behind one claim."""


def of(hearing: Hearing, places: Iterable[Span], *, most: int = MOST) -> tuple[Span, ...]:
    """Where these places can be read, each once, in order; never more than `most`."""
    return tuple(sorted(list(dict.fromkeys(_each(hearing, places)))[:most]))


def _each(hearing: Hearing, places: Iterable[Span]) -> Iterator[Span]:
    for place in places:
        kept = [quote.span for quote in hearing.case.quotes if _holds(quote.span, place)]
        said = [part.span for part in hearing.parts if _holds(part.span, place)]
        yield next(iter(kept or said), place)


def _holds(span: Span, place: Span) -> bool:
    return span.turn_number == place.turn_number and span.start <= place.start and place.end <= span.end

"""The judgement of the analysis as tables for a terminal and as JSON. Of held-out interviews it shows figures only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from interviewer.analysis.codebook import Theme
from interviewer.bench.evidence import Overlap, Ratio, Score, matched
from interviewer.bench.labelled import GoldQuote, Labelled
from interviewer.evidence import Marked

CUT_AT = 70
Row = tuple[str, tuple[str, ...]]
"""A label, and a cell for each column."""


@dataclass(frozen=True)
class Column:
    """What one way of finding quotes made of one set."""

    name: str
    score: Score


def table(title: str, columns: Sequence[Column], more: Iterable[Row] = ()) -> Table:
    """Quotes, tags and whatever else was judged of one set, a column for each way of finding them."""
    shown = Table(title=title, title_justify="left")
    shown.add_column("")
    for column in columns:
        shown.add_column(column.name, justify="right")
    for label, cells in (*_rows([column.score for column in columns]), *more):
        shown.add_row(label, *cells)
    return shown


def _rows(scores: Sequence[Score]) -> Iterable[Row]:
    yield "quotes: precision, recall, F1", _three(score.quotes for score in scores)
    yield "with a right theme", _three(score.themed for score in scores)
    yield "quotes held: precision, recall, F1", _three(score.held for score in scores)
    yield "with a right theme, held", _three(score.held_themed for score in scores)
    yield "themes: precision, recall, micro F1", _three(score.micro for score in scores)
    yield "polarity agrees", tuple(_share(score.polarity) for score in scores)
    yield "subject agrees", tuple(_share(score.subject) for score in scores)
    yield "exact spans", tuple(_share(score.exact) for score in scores)
    for theme in Theme:
        there = scores[0].theme(theme).there if scores else 0
        yield f"{theme} ({there})", _three(score.theme(theme) for score in scores)


def _three(ratios: Iterable[Ratio]) -> tuple[str, ...]:
    return tuple(f"{ratio.precision:.2f}  {ratio.recall:.2f}  {ratio.f1:.2f}" for ratio in ratios)


def _share(ratio: Ratio) -> str:
    return f"{ratio.precision:.2f}" if ratio.found else "-"


def each(interviews: Iterable[tuple[Labelled, Sequence[Marked]]]) -> Table:
    """Per interview what was missed, and what nobody had labelled."""
    shown = Table(title="By interview", title_justify="left")
    for name in ("interview", "", "themes", "words"):
        shown.add_column(name)
    for labelled, marks in interviews:
        pairs = matched(labelled.quotes, marks, Overlap.SHARED)
        for quote in labelled.quotes:
            if not any(quote is other for other, _ in pairs):
                shown.add_row(labelled.id, "missed", ", ".join(quote.themes), _cut(quote))
        for mark in marks:
            if not any(mark is other for _, other in pairs):
                shown.add_row(labelled.id, "besides", ", ".join(tag.theme for tag in mark.tags), _cut(mark))
    return shown


def _cut(quote: GoldQuote | Marked) -> str:
    return quote.text if len(quote.text) <= CUT_AT else f"{quote.text[:CUT_AT]}…"


def as_json(sets: Mapping[str, Sequence[Column]]) -> dict[str, Any]:
    """All figures by set and column."""
    return {name: {column.name: _figures(column.score) for column in columns} for name, columns in sets.items()}


def _figures(score: Score) -> dict[str, Any]:
    ratios = {
        "quotes": score.quotes,
        "themed": score.themed,
        "held": score.held,
        "held_themed": score.held_themed,
        "themes": score.micro,
        "polarity": score.polarity,
        "subject": score.subject,
        "exact": score.exact,
        **{f"theme:{theme}": score.theme(theme) for theme in Theme},
    }
    return {
        name: {"right": ratio.right, "found": ratio.found, "there": ratio.there}
        | {"precision": round(ratio.precision, 3), "recall": round(ratio.recall, 3), "f1": round(ratio.f1, 3)}
        for name, ratio in ratios.items()
    }

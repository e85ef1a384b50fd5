"""The analysis judged by labelled interviews: are the quotes those that a person would take, and rightly tagged?

A found quote and a labelled one match when they share at least half: of all that either covers (`shared`), or, less
strictly, of the labelled one (`held`). Each is matched once, the best pairs first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from interviewer.analysis.case import Case
from interviewer.analysis.codebook import Theme
from interviewer.bench.labelled import GoldQuote, Labelled, case
from interviewer.evidence import Marked, Span
from interviewer.folding import fold
from interviewer.transcript import Transcript

ENOUGH = 0.5
"""The share from which a found quote counts as the labelled one."""

Finder = Callable[[Case], Sequence[Marked]]


class Overlap(Enum):
    SHARED = auto()
    """What both cover, of what either covers."""
    HELD = auto()
    """What both cover, of the labelled quote."""


@dataclass(frozen=True)
class Ratio:
    """Right ones among those found and those there are."""

    right: int = 0
    found: int = 0
    there: int = 0

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.right + other.right, self.found + other.found, self.there + other.there)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        both = self.found + self.there
        return 2 * self.right / both if both else 0.0


@dataclass(frozen=True)
class Score:
    """What came of one interview, or of several added up."""

    quotes: Ratio = Ratio()
    themed: Ratio = Ratio()
    """Quotes that share a theme with the labelled one as well."""
    held: Ratio = Ratio()
    held_themed: Ratio = Ratio()
    themes: Counter[tuple[Theme, str]] = field(default_factory=Counter)
    """By theme: "right", "found" and "there", over the tags of all quotes."""
    polarity: Ratio = Ratio()
    """Of matched quotes with a right theme, where one was said."""
    subject: Ratio = Ratio()
    exact: Ratio = Ratio()
    """Quotes that are exactly the words of a buyer's turn."""

    def __add__(self, other: Score) -> Score:
        return Score(
            self.quotes + other.quotes,
            self.themed + other.themed,
            self.held + other.held,
            self.held_themed + other.held_themed,
            self.themes + other.themes,
            self.polarity + other.polarity,
            self.subject + other.subject,
            self.exact + other.exact,
        )

    def theme(self, theme: Theme) -> Ratio:
        return Ratio(*(self.themes[theme, what] for what in ("right", "found", "there")))

    @property
    def micro(self) -> Ratio:
        return sum((self.theme(theme) for theme in Theme), Ratio())


def run(interviews: Iterable[Labelled], find: Finder) -> Score:
    """What `find` makes of the interviews, added up."""
    return sum((judge(one, find(case(one))) for one in interviews), Score())


def judge(labelled: Labelled, marks: Sequence[Marked]) -> Score:
    """How the quotes found in one interview compare with its labels."""
    gold = labelled.quotes
    pairs = matched(gold, marks, Overlap.SHARED)
    alike = matched(gold, marks, Overlap.SHARED, themed=True)
    return Score(
        quotes=Ratio(len(pairs), len(marks), len(gold)),
        themed=Ratio(len(alike), len(marks), len(gold)),
        held=Ratio(len(matched(gold, marks, Overlap.HELD)), len(marks), len(gold)),
        held_themed=Ratio(len(matched(gold, marks, Overlap.HELD, themed=True)), len(marks), len(gold)),
        themes=_themes(gold, marks, pairs),
        polarity=_agreement(_same_polarity(quote, mark) for quote, mark in alike if mark.tags[0].polarity),
        subject=_agreement(_same_subject(quote, mark) for quote, mark in alike),
        exact=_agreement(_is_exact(labelled.transcript, mark) for mark in marks),
    )


def matched(
    gold: Sequence[GoldQuote], marks: Sequence[Marked], overlap: Overlap, *, themed: bool = False
) -> list[tuple[GoldQuote, Marked]]:
    """The pairs that match, each quote in one of them. `themed` asks for a theme in common as well."""
    ranked = sorted(
        (
            (-common, place, position)
            for place, quote in enumerate(gold)
            for position, mark in enumerate(marks)
            if (common := _common(quote.span, mark.span, overlap)) >= ENOUGH
            and (not themed or {tag.theme for tag in mark.tags}.intersection(quote.themes))
        )
    )
    taken: set[int] = set()
    used: set[int] = set()
    pairs = []
    for _, place, position in ranked:
        if place not in taken and position not in used:
            taken.add(place)
            used.add(position)
            pairs.append((gold[place], marks[position]))
    return pairs


def _common(gold: Span, found: Span, overlap: Overlap) -> float:
    if gold.turn_number != found.turn_number:
        return 0.0
    both = max(min(gold.end, found.end) - max(gold.start, found.start), 0)
    either = gold.end - gold.start + found.end - found.start - both
    return both / (either if overlap is Overlap.SHARED else gold.end - gold.start)


def _themes(
    gold: Sequence[GoldQuote], marks: Sequence[Marked], pairs: Iterable[tuple[GoldQuote, Marked]]
) -> Counter[tuple[Theme, str]]:
    counted: Counter[tuple[Theme, str]] = Counter()
    counted.update((theme, "there") for quote in gold for theme in quote.themes)
    counted.update((Theme(tag.theme), "found") for mark in marks for tag in mark.tags)
    counted.update(
        (theme, "right") for quote, mark in pairs for theme in quote.themes if theme in {tag.theme for tag in mark.tags}
    )
    return counted


def _same_polarity(quote: GoldQuote, mark: Marked) -> bool:
    return any(tag.polarity == quote.polarity for tag in mark.tags if tag.theme in quote.themes)


def _same_subject(quote: GoldQuote, mark: Marked) -> bool:
    """Whether a subject shares a word that says something with the labelled one."""
    wanted = {word for word in fold(quote.subject).split() if len(word) > 2}
    return any(wanted.intersection(fold(tag.subject).replace(",", " ").split()) for tag in mark.tags)


def _is_exact(transcript: Transcript, mark: Marked) -> bool:
    said = {turn.number: turn.text for turn in transcript.answers}
    span = mark.span
    return bool(mark.text) and said.get(span.turn_number, "")[span.start : span.end] == mark.text


def _agreement(found: Iterable[bool]) -> Ratio:
    answers = list(found)
    return Ratio(sum(answers), len(answers), len(answers))

"""What an interview becomes, as values: quotes with their tags, and statements that rest on quotes.

Quotes are facts, interpretations are not (domain.md): a statement names the quotes that carry it, and one that lost
all of them is not shown. Themes and the other words of a tag are entries of `analysis/codebook.py`.
"""

from dataclasses import dataclass
from enum import StrEnum


class StatementKind(StrEnum):
    """In the order in which they are read."""

    HEADLINE = "headline"
    SURPRISE = "surprise"
    PHRASE = "phrase"
    GAP = "gap"
    SUMMARY = "summary"


@dataclass(frozen=True, order=True)
class Span:
    """The code points [start, end) of one buyer turn."""

    turn_number: int
    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        return self.turn_number == other.turn_number and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Tag:
    """One theme on one quote. `subject` names what it is about, in a few words, or is empty."""

    theme: str
    subject: str = ""
    polarity: str = ""
    scope: str = ""
    horizon: str = ""
    confidence: float = 1.0
    made_by: str = ""


@dataclass(frozen=True)
class Marked:
    """A span found worth quoting, with its tags: a quote before it is kept."""

    span: Span
    text: str
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A statement before it is kept, with the spans that carry it."""

    kind: StatementKind
    text: str
    spans: tuple[Span, ...]
    made_by: str = ""


@dataclass(frozen=True)
class Quote:
    """Kept words of a buyer. `text` is cut from the turn when it is read."""

    id: int
    turn_number: int
    start: int
    end: int
    text: str
    tags: tuple[Tag, ...] = ()

    @property
    def span(self) -> Span:
        return Span(self.turn_number, self.start, self.end)


@dataclass(frozen=True)
class Statement:
    """A kept statement. `quotes` are the ids of those that carry it, never empty."""

    id: int
    kind: StatementKind
    text: str
    quotes: tuple[int, ...]
    made_by: str

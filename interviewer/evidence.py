"""What an interview becomes, as values: quotes with their tags, and statements that rest on quotes.

Quotes are facts, interpretations are not (domain.md): a statement names the quotes that carry it, and one that lost
all of them is not shown. Themes and the other words of a tag are entries of `analysis/codebook.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from interviewer.bodies import Body


class StatementKind(StrEnum):
    """In the order in which they are read."""

    HEADLINE = "headline"
    SURPRISE = "surprise"
    PHRASE = "phrase"
    GAP = "gap"
    DECIDED = "decided"
    WHY = "why"
    VERSUS = "versus"
    SUMMARY = "summary"
    DRIVER = "driver"
    COMPETITOR = "competitor"
    TRIGGER = "trigger"
    STALLED = "stalled"
    TONE = "tone"
    INSIGHT = "insight"
    CONTRADICTION = "contradiction"
    FINDING = "finding"


class Review(StrEnum):
    """What a person said of something that the analysis suggests."""

    OPEN = ""
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


PERSON = "person"
"""Stands as `made_by` for what somebody at the desk added or reworded."""


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
    id: int = 0
    """0 before it is kept."""
    review: Review = Review.OPEN
    version: int = 1
    """Rises with each change by a person, so that two of them do not overwrite one another."""


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
    body: Body | None = None
    """What the sentence says, as fields; None for those that are sentences only."""
    key: str = ""
    """What stays the same when the step runs again ("pricing: list price"), so that a person's word on it holds."""


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
    body: Body | None = None
    key: str = ""
    review: Review = Review.OPEN
    version: int = 1
    machine_text: str = ""
    """What the analysis had said, where a person reworded it."""

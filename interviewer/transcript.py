"""What was said: turns, what an answer was judged to be, and the transcript that every decision reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Speaker(StrEnum):
    INTERVIEWER = "interviewer"
    BUYER = "buyer"


class Act(StrEnum):
    """What a buyer's turn does: says something, or leaves the question."""

    ANSWER = "answer"
    SKIP = "skip"
    NOTED = "noted"
    """Says what the buyer said in the words of who took notes: no verbatim quote comes of it."""


class AnswerKind(StrEnum):
    """How an answer reads (domain.md, "Rules of a good interviewer")."""

    SPECIFIC = "specific"
    VAGUE = "vague"
    NOTHING = "nothing"  # "nothing really", "no": an answer to the question, and empty
    REFUSES = "refuses"
    STOPS = "stops"
    OFF_TOPIC = "off_topic"
    HOSTILE = "hostile"
    ASKS_BACK = "asks_back"  # asks about the interview, the vendor or the product
    CONFUSED = "confused"  # "what do you mean?"
    WANTS_PERSON = "wants_person"
    WANTS_DELETION = "wants_deletion"
    NOT_NOW = "not_now"  # "I am driving", "tomorrow"
    MISTAKEN = "mistaken"  # "wrong person", "we have not decided yet": the invitation has it wrong


@dataclass(frozen=True)
class Assessment:
    """What one answer gave. `by` says who judged: `rules` or `model`."""

    kind: AnswerKind
    covers: tuple[str, ...] = ()
    """Ids of the topics that this answer says enough about, the asked one included."""
    signals: tuple[str, ...] = ()
    """Ids of signals heard ("price", "bare_name", "praise"): what a probe's condition is matched with."""
    hook: str = ""
    """The buyer's own words worth picking up; a verbatim span of the answer, or empty."""
    about: str = ""
    """For ASKS_BACK: what was asked about (`moves.ASKED_ABOUT`), or empty."""
    by: str = "rules"


@dataclass(frozen=True)
class Turn:
    """One speaker's contribution. A buyer's `topic` is that of the question answered."""

    number: int
    speaker: Speaker
    text: str
    topic: str = ""
    at: datetime | None = None
    act: Act = Act.ANSWER
    move: str = ""
    """Interviewer only: the key of the move spoken ("ask:trigger", "probe:almost:doubt")."""
    assessment: Assessment | None = None
    removed: bool = False


@dataclass(frozen=True)
class Transcript:
    """The turns in order, and the facts about the invitation that the interviewer may know (trust.md 15)."""

    turns: tuple[Turn, ...] = ()
    language: str = "en"
    context: Context = field(default_factory=lambda: Context())

    def __iter__(self) -> Iterator[Turn]:
        return iter(self.turns)

    @property
    def last(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    @property
    def answers(self) -> tuple[Turn, ...]:
        """Buyer turns that hold words, removed ones left out."""
        return tuple(t for t in self.turns if t.speaker is Speaker.BUYER and t.text and not t.removed)

    @property
    def questions(self) -> tuple[Turn, ...]:
        return tuple(t for t in self.turns if t.speaker is Speaker.INTERVIEWER)

    def said_on(self, topic: str) -> tuple[Turn, ...]:
        return tuple(t for t in self.answers if t.topic == topic)


@dataclass(frozen=True)
class Context:
    """All that the interviewer knows beforehand. No CRM reason, rep, price or hypothesis belongs here."""

    vendor: str = ""
    product: str = ""
    outcome: str = ""
    role: str = ""

"""What a step is given, and what it gives back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING

from interviewer.analysis.journey import Branch, branch
from interviewer.bodies import as_values
from interviewer.evidence import Claim, Marked, Quote, Span, Tag
from interviewer.masks import BAR
from interviewer.transcript import AnswerKind, Speaker, Transcript, Turn

if TYPE_CHECKING:
    from interviewer.analysis.comparison import Logged

_TELLS = frozenset({AnswerKind.SPECIFIC, AnswerKind.VAGUE, AnswerKind.HOSTILE})
"""Kinds of answer that may hold something to quote. Anger does: an angry buyer is heard like any other."""
_BESIDE = frozenset({AnswerKind.WANTS_DELETION, AnswerKind.STOPS})
"""What may be asked of the interview beside an answer. Only the request is put under a bar (`loading.py`)."""


class Outcome(Enum):
    """What became of the deal, as far as the flow tells."""

    WON = auto()
    LOST = auto()
    OPEN = auto()
    """An organisation's own flow: no side is assumed."""


_OUTCOMES = {
    "win": Outcome.WON,
    "midpoint": Outcome.WON,
    "loss": Outcome.LOST,
    "churn": Outcome.LOST,
    "no_decision": Outcome.LOST,
}


@dataclass(frozen=True)
class Case:
    """One ended interview. What was redacted in it is under bars."""

    flow: str
    transcript: Transcript
    quotes: tuple[Quote, ...] = ()
    """Tagged ones, kept by the steps before."""
    claims: tuple[Claim, ...] = ()
    """What steps before and people said, as people reworded it; without what they turned down."""
    logged: Logged | None = None
    """What the CRM and the rep say of the deal. For the comparison alone: no model is ever given it."""
    target_triggers: frozenset[str] = frozenset()
    """Events that the team aims at; empty where it does not say."""

    @property
    def outcome(self) -> Outcome:
        return _OUTCOMES.get(self.flow, Outcome.OPEN)

    @cached_property
    def telling(self) -> tuple[Turn, ...]:
        """Answers that may hold something to quote."""
        return tuple(turn for turn in self.transcript.answers if _may_tell(turn))

    def branch(self, turn: Turn) -> Branch | None:
        """What an answer is when the question before it sought something else than its topic does."""
        return branch(self.flow, self._moves.get(turn.number, ""))

    @cached_property
    def _moves(self) -> dict[int, str]:
        """By the number of a buyer's turn: the key of the move that it answers."""
        found, move = {}, ""
        for turn in self.transcript:
            if turn.speaker is Speaker.INTERVIEWER:
                move = turn.move
            else:
                found[turn.number] = move
        return found

    @property
    def said(self) -> str:
        """All that the buyer wrote."""
        return "\n".join(turn.text for turn in self.transcript.answers)

    @property
    def own_names(self) -> tuple[str, ...]:
        """What the vendor and its product are called: never a competitor."""
        context = self.transcript.context
        return tuple(name for name in (context.vendor, context.product) if name)


@dataclass(frozen=True)
class Result:
    """What one step found, by rules or by a model."""

    marks: tuple[Marked, ...] = ()
    claims: tuple[Claim, ...] = ()
    translations: tuple[tuple[int, str], ...] = ()
    """Number of a turn, and what it says in English."""
    made_by: str = "rules"
    prompt_id: str = ""


def _may_tell(turn: Turn) -> bool:
    told = turn.assessment
    if told is None or told.kind in _TELLS:
        return True
    left = BAR in turn.text and any(character.isalnum() for character in turn.text)
    return told.kind in _BESIDE and (left or bool(told.covers))


def digest(case: Case) -> str:
    """Equal while what a step reads is: the buyer's answers, and whatever else the case holds."""
    read = {
        "said": [[turn.number, turn.topic, turn.text] for turn in case.transcript.answers],
        "quotes": [[*_place(quote.span), [_said(tag) for tag in quote.tags]] for quote in case.quotes],
        "claims": [
            [claim.kind, claim.text, as_values(claim.body), [_place(span) for span in claim.spans]]
            for claim in case.claims
        ],
        "logged": asdict(case.logged) if case.logged else None,
        "targets": sorted(case.target_triggers),
    }
    return hashlib.sha256(json.dumps(read, ensure_ascii=False).encode()).hexdigest()[:32]


def _place(span: Span) -> list[int]:
    return [span.turn_number, span.start, span.end]


def _said(tag: Tag) -> list[str | float]:
    return [tag.theme, tag.subject, tag.polarity, tag.scope, tag.horizon, tag.confidence]

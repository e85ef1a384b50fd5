"""What a step is given, and what it gives back."""

import hashlib
import json
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from interviewer.analysis.journey import Branch, branch
from interviewer.evidence import Claim, Marked, Quote
from interviewer.transcript import AnswerKind, Speaker, Transcript, Turn

_TELLS = frozenset({AnswerKind.SPECIFIC, AnswerKind.VAGUE, AnswerKind.HOSTILE})
"""Kinds of answer that may hold something to quote. Anger does: an angry buyer is heard like any other."""


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
    """One ended interview. `quotes` are those kept by the steps before."""

    flow: str
    transcript: Transcript
    quotes: tuple[Quote, ...] = ()

    @property
    def outcome(self) -> Outcome:
        return _OUTCOMES.get(self.flow, Outcome.OPEN)

    @cached_property
    def telling(self) -> tuple[Turn, ...]:
        """Answers that may hold something to quote."""
        return tuple(turn for turn in self.transcript.answers if not turn.assessment or turn.assessment.kind in _TELLS)

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
    made_by: str = "rules"
    prompt_id: str = ""


def digest(transcript: Transcript) -> str:
    """Equal while the buyer's answers are: says what a step read, so that a later change is noticed."""
    said = [[turn.number, turn.topic, turn.text] for turn in transcript.answers]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:32]

"""What a step is given, and what it gives back."""

import hashlib
import json
from dataclasses import dataclass
from enum import Enum, auto

from interviewer.evidence import Claim, Marked, Quote
from interviewer.transcript import AnswerKind, Transcript, Turn

_SAYS_NOTHING = frozenset(
    {
        AnswerKind.NOTHING,
        AnswerKind.REFUSES,
        AnswerKind.STOPS,
        AnswerKind.OFF_TOPIC,
        AnswerKind.ASKS_BACK,
        AnswerKind.CONFUSED,
        AnswerKind.WANTS_PERSON,
        AnswerKind.WANTS_DELETION,
    }
)


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

    @property
    def telling(self) -> tuple[Turn, ...]:
        """Answers that may hold something to quote. Anger does: an angry buyer is heard like any other."""
        return tuple(
            turn for turn in self.transcript.answers if not turn.assessment or turn.assessment.kind not in _SAYS_NOTHING
        )

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

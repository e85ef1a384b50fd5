"""What a conversation costs on a phone, in seconds of active time (domain.md, rule 7). Idle time counts nothing, and
words that came faster than a phone is typed on (pasted, dictated) cost the time that they took.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from interviewer.flows.model import Flow
from interviewer.flows.tokens import count
from interviewer.transcript import Speaker, Transcript, Turn

READS_WPM = 230
TYPES_WPM = 36
THINKS_S = 3.0
QUICKEST_S = 3.0
"""Least cost of the typing, however soon the answer came."""

_USUAL_QUESTION = 15
_USUAL_ANSWER = 12


@dataclass(frozen=True)
class Clock:
    """Active seconds so far; no probe after `soft_s`, at `hard_s` only "finish here or one more?"."""

    spent_s: float
    soft_s: float
    hard_s: float

    @property
    def left_s(self) -> int:
        """Whole seconds until the hard limit, never below zero."""
        return max(0, int(self.hard_s - self.spent_s))


def reading_s(words: float) -> float:
    return words * 60 / READS_WPM


def typing_s(words: float) -> float:
    return words * 60 / TYPES_WPM


def read(flow: Flow, transcript: Transcript) -> Clock:
    """Each message read, each answer typed, and a short thought before each."""
    read = sum(reading_s(count(turn.text)) for turn in transcript.questions)
    typed = sum(THINKS_S + seconds for _, seconds in _typed(transcript))
    return Clock(read + typed, flow.budget.soft_s, flow.budget.hard_s)


def exchange_s(transcript: Transcript) -> float:
    """What one more question is likely to cost with this buyer, judged by the answers so far."""
    typed = [seconds for turn, seconds in _typed(transcript) if turn.text and not turn.removed]
    usual = (typing_s(_USUAL_ANSWER) + sum(typed)) / (1 + len(typed))
    return reading_s(_USUAL_QUESTION) + THINKS_S + usual


def _typed(transcript: Transcript) -> Iterator[tuple[Turn, float]]:
    """Each buyer turn with the seconds of its typing: never more than passed since the turn before it."""
    before: Turn | None = None
    for turn in transcript:
        if turn.speaker is Speaker.BUYER:
            seconds = typing_s(count(turn.text))
            if before is not None and before.at is not None and turn.at is not None:
                seconds = min(seconds, max(QUICKEST_S, (turn.at - before.at).total_seconds()))
            yield turn, seconds
        before = turn

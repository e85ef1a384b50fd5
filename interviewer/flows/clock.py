"""What a conversation costs on a phone, in seconds of active time (domain.md, rule 7): the words read, the words typed
and a short thought before each answer. Idle time counts nothing.
"""

from dataclasses import dataclass

from interviewer.flows.model import Flow
from interviewer.flows.tokens import count
from interviewer.transcript import Speaker, Transcript

READS_WPM = 230
TYPES_WPM = 36
THINKS_S = 3.0
LONGEST_S = 120.0
"""Most that one answer costs: nobody types longer on a phone, so what is longer was pasted or spoken."""

_USUAL_QUESTION = 15
USUAL_ANSWER = 12


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
    return min(LONGEST_S, words * 60 / TYPES_WPM)


def read(flow: Flow, transcript: Transcript) -> Clock:
    """Each message read, each answer typed, and a short thought before each answer."""
    read = sum(reading_s(count(turn.text)) for turn in transcript.questions)
    typed = sum(THINKS_S + typing_s(count(turn.text)) for turn in transcript if turn.speaker is Speaker.BUYER)
    return Clock(read + typed, flow.budget.soft_s, flow.budget.hard_s)


def exchange_s(transcript: Transcript) -> float:
    """What one more question is likely to cost with this buyer, judged by the answers so far."""
    typed = [typing_s(count(turn.text)) for turn in transcript.answers]
    usual = (typing_s(USUAL_ANSWER) + sum(typed)) / (1 + len(typed))
    return reading_s(_USUAL_QUESTION) + THINKS_S + usual

"""What a conversation costs on a phone, in seconds of active time (domain.md, rule 7). Idle time counts nothing."""

from dataclasses import dataclass

from interviewer.flows.model import Flow
from interviewer.flows.tokens import count
from interviewer.transcript import Speaker, Transcript

READS_WPM = 230
TYPES_WPM = 36
THINKS_S = 3.0

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
    spent = 0.0
    for turn in transcript:
        if turn.speaker is Speaker.INTERVIEWER:
            spent += reading_s(count(turn.text))
        else:
            spent += THINKS_S + typing_s(count(turn.text))
    return Clock(spent, flow.budget.soft_s, flow.budget.hard_s)


def exchange_s(transcript: Transcript) -> float:
    """What one more question is likely to cost with this buyer, judged by the answers so far."""
    lengths = [count(turn.text) for turn in transcript.answers]
    usual = (_USUAL_ANSWER + sum(lengths)) / (1 + len(lengths))
    return reading_s(_USUAL_QUESTION) + THINKS_S + typing_s(usual)

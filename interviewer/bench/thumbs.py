"""What an exchange costs a buyer on a phone. The product's own clock is lenient to long answers; the bench is not."""

from interviewer.flows.clock import READS_WPM, THINKS_S, TYPES_WPM
from interviewer.flows.tokens import count


def reading_s(message: str) -> float:
    return count(message) * 60 / READS_WPM


def answering_s(answer: str) -> float:
    """A thought, then every word typed."""
    return THINKS_S + count(answer) * 60 / TYPES_WPM

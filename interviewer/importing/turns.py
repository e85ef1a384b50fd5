"""Turns of an interview that was brought in, as the pipeline reads them: numbered, timed, with topics and judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from interviewer import store
from interviewer.analysis import topics
from interviewer.flows.model import Flow
from interviewer.flows.tokens import count
from interviewer.interchange import Interview
from interviewer.interchange import Turn as Given
from interviewer.transcript import Act, Context, Speaker, Transcript, Turn

KNOWN, WITHIN, DAY, NONE = "", "within", "day", "none"
"""What a source says of when things were said: the time of each turn, how far into a call of which the day is known,
the day alone, nothing."""
_SPEAKS_WPM = 150


@dataclass(frozen=True)
class Course:
    """An interview's turns in time. Where the source gives no times they are reckoned from how long words take."""

    turns: tuple[Turn, ...]
    started_at: datetime
    ended_at: datetime
    times: str = KNOWN
    """What of it the source said."""

    def of_a_day(self) -> "Course":
        """The same, where the times of turns only say how far apart they are."""
        return replace(self, times=WITHIN if self.times == KNOWN else DAY)

    @property
    def first_answer_at(self) -> datetime:
        return next((turn.at for turn in self.turns if _answers(turn) and turn.at), self.started_at)


def numbers(turns: Sequence[Given]) -> tuple[int, ...]:
    """Each turn's number: the one that it says, else one more than the turn before."""
    found: list[int] = []
    for turn in turns:
        found.append(turn.number if turn.number is not None else (found[-1] if found else 0) + 1)
    return tuple(found)


def course(interview: Interview, now: datetime) -> Course:
    """The turns of `interview` as it was held, ended by `now` where it does not say when."""
    length = list(accumulate((_speaking_s(turn.text) for turn in interview.turns), initial=0.0))
    given = [turn.at for turn in interview.turns if turn.at]
    whole = timedelta(seconds=length[-1])
    started = interview.started_at or min(given, default=None) or (interview.ended_at or now) - whole
    turns = tuple(
        Turn(
            number=number,
            speaker=turn.speaker,
            text=turn.text,
            topic=turn.topic,
            at=turn.at or started + timedelta(seconds=begun),
            act=_act(turn),
            move=turn.move or _move(turn),
            removed=turn.removed,
        )
        for number, turn, begun in zip(numbers(interview.turns), interview.turns, length, strict=False)
    )
    ended = interview.ended_at or max(given, default=None) or (started + whole)
    return Course(turns, started, max(started, ended), _times(interview))


def _times(interview: Interview) -> str:
    if all(turn.at for turn in interview.turns):
        return KNOWN
    return DAY if interview.started_at or interview.ended_at or any(turn.at for turn in interview.turns) else NONE


def completed(held: Course, flow: Flow, *, language: str, context: Context) -> Transcript:
    """With the topic of each turn and a judgement of each answer, where the source had none. Slow: many words."""
    return topics.complete(Transcript(held.turns, language=language, context=context), flow)


def values(interview_id: str, turn: Turn, at: datetime) -> dict[str, Any]:
    """A turn as its row holds it; `at` where it says no time."""
    return {
        "interview_id": interview_id,
        "number": turn.number,
        "speaker": turn.speaker.value,
        "act": turn.act.value,
        "topic": turn.topic,
        "text": turn.text,
        "at": turn.at or at,
        "assessment": store.turns.assessment_data(turn.assessment) if turn.assessment else None,
        "removed": turn.removed,
        "move": turn.move,
    }


def _act(turn: Given) -> Act:
    if turn.speaker is Speaker.BUYER and (turn.kind == Act.SKIP or not turn.text.strip()):
        return Act.SKIP
    return Act.NOTED if turn.speaker is Speaker.BUYER and turn.kind == Act.NOTED else Act.ANSWER


def _move(turn: Given) -> str:
    """The key of a move as far as kind and topic tell it."""
    if turn.speaker is Speaker.BUYER or not turn.kind:
        return ""
    return f"{turn.kind}:{turn.topic}" if turn.topic else turn.kind


def _answers(turn: Turn) -> bool:
    return turn.speaker is Speaker.BUYER and bool(turn.text) and not turn.removed


def _speaking_s(text: str) -> float:
    return max(1.0, count(text) * 60 / _SPEAKS_WPM)

"""What has happened so far, read from the turns: asked, told, probed, replied. The engine decides on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from interviewer.flows import reading
from interviewer.flows.model import Flow, Topic
from interviewer.flows.moves import ReplyTo
from interviewer.transcript import Act, Assessment, Speaker, Transcript, Turn

_REPLIES = frozenset(map(str, ReplyTo))


@dataclass(frozen=True)
class History:
    """The interview up to its last turn. Topics that the flow does not know are left out."""

    asked: frozenset[str] = frozenset()
    """Topics with a question of their own, whatever came of it: skipped, refused and removed ones included."""
    covered: frozenset[str] = frozenset()
    probed: tuple[tuple[str, str], ...] = ()
    """(topic, hint) of each probe, in order."""
    replies: tuple[tuple[ReplyTo, str], ...] = ()
    """(what it answered, the topic it left open) of each reply, in order."""
    one_more: bool = False
    closed: bool = False
    last_move: str = ""

    def probes_on(self, topic: str) -> tuple[str, ...]:
        return tuple(hint for on, hint in self.probed if on == topic)

    def replied(self, to: ReplyTo, topic: str) -> int:
        return sum(1 for said in self.replies if said == (to, topic))

    def replies_on(self, topic: str) -> int:
        return sum(1 for _, on in self.replies if on == topic)

    def open(self, topics: Iterable[Topic]) -> tuple[Topic, ...]:
        """Those that were neither asked nor told."""
        return tuple(topic for topic in topics if topic.id not in self.asked and topic.id not in self.covered)


def read(flow: Flow, transcript: Transcript) -> History:
    """The history in the kept turns. An answer that nobody assessed is read by the rules."""
    known = {topic.id for topic in flow.topics}
    moves = [(turn.move, turn.topic) for turn in transcript.questions]
    asked: set[str] = set()
    probed: list[tuple[str, str]] = []
    replies: list[tuple[ReplyTo, str]] = []
    for key, topic in moves:
        verb, _, rest = key.partition(":")
        match verb:
            case "ask" | "one_more":
                asked.add(rest)
            case "probe":
                on, _, hint = rest.partition(":")
                asked.add(on)
                probed.append((on, hint))
            case "reply":
                to, _, on = rest.partition(":")
                asked.add(on)
                if to in _REPLIES:
                    replies.append((ReplyTo(to), on))
            case "close":
                pass
            case _:
                asked.add(topic)
    return History(
        asked=frozenset(asked & known),
        covered=frozenset(_covered(flow, transcript) & known),
        probed=tuple(probed),
        replies=tuple(replies),
        one_more=any(key.startswith("one_more:") for key, _ in moves),
        closed=any(key.startswith("close:") for key, _ in moves),
        last_move=moves[-1][0] if moves else "",
    )


def topic_of(transcript: Transcript, position: int) -> str:
    """The topic that the turn at `position` answers: its own mark, else that of the question before it."""
    if topic := transcript.turns[position].topic:
        return topic
    earlier = (turn.topic for turn in reversed(transcript.turns[:position]) if turn.speaker is Speaker.INTERVIEWER)
    return next(earlier, "")


def assessed(flow: Flow, transcript: Transcript, position: int) -> Assessment:
    """What was judged of an answer when it came, else what the rules make of it now."""
    turn = transcript.turns[position]
    if turn.assessment is not None:
        return turn.assessment
    upto = Transcript(transcript.turns[: position + 1], transcript.language, transcript.context)
    return reading.assess(flow, upto)


def is_answer(turn: Turn) -> bool:
    return turn.speaker is Speaker.BUYER and turn.act is Act.ANSWER and bool(turn.text.strip()) and not turn.removed


def _covered(flow: Flow, transcript: Transcript) -> set[str]:
    covered: set[str] = set()
    for position, turn in enumerate(transcript.turns):
        if is_answer(turn):
            covered.update(assessed(flow, transcript, position).covers)
    return covered

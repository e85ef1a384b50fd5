"""Fit a conversation that a person held to a flow: which topic a question is on, and how its answer reads.

What people say on calls is looser than what the interviewer writes: small talk, several questions in one turn, long
answers. Word lists (`topics.toml`) tell a question's topic, then its likeness to the flow's own wording, then the
order of the conversation; how an answer reads is judged as ever.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files

from interviewer.analysis.words import phrases
from interviewer.flows import words
from interviewer.flows.model import Flow, Topic
from interviewer.flows.reading import assess
from interviewer.flows.tokens import count, sentences, tokens
from interviewer.transcript import Act, AnswerKind, Assessment, Speaker, Transcript, Turn

_STRONG = {"almost": 2, "peer": 3, "anything_else": 2, "someone_else": 3}
"""Topics whose words outweigh those of others beside them: "what nearly made you choose" is about the doubt."""
_ALIKE = 0.6
"""Share of a wording's telling words from which a question asks the same."""
_STORY = 25
"""Words from which an answer tells, whatever else it asks or wishes."""
_PASSING = frozenset(
    {
        AnswerKind.ASKS_BACK,
        AnswerKind.CONFUSED,
        AnswerKind.NOT_NOW,
        AnswerKind.OFF_TOPIC,
        AnswerKind.WANTS_PERSON,
        AnswerKind.MISTAKEN,
    }
)
"""How an answer may begin on a call and go on to tell."""


def complete(transcript: Transcript, flow: Flow) -> Transcript:
    """The transcript with topics, moves and assessments where turns lack them; what they have stays as it is."""
    heard = _Listener(flow, transcript.language)
    turns: list[Turn] = []
    for turn in transcript:
        if turn.speaker is Speaker.INTERVIEWER:
            turns.append(heard.question(turn))
        else:
            given = replace(turn, topic=turn.topic or heard.topic)
            turns.append(given)
            turns[-1] = _judged(flow, replace(transcript, turns=tuple(turns)), given)
    return replace(transcript, turns=tuple(turns))


class _Listener:
    """Follows the questions: `topic` is the one that an answer now belongs to, empty before the first."""

    def __init__(self, flow: Flow, language: str) -> None:
        self._flow = flow
        self._language = language if language in _lists() else "en"
        self._asked: set[str] = set()
        self.topic = ""

    def question(self, turn: Turn) -> Turn:
        topic = turn.topic or self._topic_of(turn.text) or self.topic
        self.topic = topic
        if turn.move or not topic:
            return replace(turn, topic=topic)
        kind = "probe" if topic in self._asked else "ask"
        self._asked.add(topic)
        return replace(turn, topic=topic, move=f"{kind}:{topic}")

    def _topic_of(self, text: str) -> str:
        """The topic of the last thing asked that tells one; on a tie the one at hand, then the next in order."""
        for sentence in reversed(sentences(text)):
            weights = {topic.id: self._weight(topic, sentence) for topic in self._flow.topics}
            best = max(weights.values(), default=0.0)
            if best > 0:
                return min((id for id in weights if weights[id] == best), key=self._distance)
        return ""

    def _weight(self, topic: Topic, sentence: str) -> float:
        pattern = _patterns(self._language, self._flow.id).get(topic.id)
        hits = len(pattern.findall(sentence)) if pattern else 0
        return hits * _STRONG.get(topic.id, 1) + (3 if _is_like(topic, sentence, self._language) else 0)

    def _distance(self, topic_id: str) -> int:
        order = [topic.id for topic in self._flow.topics]
        here = order.index(self.topic) if self.topic in order else 0
        return (order.index(topic_id) - here) % len(order)


def _judged(flow: Flow, so_far: Transcript, turn: Turn) -> Turn:
    """The last turn with how it reads. One that answers no question belongs to the first topic that it tells."""
    if turn.assessment or turn.removed or not turn.text or turn.act is Act.SKIP:
        return turn
    told = assess(flow, so_far)
    if told.kind in _PASSING and count(turn.text) >= _STORY:
        told = Assessment(AnswerKind.SPECIFIC, (turn.topic,) if turn.topic else (), told.signals, told.hook)
    return replace(turn, topic=turn.topic or next(iter(told.covers), ""), assessment=told)


def _is_like(topic: Topic, sentence: str, language: str) -> bool:
    said = _telling(sentence, language)
    for wording in (topic.wording, topic.rephrased):
        own = _telling(re.sub(r"\{\w+\}", "", wording.get(language) or wording["en"]), language)
        if own and len(own & said) >= max(2, _ALIKE * len(own)):
            return True
    return False


@lru_cache(maxsize=1024)
def _telling(text: str, language: str) -> frozenset[str]:
    """Its words without those that any sentence has. A flow's own wordings are asked for with every sentence."""
    lexicon = words.lexicon_for(text, language)
    return frozenset(token.low for token in tokens(text) if not lexicon.is_in(token.low, "function", "filler"))


@cache
def _lists() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((files("interviewer.analysis") / "topics.toml").read_text("utf-8"))


@cache
def _patterns(language: str, flow_id: str) -> Mapping[str, re.Pattern[str]]:
    lists = _lists().get(f"{language}.{flow_id}") or _lists()[language]
    return {topic: phrases(entries) for topic, entries in lists.items()}

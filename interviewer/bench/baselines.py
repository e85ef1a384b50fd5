"""What has to be beaten: the flow's own questions put by a plain form, with a fixed follow-up or with none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from interviewer.bench.buyers import Buyer
from interviewer.flows import plain
from interviewer.flows.model import Flow, ProbeHint, Topic
from interviewer.flows.moves import Ask, Close, CloseReason, Move, Probe
from interviewer.flows.phrases import Phrases
from interviewer.flows.tokens import count
from interviewer.transcript import Act, Context, Speaker, Transcript, Turn

SHORT = 10
"""Words up to which an answer is short."""

Follows = Callable[[str], bool]

BASELINES: dict[str, Follows] = {
    "static form": lambda answer: False,
    "probe after every answer": lambda answer: bool(answer),
    "probe after short answers": lambda answer: 0 < count(answer) <= SHORT,
}
"""Name -> whether the topic's fixed follow-up is put after an answer."""


class Form:
    """An interviewer that asks the core questions in order, whatever is said."""

    def __init__(self, flow: Flow, buyer: Buyer, phrases: Phrases, follows: Follows) -> None:
        self.flow = flow
        self._phrases, self._follows = phrases, follows
        context = Context(vendor=buyer.vendor, product=buyer.product, outcome=flow.outcome, role=buyer.role)
        self._transcript = Transcript(language=buyer.language.lower().partition("-")[0], context=context)
        self._moves = self._plan()

    async def begin(self) -> Transcript:
        return self._say(next(self._moves))

    async def hear(self, text: str) -> Transcript:
        topic = self._transcript.turns[-1].topic
        self._add(Speaker.BUYER, text, topic, act=Act.ANSWER if text else Act.SKIP)
        return self._say(next(self._moves))

    async def end(self) -> None:
        """Nothing is kept."""

    def _plan(self) -> Iterator[Move]:
        for topic in self.flow.core:
            yield Ask(topic.id)
            hint = _fixed(topic)
            if hint is not None and self._follows(self._transcript.turns[-1].text):
                yield Probe(topic.id, hint.id)
        yield Close(CloseReason.DONE)

    def _say(self, move: Move) -> Transcript:
        text = self._phrases.close[CloseReason.DONE]
        if not isinstance(move, Close):
            text = plain.same_question(self.flow, move.key, move.topic, self._transcript.context, self._phrases)
        return self._add(Speaker.INTERVIEWER, text, move.topic, key=move.key)

    def _add(self, speaker: Speaker, text: str, topic: str, *, key: str = "", act: Act = Act.ANSWER) -> Transcript:
        before = self._transcript
        turn = Turn(len(before.turns) + 1, speaker, text, topic, act=act, move=key)
        self._transcript = Transcript((*before.turns, turn), before.language, before.context)
        return self._transcript


def _fixed(topic: Topic) -> ProbeHint | None:
    """The follow-up that fits whatever was said; the last one that stands without the buyer's words if none does."""
    alone = [hint for hint in topic.probes if not hint.needs_hook]
    return next((hint for hint in alone if "vague" in hint.fits), alone[-1] if alone else None)

"""The flow's own words for every move: what the buyer reads when no model words it, or its words may not be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interviewer.confidentiality import IN_FORCE, promise
from interviewer.flows import hooks, length
from interviewer.flows.model import Flow, Wording
from interviewer.flows.moves import WAITS, Ask, Close, Move, OneMore, Probe, Reply, ReplyTo, Wait
from interviewer.flows.phrases import Phrases
from interviewer.flows.tokens import count, quoted, tokens
from interviewer.flows.words import lexicon
from interviewer.transcript import Act, AnswerKind, Speaker, Transcript, Turn

LONGEST = 45
"""Words in a message, all told."""

QUOTED = 2
"""Words from which an answer may be quoted back: a label ("SSO") or a name alone reads oddly in quotation marks."""

_OUTBURST = 30
"""Words up to which a complaint is thanked for as one: a story is more than that."""

_SLOT = re.compile(r"\{(\w+)\}")


def say(flow: Flow, move: Move, transcript: Transcript, phrases: Phrases) -> str:
    """At most 45 words in the interview's language (English where the flow has none). Not for `Wait`."""
    return _Voice(flow, transcript, phrases).say(move)


def fill(text: str, **values: str) -> str:
    """The text with each `{name}` replaced; values are never read as text to fill."""
    return _SLOT.sub(lambda match: values.get(match.group(1), match.group()), text)


class _Voice:
    def __init__(self, flow: Flow, transcript: Transcript, phrases: Phrases) -> None:
        self.flow = flow
        self.transcript = transcript
        self.words = phrases

    def say(self, move: Move) -> str:
        match move:
            case Ask():
                foreign = self.words.language not in self.flow.topic(move.topic).wording  # asked in English then
                return self._joined("" if foreign else self._acknowledgement(), self._question(move.topic))
            case Probe():
                return self._probe(move)
            case OneMore():
                return self._joined(self.words.one_more, self._question(move.topic))
            case Reply():
                return self._reply(move)
            case Close():
                return self.words.close[move.reason]
            case Wait():
                raise ValueError("nothing is said while the buyer has the word")

    def _joined(self, lead: str, question: str) -> str:
        """Both, unless that is too much to read."""
        both = f"{lead} {question}".strip()
        return both if count(both) <= LONGEST else question

    # Questions

    def _question(self, topic_id: str) -> str:
        """The topic's question: put another way when it was the last thing asked already."""
        topic = self.flow.topic(topic_id)
        asked = sum(1 for turn in self.transcript.questions if self._asks(turn, topic_id))
        return self._filled(self._in(topic.rephrased if asked % 2 else topic.wording))

    @staticmethod
    def _asks(turn: Turn, topic_id: str) -> bool:
        verb, _, rest = turn.move.partition(":")
        if verb == "reply":
            to, _, on = rest.partition(":")
            return on == topic_id and to not in WAITS
        return verb in {"ask", "one_more"} and rest == topic_id

    def _probe(self, move: Probe) -> str:
        topic = self.flow.topic(move.topic)
        hint = topic.probe(move.hint)
        wording = self._in(hint.wording)
        if "{hook}" in wording and hint.plain and not self._may_stand_bare(move.hook):
            wording = self._in(hint.plain)
        question = self._filled(wording, hook=self._picked_up(move.hook))
        return self._joined(self._quoting(move.hook) if hint.quotes else "", question)

    def _may_stand_bare(self, hook: str) -> bool:
        return bool(hook) and (" " not in hook or self._is_plain_phrase(hook))

    def _quoting(self, hook: str) -> str:
        """The buyer's words before the question about them; nothing where they are too few, or were quoted already."""
        before = [part for turn in self.transcript.questions for part in quoted(turn.text)]
        named = all(token.text[0].isupper() for token in tokens(hook)) and lexicon(self.words.language).names_by_capital
        if count(hook) < QUOTED or named or any(hook in part for part in before):
            return ""
        leads = self.words.quoting
        return fill(leads[len(before) % len(leads)], words=self._quoted(hook))

    def _is_plain_phrase(self, hook: str) -> bool:
        return self.words.bare_phrases and hooks.names_something(hook, lexicon(self.words.language))

    def _in(self, wording: Wording) -> str:
        code = self.transcript.language.lower().split("-")[0]
        return wording.get(code) or wording["en"]

    def _filled(self, text: str, **more: str) -> str:
        context = self.transcript.context
        filled = fill(
            text,
            product=context.product or context.vendor or self.words.names.product,
            vendor=context.vendor or self.words.names.vendor,
            **more,
        )
        return filled[:1].upper() + filled[1:]

    def _picked_up(self, hook: str) -> str:
        """The buyer's words inside a sentence of ours: as they are when they are a plain noun phrase, else quoted."""
        if not hook:
            return ""
        lists = lexicon(self.words.language)
        one_name = " " not in hook and hook[:1].isupper() and hooks.names_something(hook, lists)
        if one_name or self._is_plain_phrase(hook):
            first, _, rest = hook.partition(" ")
            turned = self.words.turned.get(first.lower())
            if turned or lists.is_in(first.lower(), "determiner", "number"):
                first = turned or first.lower()
            return f"{first} {rest}".strip()
        return self._quoted(hook)

    def _quoted(self, hook: str) -> str:
        left, right = self.words.quotes
        return f"{left}{hook}{right}"

    # Small words

    def _reply(self, move: Reply) -> str:
        """The reply, and the question that is open; of a reply too long for both the last sentence is left out."""
        promised = promise(IN_FORCE, self.words.language)
        if move.to is ReplyTo.COLLEAGUES:  # who asks about their own side is not asking about other teams of ours
            promised = promised.partition(". ")[0].removesuffix(".") + "."
        asked_for = str(length.usual(self.flow).minutes) if move.to is ReplyTo.TIME else ""
        lead = self._filled(self.words.reply[move.to], promise=promised, minutes=asked_for)
        if move.then is None:
            return lead
        question = self._question(move.then.topic)
        first, _, last = lead.rpartition(". ")
        fits = count(f"{lead} {question}") <= LONGEST or not last
        return self._joined(lead if fits else f"{first}.", question)

    def _acknowledgement(self) -> str:
        """A word or two on what was just said, never the same twice running; often nothing at all: before the first
        question, after the answer to a probe, and after one that holds little."""
        last = self.transcript.last
        if last is None or last.speaker is Speaker.INTERVIEWER:
            return ""
        words, told = self.words.acknowledge, last.assessment
        if last.act is Act.SKIP or last.removed or (told and told.kind in {AnswerKind.REFUSES, AnswerKind.CONFUSED}):
            return self._next(words.left)
        if told is None or told.kind not in {AnswerKind.SPECIFIC, AnswerKind.VAGUE, AnswerKind.NOTHING}:
            return ""
        if told.kind is not AnswerKind.NOTHING and "complaint" in told.signals and count(last.text) <= _OUTBURST:
            return self._next(words.complaint)
        if told.kind is not AnswerKind.SPECIFIC or self._last_move.startswith("probe:"):
            return ""
        return self._next(words.told_more if len(told.covers) > 1 else words.answered)

    @property
    def _last_move(self) -> str:
        return self.transcript.questions[-1].move if self.transcript.questions else ""

    def _next(self, choices: Sequence[str]) -> str:
        """The next of the list that the previous messages have not begun with."""
        before = [turn.text for turn in self.transcript.questions[-len(choices) + 1 :]] if len(choices) > 1 else []
        start = len(self.transcript.questions)
        turns = [choices[(start + i) % len(choices)] for i in range(len(choices))]
        fresh = (choice for choice in turns if not choice or not any(text.startswith(choice) for text in before))
        return next(fresh, turns[0])

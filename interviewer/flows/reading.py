"""What an answer says, judged by rules: its kind, what it covers, what it signals, and the words worth picking up.

The rules are lists of words (`signals/`) and the little code below. They are careful rather than clever: an angry
answer about the purchase is an answer, and a topic counts as told only when it was told plainly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from interviewer.flows import belated, hooks, machine, words
from interviewer.flows.model import HEAVY, Flow, Topic
from interviewer.flows.tokens import Token, count, says, segments, sentences, span, tokens
from interviewer.flows.weighing import SENTENCE_WORDS, TELLING, has_deed, has_figure, is_specific, names, telling
from interviewer.flows.wishes import Wishes, asks
from interviewer.flows.words import NEUTRAL, Lexicon
from interviewer.transcript import AnswerKind, Assessment, Context, Speaker, Transcript

_LIGHT = frozenset({"advice"})
"""Lists whose sentences are short by nature."""

_TELLS = frozenset({AnswerKind.SPECIFIC, AnswerKind.VAGUE})
_LEAVINGS = frozenset({AnswerKind.NOTHING, AnswerKind.CONFUSED, AnswerKind.OFF_TOPIC, AnswerKind.HOSTILE})
"""What says nothing by itself beside words to the machine."""
_HONOURED = frozenset(AnswerKind) - _TELLS - _LEAVINGS - {AnswerKind.ASKS_BACK}
"""Wishes that count wherever they stand."""

_RICH, _STORY = 12, 25
"""Words from which an answer may tell other topics as well, and one of the weightiest: what is worth most is rather
asked once too often than not at all."""

_FEW = 3
"""Words up to which the first may be a name; in a language without lists, too few to say anything."""

_LISTING = 16
"""Words up to which an answer may be nothing but names."""


def assess(flow: Flow, transcript: Transcript) -> Assessment:
    """Judge the last buyer turn. The hook is a verbatim span of it, or empty; topics are ids of the flow."""
    turn = next(turn for turn in reversed(transcript.turns) if turn.speaker is Speaker.BUYER)
    asked = turn.topic or next((t.topic for t in reversed(transcript.questions)), "")
    topic = next((topic for topic in flow.topics if topic.id == asked), None)
    told = _told(flow, _Answer.of(machine.plain(turn.text), topic, flow, transcript))
    if machine.addressed(turn.text) and not told.about:
        beside = _beside_an_order(flow, _Answer.of(machine.left(turn.text), topic, flow, transcript))
        told = replace(told, covers=beside.covers) if told.kind in _HONOURED else beside
    return told if told.hook in turn.text else replace(told, hook="")


def _told(flow: Flow, answer: _Answer) -> Assessment:
    return answer.wishes.heard() or answer.belated(flow) or answer.content(flow)


def _beside_an_order(flow: Flow, answer: _Answer) -> Assessment:
    """What is left beside words to the machine counts where it is a wish, or about the purchase."""
    told = _told(flow, answer)
    tells = told.kind in _TELLS and answer.wishes.on_topic(answer.text)
    return told if tells or told.kind not in _TELLS | _LEAVINGS else Assessment(AnswerKind.OFF_TOPIC)


@dataclass(frozen=True)
class _Answer:
    """One answer with what is needed to read it."""

    text: str
    lexicon: Lexicon
    topic: Topic | None
    context: Context
    before: Topic | None = None
    """What was asked just before, where the answer may still belong to that."""
    first: bool = True
    """Whether it is the first answer since; after that, what belongs before is credited and not asked about again."""

    @classmethod
    def of(cls, text: str, topic: Topic | None, flow: Flow, transcript: Transcript) -> _Answer:
        lexicon = words.lexicon_for(text, transcript.language)
        before, first = belated.topic_before(flow, transcript, topic), belated.is_first(transcript, topic)
        return cls(text, lexicon, topic, transcript.context, before, first)

    @property
    def here(self) -> tuple[str, ...]:
        return (self.topic.id,) if self.topic else ()

    @property
    def vendor(self) -> tuple[str, ...]:
        return tuple(name for name in (self.context.vendor, self.context.product) if name)

    @property
    def wishes(self) -> Wishes:
        advises = self.topic is not None and self.topic.told_by == "advice"
        return Wishes(self.text, self.lexicon, self.here, advises)

    def belated(self, flow: Flow) -> Assessment | None:
        """An answer to the question before tells of that one; the one at hand stays open, as after a vague answer."""
        added = belated.addition(self.text, self.lexicon)
        late = replace(self, text=added or self.text, topic=self.before, before=None)
        if self.topic is None or self.before is None or not (added or (self.first and late._only_names())):
            return None
        covers = late.content(flow).covers
        if any(self._tells(self.topic.told_by, sentence) for sentence in sentences(added)):
            return Assessment(AnswerKind.SPECIFIC, (*self.here, *covers))
        signals = (belated.SIGNAL,) if self.first else ()
        return Assessment(AnswerKind.VAGUE, tuple(id for id in covers if id not in self.here), signals)

    def content(self, flow: Flow) -> Assessment:
        """What the answer tells. One that only asks tells nothing: it may be a name, said in doubt ("Brightline?")."""
        told = self._content(flow)
        if told.kind is not AnswerKind.SPECIFIC or not self.wishes.only_asks:
            return told
        doubtful = count(self.text) <= _FEW + 1
        return Assessment(AnswerKind.VAGUE, (), told.signals) if doubtful else Assessment(AnswerKind.ASKS_BACK)

    def _content(self, flow: Flow) -> Assessment:
        if empty := self._empty():
            return empty
        found = tokens(self.text)
        signals = tuple(name for name, expression in self.lexicon.signals.items() if expression.search(self.text))
        if named := self._named(found):
            return Assessment(AnswerKind.SPECIFIC, self.here, (*signals, "bare_name"), self._named_first(named))
        if has_figure(found, self.lexicon):
            signals += ("number",)
        if self._bare_name(found):
            signals += ("bare_name",)
        if not self._closing and not self._clear(found, signals):
            return Assessment(AnswerKind.VAGUE, (), (*signals, "vague"), self._hook())
        return Assessment(AnswerKind.SPECIFIC, (*self.here, *self._also(flow)), signals, self._hook())

    @property
    def _closing(self) -> bool:
        return self.topic is not None and not self.topic.core

    def _empty(self) -> Assessment | None:
        """An answer with nothing in it to follow up, or None."""
        lexicon, text, found = self.lexicon, self.text, tokens(self.text)
        if self.topic and self.topic.id == "alternatives" and lexicon.is_whole("only_us", text):
            return Assessment(AnswerKind.SPECIFIC, self.here, ("only_us",))
        if lexicon.is_whole("said", text):
            return Assessment(AnswerKind.NOTHING, self.here, ("nothing",))
        if lexicon.is_whole("unsure", text) or self._begins_unsure(found):
            return Assessment(AnswerKind.NOTHING, signals=("unsure",))
        first = span(text, [token for token in found if token.segment == found[0].segment])
        hollow = lexicon.is_whole("nothing", first) and not is_specific(found, text, lexicon)
        if hollow or lexicon.is_whole("nothing", text):
            return Assessment(AnswerKind.NOTHING, self.here if self._closing else (), ("nothing",))
        if lexicon is NEUTRAL and count(text) <= _FEW and not self._closing:
            return Assessment(AnswerKind.NOTHING, signals=("unsure",))
        return Assessment(AnswerKind.NOTHING, signals=("nothing",)) if hooks.is_gibberish(found) else None

    def _begins_unsure(self, found: tuple[Token, ...]) -> bool:
        """Whether it begins by not knowing ("no idea, I wasn't in the room") and tells nothing after that."""
        said = [token for token in found if not self.lexicon.is_in(token.low, "filler")]
        first = [token for token in found if said and token.segment == said[0].segment]
        if not first or not self.lexicon.is_whole("unsure", span(self.text, first)):
            return False
        rest = self.text[first[-1].end :]
        left = tokens(rest)
        if all(self._shrugs(span(rest, part)) for part in segments(left)):
            return True
        return not (is_specific(left, rest, self.lexicon) or self._others(left) or self.wishes.on_topic(rest))

    def _shrugs(self, part: str) -> bool:
        return any(self.lexicon.is_whole(kind, part) for kind in ("unsure", "nothing", "said"))

    def _hook(self) -> str:
        """Words to come back to; none of a question, and none where the words cannot be told from filling."""
        if self.lexicon is NEUTRAL:
            return ""
        hook = hooks.pick(self.text, self.lexicon, drop=self.vendor)
        return "" if any(hook in sentence for sentence in sentences(self.text) if asks(sentence)) else hook

    def _clear(self, found: tuple[Token, ...], signals: tuple[str, ...]) -> bool:
        if self.topic and self.topic.id == "peer" and "praise" in signals and not self.lexicon.has("caveat", self.text):
            return False
        return is_specific(found, self.text, self.lexicon)

    def _named(self, found: tuple[Token, ...]) -> tuple[str, ...]:
        """Names without a reason, where names were asked for."""
        if not (self.topic and self.topic.id == "alternatives") or len(found) > _LISTING:
            return ()
        reasoned = any(self.lexicon.has(name, self.text) for name in ("cause", "scene", "never"))
        if self.lexicon is NEUTRAL or reasoned or has_deed(found, self.lexicon):
            return ()
        listed = hooks.entities(self.text, self.lexicon, drop=self.vendor)
        first = found[0].start if len(found) > _FEW else -1  # any sentence begins with a capital
        return listed or tuple(name.text for name in self._others(found) if name.start != first)

    def _named_first(self, named: tuple[str, ...]) -> str:
        """What to ask about of the things listed: what keeps things as they are, else a name; no "40 trucks"."""
        still = self.lexicon.signals.get("status_quo")
        if still and still.search(self.text):
            return next((name for name in named if still.search(name)), "")
        known = {name.text for name in self._others(tokens(self.text))}
        people = self.lexicon.signals.get("people")
        for name in named:
            inside = {token.text for token in tokens(name) if not self.lexicon.is_in(token.low, "determiner")}
            if inside <= known or (len(inside) == 1 and not (people and people.search(name))):
                return name
        return ""

    def _only_names(self) -> bool:
        """Whether it is a list of names, where names were asked for: no list of reasons ("Price and security")."""
        found = tokens(self.text)
        listed = hooks.entities(self.text, self.lexicon, drop=self.vendor) if self._named(found) else ()
        inner = {name.text for name in self._others(found) if name.start}
        reasons = (said for name, said in self.lexicon.signals.items() if name != "status_quo")
        return bool(inner & set(listed)) and not any(said.search(self.text) for said in reasons)

    def _others(self, found: tuple[Token, ...]) -> list[Token]:
        """Names that are not the vendor's."""
        return [name for name in names(found, self.lexicon) if not any(says(own, name.text) for own in self.vendor)]

    def _bare_name(self, found: tuple[Token, ...]) -> bool:
        """One or two capitalised words and nothing else."""
        common = ("thin", "function", "filler", "number", "date")
        own = all(token.text[0].isupper() and not self.lexicon.is_in(token.low, *common) for token in found)
        return 0 < len(found) <= 2 and own and self.lexicon.names_by_capital

    def _also(self, flow: Flow) -> tuple[str, ...]:
        """Topics that were told without being asked: a sentence says so, with a name, a figure or a reason in it."""
        said, length = sentences(self.text), count(self.text)
        return tuple(
            topic.id
            for topic in flow.core
            if topic.id not in self.here
            and length >= (_STORY if topic.weight >= HEAVY else _RICH)
            and any(self._tells(topic.told_by, sentence) for sentence in said)
        )

    def _tells(self, list_name: str, sentence: str) -> bool:
        expression = self.lexicon.told.get(list_name)
        match = expression.search(sentence) if expression else None
        if match is None:
            return False
        found = tokens(sentence)
        own = telling(found, self.lexicon)
        if list_name == "rivals":
            status_quo = self.lexicon.signals.get("status_quo")
            return bool(self._others(found) or (status_quo and status_quo.search(sentence))) and len(found) >= 4
        if list_name == "reason":
            reason = sentence[match.end() :]
            backed = self.lexicon.has("cause", reason) or has_figure(tokens(reason), self.lexicon)
            return backed and len(own) >= TELLING
        return len(own) >= TELLING - (list_name in _LIGHT) and len(found) >= SENTENCE_WORDS - 1

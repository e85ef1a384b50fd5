"""What an answer says, judged by rules: its kind, what it covers, what it signals, and the words worth picking up.

The rules are lists of words (`signals/`) and the little code below. They are careful rather than clever: an angry
answer about the purchase is an answer, and a topic counts as told only when it was told plainly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from interviewer.flows import hooks, words
from interviewer.flows.model import Flow, Topic
from interviewer.flows.moves import ASKED_ABOUT
from interviewer.flows.tokens import Token, count, says, span, tokens
from interviewer.flows.words import NEUTRAL, Lexicon
from interviewer.transcript import AnswerKind, Assessment, Context, Speaker, Transcript

_TELLING = 3
_SENTENCE_WORDS = 7
_ENOUGH = 5.0
"""A specific answer has so many telling words (one fewer in a whole sentence), and weighs so much in all."""

_HOLLOW = 2.0
_NEUTRAL_WORDS = 8
_SOON = 4

_LIGHT = frozenset({"advice", "missing", "working"})
"""Lists whose sentences are short by nature."""

_RICH = 12
"""Words from which an answer may tell other topics as well."""

_ASIDE = 16
"""Words up to which a wish, an insult or a question back is the answer and not a part of one."""

_ASKED_SHORT = 2
"""Up to this many words a question mark only says that the buyer is not sure of the answer ("the price?")."""

_LEAD = 3
"""Words that may come before a question ("wait, are you a bot?")."""

_HEARD_ANYWHERE = frozenset({AnswerKind.WANTS_DELETION, AnswerKind.WANTS_PERSON})
"""What is heard beside an answer too, when a sentence of its own says it."""

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def assess(flow: Flow, transcript: Transcript) -> Assessment:
    """Judge the last buyer turn. The hook is a verbatim span of it, or empty; topics are ids of the flow."""
    turn = next(turn for turn in reversed(transcript.turns) if turn.speaker is Speaker.BUYER)
    asked = turn.topic or next((t.topic for t in reversed(transcript.questions)), "")
    topic = next((topic for topic in flow.topics if topic.id == asked), None)
    answer = _Answer(turn.text, words.lexicon_for(turn.text, transcript.language), topic, transcript.context)
    return answer.wish() or answer.content(flow)


@dataclass(frozen=True)
class _Answer:
    """One answer with what is needed to read it."""

    text: str
    lexicon: Lexicon
    topic: Topic | None
    context: Context

    @property
    def here(self) -> tuple[str, ...]:
        return (self.topic.id,) if self.topic else ()

    @property
    def vendor(self) -> tuple[str, ...]:
        return tuple(name for name in (self.context.vendor, self.context.product) if name)

    # What the buyer wants of the interview

    def wish(self) -> Assessment | None:
        """An answer that is about the interview rather than in it, or None."""
        lexicon, text = self.lexicon, self.text
        if not any(character.isalnum() for character in text):
            return Assessment(AnswerKind.CONFUSED if "?" in text else AnswerKind.NOTHING, signals=("nothing",))
        short = count(text) <= _ASIDE
        for kind, name in (
            (AnswerKind.WANTS_DELETION, "deletion"),
            (AnswerKind.WANTS_PERSON, "person"),
            (AnswerKind.NOT_NOW, "not_now"),
            (AnswerKind.MISTAKEN, "mistaken"),
            (AnswerKind.STOPS, "stops"),
            (AnswerKind.CONFUSED, "confused"),
            (AnswerKind.CONFUSED, "aside"),
        ):
            if lexicon.is_whole(name, text) or (short and lexicon.has(name, text)):
                return Assessment(kind)
            if kind in _HEARD_ANYWHERE and any(lexicon.has(name, part) for part in self._brief_sentences()):
                return Assessment(kind, covers=self._rest_covers(lexicon.without(name, text)))
        if lexicon.is_whole("refuses", text) or lexicon.has("refuses", text):
            return Assessment(AnswerKind.REFUSES, covers=self._rest_covers(lexicon.without("refuses", text)))
        if about := self._asks_back():
            return about
        if lexicon.is_whole("off_topic", text) or lexicon.has("off_topic", text):
            return Assessment(AnswerKind.OFF_TOPIC)
        if short and lexicon.has("hostile", text) and not self._on_topic(lexicon.without("hostile", text)):
            return Assessment(AnswerKind.HOSTILE)
        return None

    def _brief_sentences(self) -> Iterator[str]:
        return (match.group() for match in _SENTENCE.finditer(self.text) if count(match.group()) <= _ASIDE)

    def _asks_back(self) -> Assessment | None:
        """A question to the interviewer. What else was said still counts; a rhetorical question is an answer."""
        for sentence in (match.group() for match in _SENTENCE.finditer(self.text)):
            about = next((str(name) for name in ASKED_ABOUT if self._is_about(name, sentence)), "")
            short = count(sentence) <= _ASIDE
            if (about and (short or _asks(sentence))) or (short and self._is_question(sentence)):
                rest = self._rest_covers(self.text.replace(sentence, " "))
                return Assessment(AnswerKind.ASKS_BACK, covers=rest, about=about)
        return None

    def _is_question(self, sentence: str) -> bool:
        """One to the interviewer, with a question mark or without: not a rhetorical one, nor a tentative answer."""
        if not _asks(sentence):
            return self._opens(self.lexicon.anywhere.get("asks"), sentence)
        if self.lexicon.has("rhetorical", sentence):
            return False
        if _starts(self.lexicon.anywhere.get("question"), sentence):
            return True
        alone = sentence.strip() == self.text.strip() and count(sentence) > _ASKED_SHORT
        names = ("asks", "asking") if alone else ("asks",)
        return any(self._opens(self.lexicon.anywhere.get(name), sentence) for name in names)

    def _is_about(self, name: str, sentence: str) -> bool:
        """Without a question mark only what begins as a question is one."""
        expression = self.lexicon.about.get(name)
        return _starts(expression, sentence) if _asks(sentence) else self._opens(expression, sentence)

    def _opens(self, expression: re.Pattern[str] | None, sentence: str) -> bool:
        """Whether the sentence begins with it, words that only lead up to it aside."""
        first = next((t for t in tokens(sentence) if not self.lexicon.is_in(t.low, "filler", "lead")), None)
        return bool(expression and first and expression.match(sentence, first.start))

    def _rest_covers(self, rest: str) -> tuple[str, ...]:
        return self.here if _specific(tokens(rest), rest, self.lexicon) else ()

    def _on_topic(self, rest: str) -> bool:
        """Whether an insult comes with something about the purchase in it."""
        heard = {name for name, found in self.lexicon.signals.items() if found.search(rest)}
        telling = _telling(tokens(rest), self.lexicon)
        return bool(heard - {"complaint", "people"}) or len(telling) >= _TELLING

    # What the buyer tells

    def content(self, flow: Flow) -> Assessment:
        lexicon, text = self.lexicon, self.text
        found = tokens(text)
        closing = self.topic is not None and not self.topic.core
        if self.topic and self.topic.id == "alternatives" and lexicon.is_whole("only_us", text):
            return Assessment(AnswerKind.SPECIFIC, self.here, ("only_us",))
        if lexicon.is_whole("said", text):
            return Assessment(AnswerKind.NOTHING, self.here, ("nothing",))
        if lexicon.is_whole("unsure", text):
            return Assessment(AnswerKind.NOTHING, signals=("unsure",))
        if lexicon.is_whole("nothing", text):
            return Assessment(AnswerKind.NOTHING, self.here if closing else (), ("nothing",))
        if hooks.is_gibberish(found):
            return Assessment(AnswerKind.NOTHING, signals=("nothing",))
        first = span(text, [token for token in found if token.segment == found[0].segment])
        if lexicon.is_whole("nothing", first) and not _specific(found, text, lexicon):
            return Assessment(AnswerKind.NOTHING, self.here if closing else (), ("nothing",))
        signals = tuple(name for name, expression in lexicon.signals.items() if expression.search(text))
        named = self._named(found)
        if named:
            still = lexicon.signals.get("status_quo")
            kept = next((name for name in named if still and still.search(name)), "")
            return Assessment(AnswerKind.SPECIFIC, self.here, (*signals, "bare_name"), kept or named[0])
        hook = self._hook()
        if _figure(found, lexicon):
            signals += ("number",)
        if self._bare_name(found):
            signals += ("bare_name",)
        if not closing and not self._clear(found, signals):
            return Assessment(AnswerKind.VAGUE, (), (*signals, "vague"), hook)
        return Assessment(AnswerKind.SPECIFIC, (*self.here, *self._also(flow)), signals, hook)

    def _hook(self) -> str:
        """Words to come back to; none of a question."""
        hook = hooks.pick(self.text, self.lexicon, drop=self.vendor)
        asked = (match.group() for match in _SENTENCE.finditer(self.text) if _asks(match.group()))
        return "" if any(hook in sentence for sentence in asked) else hook

    def _clear(self, found: tuple[Token, ...], signals: tuple[str, ...]) -> bool:
        if self.topic and self.topic.id == "peer" and "praise" in signals and not self.lexicon.has("caveat", self.text):
            return False
        return _specific(found, self.text, self.lexicon)

    def _named(self, found: tuple[Token, ...]) -> tuple[str, ...]:
        """Names without a reason, where names were asked for."""
        if not (self.topic and self.topic.id == "alternatives") or len(found) > _ASIDE:
            return ()
        reasoned = self.lexicon.has("cause", self.text) or self.lexicon.has("scene", self.text)
        if self.lexicon is NEUTRAL or reasoned or _deed(found, self.lexicon):
            return ()
        listed = hooks.entities(self.text, self.lexicon, drop=self.vendor)
        return listed or tuple(name.text for name in self._others(found))

    def _others(self, found: tuple[Token, ...]) -> list[Token]:
        """Names that are not the vendor's."""
        return [name for name in _names(found, self.lexicon) if not any(says(own, name.text) for own in self.vendor)]

    def _bare_name(self, found: tuple[Token, ...]) -> bool:
        """One or two capitalised words and nothing else."""
        names = all(t.text[0].isupper() and not self.lexicon.is_in(t.low, "thin", "function", "filler") for t in found)
        return 0 < len(found) <= 2 and names and self.lexicon.names_by_capital

    def _also(self, flow: Flow) -> tuple[str, ...]:
        """Topics that were told without being asked: a sentence says so, with a name, a figure or a reason in it."""
        if count(self.text) < _RICH:
            return ()
        sentences = [match.group() for match in _SENTENCE.finditer(self.text)]
        return tuple(
            topic.id
            for topic in flow.core
            if topic.id not in self.here and any(self._tells(topic.told_by, sentence) for sentence in sentences)
        )

    def _tells(self, list_name: str, sentence: str) -> bool:
        expression = self.lexicon.told.get(list_name)
        match = expression.search(sentence) if expression else None
        if match is None:
            return False
        found = tokens(sentence)
        telling = _telling(found, self.lexicon)
        if list_name == "rivals":
            status_quo = self.lexicon.signals.get("status_quo")
            return bool(self._others(found) or (status_quo and status_quo.search(sentence))) and len(found) >= 4
        if list_name == "reason":
            reason = sentence[match.end() :]
            backed = self.lexicon.has("cause", reason) or _figure(tokens(reason), self.lexicon)
            return backed and len(telling) >= _TELLING
        return len(telling) >= _TELLING - (list_name in _LIGHT) and len(found) >= _SENTENCE_WORDS - 1


def _starts(expression: re.Pattern[str] | None, sentence: str) -> bool:
    """Whether it is said at the start of the sentence, or right after a short lead-in ("wait, are you a bot?")."""
    match = expression.search(sentence) if expression else None
    return match is not None and count(sentence[: match.start()]) <= _LEAD


def _asks(sentence: str) -> bool:
    return sentence.rstrip().endswith(("?", "？", "؟"))


def _telling(found: tuple[Token, ...], lexicon: Lexicon) -> set[str]:
    """Different words with content of their own."""
    if lexicon is NEUTRAL:
        return {token.low for token in found if len(token.text) > 3 or count(token.text) > 1}
    own = (token.low for token in found if len(token.low) > 1 and not lexicon.is_abstract(token.low))
    return {word for word in own if not lexicon.is_in(word, "function", "verb", "filler", "thin")}


def _names(found: tuple[Token, ...], lexicon: Lexicon) -> list[Token]:
    """Capitalised words with content. Where every noun has a capital, those that follow a word names follow."""
    return [
        token
        for before, token in zip((None, *found), found, strict=False)
        if token.text[0].isupper()
        and not lexicon.is_in(token.low, "function", "filler", "thin", "verb")
        and (lexicon.names_by_capital or (before is not None and lexicon.is_in(before.low, "naming", "joint")))
    ]


def _figure(found: tuple[Token, ...], lexicon: Lexicon) -> bool:
    return any(token.text[0].isdigit() or lexicon.is_in(token.low, "number", "date") for token in found)


def _specific(found: tuple[Token, ...], text: str, lexicon: Lexicon) -> bool:
    return _weight(found, text, lexicon) >= _ENOUGH


def _weight(found: tuple[Token, ...], text: str, lexicon: Lexicon) -> float:
    """How much an answer tells: its own words count one each, figures, names, events, deeds, moments and reasons more.

    Phrases that sound like an answer and name nothing count against it. Too few words of its own: nothing is told.
    """
    telling = _telling(found, lexicon)
    if lexicon is NEUTRAL:
        return _ENOUGH if count(text) >= _NEUTRAL_WORDS else 0.0
    inner = [token for token in _names(found, lexicon) if token.start != found[0].start]
    event = lexicon.has("event", text)
    deed = _deed(found, lexicon)
    tells = len(telling) + event + deed
    if tells < (_TELLING if len(found) < _SENTENCE_WORDS else _TELLING - 1):
        return 0.0
    marks = _figure(found, lexicon) + lexicon.has("cause", text) + lexicon.has("scene", text) + event + deed
    return tells + min(len(inner), 2) + 2 * marks - _HOLLOW * lexicon.times("general", text)


def _deed(found: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether somebody did something: a person, and soon after a verb ("our CFO asked", "IT never signed it off")."""
    people = lexicon.signals.get("people")
    return people is not None and any(
        people.fullmatch(token.low) and any(lexicon.is_in(after.low, "verb") for after in found[at + 1 : at + _SOON])
        for at, token in enumerate(found)
    )

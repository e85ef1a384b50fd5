"""What a buyer wants of the interview: to stop, to ask back, to talk to a person. Not what the buyer tells in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from interviewer.flows import objections
from interviewer.flows.moves import ASKED_ABOUT, ReplyTo
from interviewer.flows.tokens import count, segments, sentences, span, tokens, unquoted
from interviewer.flows.weighing import TELLING, is_specific, telling
from interviewer.flows.words import Lexicon, lexicon_for, lexicons
from interviewer.transcript import AnswerKind, Assessment, Turn

_ASIDE = 16
"""Words up to which a wish or a question back is the answer and not a part of one."""

_ASKED_SHORT = 2
"""Up to this many words a question mark only says that the buyer is not sure of the answer ("the price?")."""

_BRIEF = 12
"""Words up to which any word of keeping a thing to oneself makes the answer a refusal."""

_LEAD = 3
"""Words that may come before a question ("wait, are you a bot?")."""

_FAREWELL = 2
"""Words from which a last sentence ends the interview ("I have to go"); one alone may belong to the answer."""

_WISHES = (
    (AnswerKind.WANTS_PERSON, "person"),
    (AnswerKind.NOT_NOW, "not_now"),
    (AnswerKind.NOT_NOW, "leaving"),
    (AnswerKind.MISTAKEN, "mistaken"),
    (AnswerKind.STOPS, "stops"),
    (AnswerKind.STOPS, "enough"),
    (AnswerKind.CONFUSED, "confused"),
    (AnswerKind.CONFUSED, "aside"),
)
_TAKES_BACK = ("deletion", "objects")
"""Lists that say it of what was told here when they are all of an answer."""

_FAREWELLS = ((AnswerKind.STOPS, "stops"), (AnswerKind.NOT_NOW, "leaving"))
"""What may end an answer. "I've had enough" is not among them: at the end of a story it is part of the story."""

_PHONE = re.compile(
    r"(?<![\w.,])(?:\+[1-9](?:[ ()/.-]{0,2}\d){6,14}|00?[1-9](?:[ ()/.-]{0,2}\d){8,13}"
    r"|\(?\d{2,3}\)?[ .-]\d{3,5}[ .-]\d{4})(?![\w%])"
)
"""A number to call, as it is typed; dates and sums are shorter or lack its beginning."""

_BESIDE_A_NUMBER = 8
"""Words that may stand beside a number which is left to be called."""

_ASKS = ("?", "？", "؟", "❓", "❔")


@dataclass(frozen=True)
class Wishes:
    """One answer, read for what it wants of the interview. `here` is the topic that it would tell of."""

    text: str
    lexicon: Lexicon
    here: tuple[str, ...] = ()
    advises: bool = False
    """Whether advice was asked for: "don't use it" may be just that."""

    def heard(self) -> Assessment | None:
        """An answer that is about the interview rather than in it, or None."""
        if not any(character.isalnum() for character in self.text):
            asks = any(mark in self.text for mark in _ASKS)
            return Assessment(AnswerKind.CONFUSED if asks else AnswerKind.NOTHING, signals=("nothing",))
        wish = self._away() or self._takes_back() or self._halts() or self._wish() or self._farewell()
        return wish or self._refusal() or self._greets() or self._asks_back() or self._reserve() or self._astray()

    def on_topic(self, rest: str) -> bool:
        """Whether what is left of the answer says something about the purchase."""
        heard = {name for name, found in self.lexicon.signals.items() if found.search(rest)}
        return bool(heard - {"complaint", "people"}) or len(telling(tokens(rest), self.lexicon)) >= TELLING

    def _takes_back(self) -> Assessment | None:
        """A wish that answers be deleted, or not be used. What else was said still counts."""
        if any(self._is_all(name) for name in _TAKES_BACK) or (self._is_all("unused") and not self.advises):
            return Assessment(AnswerKind.WANTS_DELETION)
        if asked := objections.places(self.text, self.lexicon):
            rest = objections.without(self.text, self.around(asked))
            return Assessment(AnswerKind.WANTS_DELETION, covers=self._covers(rest))
        return None

    def _halts(self) -> Assessment | None:
        """An order to stop, whatever else was said."""
        if not (told := objections.halts(self.text, self.lexicon)):
            return None
        return Assessment(AnswerKind.STOPS, covers=self._covers(objections.without(self.text, told)))

    def around(self, asked: tuple[objections.Place, ...]) -> tuple[objections.Place, ...]:
        """What belongs to a request that is made there."""
        return objections.around(self.text, asked, tells=self.on_topic, stands=self._stands)

    def _stands(self, sentence: str) -> bool:
        """Whether it is an answer of its own: no wish as well, and more than thanks."""
        said = sum(not self._is_filler(token.low) for token in tokens(sentence))
        return said >= TELLING and Wishes(sentence, self.lexicon).heard() is None

    def _wish(self) -> Assessment | None:
        short = count(self.text) <= _ASIDE
        for kind, name in _WISHES:
            if self._is_all(name) or (short and self.lexicon.has(name, self.text)):
                return Assessment(kind)
            if kind is AnswerKind.WANTS_PERSON and self._says_in_a_sentence(name):
                return Assessment(kind, covers=self._covers(self.lexicon.without(name, self.text)))
        return Assessment(AnswerKind.WANTS_PERSON) if self._leaves_a_number() else None

    def _says_in_a_sentence(self, name: str) -> bool:
        """Whether a short sentence of its own says it."""
        return any(count(sentence) <= _ASIDE and self.lexicon.has(name, sentence) for sentence in sentences(self.text))

    def _leaves_a_number(self) -> bool:
        rest = _PHONE.sub(" ", self.text)
        return rest != self.text and count(rest) <= _BESIDE_A_NUMBER and not self.on_topic(rest)

    def _farewell(self) -> Assessment | None:
        """The end of the interview, or of this sitting, said after an answer."""
        *before, last = sentences(self.text)
        if not before or count(last) < _FAREWELL:
            return None
        ending = Wishes(last, self.lexicon)
        kind = next((kind for kind, name in _FAREWELLS if ending._is_all(name)), None)
        return Assessment(kind, covers=self._covers(" ".join(before))) if kind else None

    def _refusal(self) -> Assessment | None:
        if self._is_all("refuses") or self.lexicon.has("refuses", self.text):
            return Assessment(AnswerKind.REFUSES, covers=self._covers(self.lexicon.without("refuses", self.text)))
        return None

    def _greets(self) -> Assessment | None:
        return Assessment(AnswerKind.ASKS_BACK, about="greeting") if self._is_all("greeting") else None

    def _reserve(self) -> Assessment | None:
        """Something kept back, in a few words and about nobody else. In doubt it is: a question less costs little."""
        lexicon, text = self.lexicon, self.text
        if asks(text) or count(text) > _BRIEF or lexicon.has("others", text) or lexicon.is_whole("unsure", text):
            return None
        if not lexicon.has("withholds", text):
            return None
        rest = lexicon.without("withholds", text)
        return None if is_specific(tokens(rest), rest, lexicon) else Assessment(AnswerKind.REFUSES)

    def _away(self) -> Assessment | None:
        """An automatic reply, however long: it is known by how it begins."""
        for lists in dict.fromkeys((self.lexicon, *lexicons().values())):
            expression, first = lists.anywhere.get("away"), next(iter(tokens(self.text)))
            if expression and expression.match(self.text, first.start):
                return Assessment(AnswerKind.NOT_NOW)
        return None

    def _astray(self) -> Assessment | None:
        """Small talk, and anger at the interview itself. Anger about the purchase is an answer."""
        lexicon, text = self.lexicon, self.text
        if lexicon.is_whole("off_topic", text):
            return Assessment(AnswerKind.OFF_TOPIC)
        own = unquoted(text)
        insulting = (lists for lists in (lexicon, *lexicons().values()) if lists.has("hostile", own))
        if any(not self.on_topic(lists.without("hostile", own)) for lists in insulting):
            return Assessment(AnswerKind.HOSTILE)
        return None

    def _is_all(self, name: str) -> bool:
        """Whether the text is this and nothing else, as a whole or part by part ("done now, no more questions")."""
        if self.lexicon.is_whole(name, self.text):
            return True
        return bool(self._parts) and all(self.lexicon.is_whole(name, part) for part in self._parts)

    @cached_property
    def _parts(self) -> tuple[str, ...]:
        """What stands between punctuation marks, but for mere filling. None where there are no such marks."""
        parts = segments(tokens(self.text))
        told = (part for part in parts if not all(self._is_filler(token.low) for token in part))
        return tuple(span(self.text, part) for part in told) if len(parts) > 1 else ()

    def _is_filler(self, word: str) -> bool:
        return self.lexicon.is_in(word, "filler", "lead")

    def _covers(self, rest: str) -> tuple[str, ...]:
        return self.here if is_specific(tokens(rest), rest, self.lexicon) else ()

    # Questions back

    def _asks_back(self) -> Assessment | None:
        """A question to the interviewer. What else was said still counts; a rhetorical question is an answer."""
        for sentence in sentences(self.text):
            about, is_question = self._about(sentence), count(sentence) <= _ASIDE and self._is_question(sentence)
            if about or is_question:
                rest = self.text.replace(sentence, " ")
                return Assessment(AnswerKind.ASKS_BACK, covers=self._covers(rest), about=about)
        return None

    @property
    def only_asks(self) -> bool:
        """Whether all of it is one short question, however it begins, and no rhetorical one."""
        alone = len(sentences(self.text)) == 1 and count(self.text) <= _ASIDE
        return alone and asks(self.text) and not self.lexicon.has("rhetorical", self.text)

    def _about(self, sentence: str) -> str:
        """What it asks about, in all of the sentence or in the clause that ends it; "" when it does not ask."""
        whole = (sentence,) if asks(sentence) or count(sentence) <= _ASIDE else ()
        parts = (*whole, _clause(sentence, last=True))
        return next((name for part in parts for name in self._subjects(part)), "")

    def _subjects(self, part: str) -> Iterator[str]:
        """What it asks about. Without a question mark only what begins as a question is one."""
        asked, start = asks(part), self._start(part)
        for name in ASKED_ABOUT:
            expression = self.lexicon.about.get(name)
            if _starts(expression, part) if asked else expression and expression.match(part, start):
                yield str(name)

    def _is_question(self, sentence: str) -> bool:
        """One to the interviewer, with a question mark or without: not a rhetorical one, nor a tentative answer."""
        if not asks(sentence):
            return self._opens(self.lexicon.anywhere.get("asks"), sentence)
        if self.lexicon.has("rhetorical", sentence):
            return False
        if _starts(self.lexicon.anywhere.get("question"), sentence):
            return True
        alone = sentence.strip() == self.text.strip() and count(sentence) > _ASKED_SHORT
        lists = ("asks", "asking") if alone else ("asks",)
        parts = (sentence, _clause(sentence, last=False))
        return any(self._opens(self.lexicon.anywhere.get(name), part) for name in lists for part in parts)

    def _opens(self, expression: re.Pattern[str] | None, part: str) -> bool:
        """Whether the part begins with it, words that only lead up to it aside."""
        return bool(expression and expression.match(part, self._start(part)))

    def _start(self, part: str) -> int:
        """Where it begins, words that only lead up to it aside."""
        return next((token.start for token in tokens(part) if not self._is_filler(token.low)), len(part))


def asides(turn: Turn, language: str) -> Iterator[tuple[int, int]]:
    """Where an answer that wants its words deleted or copied, or wants to stop, says so. None of that is about the
    purchase; what is told beside it is."""
    told = turn.assessment
    if told is None or not _of_itself(told):
        return
    lexicon = lexicon_for(turn.text, language)
    if told.kind is AnswerKind.WANTS_DELETION:
        asked = objections.places(turn.text, lexicon)
        if asked or told.covers:
            yield from Wishes(turn.text, lexicon).around(asked)
        else:
            yield 0, len(turn.text)
        return
    if told.kind is AnswerKind.STOPS and (halts := objections.halts(turn.text, lexicon)):
        yield from Wishes(turn.text, lexicon).around(halts)
        return
    end = 0
    for sentence in sentences(turn.text):
        start = turn.text.index(sentence, end)
        end = start + len(sentence)
        alone = Wishes(sentence, lexicon_for(sentence, language)).heard()
        if alone is not None and _of_itself(alone):
            yield start, end


def _of_itself(told: Assessment) -> bool:
    return told.kind in {AnswerKind.WANTS_DELETION, AnswerKind.STOPS} or told.about == ReplyTo.COPY


def _clause(sentence: str, *, last: bool) -> str:
    """The clause that ends the sentence; or all but a short one that leads up to it ("before I answer: …"). "" when it
    is no sentence of clauses.
    """
    found = tokens(sentence)
    starts = [token.start for at, token in enumerate(found) if at and token.segment != found[at - 1].segment]
    if last:
        return sentence[starts[-1] :] if starts else ""
    return sentence[starts[0] :] if starts and count(sentence[: starts[0]]) <= _LEAD else ""


def asks(sentence: str) -> bool:
    return sentence.rstrip().endswith(_ASKS)


def _starts(expression: re.Pattern[str] | None, sentence: str) -> bool:
    """Whether it is said at the start of the sentence, or right after a short lead-in ("wait, are you a bot?")."""
    match = expression.search(sentence) if expression else None
    return match is not None and count(sentence[: match.start()]) <= _LEAD

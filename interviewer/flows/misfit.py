"""Whether what a follow-up picks up can be asked about: not "What made no idea a serious option?".

Only what code can tell without a model, and only where it is plain, for a question that is held back costs a try.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from interviewer.flows.model import Flow
from interviewer.flows.moves import Probe
from interviewer.flows.tokens import Heard, Token, quoted, segments, sentences, span, tokens
from interviewer.flows.wishes import Wishes, asks
from interviewer.flows.words import Lexicon, lexicon_for
from interviewer.transcript import AnswerKind, Assessment, Transcript, Turn

NAMED_ON = "alternatives"
"""The core topic whose probes ask about options by name."""

_OUTSIDE = frozenset(AnswerKind) - {AnswerKind.SPECIFIC, AnswerKind.VAGUE, AnswerKind.NOTHING}
"""Kinds of answer that are about the interview rather than in it."""


def misfits(text: str, move: Probe, flow: Flow, transcript: Transcript) -> bool:
    """Whether a follow-up quotes or names a shrug, a bare number where an option's name belongs, or words with which
    the buyer asked something, refused, or wanted something of the interview."""
    picked = tuple(_picked(text, move, transcript))
    if any(pick.is_shrug or pick.is_outside for pick in picked):
        return True
    return bool(picked) and _wants_a_name(move, flow) and all(pick.is_number for pick in picked)


@dataclass(frozen=True)
class _Answer:
    """One of the buyer's turns, read once however much is picked up of it."""

    turn: Turn
    language: str

    @cached_property
    def text(self) -> Heard:
        return Heard(self.turn.text)

    @cached_property
    def lexicon(self) -> Lexicon:
        return lexicon_for(self.turn.text, self.language)

    @cached_property
    def told(self) -> Assessment | None:
        """What was heard in it; where that was not kept, what it wants of the interview."""
        return self.turn.assessment or self.wish(self.turn.text)

    @cached_property
    def sentences(self) -> tuple[Heard, ...]:
        return tuple(Heard(sentence) for sentence in sentences(self.turn.text))

    def wish(self, text: str) -> Assessment | None:
        return Wishes(text, self.lexicon, (self.turn.topic,)).heard()


@dataclass(frozen=True)
class _Pick:
    """Words of an answer that a question picks up."""

    words: str
    answer: _Answer

    @property
    def is_shrug(self) -> bool:
        return any(self.answer.lexicon.is_whole(kind, self.words) for kind in ("nothing", "unsure"))

    @property
    def is_number(self) -> bool:
        """A figure with what it counts ("40 trucks"), and no name in it ("3 Men Moving")."""
        first, *rest = tokens(self.words)
        figure = first.text.isdigit() or self.answer.lexicon.is_in(first.low, "number")
        return figure and not any(_is_name(token, self.answer.lexicon) for token in rest)

    @property
    def is_outside(self) -> bool:
        """Beside an answer only the sentence that says it counts ("The price. Can I talk to somebody?")."""
        told = self.answer.told
        if told is None or told.kind not in _OUTSIDE:
            return False
        said = (sentence.text for sentence in self.answer.sentences if sentence.says(self.words))
        return not told.covers or any(asks(sentence) or self.answer.wish(sentence) for sentence in said)


def _picked(text: str, move: Probe, transcript: Transcript) -> Iterator[_Pick]:
    """What is quoted of any answer; and of the last one, what it was to be picked up by and whole parts of it."""
    answers = [_Answer(turn, transcript.language) for turn in reversed(transcript.answers)]
    for words in dict.fromkeys(quoted(text)):
        answer = next((answer for answer in answers if answer.text.says(words)), None)
        if answer and tokens(words):
            yield _Pick(words, answer)
    if not answers:
        return
    last = answers[0].turn
    asked = Heard(text)
    hooks = (move.hook, last.assessment.hook if last.assessment else "")
    for words in dict.fromkeys((*filter(None, hooks), *_parts(last.text))):
        if tokens(words) and asked.says(words):
            yield _Pick(words, answers[0])


def _parts(answer: str) -> Iterator[str]:
    """What stands between punctuation marks, from two words on: one alone may stand in any question."""
    yield from (span(answer, part) for part in segments(tokens(answer)) if len(part) > 1)


def _wants_a_name(move: Probe, flow: Flow) -> bool:
    """Whether the flow's own words for this follow-up have an option's name in them."""
    hints = [hint for topic in flow.topics if topic.id == move.topic == NAMED_ON for hint in topic.probes]
    return any("{hook}" in text for hint in hints if hint.id == move.hint for text in hint.wording.values())


def _is_name(token: Token, lexicon: Lexicon) -> bool:
    return lexicon.names_by_capital and token.text[0].isupper()

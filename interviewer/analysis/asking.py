"""What the steps share when they ask a model: the conversation as data, and distrust of what comes back.

A buyer's words travel in one user message as JSON, so that nothing in them can pass for a turn or an instruction. A
quote counts where it is found in the turn; a sentence of the model's own where it brings in nothing from outside.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, WithJsonSchema

from interviewer.analysis.case import Case
from interviewer.analysis.codebook import CODEBOOK
from interviewer.analysis.noise import is_noise
from interviewer.analysis.spans import align, fold
from interviewer.analysis.words import load, of
from interviewer.evidence import Quote, Span
from interviewer.flows.tokens import tokens
from interviewer.llm.base import Message
from interviewer.masks import BAR

DEADLINE_S = 60.0
LONGEST_SENTENCE = 280
LONGEST_NAME = 60
_ADDRESS = re.compile(r"https?:|www\.|\S@\S|[<>{}`]|\]\(")
_NUMBER = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.!?:…]\s*[\"'“”‘’(]*$")


def one_of(*values: str) -> WithJsonSchema:
    """Servers that hold to a schema are told the words; from others a wrong one costs its part, not the whole reply."""
    return WithJsonSchema({"type": "string", "enum": list(values)})


class Said(BaseModel):
    """Words that the model takes from a turn."""

    turn: int
    words: str


class Cited(BaseModel):
    """A sentence of the model's own, and the numbers of the quotes that carry it."""

    text: str
    quotes: list[int]


def about(case: Case) -> dict[str, str]:
    """What every prompt is told of the deal: nothing that the CRM knows beyond the interviewer's own context."""
    context = case.transcript.context
    return {
        "vendor": context.vendor or "the vendor",
        "product": context.product or "the product",
        "outcome": context.outcome or "not known",
    }


def conversation(case: Case, **more: Any) -> list[Message]:
    """The whole interview, with `more` beside it, as one message of JSON."""
    turns = [
        {"turn": turn.number, "who": turn.speaker.value, "topic": turn.topic, "text": turn.text}
        for turn in case.transcript
        if turn.text and not turn.removed
    ]
    return [Message("user", json.dumps({"conversation": turns, **more}, ensure_ascii=False))]


def listed(quotes: Sequence[Quote]) -> list[dict[str, Any]]:
    """Kept quotes as a prompt gets them: numbered from 1, for the model to cite."""
    return [
        {"quote": number, "turn": quote.turn_number, "words": quote.text, "themes": [tag.theme for tag in quote.tags]}
        for number, quote in enumerate(quotes, start=1)
    ]


def cited(quotes: Sequence[Quote], numbers: Iterable[int]) -> tuple[Span, ...]:
    """Where the quotes of these numbers stand; numbers that there are not are left out."""
    return tuple(quotes[number - 1].span for number in dict.fromkeys(numbers) if 0 < number <= len(quotes))


def spans(case: Case, quotes: Iterable[Said]) -> tuple[Span, ...]:
    """Where the quoted words stand in answers; those that are not found, or are no evidence, are left out."""
    texts = {turn.number: turn.text for turn in case.telling}
    known = of(case.transcript.language, case.said)
    found = []
    for quote in quotes:
        text = texts.get(quote.turn, "")
        at = align(text, quote.words) if text else None
        if at and BAR not in text[slice(*at)] and not is_noise(text, *at, known):
            found.append(Span(quote.turn, *at))
    return tuple(dict.fromkeys(found))


def words(case: Case, span: Span) -> str:
    """The words of a span."""
    texts = {turn.number: turn.text for turn in case.transcript.answers}
    return texts[span.turn_number][span.start : span.end]


def named(case: Case, name: str) -> str:
    """The name on one line where the buyer says it, as the model writes it; else nothing."""
    line = sentence(case, name, longest=LONGEST_NAME)
    return line if line and any(align(turn.text, line) for turn in case.transcript.answers) else ""


def sentence(case: Case, text: str, *, longest: int = LONGEST_SENTENCE) -> str:
    """The model's sentence on one line, or nothing where it cannot be kept.

    Numbers, names and quoted words must come from the conversation; addresses and markup have no place in it.
    """
    line = " ".join(text.split())
    if not line or len(line) > longest or _ADDRESS.search(line):
        return ""
    known = _known(case)
    strange = [number for number in _NUMBER.findall(line) if number not in known]
    strange += [name for name, first in _capitals(line) if fold(name) not in known and not (first and _is_word(name))]
    return "" if strange else line


def _known(case: Case) -> frozenset[str]:
    """Every word of the conversation and of what was known beforehand, and capitals that any text may hold ("CRM")."""
    context = case.transcript.context
    spoken = [turn.text for turn in case.transcript if not turn.removed]
    texts = [*spoken, context.vendor, context.product, context.outcome, context.role]
    words = (word for text in texts for word in re.findall(r"\w+", fold(text)))
    figures = (number for text in texts for number in _NUMBER.findall(fold(text)))
    return load("en").not_names.union(words, figures)


def _capitals(line: str) -> Iterator[tuple[str, bool]]:
    """Words with a capital, which a summary may repeat but not bring in, and whether they begin a sentence."""
    for token in tokens(line):
        inside = token.start > 0 and not _SENTENCE_END.search(line[: token.start])
        if token.text[0].isupper() and len(token.text) > 1:
            parts = [part for part in re.findall(r"\w+", token.text) if part[0].isupper()]
            yield from ((part, not inside and part == parts[0]) for part in parts)


def _is_word(name: str) -> bool:
    """Whether what begins a sentence may be no name: it is a word of the English lists."""
    word = fold(name)
    return word in _english() or word.removesuffix("s") in _english()


@cache
def _english() -> frozenset[str]:
    """Words that the rules know, of which there are some thousands."""
    lists = (
        files("interviewer.analysis") / "lexicon" / "en.toml",
        files("interviewer.analysis") / "drivers.toml",
        files("interviewer.flows") / "signals" / "en.toml",
    )
    own = (entry.meaning for entry in CODEBOOK.values())
    return frozenset(re.findall(r"[a-z]{2,}", " ".join([*(path.read_text("utf-8") for path in lists), *own]).lower()))

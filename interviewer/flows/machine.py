"""What in an answer speaks to the machine rather than to a person: markup, encoded text, orders to the interviewer.

None of it can do anything, for code decides what is asked. It only must not pass for an answer, nor hide one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from interviewer.flows import words
from interviewer.flows.tokens import segments, span, tokens, unquoted
from interviewer.flows.words import Lexicon

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Marks without width, and those that turn the direction of writing."""

_SCRIPT = re.compile(r"<(script|style)\b[^>]{0,200}>.{0,4000}?(</\1\s*>|$)|<!--.{0,4000}?(-->|$)", re.I | re.S)
_TAG = re.compile(r"</?[a-z!][^<>]{0,200}>", re.I)
_ENCODED = re.compile(
    r"(?<![\w/])(?=[\w+/-]*[a-z][A-Z])(?=[\w+/-]*\d)[\w+/-]{24,}={0,2}|(?<!\w)[0-9a-f]{32,}(?!\w)", re.ASCII
)

_ROLE = re.compile(
    r"</?(system|assistant|user|answer|instructions?|prompt)\b[^<>]{0,80}>"
    r"|<\|\w{1,30}\|>|\[/?(inst|system)\]"
    r"|[\"'](role|content|system|kind|option|covers)[\"']\s*:"
    r"|^\W*(system|assistant|developer|admin)( \w+)?\W*:",
    re.I | re.M,
)
"""How conversations with a model are written down: who types that writes to the machine."""


def plain(text: str) -> str:
    """The words that a person would read in it: no markup, no encoded text, no marks that nobody sees."""
    seen = _UNSEEN.sub("", text)
    for noise in (_SCRIPT, _TAG, _ENCODED):
        seen = noise.sub("\n", seen)
    return seen


def addressed(text: str) -> bool:
    """Whether part of it is meant for the machine, in any language that has word lists."""
    seen = _UNSEEN.sub("", text)
    return bool(_ROLE.search(seen) or _ENCODED.search(seen)) or _orders(plain(text), "off_topic")


def left(text: str) -> str:
    """What is said to people in a text that speaks to the machine too: clause by clause, each on a line. What stands in
    quotation marks is part of an order there.
    """
    said = unquoted(plain(text))
    clauses = (span(said, part) for part in segments(tokens(said)))
    return "\n".join(clause for clause in clauses if not _is_order(clause))


def _is_order(clause: str) -> bool:
    return _orders(clause, "off_topic") or any(_begins(lexicon, clause) for lexicon in _lists())


def _orders(text: str, name: str) -> bool:
    return any(lexicon.has(name, text) for lexicon in _lists())


def _begins(lexicon: Lexicon, clause: str) -> bool:
    """Whether the clause begins as an order does, words that only lead up to it aside."""
    first = next((t for t in tokens(clause) if not lexicon.is_in(t.low, "filler", "lead", "joint")), None)
    orders = lexicon.anywhere.get("orders")
    return bool(orders and first and orders.match(clause, first.start))


def _lists() -> Iterable[Lexicon]:
    return words.lexicons().values()

"""Hear what is said about the interview rather than in it: questions back, asides, insults at it, keys at random,
refusals, and how to reach somebody.

None of it is evidence, so none of it is quoted. What else stands in the same answer still counts.
"""

import re

from interviewer.analysis.words import Words
from interviewer.flows.tokens import tokens

_QUESTION_MARKS = "?？؟"
_ENDINGS = f"{_QUESTION_MARKS}!\"'”’)]"
_LATIN = re.compile(r"[a-z]+")
_RUN = re.compile(r"(.)\1{3}")
_KEYS = re.compile(r"(?:asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|zxcv|xcvb|cvbn|yxcv)")
_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.\w|https?://|(?<!\w)\+?\(?\d(?:[\s./()-]{0,2}\d){6,}|(?<!\w)555-\d{4}")
"""An address or a number to reach somebody: kept in the transcript, never put forward."""
_LEAST_OF_AN_ASIDE = 2
"""Words that carry something, left over once the aside is taken away, from which there is more than the aside."""
_LONGEST_QUESTION = 14
"""Words up to which something that opens like a question is one, though its mark is missing."""


def is_noise(text: str, start: int, end: int, words: Words) -> bool:
    """Whether the clause [start, end) of an answer tells nothing of the purchase."""
    clause = text[start:end]
    found = [token.low for token in tokens(clause)]
    if not found or _is_asked(clause) or all(_is_keys(word) for word in found):
        return True
    if _CONTACT.search(clause) or words.hears("refuses", clause):
        return True
    if len(found) <= _LONGEST_QUESTION and any(match.start() == 0 for match in words.find("asks", clause)):
        return True
    if not words.hears("aside", clause):
        return False
    rest = words.cues["aside"].sub(" ", clause)
    return sum(token.low not in words.function_words for token in tokens(rest)) < _LEAST_OF_AN_ASIDE


def _is_asked(clause: str) -> bool:
    """Whether it ends as a question, whatever closes behind the mark."""
    return any(mark in _QUESTION_MARKS for mark in clause[len(clause.rstrip(_ENDINGS)) :])


def _is_keys(word: str) -> bool:
    """Whether a word is one letter held down, a row of the keyboard, or has no vowel where one must be."""
    if not _LATIN.fullmatch(word):
        return False
    return bool(_RUN.search(word) or _KEYS.match(word) or (len(word) > 5 and not re.search(r"[aeiouy]", word)))

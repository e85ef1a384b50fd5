"""Which language a short text is in, told by the small words of the languages that have word lists."""

from __future__ import annotations

from collections.abc import Iterable

from interviewer.flows import words
from interviewer.flows.tokens import tokens
from interviewer.flows.words import NEUTRAL, Lexicon

_LISTS = ("function", "verb", "filler")
_LEAST = 2
"""Words that must speak for another language."""


def elsewhere(text: str, languages: Iterable[str]) -> str:
    """The language that the text is plainly in, when that is none of these; else "". In doubt it is one of these."""
    found = [token.low for token in tokens(text)]
    ours = [words.lexicon(language) for language in languages]
    known = sum(any(_knows(lexicon, word) for lexicon in ours) for word in found)
    best, most = "", 0
    for lexicon in words.lexicons().values():
        if lexicon in ours:
            continue
        alone = sum(_knows(lexicon, word) and not any(_knows(own, word) for own in ours) for word in found)
        if alone > most:
            best, most = lexicon.language, alone
    unlisted = all(lexicon is NEUTRAL for lexicon in ours)
    plain = most * 2 > len(found) if unlisted else most > 2 * known
    return best if most >= _LEAST and plain else ""


def spoken(texts: Iterable[str], language: str) -> tuple[str, ...]:
    """The interview's language, and each one that these answers are plainly in."""
    heard = (words.lexicon_for(text, language).language for text in texts)
    return tuple(dict.fromkeys([language, *filter(None, heard)]))


def _knows(lexicon: Lexicon, word: str) -> bool:
    return lexicon.is_in(word, *_LISTS)

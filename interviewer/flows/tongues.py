"""Which language a short text is in, told by the small words of the languages that have word lists."""

from __future__ import annotations

from collections.abc import Iterable

from interviewer.flows import words
from interviewer.flows.tokens import tokens
from interviewer.flows.words import NEUTRAL, Lexicon
from interviewer.transcript import Transcript

_LISTS = ("function", "verb", "filler")
_LEAST = 2
"""Words that must speak for another language."""
_IN_A_ROW = 2


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


def followed(transcript: Transcript) -> str:
    """The language to go on in: the interview's, or the one that two answers in a row were plainly in.

    One stray answer changes nothing, and one too short to tell counts neither way. Only languages with word lists are
    told from each other; in any other the interview stays as it began.
    """
    now, heard, times = transcript.language, "", 0
    for turn in transcript.answers:
        written = _written(turn.text, words.lexicon(now))
        if not written:
            continue
        times = times + 1 if written == heard else 1
        heard = written
        if times >= _IN_A_ROW and words.lexicon(heard) is not words.lexicon(now):
            now = heard
    return now


def _written(text: str, ours: Lexicon) -> str:
    """The language that an answer is plainly in, by its small words; "" in doubt."""
    if ours is NEUTRAL:
        return ""
    found = [token.low for token in tokens(text)]
    hits = {lexicon: sum(_knows(lexicon, word) for word in found) for lexicon in words.lexicons().values()}
    best = max(hits, key=lambda lexicon: (hits[lexicon], lexicon is ours))
    lead = hits[best] if best is ours else hits[best] - hits[ours]
    return best.language if lead >= _LEAST else ""


def _knows(lexicon: Lexicon, word: str) -> bool:
    return lexicon.is_in(word, *_LISTS)

"""How much an answer tells: its own words, its figures and names, and what happened in it."""

from __future__ import annotations

from interviewer.flows.tokens import Token, count
from interviewer.flows.words import NEUTRAL, Lexicon

TELLING = 3
SENTENCE_WORDS = 7
_ENOUGH = 5.0
"""A specific answer has so many telling words (one fewer in a whole sentence), and weighs so much in all."""

_HOLLOW = 2.0
_NEUTRAL_WORDS = 8
_SOON = 4


def telling(found: tuple[Token, ...], lexicon: Lexicon) -> set[str]:
    """Different words with content of their own."""
    if lexicon is NEUTRAL:
        return {token.low for token in found if len(token.text) > 3 or count(token.text) > 1}
    own = (token.low for token in found if len(token.low) > 1 and not lexicon.is_abstract(token.low))
    return {word for word in own if not lexicon.is_in(word, "function", "verb", "filler", "thin")}


def names(found: tuple[Token, ...], lexicon: Lexicon) -> list[Token]:
    """Capitalised words with content. Where every noun has a capital, those that follow a word names follow."""
    return [
        token
        for before, token in zip((None, *found), found, strict=False)
        if token.text[0].isupper()
        and not lexicon.is_in(token.low, "function", "filler", "thin", "verb")
        and (lexicon.names_by_capital or (before is not None and lexicon.is_in(before.low, "naming", "joint")))
    ]


def has_figure(found: tuple[Token, ...], lexicon: Lexicon) -> bool:
    return any(token.text[0].isdigit() or lexicon.is_in(token.low, "number", "date") for token in found)


def is_specific(found: tuple[Token, ...], text: str, lexicon: Lexicon) -> bool:
    return _weight(found, text, lexicon) >= _ENOUGH


def _weight(found: tuple[Token, ...], text: str, lexicon: Lexicon) -> float:
    """How much an answer tells: its own words count one each, figures, names, events, deeds, moments and reasons more.

    Phrases that sound like an answer and name nothing count against it. Too few words of its own: nothing is told.
    """
    own = telling(found, lexicon)
    if lexicon is NEUTRAL:
        return _ENOUGH if count(text) >= _NEUTRAL_WORDS else 0.0
    inner = [token for token in names(found, lexicon) if token.start != found[0].start]
    event = lexicon.has("event", text)
    deed = has_deed(found, lexicon)
    tells = len(own) + event + deed
    if tells < (TELLING if len(found) < SENTENCE_WORDS else TELLING - 1):
        return 0.0
    marks = has_figure(found, lexicon) + lexicon.has("cause", text) + lexicon.has("scene", text) + event + deed
    return tells + min(len(inner), 2) + 2 * marks - _HOLLOW * lexicon.times("general", text)


def has_deed(found: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether somebody did something: a person, and soon after a verb ("our CFO asked", "IT never signed it off")."""
    people = lexicon.signals.get("people")
    return people is not None and any(
        people.fullmatch(token.low) and any(lexicon.is_in(after.low, "verb") for after in found[at + 1 : at + _SOON])
        for at, token in enumerate(found)
    )

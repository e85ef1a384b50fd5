"""How much an answer tells: its own words, its figures and names, and what happened in it."""

from __future__ import annotations

from interviewer.flows.tokens import Token, count, tokens
from interviewer.flows.words import NEUTRAL, Lexicon

TELLING = 3
SENTENCE_WORDS = 7

ENOUGH = 3.5
"""From this weight on an answer is specific: something happened in it."""

OWN = 1.0
"""Each different word with content of its own, up to `_MOST_OWN`: a label alone ("better product") has hardly any."""
ACT, MORE_ACTS = 3.0, 1.0
"""Something was done ("broke", "called", "struck out"), and done again."""
NEVER = 5.0
"""Something was not done, or could not be ("IT would not open the firewall")."""
DEED = 5.0
"""Somebody did something: a person, and soon after a verb."""
EVENT, SCENE = 4.0, 2.0
"""What happens to companies (a renewal, an outage), and an occasion at which one was there (a demo, a call)."""
NAME, FIGURE = 3.0, 3.0
"""A name beside the first word, up to two; a number or a date, but no rough percentage."""
FILLER, GENERAL, ABSTRACT = -1.5, -3.0, -1.5
"""Each word of filling, each phrase that sounds like an answer and names nothing, each word for a quality."""
SOFT = -7.0
"""Times the share of words for needs, feelings and comparisons."""
LENGTH = -0.06
"""Each word: who says much without saying what happened says little."""

_MOST_OWN, _MOST_ACTS, _MOST_NAMES = 8, 3, 2
_NEUTRAL_WORDS = 8
_SHORT = 4
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
        and not lexicon.is_in(token.low, "function", "filler", "thin", "verb", "date", "number")
        and (lexicon.names_by_capital or (before is not None and lexicon.is_in(before.low, "naming", "joint")))
    ]


def has_figure(found: tuple[Token, ...], lexicon: Lexicon) -> bool:
    return any(token.text[0].isdigit() or lexicon.is_in(token.low, "number", "date") for token in found)


def is_specific(found: tuple[Token, ...], text: str, lexicon: Lexicon) -> bool:
    """Whether it tells what happened, who, when or which, rather than a label or a feeling."""
    if lexicon is NEUTRAL:
        return count(text) >= _NEUTRAL_WORDS
    return len(found) > 1 and weigh(found, text, lexicon) >= ENOUGH


def weigh(found: tuple[Token, ...], text: str, lexicon: Lexicon) -> float:
    """How much an answer tells, in the weights above: for signs of something that happened, against words around it."""
    if not found:
        return 0.0
    acts = sum(1 for token in found if _is_act(token.low, lexicon))
    others = sum(1 for token in names(found, lexicon) if token.start != found[0].start)
    soft = sum(1 for token in found if lexicon.is_in(token.low, "soft", "thin"))
    return (
        OWN * min(len(telling(found, lexicon)), _MOST_OWN)
        + (ACT + MORE_ACTS * min(acts, _MOST_ACTS) if acts else 0.0)
        + NEVER * lexicon.has("never", text)
        + DEED * has_deed(found, lexicon)
        + EVENT * lexicon.has("event", text)
        + SCENE * lexicon.has("scene", text)
        + NAME * min(others, _MOST_NAMES)
        + FIGURE * has_figure(tokens(lexicon.without("rough", text)), lexicon)
        + FILLER * sum(1 for token in found if lexicon.is_in(token.low, "filler"))
        + GENERAL * lexicon.times("general", text)
        + ABSTRACT * sum(1 for token in found if lexicon.is_abstract(token.low))
        + SOFT * soft / len(found)
        + LENGTH * len(found)
    )


def _is_act(word: str, lexicon: Lexicon) -> bool:
    """Whether it says that something was done: by the list of such verbs, or by how they end."""
    if lexicon.is_in(word, "soft", "thin"):
        return False
    ends = len(word) > _SHORT and word.endswith(tuple(lexicon.words.get("act_endings", ())))
    return ends or lexicon.is_in(word, "act")


def has_deed(found: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether somebody did something: a person, and soon after a verb ("our CFO asked", "IT never signed it off")."""
    people = lexicon.signals.get("people")
    return people is not None and any(
        people.fullmatch(token.low) and any(lexicon.is_in(after.low, "verb") for after in found[at + 1 : at + _SOON])
        for at, token in enumerate(found)
    )

"""A short name in the buyer's own words for what a clause tells, where no list knows one."""

import re
from collections.abc import Sequence
from functools import cache

from interviewer.analysis import classifier, lists
from interviewer.analysis.hearing import Hearing
from interviewer.analysis.words import is_sentence
from interviewer.flows.tokens import Token, tokens

MOST = 5
"""Words of a name."""
_FEWEST = 2
"""Words that carry something, from which a name says more than a category."""
_OF_NO_REASON = frozenset({"boss", "season"})
"""Concepts of who and when: a reason is what."""
_TITLES = frozenset(
    {"lead", "leads", "manager", "managers", "director", "directors", "head", "heads", "officer", "officers"}
    | {"chief", "controller", "accountant", "supervisor", "boss"}
)
"""Words that a person, or some people, are called by at work."""
_SHORTEST = 3
"""Letters of a word in a name, unless it is one that names have inside."""
_LACKS = re.compile(
    r"(?<!\w)(?:(?P<no>no|missing|lack of|lacked|lacks|without)|needed|wanted)\s+(?:a |an |any |the |proper |real )*"
    r"|(?<!\w)(?P<unable>couldn['’]?t|could not|can['’]?t|cannot|doesn['’]?t|didn['’]?t|won['’]?t)\s+",
    re.IGNORECASE,
)
"""What opens the name of what was not there, or could not be done."""
_ASKING = re.compile(r"^\w+ing (?:for|about|to) ")
"""What they did, before what it was about ("asking for a quote")."""
_OF_SOMEBODY = re.compile(r"\b(?:and|or) (?:your|our|my|their|the)\b")
"""Where two things stand side by side, which is no name for one."""


def gist(hearing: Hearing, text: str) -> str:
    """Up to five words of `text` as they stand there, in small letters; empty where none would name anything."""
    return _lacking(hearing, text) or _longest(hearing, text)


def good(hearing: Hearing, text: str) -> str:
    """The gist of `text` where it reads as a name ("data export"); empty where it is a scrap of a sentence."""
    name = _ASKING.sub("", gist(hearing, text))
    if hearing.options.named_in(name) or _OF_SOMEBODY.search(name):
        return ""
    inside = name.removeprefix("could not ").split()
    scrap = any(
        len(word) < _SHORTEST or word.endswith("ly") or any(letter.isdigit() or letter in '"“”' for letter in word)
        for word in inside
        if word not in _words(hearing, "inner")
    )
    told = any(hearing.words.hears("verb", word) or word in _words(hearing, "tells") for word in inside)
    return "" if scrap or told or _is_who_or_when(name) else name


def _is_who_or_when(name: str) -> bool:
    concepts = (classifier.concepts().get(stem, ()) for stem in classifier.stems(name))
    return any(not _OF_NO_REASON.isdisjoint(found) for found in concepts)


def is_who(hearing: Hearing, text: str) -> bool:
    """Whether all that the words name is who decided, or when ("It was the CFO in the end")."""
    found = [token.low for token in tokens(text) if _carrying(hearing, [token])]
    if not found:
        return False
    ours = hearing.words.own.search(text) and not hearing.words.us.search(text)  # "your account manager" is a reason
    titled = ours and found[-1] in _TITLES and not is_sentence(hearing.words, text)
    return bool(titled) or all(_is_who_or_when(word) for word in found)


def lacks(text: str) -> bool:
    """Whether a text says that something was not there, or could not be done."""
    return bool(_LACKS.search(text))


def _lacking(hearing: Hearing, text: str) -> str:
    for match in _LACKS.finditer(text):
        lead = "no " if match["no"] else "could not " if match["unable"] else ""
        words = _run(hearing, [token for token in tokens(text) if token.start >= match.end()], MOST - len(lead.split()))
        if words and words[0].start == match.end() and _carrying(hearing, words) >= (1 if match["no"] else _FEWEST):
            return lead + _joined(text, words)
    return ""


def _longest(hearing: Hearing, text: str) -> str:
    """The first of the runs of words that carry most."""
    found = tokens(text)
    runs = [_run(hearing, found[place:]) for place in range(len(found))]
    best = max(runs, key=lambda run: _carrying(hearing, run), default=())
    return _joined(text, best) if _carrying(hearing, best) >= _FEWEST else ""


def bare(hearing: Hearing, text: str) -> str:
    """The one word of `text` that carries something; empty where there are more, or none."""
    found = [token for token in tokens(text) if _carrying(hearing, [token])]
    return found[0].low if len(found) == 1 and not _is_who_or_when(found[0].low) else ""


def is_light(hearing: Hearing, text: str) -> bool:
    """Whether the words name nothing ("tell")."""
    return not _carrying(hearing, tokens(text))


def _run(hearing: Hearing, found: Sequence[Token], most: int = MOST) -> tuple[Token, ...]:
    """The first words of `found` that can be one name: no mark and no helper of a verb between them."""
    name, inner = list[Token](), _words(hearing, "inner")
    for token in found[:most]:
        plain = token.low not in inner and token.low.partition("'")[0] in hearing.words.function_words
        if plain or token.segment != found[0].segment:
            break
        name.append(token)
    while name and not _carrying(hearing, name[-1:]):
        name.pop()
    return tuple(name) if _carrying(hearing, name[:1]) else ()


def _carrying(hearing: Hearing, words: Sequence[Token]) -> int:
    light = _words(hearing, "inner") | _words(hearing, "light") | hearing.words.function_words
    return sum(token.low not in light for token in words)


def _words(hearing: Hearing, key: str) -> frozenset[str]:
    return _listed(hearing.words.language, key)


@cache
def _listed(language: str, key: str) -> frozenset[str]:
    return frozenset(lists.table("drivers", language).get(key, "").split())


def _joined(text: str, words: Sequence[Token]) -> str:
    return " ".join(text[words[0].start : words[-1].end].split()).casefold()

"""What somebody types to find something, as terms; and where a text holds them. Pure, the same for every database.

A token is a run of letters and digits, folded. Texts are kept as tokens and questions are asked in tokens, so no sign
that a person types can mean anything to a database.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.folding import fold

MOST_TERMS = 12
LONGEST_TOKEN = 60
_TOKEN = re.compile(r"[^\W_]+")
_WRITTEN = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
"""As `_TOKEN`, in a text that was not folded: accents may be signs of their own."""
_PART = re.compile(r'"([^"]*)"|([^\s"]+)')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟＂", '"'))


@dataclass(frozen=True)
class Term:
    """Tokens that stand one after the other. With `prefix` the last one may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True)
class Query:
    """Terms that all have to be there, or with `some` at least one of them."""

    terms: tuple[Term, ...] = ()
    some: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)


def tokens(text: str) -> list[str]:
    """The folded words of a text: "Señal-OK 😀" has "senal" and "ok"."""
    return [token[:LONGEST_TOKEN] for token in _TOKEN.findall(fold(text))]


def parse(text: str) -> Query:
    """Words that all must be there, phrases in quotation marks, and a last word that may be unfinished.

    Whatever is no letter and no digit is left out; what is left may be nothing.
    """
    terms: list[Term] = []
    text = text.translate(_QUOTES)
    for part in _PART.finditer(text):
        found = tuple(tokens(part[1] if part[1] is not None else part[2]))
        if found:
            terms.append(Term(found, prefix=part[1] is None and part.end() == len(text)))
    return Query(tuple(dict.fromkeys(terms[:MOST_TERMS])))


def words(given: Sequence[str]) -> Query:
    """Words that all must be there, each possibly unfinished."""
    found = (tuple(tokens(word)) for word in given)
    return Query(tuple(Term(term, prefix=True) for term in dict.fromkeys(found) if term)[:MOST_TERMS])


def hits(text: str, query: Query) -> list[tuple[int, int]]:
    """Where `text` holds a term, as spans of whole words in code points, in order."""
    places = [(at.start(), at.end(), _plain(at.group())) for at in _WRITTEN.finditer(text)]
    found: set[tuple[int, int]] = set()
    for term in query.terms:
        size = len(term.tokens)
        for first in range(len(places) - size + 1):
            said = [place[2] for place in places[first : first + size]]
            if said[:-1] == list(term.tokens[:-1]) and _ends(said[-1], term):
                found.update((start, end) for start, end, _ in places[first : first + size])
    return sorted(found)


def _ends(said: str, term: Term) -> bool:
    return said.startswith(term.tokens[-1]) if term.prefix else said == term.tokens[-1]


def _plain(word: str) -> str:
    return "".join(tokens(word))

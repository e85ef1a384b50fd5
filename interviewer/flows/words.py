"""The word lists that ship beside this module: `signals/` to read answers, `rules/` to judge questions.

They are as constant as code, so they are loaded the way code is: from the package, once. A language is one file in each
folder. An entry is a regular expression over whole words, case aside; a blank stands for any blanks (" ?" for
any or none), an apostrophe may be missing or a blank, `~` is any ending. Where a file says `accents_optional`, its
words are heard with and without their accents, as phones send them. What many entries share stands once, in `parts`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import takewhile
from typing import Any

from interviewer.flows.tokens import tokens

_NEVER = re.compile(r"(?!)")
_TELLTALE = 6
"""Words from which an answer without a single known one is taken for another language."""
_SHORT = 5
_EDGE = 6
"""Words of filling taken off either end of an answer, at most."""


_ALIKE = ("aàâã", "eéèêë", "iîïí", "oôõó", "uùûüú", "cç")
_VARIANTS = {ord(letter): f"[{alike}]" for alike in _ALIKE for letter in alike[1:]} | {ord("œ"): "(?:œ|oe)"}
"""An accented letter in an expression, as it may be typed."""


def pattern(entries: Iterable[str], *, accents_optional: bool = False) -> re.Pattern[str]:
    """One expression that finds any of the entries as whole words."""
    blanks = (entry.replace("~", r"\w*").replace(" ?", r"\s*").replace(" ", r"\s+") for entry in entries)
    parts = [entry.replace("'", "['’]? ?") for entry in blanks]
    if accents_optional:
        parts = [part.translate(_VARIANTS) for part in parts]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else _NEVER


class Patterns(Mapping[str, re.Pattern[str]]):
    """Expressions by name, each compiled when it is first asked for: most need but one or two of the languages."""

    def __init__(self, entries: Mapping[str, list[str]], *, accents_optional: bool = False) -> None:
        self._entries, self._accents_optional = entries, accents_optional
        self._compiled: dict[str, re.Pattern[str]] = {}

    def __getitem__(self, name: str) -> re.Pattern[str]:
        if name not in self._compiled:
            self._compiled[name] = pattern(self._entries[name], accents_optional=self._accents_optional)
        return self._compiled[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """One language's lists. `words` are plain sets; the rest are expressions by name."""

    language: str
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    whole: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    anywhere: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    about: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    signals: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    told: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    names_by_capital: bool = False
    """Whether a capital inside a sentence marks a name; in German it marks any noun."""
    _together: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict, init=False, repr=False)
    """Lists as they are asked for: a reply looks up its words some thousand times."""

    def is_in(self, word: str, *lists: str) -> bool:
        words = self._together.get(lists)
        if words is None:
            words = self._together[lists] = frozenset().union(*(self.words.get(name, ()) for name in lists))
        return word in words

    def is_abstract(self, word: str) -> bool:
        """Whether its ending makes it a name for a quality or a process rather than for a thing that was there."""
        return len(word) > _SHORT and word.endswith(tuple(self.words.get("abstract", ())))

    def has(self, kind: str, text: str) -> bool:
        """Whether the text says it somewhere."""
        return bool(self.anywhere.get(kind, _NEVER).search(text))

    def times(self, kind: str, text: str) -> int:
        """How often the text says it."""
        return sum(1 for _ in self.anywhere.get(kind, _NEVER).finditer(text))

    def without(self, kind: str, text: str) -> str:
        """The text without the places that say it."""
        return self.anywhere.get(kind, _NEVER).sub(" … ", text)

    def opening(self, text: str, start: int) -> int:
        """Where words that only lead up to the point end, when they stand at `start`; else 0."""
        match = self.anywhere.get("opener", _NEVER).match(text, start)
        return match.end() if match else 0

    def is_whole(self, kind: str, text: str) -> bool:
        """Whether the text is this and nothing more, words of politeness and filling aside."""
        found = [token.low for token in tokens(text)]
        heads = sum(1 for _ in takewhile(self._is_filler, found))
        tails = sum(1 for _ in takewhile(self._is_filler, reversed(found)))
        expression = self.whole.get(kind, _NEVER)
        return any(
            expression.fullmatch(" ".join(found[head : len(found) - tail]))
            for head in range(min(heads, _EDGE) + 1)
            for tail in range(min(tails, _EDGE) + 1)
        )

    def _is_filler(self, word: str) -> bool:
        return self.is_in(word, "filler")


@dataclass(frozen=True, eq=False)
class Rules:
    """What a question must not hold, by the name of the lint's rule, and a few plain lists."""

    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rules: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    allowed: re.Pattern[str] = _NEVER
    """What is fine although a rule would find it."""
    closed: re.Pattern[str] = _NEVER
    """Beginnings that can be answered by yes or no although an open word may lead them ("apa Anda puas?")."""


NEUTRAL = Lexicon("")
"""For languages without lists: only the shape of an answer is read."""

STRUCTURAL = frozenset({"vague", "nothing", "unsure", "bare_name", "only_us", "number", "second"})
"""Signals that come from an answer's shape, not from a list of words."""


@cache
def lexicons() -> Mapping[str, Lexicon]:
    return {language: _lexicon(language, body) for language, body in _files("signals").items()}


@cache
def rules() -> Mapping[str, Rules]:
    return {
        language: Rules(
            _sets(body["words"]), Patterns(body["rules"]), pattern(body["allowed"]), pattern(body.get("closed", ()))
        )
        for language, body in _files("rules").items()
    }


@cache
def signals() -> frozenset[str]:
    """Every signal that a probe's `fits` may name."""
    return STRUCTURAL.union(*(lexicon.signals for lexicon in lexicons().values()))


@cache
def told() -> frozenset[str]:
    """Every list that a topic's `told_by` may name."""
    return frozenset().union(*(lexicon.told for lexicon in lexicons().values()))


def lexicon(language: str) -> Lexicon:
    return lexicons().get(language.lower().split("-")[0], NEUTRAL)


def lexicon_for(text: str, language: str) -> Lexicon:
    """The lists for an answer: the interview's language, unless the words are plainly of another one we know."""
    own = lexicon(language)
    words = [token.low for token in tokens(text)]
    known = ("function", "verb", "filler", "thin")
    hits = {found: sum(found.is_in(word, *known) for word in words) for found in lexicons().values()}
    best = max(hits, key=lambda found: (hits[found], found is own))
    ours = hits.get(own, 0)
    if hits[best] > max(1, ours) or (not ours and hits[best] * 2 >= len(words) > 0):
        return best
    if own is NEUTRAL or len(words) < _TELLTALE or ours:
        return own
    return NEUTRAL


def _files(folder: str) -> dict[str, dict[str, Any]]:
    place = resources.files(__package__).joinpath(folder)
    files = sorted((entry for entry in place.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return {entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8")) for entry in files}


def _lexicon(language: str, body: dict[str, Any]) -> Lexicon:
    bare = body.get("accents_optional", False)
    sets = _sets(body["words"])
    tables = ("whole", "anywhere", "about", "signals", "told")
    return Lexicon(
        language,
        {name: found | {_bare(word) for word in found} for name, found in sets.items()} if bare else sets,
        **{name: Patterns(_filled(body[name], body.get("parts", {})), accents_optional=bare) for name in tables},
        names_by_capital=body["names_by_capital"],
    )


def _filled(table: Mapping[str, list[str]], parts: Mapping[str, str]) -> dict[str, list[str]]:
    """The entries with every part that they name ("{ours}") written out."""
    for name, part in parts.items():
        table = {key: [entry.replace(f"{{{name}}}", part) for entry in entries] for key, entries in table.items()}
    return dict(table)


def _bare(word: str) -> str:
    return unicodedata.normalize("NFKD", word.replace("œ", "oe")).encode("ascii", "ignore").decode()


def _sets(table: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {name: frozenset(text.split()) for name, text in table.items()}

"""Word lists of a language as patterns. The lists are data (`lexicon/<language>.toml`), to be read and corrected.

A language without a list still gets the rules that need no words: what was asked decides what an answer is about.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from interviewer.flows.words import pattern

_NEVER = re.compile(r"(?!)")
_RUN = r"(?<!\s)"
"""Before blanks, where a pattern begins with them: tried once for each run of blanks, not for each blank of it."""
_STOPS = rf"{_RUN}(?:\s*+;\s*+|\s++[–—-]++\s++)"
SHORTEST_SENTENCE, SURELY_A_SENTENCE = 4, 7
"""Words from which a clause with a verb is more than a name, and from which any is taken for more."""
_FOLDER = files("interviewer.analysis") / "lexicon"


@dataclass(frozen=True)
class Words:
    """What the rules listen for in one language. Patterns match whole words, in any case."""

    language: str
    function_words: frozenset[str] = frozenset()
    abbreviations: frozenset[str] = frozenset()
    not_names: frozenset[str] = frozenset()
    names_by_capital: bool = True
    """Whether a capital inside a sentence marks a name; in German it marks any noun."""
    stop: re.Pattern[str] = re.compile(_STOPS)
    joint: re.Pattern[str] = re.compile(r",\s+")
    turn: re.Pattern[str] = _NEVER
    """Before a word that turns round, limits or explains, for sentences that would be too long with it."""
    lead: re.Pattern[str] = _NEVER
    tail: re.Pattern[str] = _NEVER
    negations: re.Pattern[str] = _NEVER
    us: re.Pattern[str] = _NEVER
    they: re.Pattern[str] = _NEVER
    them: re.Pattern[str] = _NEVER
    opening: re.Pattern[str] = re.compile(r"(?:^|[,;:–—-]\s*)$")
    """Where a part of a sentence begins, at the end of what stands before it."""
    dangling: re.Pattern[str] = _NEVER
    """Words for what was said before: what opens with one cannot stand alone."""
    preposition: re.Pattern[str] = _NEVER
    own: re.Pattern[str] = _NEVER
    rival_before: re.Pattern[str] = _NEVER
    other_before: re.Pattern[str] = _NEVER
    gap_before: re.Pattern[str] = _NEVER
    cues: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    hints: frozenset[str] = frozenset()
    """Cues that learned weights do not count."""
    exceptions: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    subjects: tuple[tuple[str, re.Pattern[str]], ...] = ()
    status_quo: tuple[tuple[str, re.Pattern[str]], ...] = ()

    def hears(self, cue: str, text: str) -> bool:
        """Whether `text` has a word of `cue` that is not part of one of its exceptions."""
        return bool(self.find(cue, text))

    def find(self, cue: str, text: str) -> tuple[re.Match[str], ...]:
        """Where those words are."""
        excepted = [match.span() for match in self.exceptions.get(cue, _NEVER).finditer(text)]
        return tuple(
            match
            for match in self.cues.get(cue, _NEVER).finditer(text)
            if not any(start < match.end() and match.start() < end for start, end in excepted)
        )


@cache
def load(language: str) -> Words:
    """The lists for a language code ("en", "de-AT"); empty ones where there is no file."""
    code = re.split(r"[-_]", language.lower())[0]
    if code not in languages():
        return Words(language=code)
    data: dict[str, Any] = tomllib.loads((_FOLDER / f"{code}.toml").read_text("utf-8"))
    bound, joint = _any(data["bound"]), _any(data["joint"])
    return Words(
        language=code,
        function_words=frozenset(data["function_words"].split()),
        abbreviations=frozenset(data["abbreviations"].split()),
        not_names=frozenset(data["not_names"].split()),
        names_by_capital=data["names_by_capital"],
        stop=re.compile(rf"{_STOPS}(?!{bound})", re.IGNORECASE),
        joint=re.compile(rf",\s++(?!(?:{joint}\s+)?{bound})|{_RUN}\s++(?={joint})(?!\w+\s+{bound})", re.IGNORECASE),
        turn=re.compile(rf"{_RUN}[,\s]\s*+(?={bound})", re.IGNORECASE),
        lead=re.compile(rf"{_any(data['lead'])}[,.:…\s]+(?=\S)", re.IGNORECASE),
        tail=re.compile(rf"(?<![\s,.–—-])[\s,.–—-]++{_any(data['tail'])}[\s.,!…]*$", re.IGNORECASE),
        negations=phrases(data["negations"]),
        us=phrases(data["us"]),
        they=phrases(data["they"]),
        them=phrases(data["them"]),
        opening=re.compile(rf"(?:^|[,;:–—-]\s*|(?:{joint}|{bound})\s+)$", re.IGNORECASE),
        dangling=phrases(data["dangling"]),
        preposition=phrases(data["preposition"]),
        own=phrases(data["own"]),
        rival_before=re.compile(rf"{_any(data['rival_before'])}\s+$", re.IGNORECASE),
        other_before=re.compile(rf"{_any(data['other_before'])}[\s,]+$", re.IGNORECASE),
        gap_before=phrases(data["gap"]["before"]),
        cues={name: phrases(entries) for name, entries in (data["cues"] | data["hints"]).items()},
        hints=frozenset(data["hints"]),
        exceptions={name: phrases(entries) for name, entries in data["except"].items()},
        subjects=_labelled(data["subjects"]),
        status_quo=_labelled(data["status_quo"]),
    )


def of(language: str, text: str) -> Words:
    """The lists for what was written: the interview's language, unless the words are plainly another one's."""
    tokens = [token.lower() for token in re.findall(r"\w+", text)]

    def share(words: Words) -> float:
        return sum(token in words.function_words for token in tokens) / max(len(tokens), 1)

    asked = load(language)
    best = max((load(code) for code in languages()), key=share)
    return best if share(best) > share(asked) + 0.2 else asked


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages that have lists."""
    return tuple(sorted(path.name.removesuffix(".toml") for path in _FOLDER.iterdir() if path.name.endswith(".toml")))


def is_sentence(words: Words, text: str) -> bool:
    """Whether `text` says something of what it names. In a language without lists its length has to tell."""
    length = len(re.findall(r"\w+", text))
    return length >= SHORTEST_SENTENCE and (words.hears("verb", text) or length >= SURELY_A_SENTENCE)


def phrases(entries: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of the entries, the longest that fits; `…` stands for up to three words between."""
    longest_first = sorted(entries, key=len, reverse=True)
    return pattern(entry.replace(" … ", r"(?:\W+\w+){0,3}?\W+") for entry in longest_first) if longest_first else _NEVER


def _any(entries: Iterable[str]) -> str:
    return phrases(entries).pattern


def _labelled(entries: Mapping[str, list[str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((label, phrases(words)) for label, words in entries.items())

"""Word lists that say what is told of a deal (`roles.toml`, `drivers.toml` …), a table for each language.

Entries are those of the lexicon (`words.py`). `X` stands for an option, which is put in as a pattern.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from interviewer.analysis.words import phrases

Pattern = re.Pattern[str]
_NEVER = re.compile(r"(?!)")
_SLOT = "X"


@cache
def table(name: str, language: str) -> Mapping[str, Any]:
    """The lists of `<name>.toml` for a language as they were written; empty where it has none."""
    found: Mapping[str, Any] = _file(name).get(language, {})
    return found


@cache
def _file(name: str) -> Mapping[str, Any]:
    return tomllib.loads((files("interviewer.analysis") / f"{name}.toml").read_text("utf-8"))


@cache
def pattern(name: str, language: str, *keys: str, slot: str = _SLOT) -> re.Pattern[str]:
    """One pattern for the list under `keys`, with `slot` for each `X`. Without a list it finds nothing."""
    entries: Any = table(name, language)
    for key in keys:
        entries = entries.get(key, {})
    return compiled(entries, slot)


@cache
def labelled(name: str, language: str, key: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Labels with the pattern that gives each away, in the order of the file."""
    return tuple((label, compiled(entries)) for label, entries in table(name, language).get(key, {}).items())


def compiled(entries: Iterable[str], slot: str = _SLOT) -> re.Pattern[str]:
    found = phrases(entries).pattern.replace(_SLOT, slot)
    return re.compile(found, re.IGNORECASE) if entries else _NEVER

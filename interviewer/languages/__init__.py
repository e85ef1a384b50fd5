"""The words of the buyer's pages, one file per language; English stands in for what another one lacks.

Core: files are read by `bootstrap.py` and handed in as text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interviewer.errors import BadInput, Problem

ENGLISH = "en"
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@dataclass(frozen=True)
class Texts:
    """One language: `t("landing.start")`, `t("chat.progress", number=2, total=5)`."""

    language: str
    words: Mapping[str, str]

    @property
    def direction(self) -> str:
        return "rtl" if self.language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"

    def __call__(self, key: str, /, **values: object) -> str:
        """The words for `key`, with `{placeholders}` filled in. Raises KeyError for an unknown key or value."""
        return self.words[key].format(**values)


@dataclass(frozen=True)
class Languages:
    """Every language that the pages can speak."""

    texts: Mapping[str, Texts]

    def get(self, language: str) -> Texts:
        """The language asked for ("de-AT" finds "de"), else English."""
        for code in (language.lower(), language.lower().partition("-")[0]):
            if code in self.texts:
                return self.texts[code]
        return self.texts[ENGLISH]

    def stands_in(self, language: str) -> bool:
        """Whether another language stands in for the one asked for."""
        return self.get(language).language.partition("-")[0] != language.lower().partition("-")[0]


def load(files: Mapping[str, str]) -> Languages:
    """Parse `<language>.toml` texts by file name. Raises BadInput for keys that English lacks, or the reverse."""
    parsed = {name.removesuffix(".toml"): _flat(tomllib.loads(text)) for name, text in files.items()}
    english = parsed[ENGLISH]
    problems = [
        Problem(f"{language}.toml", f"{key}: {'missing' if key in english else 'not in en.toml'}")
        for language, words in parsed.items()
        for key in sorted(english.keys() ^ words.keys())
    ]
    if problems:
        raise BadInput(problems)
    return Languages({language: Texts(language, words) for language, words in parsed.items()})


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat

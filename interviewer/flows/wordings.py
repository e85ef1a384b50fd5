"""The flows' words in other languages: one file each in `wordings/`, from the English wording to what is said for it.

Keyed by the English words, so that flows share them, a flow of one's own is translated as far as its words are the
shipped ones, and a changed English wording never keeps a translation that no longer fits.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

SOURCE = "en"


@cache
def tables() -> Mapping[str, Mapping[str, str]]:
    """By language: English wording -> the wording in that language."""
    place = resources.files(__package__).joinpath("wordings")
    files = sorted((entry for entry in place.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return {entry.name.removesuffix(".toml"): _flat(entry.read_text(encoding="utf-8")) for entry in files}


def languages() -> tuple[str, ...]:
    """Every language that the shipped flows are worded in."""
    return (SOURCE, *tables())


def translated(body: Any) -> Any:
    """The body of a flow file with each English wording joined by those of the other languages; its own win."""
    match body:
        case {"en": str(english)}:
            known = {language: table[english] for language, table in tables().items() if english in table}
            return {"en": english, **known, **body}
        case dict():
            return {key: translated(value) for key, value in body.items()}
        case list():
            return [translated(value) for value in body]
        case _:
            return body


def _flat(text: str) -> dict[str, str]:
    """The sections of a file are for its readers only."""
    return {english: words for section in tomllib.loads(text).values() for english, words in section.items()}

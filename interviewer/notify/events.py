"""What people are written to about. Add one: a line in `EVENTS`, and its folder in `templates/` for each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

EVENTS: Mapping[str, frozenset[str]] = {
    "proof_code": frozenset({"code"}),
    "sign_in_link": frozenset({"link"}),
    "copy_of_answers": frozenset({"product", "answers"}),
    "call_requested": frozenset({"call"}),
}
"""Each with the values that its templates take, besides the common ones."""
COMMON = frozenset({"organisation", "asker", "contact"})
LANGUAGES = ("en", "de", "fr", "id", "es", "pt")


@dataclass(frozen=True)
class Letter:
    """An event in words."""

    subject: str
    text: str
    html: str


def render(event: str, language: str, values: Mapping[str, object]) -> Letter:
    """Put an event into words; English where a language has none. Raises ValueError for wrong values."""
    if set(values) != EVENTS[event] | COMMON:
        raise ValueError(f"{event} takes {', '.join(sorted(EVENTS[event] | COMMON))}")
    short = language.partition("-")[0]
    folder = f"{event}/{short if short in LANGUAGES else LANGUAGES[0]}"
    words = {
        part: _environment().get_template(f"{folder}/{part}").render(values)
        for part in ("subject.txt", "text.txt", "mail.html")
    }
    return Letter(subject=" ".join(words["subject.txt"].split()), text=words["text.txt"], html=words["mail.html"])


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("interviewer.notify"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

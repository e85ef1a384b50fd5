"""What people are written to about. Add one: a line in `EVENTS`, and its folder in `templates/` for each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

EVENTS: Mapping[str, frozenset[str]] = {
    "proof_code": frozenset({"code"}),
    "sign_in_link": frozenset({"link"}),
    "copy_of_answers": frozenset({"product", "answers", "host"}),
    "call_requested": frozenset({"call"}),
    "call_booked": frozenset({"call"}),
    "call_moved": frozenset({"call"}),
    "call_handed": frozenset({"call"}),
    "call_cancelled": frozenset({"call"}),
    "call_reminder": frozenset({"call"}),
    "call_missed": frozenset({"call"}),
    "host_call": frozenset({"call"}),
    "desk_invitation": frozenset({"told"}),
    "link_made": frozenset({"told"}),
}
"""Each with the values that its templates take, besides the common ones."""
ENGLISH_ONLY = frozenset({"host_call", "desk_invitation", "link_made"})
"""What only people at the desk read."""
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
    folder = f"{event}/{LANGUAGES[0] if event in ENGLISH_ONLY else _known(language)}"
    words = {
        part: _environment().get_template(f"{folder}/{part}").render(values)
        for part in ("subject.txt", "text.txt", "mail.html")
    }
    return Letter(subject=" ".join(words["subject.txt"].split()), text=words["text.txt"], html=words["mail.html"])


def entry(language: str, **values: str) -> tuple[str, str]:
    """Title and text of a call in a buyer's calendar: of `organisation`, `product`, `host`, `video` and `page`."""
    summary, text = (
        _environment().get_template(f"call_entry/{_known(language)}/{part}").render(values)
        for part in ("summary.txt", "text.txt")
    )
    return " ".join(summary.split()), text.strip()


def _known(language: str) -> str:
    short = language.partition("-")[0]
    return short if short in LANGUAGES else LANGUAGES[0]


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

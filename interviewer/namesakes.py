"""Whether words would say whose they are (trust.md 9-11): a name of the buyer or the company, or a part. Pure."""

from collections.abc import Iterable

from interviewer.searching import tokens

_COMMON = frozenset(
    {"the", "and", "und", "gmbh", "inc", "ltd", "llc", "plc", "corp", "company", "group", "services", "systems"}
    | {"solutions", "software", "may", "will", "mark", "info", "contact"}
)
"""Parts of names that are words of every day: alone they give nobody away."""


def of_buyer(name: str, company: str, email: str) -> tuple[str, ...]:
    """What a buyer may be known by."""
    return name, company, email.partition("@")[0]


def tells(text: str, names: Iterable[str]) -> str:
    """The first name, or distinctive part of one, that stands in `text`; empty where none does."""
    said = tokens(text)
    for name in names:
        parts = tokens(name)
        if parts and any(said[start : start + len(parts)] == parts for start in range(len(said))):
            return name
        for part in parts:
            if part in said and len(part) > 2 and part not in _COMMON:
                return part
    return ""

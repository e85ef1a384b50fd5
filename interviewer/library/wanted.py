"""A search of the library as its address says it: words and filters. Pure; an address read and written is the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from interviewer.folding import fold

LONGEST = 200
LAST_PAGE = 5000
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {"win": "won", "midpoint": "won", "loss": "lost", "no_decision": "lost", "churn": "left"}
)
"""How a flow's deals ended. No decision is a loss to doing nothing (domain.md); who is asked at midpoint has bought."""
_CHOICES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "outcome": frozenset({*OUTCOMES.values()}),
        "status": frozenset({"reviewed", "open"}),
        "mode": frozenset({"ai", "human"}),
        "polarity": frozenset({"positive", "negative", "mixed", "neutral"}),
        "kind": frozenset({"quote", "statement", "answer", "about"}),
        "words": frozenset({"exact", "loose"}),
    }
)
ANYBODY = "anybody"
"""As `lost_to`: every loss, and churn that moved to any competitor."""
REASONS = "reasons"
"""As a theme: any of those that say why (`store.library.REASONS`)."""
_FOLDED = frozenset({"role", "segment", "competitor", "lost_to", "subject"})


@dataclass(frozen=True)
class Wanted:
    """What is asked for; empty fields ask for nothing."""

    q: str = ""
    outcome: str = ""
    flow: str = ""
    role: str = ""
    segment: str = ""
    least: float | None = None
    most: float | None = None
    """Of the deal's amount, whatever its currency."""
    competitor: str = ""
    lost_to: str = ""
    """The rival that took the deal, by the buyer's word: in losses, and in churn that moved there."""
    theme: str = ""
    subject: str = ""
    polarity: str = ""
    since: date | None = None
    until: date | None = None
    """Of the day on which the interview ended, both included."""
    language: str = ""
    status: str = ""
    mode: str = ""
    kind: str = ""
    words: str = ""
    """How `q` is read: `exact` as it is, `loose` by any of its words and what goes with them; empty: as a question
    where it is one, else as it is."""
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """From an address; nonsense in it is left out."""
        read: dict[str, Any] = {
            part.name: _value(part.name, given[part.name]) for part in fields(cls) if part.name in given
        }
        return cls(**read)

    @classmethod
    def from_query(cls, query: str) -> Self:
        return cls.read(dict(parse_qsl(query)))

    @property
    def query(self) -> str:
        """As the part of an address after the question mark."""
        return urlencode(self.parts)

    @property
    def parts(self) -> dict[str, str]:
        """What the address says, by name."""
        said = {part.name: getattr(self, part.name) for part in fields(self)}
        return {name: _text(value) for name, value in said.items() if value != getattr(_NOTHING, name)}

    @property
    def filters(self) -> tuple[str, ...]:
        """Names of the filters that are set."""
        beside = {"q", "kind", "words", "page"}
        return tuple(part.name for part in fields(self) if part.name not in beside and getattr(self, part.name))

    def but(self, **changes: Any) -> Self:
        """The same search with changes, from its first page."""
        return replace(self, **{"page": 1, **changes})


def _value(name: str, text: str) -> str | float | date | int | None:
    text = " ".join(text.replace("\x00", "").split())[:LONGEST]
    if name == "page":
        return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 6 else 1
    if name in ("least", "most"):
        return _amount(text)
    if name in ("since", "until"):
        return _day(text)
    if name in _CHOICES:
        return text if text in _CHOICES[name] else ""
    return fold(text) if name in _FOLDED else text


def _amount(text: str) -> float | None:
    plain = text.replace(",", "").replace(" ", "")
    return float(plain) if plain.isdecimal() and plain.isascii() and len(plain) < 13 and float(plain) > 0 else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


def _text(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else str(value)


_NOTHING = Wanted()

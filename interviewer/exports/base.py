"""What every export takes and gives. It is handed only what `confidentiality.see` made (trust.md 48).

Records come one by one and bytes leave as they are made, so that five thousand interviews need no more memory than
a few.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Protocol

from interviewer.confidentiality import Seen

Cell = str | int | float | bool | date | datetime | None
Records = AsyncIterator[Seen[Any]]


class What(StrEnum):
    """What can be taken elsewhere, and the record that each is made of."""

    INTERVIEWS = "interviews"
    """`records.Interview`, one row each."""
    QUOTES = "quotes"
    """`records.Interview`, one row for each tag of a quote."""
    DEALS = "deals"
    """`records.Interview`, one row each: the deal as the CRM, the rep and the buyer have it."""
    CORRECTIONS = "corrections"
    """`records.outward.Correction`, one row each."""
    RELEASED = "released"
    """`records.released.Shelf`, one row for each statement on it."""


@dataclass(frozen=True)
class About:
    """What stands over an export."""

    what: What
    at: datetime
    base_url: str
    organisation: str = ""


class Format(Protocol):
    """One way to write records."""

    label: str
    media_type: str

    def write(self, about: About, records: Records) -> AsyncGenerator[bytes]:
        """The file in pieces. It is whole when the iterator ends; an error in `records` passes through."""
        ...


OWNERS = {
    "pmm": "for product marketing",
    "product": "for product",
    "sales": "for sales leadership and enablement",
    "revops": "for RevOps",
    "nobody": "filed",
}
"""Who acts on a finding, in words."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula (trust.md 23)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def written(value: Cell) -> str:
    """A cell as text: times in UTC, nothing for what is not known."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case float():
            return f"{value:.15g}"
        case _:
            return str(value)

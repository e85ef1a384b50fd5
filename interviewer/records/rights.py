"""What is held about one person, for that person (docs/privacy.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from interviewer.confidentiality import Field

_ANY = Field.PERSON
"""Whoever answers for a person knows who it is; the parts below have guards of their own."""


@dataclass(frozen=True)
class Cell:
    name: Annotated[str, _ANY]
    value: Annotated[str | int | float | bool | date | datetime | None, _ANY]
    data: Annotated[bool, _ANY]
    """Whether the value is JSON."""


@dataclass(frozen=True)
class Row:
    cells: Annotated[tuple[Cell, ...], _ANY]


@dataclass(frozen=True)
class Section:
    """What is held in one place."""

    title: Annotated[str, _ANY]
    rows: Annotated[tuple[Row, ...], _ANY]


@dataclass(frozen=True)
class Account:
    """All of it."""

    address: Annotated[str, Field.PERSON]
    made_at: Annotated[datetime, _ANY]
    invitations: Annotated[int, _ANY]
    person: Annotated[tuple[Section, ...], Field.PERSON]
    said: Annotated[tuple[Section, ...], Field.TRANSCRIPT]
    derived: Annotated[tuple[Section, ...], Field.FINDINGS]
    released: Annotated[tuple[Section, ...], Field.RELEASED]
    calls: Annotated[tuple[Section, ...], Field.CALL]
    deal: Annotated[tuple[Section, ...], Field.DEAL]
    mails: Annotated[tuple[Section, ...], Field.INTERVIEW]
    desk: Annotated[tuple[Section, ...], Field.ACCOUNT]
    works_here: Annotated[bool, _ANY]
    """Whether there is something in `desk`, for those who may not see it."""


@dataclass(frozen=True)
class Erasure:
    """What erasing a person took, or would take."""

    invitations: Annotated[int, _ANY]
    interviews: Annotated[int, _ANY]
    answers: Annotated[int, _ANY]
    calls: Annotated[int, _ANY]
    at_desk: Annotated[bool, _ANY]
    """Whether the address is also that of a desk user, whose account stays."""
    suppressed: Annotated[bool, _ANY]
    """Whether the address is kept as that of somebody who was erased: nobody writes to it, and nothing comes back."""

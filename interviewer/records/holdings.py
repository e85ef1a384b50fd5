"""What there is about one person, in few words, for who answers them at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from interviewer.confidentiality import Field

_ANY = Field.PERSON


@dataclass(frozen=True)
class Asked:
    """One invitation of theirs."""

    page: Annotated[str, Field.INTERVIEW]
    name: Annotated[str, Field.PERSON]
    role: Annotated[str, Field.PERSON]
    company: Annotated[str, Field.COMPANY]
    flow_name: Annotated[str, Field.INTERVIEW]
    created_at: Annotated[datetime, Field.INTERVIEW]


@dataclass(frozen=True)
class Holding:
    """How many there are of one kind."""

    label: Annotated[str, _ANY]
    number: Annotated[int, _ANY]


@dataclass(frozen=True)
class Holdings:
    address: Annotated[str, Field.PERSON]
    who: Annotated[str, Field.PERSON]
    """Their names, as they were invited; empty where none is known."""
    companies: Annotated[str, Field.COMPANY]
    asked: Annotated[tuple[Asked, ...], Field.INTERVIEW]
    """Invitations that were not erased."""
    holdings: Annotated[tuple[Holding, ...], _ANY]
    deals: Annotated[int, Field.DEAL]
    works_here: Annotated[bool, _ANY]
    """Whether there is something of an account at the desk."""
    partly: Annotated[bool, _ANY]
    """Whether the viewer may not see that."""

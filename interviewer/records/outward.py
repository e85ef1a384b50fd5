"""What leaves the desk: the exports there are, what may go back to the CRM, and keys to the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from interviewer.confidentiality import Field

_OUT, _BACK, _KEY = Field.RELEASED, Field.CORRECTION, Field.KEY


@dataclass(frozen=True)
class Correction:
    """One field of a deal as the CRM and the buyer have it. The buyer agreed that it may go back; it holds no words."""

    deal_id: Annotated[str, _BACK]
    closed_on: Annotated[date | None, _BACK]
    field: Annotated[str, _BACK]
    label: Annotated[str, _BACK]
    crm: Annotated[str, _BACK]
    buyer: Annotated[str, _BACK]
    contradicts: Annotated[bool, _BACK]
    reviewed: Annotated[bool, _BACK]
    """That a person went through the interview it comes from; no other correction is made."""
    amount: Annotated[float | None, Field.WORTH]
    currency: Annotated[str, Field.WORTH]
    interview_id: Annotated[str, Field.INTERVIEW]
    company: Annotated[str, Field.COMPANY]


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: Annotated[str, _OUT]
    label: Annotated[str, _OUT]


@dataclass(frozen=True)
class Offer:
    """One export, with what the chosen filters leave of it."""

    what: Annotated[str, _OUT]
    label: Annotated[str, _OUT]
    about: Annotated[str, _OUT]
    records: Annotated[int, _OUT]
    """How many interviews or statements it would be made of."""
    noun: Annotated[str, _OUT]
    waiting: Annotated[int, _OUT] = 0
    """Of corrections: how many interviews nobody has reviewed yet. What they say stays here until then."""


@dataclass(frozen=True)
class Exports:
    offers: Annotated[tuple[Offer, ...], _OUT]
    formats: Annotated[tuple[Choice, ...], _OUT]
    flows: Annotated[tuple[Choice, ...], Field.INTERVIEW]
    outcomes: Annotated[tuple[Choice, ...], Field.INTERVIEW]
    audiences: Annotated[tuple[Choice, ...], Field.TRANSCRIPT]


@dataclass(frozen=True)
class Key:
    """A key to the API, without the key."""

    id: Annotated[str, _KEY]
    name: Annotated[str, _KEY]
    role: Annotated[str, _KEY]
    scopes: Annotated[tuple[str, ...], _KEY]
    made_by: Annotated[str, _KEY]
    created_at: Annotated[datetime, _KEY]
    expires_at: Annotated[datetime | None, _KEY]
    last_used_at: Annotated[datetime | None, _KEY]
    revoked_at: Annotated[datetime | None, _KEY]
    works: Annotated[bool, _KEY]


@dataclass(frozen=True)
class ScopeChoice:
    """What a key may read, and the roles that there is something to read for."""

    value: Annotated[str, _KEY]
    label: Annotated[str, _KEY]
    roles: Annotated[str, _KEY]


@dataclass(frozen=True)
class Keys:
    keys: Annotated[tuple[Key, ...], _KEY]
    scopes: Annotated[tuple[ScopeChoice, ...], _KEY]
    roles: Annotated[tuple[Choice, ...], _KEY]

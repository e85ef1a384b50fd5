"""Who works at the desk, and where somebody is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from interviewer.confidentiality import Field
from interviewer.records.outward import Choice

_WHO, _OWN = Field.ACCOUNT, Field.OWN


@dataclass(frozen=True)
class Person:
    """Somebody who works at the desk, or did."""

    id: Annotated[str, _WHO]
    name: Annotated[str, _WHO]
    email: Annotated[str, _WHO]
    role: Annotated[str, _WHO]
    by_groups: Annotated[bool, _WHO]
    """The provider's groups gave the role, and take it away."""
    by_company: Annotated[bool, _WHO]
    """Has come by the company's sign-in."""
    created_at: Annotated[datetime, _WHO]
    last_seen_at: Annotated[datetime | None, _WHO]
    disabled_at: Annotated[datetime | None, _WHO]
    sessions: Annotated[int, _WHO]
    me: Annotated[bool, _WHO]
    last_admin: Annotated[bool, _WHO]
    """Nobody else could let people in."""
    needs_link: Annotated[bool, _WHO]
    """Never came in, and nothing but a link that an admin hands over brings them in."""


@dataclass(frozen=True)
class People:
    people: Annotated[tuple[Person, ...], _WHO]
    roles: Annotated[tuple[Choice, ...], Field.RELEASED]


@dataclass(frozen=True)
class OwnSession:
    """One browser that the viewer is signed in with."""

    id: Annotated[str, _OWN]
    browser: Annotated[str, _OWN]
    way: Annotated[str, _OWN]
    created_at: Annotated[datetime, _OWN]
    last_seen_at: Annotated[datetime, _OWN]
    here: Annotated[bool, _OWN]
    """This is the browser that asks."""


@dataclass(frozen=True)
class OwnSessions:
    sessions: Annotated[tuple[OwnSession, ...], _OWN]

"""Buyers who would rather talk, what is known of a deal, and a buyer's link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from interviewer.confidentiality import Field

_PERSON, _COMPANY, _CALL, _DEAL, _LINK = Field.PERSON, Field.COMPANY, Field.CALL, Field.DEAL, Field.LINK


@dataclass(frozen=True)
class Call:
    """A buyer who would rather talk."""

    id: Annotated[str, _CALL]
    page: Annotated[str, _CALL]
    channel: Annotated[str, _CALL]
    first_time: Annotated[str, _CALL]
    second_time: Annotated[str, _CALL]
    phone: Annotated[str, _CALL]
    time_zone: Annotated[str, _CALL]
    """In words: "London, GMT (UTC+0)"."""
    created_at: Annotated[datetime, _CALL]
    handled_at: Annotated[datetime | None, _CALL]
    flow_name: Annotated[str, _CALL]
    name: Annotated[str, _PERSON]
    email: Annotated[str, _PERSON]
    role: Annotated[str, _PERSON]
    company: Annotated[str, _COMPANY]


@dataclass(frozen=True)
class Calls:
    open: Annotated[tuple[Call, ...], _CALL]
    handled: Annotated[tuple[Call, ...], _CALL]


@dataclass(frozen=True)
class Deal:
    """What the CRM and the rep say. It never reached the interviewer."""

    deal_id: Annotated[str, _DEAL]
    amount: Annotated[float | None, _DEAL]
    currency: Annotated[str, _DEAL]
    closed_on: Annotated[date | None, _DEAL]
    owner: Annotated[str, _DEAL]
    rep_reason: Annotated[str, _DEAL]
    rep_competitor: Annotated[str, _DEAL]
    reason_category: Annotated[str, _DEAL]
    reason_driver: Annotated[str, _DEAL]
    reason_explanation: Annotated[str, _DEAL]
    primary_competitor: Annotated[str, _DEAL]
    incumbent: Annotated[str, _DEAL]
    selected_competitor: Annotated[str, _DEAL]


@dataclass(frozen=True)
class Link:
    """The buyer's personal link and how long it is good."""

    url: Annotated[str, _LINK]
    """Empty where it is worth nothing any more."""
    created_at: Annotated[datetime, _LINK]
    expires_at: Annotated[datetime, _LINK]
    revoked_at: Annotated[datetime | None, _LINK]
    can_revoke: Annotated[bool, _LINK]
    can_replace: Annotated[bool, _LINK]

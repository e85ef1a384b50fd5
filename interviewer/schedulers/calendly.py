"""Calendly: prefilled, our reference in `utm_content`, and webhooks whose signature carries a moment.

A move is two messages: the old invitee is cancelled as rescheduled, the new one is created and names the old.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pydantic import Field

from interviewer.errors import Unsigned
from interviewer.schedulers.base import (
    Id,
    Moment,
    Person,
    Shape,
    Told,
    check_age,
    check_signature,
    filled,
    link_or_nothing,
    read,
    read_secret,
    reference_in,
)

OLDEST = timedelta(hours=25)
"""Calendly tries again for a day and does not say whether it signs anew; its advice of three minutes would refuse that.
Sent again, a message that was taken does nothing: what was heard is known for a week."""
_CREATED, _CANCELLED = "invitee.created", "invitee.canceled"


class _Said(Shape):
    event: str
    at: Moment = Field(alias="created_at")


class _Tracking(Shape):
    content: str | None = Field(default=None, alias="utm_content")


class _Invitee(Shape):
    uri: Id
    before: Id | None = Field(default=None, alias="old_invitee")
    rescheduled: bool = False
    timezone: str | None = None
    tracking: _Tracking | None = None


class _OnInvitee(Shape):
    payload: _Invitee


class _Location(Shape):
    join_url: str | None = None


class _Event(Shape):
    starts: Moment = Field(alias="start_time")
    ends: Moment = Field(alias="end_time")
    location: _Location | None = None


class _Booked(_Invitee):
    event: _Event = Field(alias="scheduled_event")


class _OnBooked(Shape):
    payload: _Booked


class Calendly:
    name = "calendly"
    hosts: Sequence[str] = ("calendly.com",)

    def link(self, url: str, person: Person, reference: str) -> str:
        return filled(url, name=person.name, email=person.address, utm_content=reference)

    def secret(self, env: Mapping[str, str] | None = None) -> str:
        return read_secret("INTERVIEWER_CALENDLY_SECRET", env)

    def told(self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Told | None:
        moment, signature = _parts(headers.get("calendly-webhook-signature", ""))
        check_signature(secret, f"{moment}.".encode() + body, signature)
        check_age(datetime.fromtimestamp(int(moment), UTC), now, OLDEST)
        said = read(_Said, body)
        if said.event == _CANCELLED:
            off = read(_OnInvitee, body).payload
            if off.rescheduled:  # the new one's message says where to
                return None
            return Told(off.uri, said.at, _reference(off), off.before or "", cancelled=True)
        if said.event != _CREATED:
            return None
        booked = read(_OnBooked, body).payload
        return Told(
            external_id=booked.uri,
            at=said.at,
            reference=_reference(booked),
            replaces=booked.before or "",
            starts_at=booked.event.starts,
            ends_at=booked.event.ends,
            time_zone=booked.timezone or "",
            video_link=link_or_nothing(booked.event.location.join_url if booked.event.location else None),
        )


def _parts(header: str) -> tuple[str, str]:
    """`t` and `v1` of the signature's header. Raises Unsigned for anything that is not a moment and a signature."""
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    moment = parts.get("t", "")
    if not (moment.isascii() and moment.isdecimal() and len(moment) < 12):
        raise Unsigned
    return moment, parts.get("v1", "")


def _reference(invitee: _Invitee) -> str:
    return reference_in(invitee.tracking.content if invitee.tracking else None)

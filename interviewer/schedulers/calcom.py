"""Cal.com, theirs or one's own: prefilled, our reference in the booking's metadata, and signed webhooks.

A message about a move names the booking before it and often comes without metadata, so it is known by that one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

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

OLDEST = timedelta(days=1)
"""No moment goes with the signature; the signed body says when the message was made, and later tries repeat it."""
_BOOKED = ("BOOKING_CREATED", "BOOKING_RESCHEDULED")
_OFF = ("BOOKING_CANCELLED", "BOOKING_REJECTED")
_REFERENCE = "interviewer"


class _Said(Shape):
    trigger: str = Field(alias="triggerEvent")
    at: Moment = Field(alias="createdAt")


class _Attendee(Shape):
    zone: str = Field(default="", alias="timeZone")


class _Booking(Shape):
    uid: Id
    before: Id | None = Field(default=None, alias="rescheduleUid")
    metadata: dict[str, Any] | None = None
    attendees: tuple[_Attendee, ...] = ()


class _OnBooking(Shape):
    payload: _Booking


class _Timed(_Booking):
    starts: Moment = Field(alias="startTime")
    ends: Moment = Field(alias="endTime")


class _OnTimed(Shape):
    payload: _Timed


class CalCom:
    name = "calcom"
    hosts: Sequence[str] = ("cal.com", "cal.eu")

    def link(self, url: str, person: Person, reference: str) -> str:
        given = {"name": person.name, "email": person.address, f"metadata[{_REFERENCE}]": reference}
        return filled(url, **given)

    def secret(self, env: Mapping[str, str] | None = None) -> str:
        return read_secret("INTERVIEWER_CALCOM_SECRET", env)

    def told(self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Told | None:
        check_signature(secret, body, headers.get("x-cal-signature-256", ""))
        said = read(_Said, body)
        check_age(said.at, now, OLDEST)
        if said.trigger in _OFF:
            off = read(_OnBooking, body).payload
            return Told(off.uid, said.at, _reference(off), _before(off), cancelled=True)
        if said.trigger not in _BOOKED:
            return None
        booking = read(_OnTimed, body).payload
        return Told(
            external_id=booking.uid,
            at=said.at,
            reference=_reference(booking),
            replaces=_before(booking),
            starts_at=booking.starts,
            ends_at=booking.ends,
            time_zone=booking.attendees[0].zone if booking.attendees else "",
            video_link=link_or_nothing((booking.metadata or {}).get("videoCallUrl")),
        )


def _reference(booking: _Booking) -> str:
    return reference_in((booking.metadata or {}).get(_REFERENCE))


def _before(booking: _Booking) -> str:
    return booking.before if booking.before and booking.before != booking.uid else ""

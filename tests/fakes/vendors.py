"""Cal.com and Calendly as their public documentation shows their messages: names of fields, nesting and signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

CALCOM_SECRET, CALENDLY_SECRET = "a-secret-of-cal-com", "a-signing-key-of-calendly"
NAME, ADDRESS = "Kim Osei", "kim@buyer.example"
"""Named in every message; nothing of either may be kept."""


@dataclass(frozen=True)
class Sent:
    """One message on the wire."""

    scheduler: str
    headers: dict[str, str]
    body: bytes


class Vendor(Protocol):
    name: str

    def booked(self, uid: str, at: datetime, start: datetime, *, reference: str = "", before: str = "") -> Sent: ...

    def cancelled(self, uid: str, at: datetime, *, reference: str = "") -> Sent: ...

    def moved_away(self, uid: str, at: datetime, to: str, *, reference: str = "") -> Sent | None:
        """What is said of the booking before a move, beside what `booked` says of the one after."""
        ...


class CalComServer:
    name = "calcom"

    def booked(self, uid: str, at: datetime, start: datetime, *, reference: str = "", before: str = "") -> Sent:
        given: dict[str, Any] = {"rescheduleId": 90, "rescheduleUid": before} if before else {}
        trigger = "BOOKING_RESCHEDULED" if before else "BOOKING_CREATED"
        return self._sent(trigger, at, {**self._booking(uid, start, reference), "status": "ACCEPTED", **given})

    def cancelled(self, uid: str, at: datetime, *, reference: str = "") -> Sent:
        booking = self._booking(uid, at + timedelta(days=2), reference)
        return self._sent("BOOKING_CANCELLED", at, {**booking, "status": "CANCELLED", "cancellationReason": "Ill"})

    def moved_away(self, uid: str, at: datetime, to: str, *, reference: str = "") -> Sent | None:
        return None

    def ping(self, at: datetime) -> Sent:
        return self._sent("PING", at, {"type": "Test", "title": "Test trigger event"})

    def _booking(self, uid: str, start: datetime, reference: str) -> dict[str, Any]:
        metadata = {"videoCallUrl": "https://video.example/room"}
        return {
            "type": "15min",
            "title": f"15min between Mara Lindqvist and {NAME}",
            "additionalNotes": "",
            "startTime": _stamp(start),
            "endTime": _stamp(start + timedelta(minutes=15)),
            "organizer": {"id": 5, "name": "Mara Lindqvist", "timeZone": "Europe/Berlin", "language": {"locale": "en"}},
            "responses": {"name": {"label": "your_name", "value": NAME}, "email": {"label": "email", "value": ADDRESS}},
            "attendees": [
                {"email": ADDRESS, "name": NAME, "timeZone": "America/New_York", "language": {"locale": "en"}}
            ],
            "location": "integrations:daily",
            "uid": uid,
            "bookingId": 91,
            "length": 15,
            "metadata": {**metadata, "interviewer": reference} if reference else metadata,
        }

    def _sent(self, trigger: str, at: datetime, payload: dict[str, Any]) -> Sent:
        body = json.dumps({"triggerEvent": trigger, "createdAt": _stamp(at), "payload": payload}).encode()
        return Sent(self.name, {"X-Cal-Signature-256": _hmac(CALCOM_SECRET, body)}, body)


class CalendlyServer:
    name = "calendly"

    def booked(self, uid: str, at: datetime, start: datetime, *, reference: str = "", before: str = "") -> Sent:
        given = {"old_invitee": _invitee(before), "status": "active"} if before else {"status": "active"}
        return self._sent("invitee.created", at, self._payload(uid, at, start, reference) | given)

    def cancelled(self, uid: str, at: datetime, *, reference: str = "") -> Sent:
        payload = self._payload(uid, at, at + timedelta(days=2), reference)
        return self._sent("invitee.canceled", at, payload | {"status": "canceled", "cancellation": _cancellation(at)})

    def moved_away(self, uid: str, at: datetime, to: str, *, reference: str = "") -> Sent | None:
        payload = self._payload(uid, at, at + timedelta(days=2), reference)
        gone = {"rescheduled": True, "new_invitee": _invitee(to), "status": "canceled"}
        return self._sent("invitee.canceled", at, payload | gone | {"cancellation": _cancellation(at)})

    def _payload(self, uid: str, at: datetime, start: datetime, reference: str) -> dict[str, Any]:
        utm = dict.fromkeys(("utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term", "salesforce_uuid"))
        return {
            "cancel_url": f"https://calendly.com/cancellations/{uid}",
            "created_at": _stamp(at),
            "email": ADDRESS,
            "event": f"https://api.calendly.com/scheduled_events/{uid}",
            "name": NAME,
            "new_invitee": None,
            "old_invitee": None,
            "no_show": None,
            "questions_and_answers": [],
            "rescheduled": False,
            "scheduled_event": {
                "uri": f"https://api.calendly.com/scheduled_events/{uid}",
                "name": "15 Minute Meeting",
                "start_time": _stamp(start),
                "end_time": _stamp(start + timedelta(minutes=15)),
                "location": {"type": "zoom", "status": "pushed", "join_url": "https://video.example/room"},
                "event_memberships": [{"user": "https://api.calendly.com/users/A", "user_name": "Mara Lindqvist"}],
            },
            "timezone": "America/New_York",
            "tracking": {**utm, "utm_content": reference or None},
            "uri": _invitee(uid),
        }

    def _sent(self, event: str, at: datetime, payload: dict[str, Any]) -> Sent:
        by = "https://api.calendly.com/users/A"
        body = json.dumps({"created_at": _stamp(at), "created_by": by, "event": event, "payload": payload}).encode()
        return Sent(self.name, calendly_headers(body, at), body)


def calendly_headers(body: bytes, at: datetime, secret: str = CALENDLY_SECRET) -> dict[str, str]:
    moment = int(at.timestamp())
    return {"Calendly-Webhook-Signature": f"t={moment},v1={_hmac(secret, f'{moment}.'.encode() + body)}"}


def _invitee(uid: str) -> str:
    return f"https://api.calendly.com/scheduled_events/{uid}/invitees/{uid}"


def _cancellation(at: datetime) -> dict[str, str]:
    return {"canceled_by": NAME, "canceler_type": "invitee", "reason": "", "created_at": _stamp(at)}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _hmac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()

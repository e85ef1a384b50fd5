"""A call as a calendar entry (.ics), for the mails and downloads of both sides: RFC 5545, and RFC 5546 for invitations.

The same entry always makes the same bytes. It stays one entry in a calendar as long as `uid` holds; of two that arrive,
the one with the higher `sequence` counts. What writes it is loaded by the first one: most servers send few.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event, vCalAddress

PRODUCT = "-//Interviewer//Calls//EN"


@dataclass(frozen=True)
class Entry:
    """One call, as a calendar shows it. Names may hold anything a person types; addresses are bare."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    description: str
    location: str
    """A place or a video link; may be empty."""
    organiser_name: str
    organiser_address: str
    attendee_name: str
    attendee_address: str
    stamp: datetime
    """When this state of the call came about."""


def invitation(entry: Entry) -> bytes:
    """A new or changed call, to be answered in the attendee's calendar (METHOD:REQUEST)."""
    return _file("REQUEST", _event(entry, "CONFIRMED"))


def cancellation(entry: Entry) -> bytes:
    """A call that is off (METHOD:CANCEL); its `sequence` has to be above the last invitation's."""
    return _file("CANCEL", _event(entry, "CANCELLED"))


def publication(entry: Entry) -> bytes:
    """A call for whoever opens the file (METHOD:PUBLISH): no attendee, and nobody waits for an answer."""
    return _file("PUBLISH", _event(entry, "CONFIRMED", attended=False))


def retraction(entry: Entry) -> bytes:
    """A call that is off, for whoever put it in their calendar by hand (METHOD:CANCEL): no attendee."""
    return _file("CANCEL", _event(entry, "CANCELLED", attended=False))


def _event(entry: Entry, status: str, *, attended: bool = True) -> Event:
    from icalendar import Event, vText

    event = Event()
    event.add("uid", _line(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    event.add("dtstart", entry.start.astimezone(UTC))
    event.add("dtend", entry.end.astimezone(UTC))
    event.add("summary", _line(entry.summary))
    for name, text in (("description", _text(entry.description)), ("location", _line(entry.location))):
        if text:
            event.add(name, text)
    event.add("status", status)
    event.add("transp", "OPAQUE")
    event.add("organizer", _person(entry.organiser_name, entry.organiser_address))
    if not attended:
        return event
    attendee = _person(entry.attendee_name, entry.attendee_address)
    attendee.params |= {"CUTYPE": vText("INDIVIDUAL"), "ROLE": vText("REQ-PARTICIPANT")}
    attendee.params |= {"PARTSTAT": vText("NEEDS-ACTION"), "RSVP": vText("TRUE")}
    event.add("attendee", attendee)
    return event


def _file(method: str, event: Event) -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _person(name: str, address: str) -> vCalAddress:
    """A quoted name cannot hold a double quote; a single one reads the same everywhere, unlike RFC 6868's escape."""
    from icalendar import vCalAddress, vText

    person = vCalAddress(f"mailto:{''.join(_line(address).split())}")
    if shown := _line(name).replace('"', "'").replace("^", ""):
        person.params["CN"] = vText(shown)
    return person


def _line(text: str) -> str:
    """One line: what would break out of it becomes a space."""
    return " ".join(_text(text).split())


def _text(text: str) -> str:
    """Without characters that the format knows no way to write (controls other than line ends)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(character for character in lines if character == "\n" or unicodedata.category(character) != "Cc")

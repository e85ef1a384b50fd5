"""A call as a calendar entry, opened by a common library and by a reader that forgives nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.scheduling import calendars
from interviewer.scheduling.calendars import Entry
from tests.fakes import strict_ics

START = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
ENTRY = Entry(
    uid="b3f1c2@interviewer.example",
    sequence=2,
    start=START,
    end=START + timedelta(minutes=15),
    summary="15 minutes with Mara; your view, please",
    description="Call: https://meet.example/mara\nMove it: https://win.example/c/1\\2",
    location="https://meet.example/mara?a=1;b=2,3",
    organiser_name='Mara "The Ear" Öztürk, PMM',
    organiser_address="mara@vendor.example",
    attendee_name="Zoë O'Neil; Jr.",
    attendee_address="zoe+x@buyer.example",
    stamp=datetime(2026, 11, 20, 8, 0, 5, tzinfo=UTC),
)


def test_an_invitation() -> None:
    calendar, event = strict_ics.read(calendars.invitation(ENTRY))
    assert (calendar["VERSION"].value, calendar["METHOD"].value) == ("2.0", "REQUEST")
    assert calendar["PRODID"].value
    assert event["UID"].value == ENTRY.uid
    assert event["SEQUENCE"].value == "2"
    assert event["DTSTAMP"].value == "20261120T080005Z"
    assert (event["DTSTART"].value, event["DTEND"].value) == ("20261124T133000Z", "20261124T134500Z")
    assert event["DTSTART"].parameters == {}
    assert (event["STATUS"].value, event["TRANSP"].value) == ("CONFIRMED", "OPAQUE")
    assert event["SUMMARY"].text == ENTRY.summary
    assert event["DESCRIPTION"].text == ENTRY.description
    assert event["LOCATION"].text == ENTRY.location
    assert event["ORGANIZER"].value == "mailto:mara@vendor.example"
    assert event["ORGANIZER"].parameters == {"CN": "Mara 'The Ear' Öztürk, PMM"}
    assert event["ATTENDEE"].value == "mailto:zoe+x@buyer.example"
    assert event["ATTENDEE"].parameters == {
        "CN": "Zoë O'Neil; Jr.",
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }


def test_a_cancellation_is_of_the_same_entry() -> None:
    calendar, event = strict_ics.read(calendars.cancellation(replace(ENTRY, sequence=3)))
    assert calendar["METHOD"].value == "CANCEL"
    assert event["STATUS"].value == "CANCELLED"
    assert (event["UID"].value, event["SEQUENCE"].value) == (ENTRY.uid, "3")
    assert event["ATTENDEE"].value == "mailto:zoe+x@buyer.example"


def test_any_zone_is_written_in_utc() -> None:
    start = datetime(2026, 11, 24, 8, 30, tzinfo=ZoneInfo("America/New_York"))
    elsewhere = replace(ENTRY, start=start, end=start + timedelta(minutes=15))
    assert calendars.invitation(elsewhere) == calendars.invitation(ENTRY)


def test_a_common_library_reads_the_same() -> None:
    calendar = icalendar.Calendar.from_ical(calendars.invitation(ENTRY))
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert event.errors == []
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (ENTRY.start, ENTRY.end)
    assert (event["SUMMARY"], event["DESCRIPTION"], event["LOCATION"]) == (
        *(ENTRY.summary, ENTRY.description, ENTRY.location),
    )
    assert event["ORGANIZER"].params["CN"] == "Mara 'The Ear' Öztürk, PMM"


def test_without_a_place_or_names_nothing_is_written_about_them() -> None:
    bare = replace(ENTRY, location="", description=" ", organiser_name="", attendee_name="\n")
    _, event = strict_ics.read(calendars.invitation(bare))
    assert not {"LOCATION"} & event.keys()
    assert "CN" not in event["ORGANIZER"].parameters | event["ATTENDEE"].parameters


FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"


@pytest.mark.parametrize("before", range(9))
def test_lines_fold_between_characters(before: int) -> None:
    said = "x" * before + FAMILY * 40
    _, event = strict_ics.read(calendars.invitation(replace(ENTRY, summary=said, description=said, attendee_name=said)))
    assert event["SUMMARY"].text == event["DESCRIPTION"].text == event["ATTENDEE"].parameters["CN"] == said


_ANY = st.text(max_size=120)


@given(_ANY, _ANY, st.sampled_from([calendars.invitation, calendars.cancellation]))
def test_nothing_that_is_typed_breaks_out(name: str, text: str, write: Callable[[Entry], bytes]) -> None:
    typed = replace(
        ENTRY, summary=name, description=text, location=name, organiser_name=name, attendee_name=text, uid=f"a{name}"
    )
    _, event = strict_ics.read(write(typed))
    assert event.keys() <= {
        *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "TRANSP"),
        *("ORGANIZER", "ATTENDEE"),
    }
    assert event["ORGANIZER"].value == "mailto:mara@vendor.example"
    assert write(typed) == write(typed)


@pytest.mark.parametrize(
    "name", ["Zoë\r\nATTENDEE:mailto:eve@evil.example", 'Zoë";X="1":mailto:eve@evil.example', "Zoë\n ;X=1"]
)
def test_a_name_adds_no_line_and_no_parameter(name: str) -> None:
    _, event = strict_ics.read(calendars.invitation(replace(ENTRY, attendee_name=name)))
    assert event["ATTENDEE"].value == "mailto:zoe+x@buyer.example"
    assert event["ATTENDEE"].parameters.keys() == {"CN", "CUTYPE", "ROLE", "PARTSTAT", "RSVP"}


def test_a_file_to_download_asks_nobody_to_answer() -> None:
    calendar, event = strict_ics.read(calendars.publication(ENTRY))
    assert calendar["METHOD"].value == "PUBLISH"
    assert "ATTENDEE" not in event
    assert event["UID"].value == ENTRY.uid
    assert b"zoe" not in calendars.publication(ENTRY).lower()

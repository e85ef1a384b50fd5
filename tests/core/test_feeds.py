"""Busy times from a calendar feed: what calendars really write, and what a hostile file would do."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.errors import BadInput
from interviewer.scheduling import feeds

SINCE, UNTIL = datetime(2026, 10, 19, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)
"""Berlin goes back on 25 October, New York on 1 November."""


def calendar(*entries: str, head: str = "") -> bytes:
    lines = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{head}\n{''.join(entries)}\nEND:VCALENDAR\n"
    return "\r\n".join(line for line in lines.splitlines() if line).encode() + b"\r\n"


def event(text: str, uid: str = "a@x") -> str:
    return f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n{text}\nEND:VEVENT\n"


def busy(*entries: str, head: str = "", zone: str = "Europe/Berlin") -> list[str]:
    found = feeds.busy(calendar(*entries, head=head), SINCE, UNTIL, zone=zone)
    return [f"{one.start:%m-%dT%H:%M}/{one.end:%m-%dT%H:%M}" for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DTSTART:20261026T090000Z\nDTEND:20261026T100000Z", ["10-26T09:00/10-26T10:00"]),
        ("DTSTART:20261026T090000Z\nDURATION:PT1H30M", ["10-26T09:00/10-26T10:30"]),
        ("DTSTART;TZID=America/New_York:20261028T090000\nDURATION:PT1H", ["10-28T13:00/10-28T14:00"]),
        ("DTSTART;TZID=America/New_York:20261103T090000\nDURATION:PT1H", ["11-03T14:00/11-03T15:00"]),
        ("DTSTART;TZID=Asia/Kathmandu:20261103T090000\nDURATION:PT1H", ["11-03T03:15/11-03T04:15"]),
        ("DTSTART;TZID=W. Europe Standard Time:20261103T090000\nDURATION:PT1H", ["11-03T08:00/11-03T09:00"]),
        ("DTSTART;TZID=/maker.example/Europe/Berlin:20261103T090000\nDURATION:PT1H", ["11-03T08:00/11-03T09:00"]),
        ('DTSTART;TZID="Europe/Berlin";X-A="a:b;c":20261103T090000\nDURATION:PT1H', ["11-03T08:00/11-03T09:00"]),
        # Floating: in the host's zone.
        ("DTSTART:20261103T090000\nDTEND:20261103T100000", ["11-03T08:00/11-03T09:00"]),
        # Start and end on different walls.
        ("DTSTART;TZID=Europe/Berlin:20261103T090000\nDTEND;TZID=Europe/London:20261103T100000",
         ["11-03T08:00/11-03T10:00"]),
        # Whole days are those of the host's zone; one has 25 hours.
        ("DTSTART;VALUE=DATE:20261103", ["11-02T23:00/11-03T23:00"]),
        ("DTSTART;VALUE=DATE:20261024\nDTEND;VALUE=DATE:20261026", ["10-23T22:00/10-25T23:00"]),
        ("DTSTART;VALUE=DATE:20261025\nDURATION:P1D", ["10-24T22:00/10-25T23:00"]),
        # A time that the wall skips, and one that it shows twice (the first).
        ("DTSTART;TZID=Europe/Berlin:20261025T023000\nDURATION:PT15M", ["10-25T00:30/10-25T00:45"]),
        # Cut to the window.
        ("DTSTART:20261001T000000Z\nDTEND:20261020T000000Z", ["10-19T00:00/10-20T00:00"]),
        ("DTSTART:20260101T000000Z\nDTEND:20270101T000000Z", ["10-19T00:00/11-09T00:00"]),
        # What takes no time.
        ("DTSTART:20261026T090000Z", []),
        ("DTSTART:20261026T090000Z\nDTEND:20261026T080000Z", []),
        ("DTSTART:20261026T090000Z\nDURATION:-PT1H", []),
        ("DTSTART:20260926T090000Z\nDURATION:PT1H", []),
        ("DTSTART:99991231T000000Z\nDTEND:99991231T010000Z", []),
        # Free and cancelled.
        ("DTSTART:20261026T090000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT", []),
        ("DTSTART;VALUE=DATE:20261103\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20261026T090000Z\nDURATION:PT1H\nSTATUS:CANCELLED", []),
        ("DTSTART:20261026T090000Z\nDURATION:PT1H\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        ("DTSTART:20261026T090000Z\nDURATION:PT1H\nSTATUS:TENTATIVE", ["10-26T09:00/10-26T10:00"]),
    ],
)  # fmt: skip
def test_one_entry(text: str, expected: list[str]) -> None:
    assert busy(event(text)) == expected


def test_a_weekly_entry_keeps_its_time_on_the_wall() -> None:
    text = "DTSTART;TZID=Europe/Berlin:20200106T090000\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;BYDAY=MO"
    assert busy(event(text)) == ["10-19T07:00/10-19T07:30", "10-26T08:00/10-26T08:30", "11-02T08:00/11-02T08:30"]


def test_exceptions_additions_and_changes_of_single_repetitions() -> None:
    series = event(
        "DTSTART;TZID=Europe/Berlin:20260105T090000\nDURATION:PT30M\nRRULE:FREQ=DAILY;BYDAY=MO,TU;UNTIL=20261103T080000Z\n"
        "EXDATE;TZID=Europe/Berlin:20261019T090000,20261020T090000\nEXDATE;VALUE=DATE:20261026\n"
        "RDATE;TZID=Europe/Berlin:20261106T160000\nSUMMARY:Stand-up"
    )
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20261027T090000\nDTSTART;TZID=Europe/Berlin:20261028T140000\nDURATION:PT1H"
    )
    off = event("RECURRENCE-ID:20261102T080000Z\nSTATUS:CANCELLED\nDTSTART:20261102T080000Z\nDURATION:PT1H")
    expected = ["10-28T13:00/10-28T14:00", "11-03T08:00/11-03T08:30", "11-06T15:00/11-06T15:30"]
    assert busy(series, moved, off) == expected
    assert busy(off, moved, series) == expected
    newer = event("RECURRENCE-ID:20261027T080000Z\nSEQUENCE:2\nDTSTART:20261029T140000Z\nDURATION:PT1H")
    assert busy(newer, moved, series, off)[0] == "10-29T14:00/10-29T15:00"


def test_of_two_states_of_an_entry_the_later_counts() -> None:
    old = event("SEQUENCE:1\nDTSTART:20261026T090000Z\nDURATION:PT1H")
    new = event("SEQUENCE:2\nDTSTART:20261027T090000Z\nDURATION:PT1H")
    assert busy(old, new) == busy(new, old) == ["10-27T09:00/10-27T10:00"]
    assert len(busy(old, old.replace("1026T", "1028T"))) == 2  # one id for two entries: both are there


def test_repetitions_of_whole_days() -> None:
    text = "DTSTART;VALUE=DATE:20200107\nRRULE:FREQ=WEEKLY;UNTIL=20261027\nEXDATE;VALUE=DATE:20261020"
    moved = event("RECURRENCE-ID;VALUE=DATE:20261027\nDTSTART;VALUE=DATE:20261030")
    assert busy(event(text)) == ["10-26T23:00/10-27T23:00"]
    assert busy(event(text), moved) == ["10-29T23:00/10-30T23:00"]


def test_taken_times_are_in_order_and_apart() -> None:
    assert busy(
        event("DTSTART:20261027T100000Z\nDURATION:PT2H", "b"),
        event("DTSTART:20261026T100000Z\nDURATION:PT1H", "c"),
        event("DTSTART:20261027T110000Z\nDURATION:PT2H", "d"),
        event("DTSTART:20261027T130000Z\nDURATION:PT1H", "e"),
        event("DTSTART:20261028T100000Z\nDURATION:PT5H", "f"),
        event("DTSTART:20261028T110000Z\nDURATION:PT1H", "g"),
    ) == ["10-26T10:00/10-26T11:00", "10-27T10:00/10-27T14:00", "10-28T10:00/10-28T15:00"]


def test_a_series_that_ends_before_it_begins_is_gone() -> None:
    text = "DTSTART:20261026T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL={}"
    assert busy(event(text.format("20261025T090000Z"))) == []
    assert busy(event(text.format("20261026T090000Z"))) == ["10-26T09:00/10-26T10:00"]


def test_a_long_repetition_reaches_into_the_window() -> None:
    assert busy(event("DTSTART:20260901T120000Z\nDURATION:P5DT1H\nRRULE:FREQ=DAILY;INTERVAL=45")) == [
        "10-19T00:00/10-21T13:00"
    ]


def test_a_zone_that_gave_up_summer_time_is_as_it_was_last() -> None:
    """Its rules ended years ago: what counts since is their last change, not the first of either."""
    ended = CUSTOM.format(name="M").replace("BYMONTH=11", "BYMONTH=11;UNTIL=20121101T060000Z")
    ended = ended.replace("BYMONTH=3", "BYMONTH=3;UNTIL=20110401T070000Z").replace("16010101", "20000101")
    assert busy(ended, event("DTSTART;TZID=M:20261020T090000\nDURATION:PT1H")) == ["10-20T14:00/10-20T15:00"]


def test_our_own_calls_are_left_out() -> None:
    raw = calendar(event("DTSTART:20261026T090000Z\nDURATION:PT15M", "ours@interviewer"))
    assert feeds.busy(raw, SINCE, UNTIL, own={"ours@interviewer"}) == []
    assert len(feeds.busy(raw, SINCE, UNTIL)) == 1


def test_the_calendars_own_zone_comes_before_the_hosts() -> None:
    text = event("DTSTART:20261103T090000\nDURATION:PT1H")
    assert busy(text, head="X-WR-TIMEZONE:America/New_York") == ["11-03T14:00/11-03T15:00"]
    assert busy(text, head="X-WR-TIMEZONE:Mars/Olympus") == ["11-03T08:00/11-03T09:00"]
    assert busy(event("DTSTART;VALUE=DATE:20261103"), head="X-WR-TIMEZONE:Asia/Kathmandu") == [
        "11-02T18:15/11-03T18:15"
    ]


CUSTOM = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def test_a_zone_that_only_the_file_explains() -> None:
    text = "DTSTART;TZID=Customized Time Zone:20200106T090000\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;BYDAY=MO"
    there = busy(CUSTOM.format(name="Customized Time Zone"), event(text))
    assert there == ["10-19T13:00/10-19T13:30", "10-26T13:00/10-26T13:30", "11-02T14:00/11-02T14:30"]
    assert there == busy(event(text.replace("Customized Time Zone", "America/New_York")))


@pytest.mark.parametrize("minute", range(0, 24 * 60, 30))
def test_an_explained_zone_reads_as_the_known_one_on_the_days_of_change(minute: int) -> None:
    texts = [
        f"DTSTART;TZID={{}}:{day}T{minute // 60:02}{minute % 60:02}00\nDURATION:PT30M"
        for day in ("20261101", "20270314")
    ]
    window = SINCE, datetime(2027, 4, 1, tzinfo=UTC)
    explained = calendar(CUSTOM.format(name="X"), *(event(one.format("X"), one) for one in texts))
    known = calendar(*(event(one.format("America/New_York"), one) for one in texts))
    assert feeds.busy(explained, *window) == feeds.busy(known, *window)


def test_two_files_may_explain_one_name_differently() -> None:
    """Outlook calls whatever zone its user has 'Customized Time Zone': nothing of one file may reach the next."""
    text = event("DTSTART;TZID=Customized Time Zone:20261104T090000\nDURATION:PT30M")
    east = CUSTOM.format(name="Customized Time Zone")
    assert busy(east, text) == ["11-04T14:00/11-04T14:30"]
    assert busy(east.replace("-0500", "+0900").replace("-0400", "+0900"), text) == ["11-04T00:00/11-04T00:30"]


def test_published_free_and_busy_times() -> None:
    assert busy(
        "BEGIN:VFREEBUSY\nUID:f\nFREEBUSY;FBTYPE=BUSY:20261026T090000Z/PT1H,20261027T090000Z/20261027T093000Z\n"
        "FREEBUSY;FBTYPE=FREE:20261028T090000Z/PT1H\nEND:VFREEBUSY\n"
    ) == ["10-26T09:00/10-26T10:00", "10-27T09:00/10-27T09:30"]


def test_the_shape_of_a_file_is_taken_as_it_comes() -> None:
    """Other components, alarms, folded lines, bare line feeds, a byte order mark, broken texts, small letters."""
    text = (
        "\ufeffBEGIN:VCALENDAR\nMETHOD:PUBLISH\nBEGIN:VTODO\nUID:t\nDTSTART:nonsense\nEND:VTODO\n"
        "BEGIN:VEVENT\nuid:a\nSUMMARY:no colon\nthis is not a line\nDESCRIPTION:folded \n  here\n"
        "DTSTART;TZID=Europe/\n Berlin:20261103\n T090000\nBEGIN:VALARM\nTRIGGER:-PT15M\nDURATION:PT5M\nEND:VALARM\n"
        "duration:PT1H\nEND:VEVENT\nEND:VCALENDAR\n\nBEGIN:VCALENDAR\nEND:VCALENDAR"
    )
    found = feeds.busy(text.encode() + b"\n\xff\xfe", SINCE, UNTIL)
    assert [one.start for one in found] == [datetime(2026, 11, 3, 8, tzinfo=UTC)]
    assert feeds.busy(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", SINCE, UNTIL) == []


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "What this address gives is not a calendar: there is no BEGIN:VCALENDAR in it."),
        (b"<!doctype html><title>Sign in</title>", "there is no BEGIN:VCALENDAR in it."),
        (bytes(range(256)) * 40, "there is no BEGIN:VCALENDAR in it."),
        (b"x" * 2_000_001, "The calendar is larger than 2 MB"),
        (calendar(event("DTSTART:20261026T090000Z"))[:-30], "it may have been cut off on its way."),
        (calendar("BEGIN:VTODO\n"), "on line 5 something ends that has not begun."),
        (calendar("BEGIN:VTODO\n").replace(b"END:VCALENDAR", b""), "it may have been cut off on its way."),
        (calendar("END:VEVENT\n"), "on line 4 something ends that has not begun."),
        (calendar(event("DTSTART 20261026T090000Z\nDTSTART;:x")), "line 8 is not one that a calendar has."),
        (calendar(event("SUMMARY:secret")), "The entry on line 4 has a time or a repetition that cannot be read."),
        (calendar(event("DTSTART:2026-10-26")), "The entry on line 4 has a time"),
        (calendar(event("DTSTART:20261341T000000Z")), "The entry on line 4 has a time"),
        (calendar(event("DTSTART:20261026T090000Z\nDTEND:later")), "The entry on line 4 has a time"),
        (calendar(event("DTSTART:20261026T090000Z\nDURATION:long")), "The entry on line 4 has a time"),
        (calendar(event("DTSTART:20261026T090000Z\nRRULE:FREQ=OFTEN")), "The entry on line 4 has a time"),
        (calendar(event("DTSTART;TZID=Mars:20261026T090000")), "in a time zone that is neither known nor explained"),
        (calendar(CUSTOM.format(name="M").replace("-0500", "far"), event("DTSTART;TZID=M:20261026T090000")),
         "The entry on line 19 has a time"),
        (calendar(event("DTSTART:20261026T090000Z\nRRULE:FREQ=SECONDLY")), "Entries repeat more often than can be"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_in_our_words(raw: bytes, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        feeds.busy(raw, SINCE, UNTIL)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "Mars" not in str(caught.value)


def test_an_oddity_of_years_ago_spoils_nothing() -> None:
    old = event("DTSTART;TZID=Mars:20090103T090000\nDTEND;TZID=Mars:20090103T100000", "old")
    assert busy(old, event("DTSTART:20261026T090000Z\nDTEND:20261026T100000Z")) == ["10-26T09:00/10-26T10:00"]
    with pytest.raises(BadInput, match="neither known nor explained"):
        busy(old.replace("DTEND;TZID=Mars:20090103", "DTEND;TZID=Mars:20261103"))


def many(text: str, times: int) -> bytes:
    return calendar(*(event(f"DTSTART;TZID=Europe/Berlin:{text}", str(number)) for number in range(times)))


@pytest.mark.parametrize(
    "raw",
    [
        many("20200101T000000\nRRULE:FREQ=SECONDLY", 1),
        many("20200101T000000\nRRULE:FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", 1),
        many("19000101T000000\nDURATION:PT1S\nRRULE:FREQ=DAILY;COUNT=999999999", 12_000),
        many("19000101T000000\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 11_000),
        many("10000101T000000\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", 9_000),
        many("19000101T000000\nDURATION:P40000D\nRRULE:FREQ=DAILY", 14_000),
        many("19000101T000000\nDURATION:PT1S\nRRULE:FREQ=DAILY;BYHOUR=0,3,6,9,12,15,18,21;BYMINUTE=0,9,18,27", 9_000),
        calendar(event("DTSTART:20261026T000000Z\nDURATION:PT1S\nRDATE:" + ",".join(["20261026T000000Z"] * 110_000))),
        calendar(*(CUSTOM.format(name=n) + event(f"DTSTART;TZID={n}:20261026T000000", str(n)) for n in range(3_000))),
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:2" + b"\r\n 0" * 480_000 + b"\r\nEND:VEVENT\r\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART" + b";A=B" * 480_000 + b":x\r\nEND:VEVENT\r\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\r\n" * 110_000,
    ],
    ids=["seconds", "minutes", "counted", "never", "never-counted", "long", "crowded", "listed", "zones", "folds",
         "parameters", "nested"],
)  # fmt: skip
def test_a_file_cannot_set_the_price(raw: bytes) -> None:
    assert len(raw) < feeds.LARGEST
    began = time.process_time()
    try:
        feeds.busy(raw, SINCE, UNTIL, zone="Europe/Berlin")
    except BadInput as bad:
        assert len(bad.problems) == 1
    assert time.process_time() - began < 20


RULES = [
    *(
        "",
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR",
        "FREQ=WEEKLY;INTERVAL=2",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=-1FR",
    ),
    *("FREQ=DAILY;COUNT=200", "FREQ=WEEKLY;UNTIL=20261101T000000Z"),
]


@st.composite
def _entries(draw: st.DrawFn) -> str:
    """A series as calendars write it, some repetitions left out, moved or called off."""
    zone = draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu"]))
    first = datetime(2026, 1, 5) + timedelta(days=draw(st.integers(0, 330)), minutes=15 * draw(st.integers(16, 80)))
    rule = draw(st.sampled_from(RULES))
    minutes = draw(st.integers(1, 230))  # not into the night of a change, where the library counts by the wall
    written = f"TZID={zone}:{first:%Y%m%dT%H%M%S}"
    series = [f"DTSTART;{written}", f"DURATION:PT{minutes}M", *([f"RRULE:{rule}"] if rule else [])]
    others = []
    if rule.startswith("FREQ=DAILY"):
        for number in draw(st.lists(st.integers(200, 320), max_size=4, unique=True)):
            at = datetime(2026, 1, 5, first.hour, first.minute) + timedelta(days=number)
            if at <= first:
                continue
            what = draw(st.sampled_from(["EXDATE", "moved", "off"]))
            if what == "EXDATE":
                series.append(f"EXDATE;TZID={zone}:{at:%Y%m%dT%H%M%S}")
                continue
            moved = at + timedelta(minutes=draw(st.integers(-300, 300)))
            others.append(
                f"RECURRENCE-ID;TZID={zone}:{at:%Y%m%dT%H%M%S}\nDTSTART;TZID={zone}:{moved:%Y%m%dT%H%M%S}\n"
                f"DURATION:PT30M{f'{chr(10)}STATUS:CANCELLED' if what == 'off' else ''}"
            )
    return "".join(event(text, f"{written}-{rule}-{minutes}") for text in ("\n".join(series), *others))


@settings(max_examples=40, deadline=None)
@given(st.lists(_entries(), max_size=3, unique=True))
def test_a_common_library_finds_the_same_times(entries: list[str]) -> None:
    raw = calendar(*entries)
    minutes = set()
    for found in recurring_ical_events.of(icalendar.Calendar.from_ical(raw)).between(SINCE, UNTIL):
        if found.get("STATUS") != "CANCELLED":
            start, end = (max(SINCE, min(UNTIL, found[name].dt.astimezone(UTC))) for name in ("DTSTART", "DTEND"))
            minutes |= {start + timedelta(minutes=one) for one in range(int((end - start).total_seconds() // 60))}
    ours = feeds.busy(raw, SINCE, UNTIL, zone="Europe/Berlin")
    assert minutes == {
        one.start + timedelta(minutes=minute)
        for one in ours
        for minute in range(int((one.end - one.start).total_seconds() // 60))
    }


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 40))
def test_whatever_comes_is_read_or_refused(noise: bytes, at: int, gone: int) -> None:
    raw = calendar(CUSTOM.format(name="M"), event("DTSTART;TZID=M:20261026T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY"))
    try:
        found = feeds.busy(raw[:at] + noise + raw[at + gone :], SINCE, UNTIL)
    except BadInput as bad:
        assert bad.problems
        return
    assert all(SINCE <= one.start < one.end <= UNTIL for one in found)

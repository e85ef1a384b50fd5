"""Every parser of what comes from outside: whatever comes in, only the error that it documents comes out.

Few examples of each, always the same ones; many and new ones with `--hypothesis-profile=deep` (docs/security.md).
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from starlette.requests import Request

from interviewer import bootstrap, interchange, invitees, searching
from interviewer.analysis.by_model.quotes import MarkedUp
from interviewer.briefing import Judged
from interviewer.errors import BadInput, LinkInvalid, TooFast, Unsigned
from interviewer.flows import catalogue, lint, reading, tongues
from interviewer.importing import callnotes, files
from interviewer.library.wanted import Wanted
from interviewer.links import Links, Purpose
from interviewer.llm import shapes
from interviewer.schedulers import SCHEDULERS, choose
from interviewer.scheduling import feeds, hours, zones
from interviewer.settings import Settings
from interviewer.transcript import Speaker, Transcript, Turn
from interviewer.web.buyer import pages, times
from interviewer.web.entrance import local
from interviewer.web.pace import Limit, Pace, network
from interviewer.web.security import parts_of
from tests.conftest import KEY

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ODD = st.text(max_size=200) | st.text(
    alphabet="\"'\\,;:=\n\r\t\x00{}[]<>&#|-_*.@/~ aé\u2028\u202e\U0001f600", max_size=80
)
BYTES = st.binary(max_size=400) | ODD.map(lambda text: text.encode("utf-8", "surrogatepass"))
SECRET = "a-secret-of-the-vendor"


def like(*parts: str) -> st.SearchStrategy[str]:
    """Texts made of what the format itself is made of, in any order, with odd things between."""
    return st.lists(st.sampled_from(parts) | st.text(max_size=12), max_size=25).map("".join)


def jsons(*keys: str) -> st.SearchStrategy[Any]:
    """Values of JSON whose keys are those that the format knows."""
    simple = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    dates = st.sampled_from(["2026-11-02T09:00:00Z", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00", "later"])
    names = st.sampled_from(keys) | st.text(max_size=8)
    return st.recursive(
        simple | dates, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner), max_leaves=15
    )


@given(
    BYTES | like("email", ",", ";", "\t", "\n", '"', "company", "amount", "a@b.example", "1e999", "=1").map(str.encode)
)
def test_invitations(data: bytes) -> None:
    try:
        found = invitees.read(data)
    except BadInput as error:
        assert error.problems and all(str(problem) for problem in error.problems)
    else:
        invitees.check(found, {"loss"})


@given(
    BYTES
    | jsons("interviews", "format", "turns", "text", "speaker", "email", "quotes", "statements", "flow", "at").map(
        lambda value: json.dumps({"interviews": value} if isinstance(value, list) else value).encode()
    )
    | like("[", "]", "{", "}", '"a":', "\n", "null", "1e999").map(str.encode)
)
def test_imported_documents(data: bytes) -> None:
    try:
        interchange.read(data)
    except BadInput as error:
        assert error.problems


@pytest.mark.parametrize(
    "deep", ["[" * 200_000, '{"interviews":' * 50_000, '{"a":[' * 50_000 + "1", "{" * 10_000 + "\n{"]
)
def test_documents_without_a_bottom(deep: str) -> None:
    with pytest.raises(BadInput):
        interchange.read(deep.encode())


CUES = (
    "WEBVTT\n",
    "1\n",
    "00:00:01.000 --> 00:00:02.000\n",
    "00:99:99,9 --> x\n",
    "<v Jo>",
    "Jo: ",
    "NOTE\n",
    "\n",
    "- ",
)


@given(BYTES | like(*CUES).map(str.encode), st.booleans())
def test_calls_as_text(data: bytes, speech: bool) -> None:
    try:
        text = files.cleaned(files.text_of(data))
    except BadInput:
        return
    callnotes.parse(text, speech=speech)
    callnotes.notes(text)


@given(
    like("<w:p>", "</w:p>", "<w:t>", "</w:t>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "<a>" * 50),
    st.binary(max_size=60),
)
def test_calls_as_word_documents(body: str, tail: bytes) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}">{body}</w:document>')
    for data in (packed.getvalue(), packed.getvalue() + tail, packed.getvalue()[: len(tail) * 9], b"PK\x03\x04" + tail):
        try:
            callnotes.parse(files.text_of(data))
        except BadInput as error:
            assert error.problems


LINES = (
    "BEGIN:VCALENDAR\n", "END:VCALENDAR\n", "BEGIN:VEVENT\n", "END:VEVENT\n", "DTSTART:20261102T090000Z\n",
    "DTSTART;TZID=Mars/Base:20261102T090000\n", "RRULE:FREQ=SECONDLY;INTERVAL=1\n", "RRULE:FREQ=YEARLY;BYDAY=53MO\n",
    "DURATION:P9999999999D\n", "BEGIN:VTIMEZONE\n", "UID:x\n", " folded\n", "EXDATE:00000000\n", "BEGIN:VFREEBUSY\n",
    "FREEBUSY:20261102T090000Z/PT1H\n", "RRULE:COUNT=999999999;FREQ=DAILY\n", ";;:\n",
)  # fmt: skip


@given(BYTES | like(*LINES).map(lambda text: f"BEGIN:VCALENDAR\n{text}END:VCALENDAR\n".encode()))
def test_calendars(raw: bytes) -> None:
    try:
        found = feeds.busy(raw, NOW, NOW + timedelta(days=30), zone="Europe/London")
    except BadInput as error:
        assert error.problems
    else:
        assert all(NOW <= one.start < one.end <= NOW + timedelta(days=30) for one in found)


KEYS = ("id", "name", "topics", "wording", "en", "probes", "fits", "core", "invite", "outcome", "version", "clock")


@given(
    ODD | like(*(f"{key} = " for key in KEYS), "[[topics]]\n", '"x"\n', "[invite]\n", "{x = 1}\n", "1979-05-27\n", "\n")
)
def test_flows(source: str) -> None:
    try:
        catalogue.parse(source, "odd.toml")
    except BadInput as error:
        assert error.problems


@given(st.dictionaries(st.sampled_from(["mon", "tue", "xyz"]) | ODD, st.lists(st.lists(ODD | st.sampled_from(["09:00", "24:00", "9.30", "٩:٠٠"]), min_size=2, max_size=2), max_size=3), max_size=4))  # fmt: skip  # noqa: E501
def test_hours(typed: dict[str, list[list[str]]]) -> None:
    try:
        assert isinstance(hours.as_values(hours.parse(typed)), dict)
    except BadInput as error:
        assert error.problems


def _signed_by_calcom(body: bytes) -> dict[str, str]:
    return {"x-cal-signature-256": hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}


def _signed_by_calendly(body: bytes) -> dict[str, str]:
    moment = str(int(NOW.timestamp()))
    signature = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return {"calendly-webhook-signature": f"t={moment},v1={signature}"}


SIGNING: dict[str, Callable[[bytes], dict[str, str]]] = {"calcom": _signed_by_calcom, "calendly": _signed_by_calendly}
FACTS = (
    "triggerEvent", "createdAt", "payload", "uid", "startTime", "endTime", "attendees", "timeZone", "metadata", "event",
    "created_at", "uri", "tracking", "utm_content", "scheduled_event", "start_time", "end_time", "location", "join_url",
)  # fmt: skip


@pytest.mark.parametrize("vendor", SIGNING)
@given(body=BYTES | jsons(*FACTS).map(lambda value: json.dumps(value).encode()), when=st.sampled_from(["BOOKING_CREATED", "BOOKING_CANCELLED", "invitee.created", "invitee.canceled"]))  # fmt: skip  # noqa: E501
def test_signed_messages_that_are_not_as_documented(vendor: str, body: bytes, when: str) -> None:
    """Also those that begin as they should: the worst that a vendor can send is refused, not fallen over."""
    scheduler = SCHEDULERS[vendor]
    inner = body.decode("utf-8", "replace") if body[:1] in b"{[" else "{}"
    at = f"{NOW:%FT%TZ}"
    head = f'"triggerEvent": "{when}", "event": "{when}", "createdAt": "{at}", "created_at": "{at}"'
    begun = f'{{{head}, "payload": {inner}}}'
    for one in (body, begun.encode(), b"[" * 5_000):
        with suppress(BadInput, Unsigned):
            scheduler.told(SIGNING[vendor](one), one, SECRET, NOW)


@pytest.mark.parametrize("vendor", SIGNING)
@given(body=BYTES, header=ODD | like("t=", "v1=", ",", "=", "99999999999", "٣", "a" * 64))
def test_unsigned_messages(vendor: str, body: bytes, header: str) -> None:
    with pytest.raises(Unsigned):
        SCHEDULERS[vendor].told(
            {"x-cal-signature-256": header, "calendly-webhook-signature": header}, body, SECRET, NOW
        )


@given(ODD, ODD, st.dictionaries(st.sampled_from(["q", "flow", "theme", "least", "since", "page", "kind"]), ODD))
def test_searches(query: str, text: str, filters: dict[str, str]) -> None:
    searching.hits(text, searching.parse(query))
    wanted = Wanted.read({**filters, "q": query})
    assert Wanted.from_query(wanted.query) == wanted or "\x00" in wanted.query or "%" in wanted.query
    Wanted.from_query(query)


LINKS = Links([KEY], "https://research.example")


@given(ODD | like("~", ".", "id-1", "1", "a" * 43), st.sampled_from(list(Purpose)))
def test_tokens(token: str, purpose: Purpose) -> None:
    with pytest.raises(LinkInvalid):
        LINKS.read(purpose, token)
    with pytest.raises(LinkInvalid):
        LINKS.read_interview(token)


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=40), st.sampled_from(list(Purpose)))
def test_a_token_is_read_by_its_own_purpose_alone(value: str, purpose: Purpose) -> None:
    token = LINKS.sign(purpose, value)
    assert LINKS.read(purpose, token) == value
    for other in set(Purpose) - {purpose}:
        with pytest.raises(LinkInvalid):
            LINKS.read(other, token)


@given(ODD | like("en", "de-AT", ";q=0.9", ",", "*", "../", "x" * 300))
def test_languages(told: str) -> None:
    assume("\n" not in told and "\r" not in told)
    headers = [(b"accept-language", told.encode("utf-8", "surrogatepass"))]
    assert isinstance(pages.preferred(Request({"type": "http", "headers": headers})), str)


@given(ODD | like("/desk", "//", "\\", "?", "#", "@", "evil.example", "https:", "%2f", "..", ";"))
def test_ways_on(where: str) -> None:
    onward = parts_of(local(where))
    assert not onward.scheme and not onward.netloc and onward.path.startswith("/desk")
    assert local(where).isascii() and local(where).isprintable()


@given(ODD | like("http://", "[", "]", ":", "@", "::1", "a.example"))
def test_addresses_in_headers(told: str) -> None:
    parts_of(told)
    network(told)


@given(ODD | like("2026-11-02", "T", "09:00", "Z", "+14:00", "-99:99", "W01", "٢"))
def test_times(told: str) -> None:
    moment = times.read(told)
    assert moment is None or moment.tzinfo is not None
    times.read_day(told)
    assert zones.known(told) in (True, False)
    assert choose(told if told.startswith("https://") else f"https://x.example/{told}").name


PIECES = ('{"kind": "', "specific", '", "covers": [', '"trigger"', '], "signals": [', '], "hook": "', '", "about": "', '", "option": "', '", "message": "', '"}', "```json\n", "<think>", "</think>", "null", "[", "{", "\\u0000", "\\ud800")  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("reply", [Judged, MarkedUp])
@given(
    text=ODD | like(*PIECES) | jsons("kind", "covers", "option", "message", "quotes", "turn", "words").map(json.dumps)
)
def test_replies_of_a_model(reply: type, text: str) -> None:
    shapes.complete_fields(text)
    try:
        assert isinstance(shapes.read(text, reply), reply)
    except ValueError as error:
        assert not text or len(text) < 4 or text not in str(error)


@pytest.mark.parametrize("text", ['{"kind":' * 5_000, "[" * 30_000, "{" * 30_000, '{"a":[' * 6_000])
def test_replies_without_a_bottom(text: str) -> None:
    with pytest.raises(ValueError, match="no valid Judged"):
        shapes.read(text, Judged)
    assert isinstance(shapes.complete_fields(text), dict)


@given(st.lists(st.tuples(st.integers(-5, 500), st.sampled_from("abc")), max_size=60))
def test_a_pace_is_kept_in_any_order_of_the_clock(taken: list[tuple[int, str]]) -> None:
    """In no window of five seconds more than five and what grew back meanwhile, wherever the clock goes."""
    pace, limit, let = Pace(most=10), Limit(5, timedelta(seconds=1)), []
    for after, name in sorted(taken):
        moment = NOW + timedelta(seconds=after)
        try:
            pace.take(name, limit, moment)
            let.append((moment, name))
        except TooFast as refused:
            assert refused.until is not None and moment < refused.until <= moment + timedelta(seconds=1)
    for moment, name in let:
        near = [at for at, other in let if other == name and moment <= at < moment + timedelta(seconds=1)]
        assert len(near) <= 6


@given(ODD, st.sampled_from(["en", "de", "es", "fr", "pt", "id", "xx"]))
def test_words_are_linted(text: str, language: str) -> None:
    assert set(lint.check_wording(text, language)) <= set(lint.RULES)
    lint.repeats(text, text[::-1], language)
    tongues.elsewhere(text, [language])


FLOW = bootstrap.read_flows(Settings()).get("loss")


@given(ODD | like("ignore ", "price ", "stop", "?", "!", "\n", "no ", "call me ", "😀"))
def test_answers_are_read(text: str) -> None:
    asked = Turn(1, Speaker.INTERVIEWER, "What made you start looking?", topic="trigger", move="ask:trigger")
    said = reading.assess(FLOW, Transcript((asked, Turn(2, Speaker.BUYER, text, topic="trigger"))))
    assert said.hook in text

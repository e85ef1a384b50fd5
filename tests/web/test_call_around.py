"""What stands around a buyer's call: calling it off, saying no, other devices, servers that send no mail."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from icalendar import Calendar
from sqlmodel import select

from interviewer import bookings, store
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.store import calls as requests
from interviewer.store import hosts
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.invitations import CallRequestRow
from interviewer.web.app import create_app
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone
from tests.store import booking_scene
from tests.store.booking_scene import at
from tests.web.conftest import Invite
from tests.web.test_call import FIRST, LANGUAGES, book, only_booking, text_of

START = "2026-11-05T14:30Z"


@pytest.fixture
async def mara(sqlite_deps: Deps) -> Viewer:
    """She takes calls in Berlin. The clock stands at Monday 2 November 2026, 9:00 UTC."""
    return await booking_scene.host(sqlite_deps, time_zone="Europe/Berlin")


@pytest.fixture
def root(link: str, mara: Viewer) -> str:
    return f"{urlsplit(link).path}/call"


async def from_elsewhere(deps: Deps) -> None:
    """The call that stands is one of a scheduler's."""
    row = await only_booking(deps)
    async with deps.db.write() as tx:
        found = await tx.get(BookingRow, row.id)
        assert found is not None
        found.source = "calcom"


async def test_a_call_that_is_off_is_taken_out_of_the_calendar(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    await book(phone, root, START)
    (put_in,) = Calendar.from_ical((await phone.open(f"{root}/calendar.ics")).content).walk("VEVENT")
    await phone.open(f"{root}/cancel")
    await phone.press("cancel")
    assert "Is it in your calendar?" in phone.last.text and f'href="{root}/calendar.ics"' in phone.last.text
    sent = await phone.open(f"{root}/calendar.ics")
    assert "method=CANCEL" in sent.headers["content-type"] and "cancelled.ics" in sent.headers["content-disposition"]
    calendar = Calendar.from_ical(sent.content)
    (taken_out,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], taken_out["STATUS"], taken_out["UID"]) == ("CANCEL", "CANCELLED", put_in["UID"])
    assert taken_out["SEQUENCE"] > put_in["SEQUENCE"]
    assert "ATTENDEE" not in taken_out and "kim" not in sent.text.lower() and "northgate" not in sent.text.lower()


async def test_the_host_who_calls_off_is_told_of_and_both_ways_on_stand_there(
    phone: Phone, root: str, link: str, sqlite_deps: Deps
) -> None:
    await book(phone, root, START)
    await bookings.cancel(sqlite_deps, (await only_booking(sqlite_deps)).id, bookings.HOST)
    seen = text_of((await phone.open(root)).text)
    assert "How shall we go on?" in seen and "We had to cancel your call on Thu 5 Nov" in seen
    assert "Answer in the chat instead" in seen and "Pick a new time" in seen and "Take it out of my calendar" in seen
    landing = (await phone.open(link)).text
    assert f'action="{root}/times"' in landing  # one tap to the times from there


async def test_nothing_fits_while_a_call_stands(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    await book(phone, root, START)
    times = (await phone.open(f"{root}/times")).text
    (other,) = re.findall(r'href="([^"]+/other[^"]*)"', times)
    assert "zone=America/New_York" in html.unescape(other)
    asked = text_of((await phone.open(html.unescape(other))).text)
    stays = "Your call on Thu 5 Nov, 9:30 am EST (UTC\N{MINUS SIGN}5) stays as it is until another time is agreed."
    assert stays in asked
    await phone.press("book", first_time="Sunday", phone="")
    assert stays in text_of(phone.last.text)
    assert (await only_booking(sqlite_deps)).starts_at == at(5, 14, 30)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"first_time": "Sunday"}, 200),
        ({"second_time": "Monday"}, 200),
        ({"phone": "+49 170 1234567"}, 200),
        ({}, 422),
        ({"first_time": "  "}, 422),
        ({"first_time": "Sunday", "phone": "12"}, 422),
    ],
)
async def test_a_time_or_a_number_will_do(
    phone: Phone, root: str, sqlite_deps: Deps, given: dict[str, str], status: int
) -> None:
    answered = await phone.http.post(root, data={"time_zone": "America/New_York", **given})
    assert answered.status_code == status
    row = invitation_of(root)
    async with sqlite_deps.db.read() as tx:
        kept = await requests.of_invitation(tx, row)
    assert (kept is not None) == (status == 200)
    if kept is not None:
        assert kept.time_zone == "America/New_York"
    else:
        assert '<option value="America/New_York" selected>' in answered.text  # what was chosen is not lost


def invitation_of(root: str) -> str:
    return root.split("/")[2].split(".")[0]


async def test_times_that_are_typed_have_a_zone(phone: Phone, root: str) -> None:
    unknown = (await phone.open(f"{root}/other")).text
    assert '<option value="Europe/Berlin" selected>' in unknown and "data-unchosen" in unknown
    chosen = (await phone.open(f"{root}/other?zone=Asia/Tokyo")).text
    assert '<option value="Asia/Tokyo" selected>' in chosen and "data-unchosen" not in chosen


async def test_typed_times_without_hosts_name_no_zone_that_nobody_chose(phone: Phone, link: str) -> None:
    page = (await phone.open(f"{urlsplit(link).path}/call")).text
    assert "data-unchosen" in page and '<option value=""></option>' in page and " selected>" not in page


async def test_the_zone_is_kept_through_all_of_it(phone: Phone, root: str) -> None:
    await book(phone, root, START, zone="Asia/Tokyo")
    for path in ("/times", "/other"):
        page = (await phone.open(f"{root}{path}")).text
        assert '<option value="Asia/Tokyo" selected>' in page and "data-shown" not in page
    assert "Tokyo" in (await phone.open(f"{root}/times?start=2026-11-06T10:00Z")).text
    await phone.open(f"{root}/cancel")
    assert "11:30 pm JST" in text_of(phone.last.text)
    await phone.press("cancel")
    assert "Times in Tokyo" in (await phone.open(f"{root}/times")).text


@pytest.mark.parametrize(
    ("asks_for", "shown"),
    [
        ("en-GB,en;q=0.9", "14:30"),
        ("en-US", "2:30 pm"),
        ("EN-gb", "14:30"),
        ("fr-FR", "2:30 pm"),
        ("en-<b>", "2:30 pm"),
    ],
)
async def test_the_clock_is_that_of_the_browsers_english(
    phone: Phone, root: str, link: str, sqlite_deps: Deps, asks_for: str, shown: str
) -> None:
    phone.http.headers["accept-language"] = asks_for
    await phone.open(f"{root}/times?zone=UTC&start={START}")
    assert shown in phone.last.text
    await phone.press("take")
    assert shown in phone.last.text and shown in (await phone.open(link)).text
    assert '<html lang="en"' in phone.last.text
    assert (await only_booking(sqlite_deps)).language in ("en", "en-GB", "en-US")


async def test_no_thanks_says_that_it_calls_off(phone: Phone, root: str, link: str, sqlite_deps: Deps) -> None:
    assert "No, thank you" in (await phone.open(link)).text
    await book(phone, root, START)
    assert "No, and cancel my call" in (await phone.open(link)).text
    await phone.press("decline")
    seen = text_of(phone.last.text)
    assert (
        "Understood, no interview." in seen
        and "Your call on Thu 5 Nov, 9:30 am EST (UTC\N{MINUS SIGN}5) is cancelled" in seen
    )
    assert f'href="{root}/calendar.ics"' in phone.last.text
    assert (await only_booking(sqlite_deps, "cancelled")).cancelled_by == "buyer"


async def test_stopping_all_mails_says_that_it_calls_off(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    stop = urlsplit(sqlite_deps.links.opt_out(invitation_of(root))).path
    assert "cancelled" not in (await phone.open(stop)).text
    await book(phone, root, START)
    assert "Your call on Thu 5 Nov, 9:30 am EST (UTC\N{MINUS SIGN}5) is cancelled with it." in text_of(
        (await phone.open(stop)).text
    )
    await phone.press("opt-out")
    assert "is cancelled as well" in text_of(phone.last.text)


async def test_who_no_longer_agrees_wants_no_call_either(phone: Phone, root: str, link: str, sqlite_deps: Deps) -> None:
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    withdraw = f"/interview/{interview_id}/withdraw"
    assert "cancelled" not in (await phone.open(withdraw)).text
    await book(phone, root, START)
    when = "Your call on Thu 5 Nov, 9:30 am EST (UTC\N{MINUS SIGN}5) is cancelled"
    assert f"{when} with it." in text_of((await phone.open(withdraw)).text)
    assert (await only_booking(sqlite_deps)).sequence == 0  # looking changes nothing
    await phone.press("withdraw")
    assert f"{when} as well." in text_of(phone.last.text)
    assert f'href="/interview/{interview_id}/call/calendar.ics"' in phone.last.text
    off = await only_booking(sqlite_deps, "cancelled")
    assert (off.cancelled_by, off.sequence) == ("buyer", 1)
    await phone.http.post(withdraw)
    assert (await only_booking(sqlite_deps, "cancelled")).sequence == 1


async def test_who_no_longer_agrees_is_not_rung_up(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    times = {"first_time": "Tuesday", "second_time": "", "time_zone": ""}
    async with sqlite_deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
    assert row is not None
    assert await bookings.request(sqlite_deps, row.invitation_id, phone="+44 20 7946 0018", **times)
    await phone.open(f"/interview/{interview_id}/withdraw")
    await phone.press("withdraw")
    async with sqlite_deps.db.read() as tx:
        assert (await tx.exec(select(CallRequestRow))).all() == []


async def test_a_call_of_a_scheduler_is_not_called_off_by_no(
    phone: Phone, root: str, link: str, sqlite_deps: Deps
) -> None:
    await book(phone, root, START)
    await from_elsewhere(sqlite_deps)
    assert "No, thank you" in (await phone.open(link)).text
    await phone.press("decline")
    assert "was booked elsewhere. Please cancel it by the link in the mail" in text_of(phone.last.text)


async def test_another_device_goes_on_rather_than_starting(phone: Phone, link: str, app: FastAPI, mara: Viewer) -> None:
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    await book(phone, f"/interview/{interview_id}/call", START)
    async with Phone(app) as other:
        landing = text_of((await other.open(link)).text)
        assert "Your call is on Thu 5 Nov" in landing and "Continue" in landing and "Start" not in landing
        call = (await other.open(f"{urlsplit(link).path}/call")).text
        assert "9:30 am – 9:45 am" in call and 'href="https://video.example/mara"' in call
        assert FIRST[:20] not in call and "Kim" not in call


async def test_another_device_is_told_that_the_open_question_has_an_answer(
    phone: Phone, link: str, app: FastAPI, sqlite_deps: Deps
) -> None:
    told = "The question below has an answer among them: add to it, or skip it."
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    async with Phone(app) as other:
        await other.start(link)
        assert told not in text_of((await other.open(f"/interview/{interview_id}")).text)
        await phone.open(f"/interview/{interview_id}")
        await phone.say("It was the price")
        assert "probe" in await last_move(sqlite_deps, interview_id)
        assert told in text_of((await other.open(f"/interview/{interview_id}")).text)


async def last_move(deps: Deps, interview_id: str) -> str:
    async with deps.db.read() as tx:
        return (await store.turns.rows(tx, interview_id))[-1].move


async def test_what_a_probe_follows_up_counts_as_answered(
    phone: Phone, link: str, mara: Viewer, clock: FakeClock, sqlite_deps: Deps
) -> None:
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    await phone.say("It was the price")
    assert "probe" in await last_move(sqlite_deps, interview_id)
    await book(phone, f"/interview/{interview_id}/call", START)
    clock.advance(days=4)
    assert "You have answered 2 of about 5 questions." in text_of((await phone.open(link)).text)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_without_a_mail_server_no_page_promises_mail(
    sqlite_deps: Deps, invite: Invite, mara: Viewer, language: str
) -> None:
    root = f"{urlsplit(await invite(language=language)).path}/call"
    async with sqlite_deps.db.write() as tx:
        host = await hosts.get(tx, mara.user_id)
        assert host is not None
        host.video_link = ""
    mail = re.compile(r"e-?mail|\bmails?\b|correo|surel", re.IGNORECASE)
    async with Phone(create_app(replace(sqlite_deps, mail=None))) as phone:
        seen = {"/other": text_of((await phone.open(f"{root}/other")).text)}
        seen["booked"] = await book(phone, root, START)
        for path in ("/times", "/cancel"):
            seen[path] = text_of((await phone.open(f"{root}{path}")).text)
        seen["asked"] = text_of((await phone.open(f"{root}?asked=1")).text)
        await bookings.cancel(sqlite_deps, (await only_booking(sqlite_deps)).id, bookings.BUYER)
        seen["over"] = text_of((await phone.open(root)).text)
    said = {path: mail.findall(text) for path, text in seen.items()}
    assert len(said.pop("booked")) == 1  # that none goes out from here
    assert not any(said.values()), said


async def test_a_video_link_that_comes_later_is_on_the_page(
    phone: Phone, root: str, sqlite_deps: Deps, mara: Viewer
) -> None:
    await set_video(sqlite_deps, mara, "")
    assert "You will get a mail that says how you meet." in await book(phone, root, START)
    await set_video(sqlite_deps, mara, "https://video.example/later")
    assert 'href="https://video.example/later"' in (await phone.open(root)).text


async def set_video(deps: Deps, host: Viewer, link: str) -> None:
    async with deps.db.write() as tx:
        row = await hosts.get(tx, host.user_id)
        assert row is not None
        row.video_link = link

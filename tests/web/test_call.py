"""A call picked, moved and called off on the buyer's pages, without a screen: from the link and from the interview."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from icalendar import Calendar

from interviewer import bookings, bootstrap, invitations
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.store import bookings as kept
from interviewer.store.tables.bookings import BookingRow
from interviewer.web.app import create_app
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone
from tests.store import booking_scene
from tests.store.booking_scene import at
from tests.web.conftest import Invite
from tests.web.desk_scene import Browser
from tests.web.preview_scene import begin

FIRST = "We missed two delivery windows in June and the ops director asked for a plan by end of quarter"
LANGUAGES = sorted(bootstrap.read_languages().texts)


@pytest.fixture
async def mara(sqlite_deps: Deps) -> Viewer:
    """She takes calls in Berlin. The clock stands at Monday 2 November 2026, 9:00 UTC: 10:00 there."""
    return await booking_scene.host(sqlite_deps, time_zone="Europe/Berlin")


@pytest.fixture(params=["landing", "interview"])
async def root(request: pytest.FixtureRequest, phone: Phone, link: str, mara: Viewer) -> AsyncIterator[str]:
    """Where the buyer's call stands: behind the link, or in the interview with one answer given."""
    if request.param == "landing":
        yield f"{urlsplit(link).path}/call"
    else:
        interview_id = await phone.start(link)
        await phone.say(FIRST)
        yield f"/interview/{interview_id}/call"


def offered(page: str) -> list[str]:
    """The times that the page has buttons for, as the form sends them."""
    return re.findall(r'name="start" value="([^"]+)">', page)


def times_of(page: str) -> list[str]:
    """The same as the buyer reads them."""
    return re.findall(r'name="start" value="[^"]+">([^<]+)<', page)


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<body")[2])).split())


async def book(phone: Phone, root: str, start: str, zone: str = "America/New_York") -> str:
    """Pick a time and confirm it, as the two taps do."""
    await phone.open(f"{root}/times?zone={zone}&start={start}")
    await phone.press("take")
    return text_of(phone.last.text)


async def only_booking(deps: Deps, state: str = "booked") -> BookingRow:
    (row,) = await booking_scene.booked(deps, state)
    return row


async def test_times_are_those_of_the_buyers_wall(phone: Phone, root: str) -> None:
    page = (await phone.open(f"{root}?zone=America/New_York")).text
    assert "Times in New York" in page
    assert times_of(page)[:6] == ["8:00 am", "8:30 am", "9:00 am", "9:30 am", "10:00 am", "10:30 am"]
    assert offered(page)[:2] == ["2026-11-03T13:00Z", "2026-11-03T13:30Z"]
    more, odd = page.index("More times"), page.index("Early and late times")
    assert page.index(">8:00 am<") < more < page.index(">8:15 am<") < odd < page.index(">4:00 am<")
    assert "2026-11-03T09:00Z" in offered(page)  # 4 am: the clocks went back there on 1 November
    assert "Tuesday 3 November" in page and "EST (UTC\N{MINUS SIGN}5)" in page


async def test_without_a_word_from_the_device_times_are_the_hosts(phone: Phone, root: str) -> None:
    page = (await phone.open(root)).text
    assert "Times in Berlin" in page and 'data-shown="Europe/Berlin"' in page
    assert times_of(page)[0] == "10:00 am"
    assert 'value="Europe/Berlin" selected' in page
    nowhere = (await phone.open(f"{root}?zone=Middle/Earth")).text
    assert "Times in Berlin" in nowhere
    chosen = (await phone.open(f"{root}?zone=Asia/Kolkata")).text
    assert "data-shown" not in chosen and "IST (UTC+5:30)" in chosen


async def test_a_zone_by_an_older_name(phone: Phone, root: str) -> None:
    page = (await phone.open(f"{root}?zone=Asia/Calcutta")).text  # what Chrome calls it
    assert "Times in Kolkata" in page and 'value="Asia/Kolkata" selected' in page


async def test_picked_confirmed_and_booked(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    await phone.open(f"{root}/times?zone=America/New_York&start=2026-11-05T14:30Z")
    asked = text_of(phone.last.text)
    assert "Thursday 5 November 9:30 am – 9:45 am New York, EST (UTC\N{MINUS SIGN}5)" in asked and "Mara" in asked
    assert not await booking_scene.booked(sqlite_deps)
    await phone.press("take")
    assert str(phone.last.url).endswith(root)
    said = text_of(phone.last.text)
    assert "Your call is booked." in said and "9:30 am – 9:45 am" in said and "Mara" in said
    assert 'href="https://video.example/mara"' in phone.last.text
    row = await only_booking(sqlite_deps)
    assert (row.starts_at, row.time_zone) == (at(5, 14, 30), "America/New_York")
    assert ("Everything you answered so far is kept" in said) == ("interview" in root)


async def test_moved(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    await book(phone, root, "2026-11-05T14:30Z")
    page = (await phone.open(f"{root}/times")).text
    assert (
        "Now: Thu 5 Nov, 9:30 am EST (UTC\N{MINUS SIGN}5). Pick another time; this one stays until you do." in page
        and "Times in New York" in page
    )
    assert "2026-11-05T14:30Z" not in offered(page)
    asked = text_of((await phone.open(f"{root}/times?zone=America/New_York&start=2026-11-06T10:00Z")).text)
    assert "Move your call here?" in asked and "Now Thu 5 Nov, 9:30 am" in asked
    await phone.press("take")
    assert "Friday 6 November" in phone.last.text
    assert (
        "the new entry: it replaces the one in your calendar" in phone.last.text
        and "Update my calendar" in phone.last.text
    )
    row = await only_booking(sqlite_deps)
    assert (row.starts_at, row.sequence) == (at(6, 10), 1)


async def test_cancelled_and_booked_again(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    await book(phone, root, "2026-11-05T14:30Z")
    await phone.open(f"{root}/cancel")
    assert "Cancel your call?" in phone.last.text
    assert await only_booking(sqlite_deps)
    await phone.press("cancel")
    said = text_of(phone.last.text)
    assert "Your call is cancelled." in said and "Pick a new time" in said
    answered = "You have answered 1 of about 5 questions. Go on in writing, or pick a new time."
    assert (answered in said) == ("interview" in root)
    assert ("Go on in the chat" if "interview" in root else "Answer in the chat instead") in said
    assert f'href="{root.removesuffix("/call")}"' in phone.last.text and f'href="{root}/times"' in phone.last.text
    page = (await phone.open(f"{root}/times")).text
    assert "Pick a time to talk" in page and "Times in New York" in page and "data-shown" not in page
    assert (await only_booking(sqlite_deps, "cancelled")).cancelled_by == "buyer"
    assert (await phone.open(f"{root}/cancel")).url.path == root  # nothing is left to cancel
    assert (await phone.http.post(f"{root}/cancel")).status_code == 200
    assert "Your call is booked." in await book(phone, root, "2026-11-09T10:00Z")


async def test_a_time_that_went_meanwhile(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    await phone.open(f"{root}/times?zone=America/New_York&start=2026-11-05T14:30Z")
    await booking_scene.take(sqlite_deps, await booking_scene.buyer(sqlite_deps, "lee@buyer.example"), at(5, 14, 30))
    gone = await phone.press("take")
    assert gone.status_code == 409
    assert "Thu 5 Nov, 9:30 am EST (UTC\N{MINUS SIGN}5) is not free any more." in gone.text
    assert 'value="2026-11-05" checked' in gone.text  # the next ones are in view
    assert "2026-11-05T14:45Z" in offered(gone.text) and "2026-11-05T14:30Z" not in offered(gone.text)
    assert "data-shown" not in gone.text
    looked = await phone.open(f"{root}/times?zone=America/New_York&start=2026-11-05T14:30Z")
    assert looked.status_code == 409
    assert len(await booking_scene.booked(sqlite_deps)) == 1


@pytest.mark.parametrize("start", ["", "soon", "2026-11-05", "2026-11-05T14:30", "9999-99-99T00:00Z"])
async def test_what_is_no_time_leads_back_to_the_times(phone: Phone, root: str, start: str, sqlite_deps: Deps) -> None:
    assert offered((await phone.open(f"{root}/times?start={start}&day=none&zone=")).text)
    posted = await phone.http.post(f"{root}/times", data={"start": start, "zone": "x"})
    assert posted.url.path == f"{root}/times"
    assert not await booking_scene.booked(sqlite_deps)


async def test_confirming_twice_is_one_call(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    await phone.open(f"{root}/times?zone=America/New_York&start=2026-11-05T14:30Z")
    form = phone.page.forms["take"]
    for _ in range(3):
        assert (await phone.http.post(form.action, data=form.fields)).status_code == 200
    assert (await only_booking(sqlite_deps)).sequence == 0


async def test_days_come_a_page_at_a_time(phone: Phone, root: str, sqlite_deps: Deps, mara: Viewer) -> None:
    await bookings.save(
        sqlite_deps, mara, booking_scene.form(mara, time_zone="Europe/Berlin", horizon_days="40", version=1)
    )
    first = (await phone.open(f"{root}/times?zone=Europe/Berlin")).text
    assert len(re.findall('type="radio"', first)) == 10 and "Earlier days" not in first
    (where,) = re.findall(r'href="([^"]+)">Later days', first)
    later = (await phone.open(html.unescape(where))).text
    assert "Tuesday 17 November" in later and "Earlier days" in later
    assert offered(later)[0] > offered(first)[-1]
    open_one = (await phone.open(f"{root}/times?zone=Europe/Berlin&day=2026-11-21")).text
    assert 'value="2026-11-23" checked' in open_one  # nothing on a Saturday


async def test_nothing_fits(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    await phone.open(f"{root}/other")
    assert "What would fit?" in phone.last.text
    await phone.press("book", first_time="Sunday", phone="+49 170 1234567")
    assert "You will hear from us" in phone.last.text
    assert not await booking_scene.booked(sqlite_deps)


async def test_nothing_is_free(phone: Phone, root: str, sqlite_deps: Deps, mara: Viewer) -> None:
    off = booking_scene.form(mara, time_zone="Europe/Berlin", days_off=[("2026-11-01", "2027-02-01")], version=1)
    await bookings.save(sqlite_deps, mara, off)
    page = await phone.open(root)
    assert page.status_code == 200 and "No time is free" in page.text
    await phone.press("book", first_time="Next year", phone="+49 170 1234567")
    assert "You will hear from us" in phone.last.text


async def test_two_hosts_are_not_named_before(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    await booking_scene.host(sqlite_deps, "Noor")
    await phone.open(f"{root}/times?start=2026-11-05T14:30Z")
    assert "Noor" not in phone.last.text and "Somebody from product marketing" in phone.last.text
    await phone.press("take")
    assert "Noor" in phone.last.text or "Mara<" in phone.last.text


async def test_a_calendar_file_names_no_invitee(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    assert (await phone.open(f"{root}/calendar.ics")).url.path == root
    await book(phone, root, "2026-11-05T14:30Z")
    sent = await phone.open(f"{root}/calendar.ics")
    assert sent.headers["content-type"].startswith("text/calendar")
    assert "attachment" in sent.headers["content-disposition"]
    (event,) = Calendar.from_ical(sent.content).walk("VEVENT")
    row = await only_booking(sqlite_deps)
    assert (event["UID"], event.decoded("DTSTART"), event["SEQUENCE"]) == (row.uid, row.starts_at, 0)
    assert "ATTENDEE" not in event and "kim" not in sent.text.lower() and "northgate" not in sent.text.lower()


async def test_a_forwarded_link_does_not_tell_whose_it_is(phone: Phone, link: str, mara: Viewer, app: FastAPI) -> None:
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    await book(phone, f"/interview/{interview_id}/call", "2026-11-05T14:30Z")
    async with Phone(app) as stranger:
        root = f"{urlsplit(link).path}/call"
        for path in (root, f"{root}/times", f"{root}/times?start=2026-11-06T10:00Z", f"{root}/cancel", link):
            seen = (await stranger.open(path)).text
            for canary in ("Kim", "kim@", "Osei", "Northgate", FIRST[:20]):
                assert canary not in seen, path


async def test_looking_at_a_call_changes_nothing(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    await book(phone, root, "2026-11-05T14:30Z")
    before = (await only_booking(sqlite_deps)).model_dump()
    for path in ("", "/times", "/times?start=2026-11-06T10:00Z", "/cancel", "/other", "/calendar.ics"):
        response = await phone.open(f"{root}{path}")
        assert response.status_code == 200 and "set-cookie" not in response.headers
    assert (await only_booking(sqlite_deps)).model_dump() == before


async def test_the_landing_and_the_chat_tell_of_the_call(
    phone: Phone, link: str, mara: Viewer, clock: FakeClock
) -> None:
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    chat = f"/interview/{interview_id}"
    await book(phone, f"{chat}/call", "2026-11-05T14:30Z")
    for path, way in ((link, "See, move or cancel your call"), (chat, "Your call")):
        seen = text_of((await phone.open(path)).text)
        assert "Your call is on Thu 5 Nov, 9:30 am EST (UTC\N{MINUS SIGN}5)." in seen and way in seen
    clock.advance(days=4)
    landing = text_of((await phone.open(link)).text)
    assert "Your call was on Thu 5 Nov" in landing and "You have answered 1 of about 5 questions" in landing
    assert "Pick a new time" in landing
    await phone.press("start")
    assert "Your call was on Thu 5 Nov" in phone.last.text and "answer" in phone.page.forms
    await phone.say("Brightline, and keeping the spreadsheet")
    assert len((await phone.open(chat)).text.split('data-speaker="buyer"')) == 3


@pytest.mark.parametrize(
    ("state", "by", "words"),
    [
        ("missed", "", "We missed each other on Thu 5 Nov, 9:30 am"),
        ("cancelled", "host", "We had to cancel your call on Thu 5 Nov, 9:30 am"),
        ("held", "", "Thank you for the call on Thu 5 Nov, 9:30 am"),
    ],
)
async def test_after_the_call(
    phone: Phone, root: str, link: str, sqlite_deps: Deps, state: str, by: str, words: str
) -> None:
    await book(phone, root, "2026-11-05T14:30Z")
    row = await only_booking(sqlite_deps)
    async with sqlite_deps.db.write() as tx:
        found = await kept.get(tx, row.id, lock=True)
        assert found is not None
        found.state, found.cancelled_by = state, by
    for path in (root, link):
        assert words in text_of((await phone.open(path)).text)
    assert "Your call is booked." in await book(phone, root, "2026-11-09T10:00Z")


async def test_a_call_booked_elsewhere_is_only_shown(phone: Phone, root: str, sqlite_deps: Deps) -> None:
    await book(phone, root, "2026-11-05T14:30Z")
    row = await only_booking(sqlite_deps)
    async with sqlite_deps.db.write() as tx:
        found = await kept.get(tx, row.id, lock=True)
        assert found is not None
        found.source, found.time_zone = "calcom", ""
    page = (await phone.open(root)).text
    assert "please use the link in the mail" in page and "2:30 pm – 2:45 pm" in page and "UTC" in page
    for path in ("/times", "/cancel", "/calendar.ics"):
        assert (await phone.open(f"{root}{path}")).url.path == root
        assert f'href="{root}{path}"' not in page
    for path, data in (("/cancel", {}), ("/times", {"start": "2026-11-06T10:00Z"})):
        assert (await phone.http.post(f"{root}{path}", data=data)).url.path == root
    assert (await only_booking(sqlite_deps)).starts_at == at(5, 14, 30)


@pytest.mark.parametrize(
    ("mails", "words"),
    [(True, "A mail with the calendar entry is on its way"), (False, "No mail goes out from here")],
)
async def test_the_page_says_whether_a_mail_comes(
    sqlite_deps: Deps, link: str, mara: Viewer, *, mails: bool, words: str
) -> None:
    deps = sqlite_deps if mails else replace(sqlite_deps, mail=None)
    async with Phone(create_app(deps)) as phone:
        assert words in await book(phone, f"{urlsplit(link).path}/call", "2026-11-05T14:30Z")


async def test_a_preview_books_nothing(handset: Phone, pmm: Browser, mara: Viewer, sqlite_deps: Deps) -> None:
    _, where = await begin(pmm)
    page = await handset.open(f"{where}/call/times?start=2026-11-05T14:30Z")
    assert page.status_code == 200
    await handset.press("take")
    assert "Your call is booked." in handset.last.text and "calendar.ics" not in handset.last.text
    assert not await booking_scene.booked(sqlite_deps)


async def test_a_link_that_is_withdrawn_books_nothing(phone: Phone, link: str, mara: Viewer, sqlite_deps: Deps) -> None:
    await phone.open(f"{urlsplit(link).path}/call/times?start=2026-11-05T14:30Z")
    form = phone.page.forms["take"]
    await invitations.revoke(sqlite_deps, urlsplit(link).path.split("/")[2].split(".")[0])
    assert (await phone.http.post(form.action, data=form.fields)).status_code == 404
    assert not await booking_scene.booked(sqlite_deps)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_language(phone: Phone, invite: Invite, mara: Viewer, language: str) -> None:
    link = await invite(language=language)
    root = f"{urlsplit(link).path}/call"
    for path in (root, f"{root}/other"):
        page = await phone.open(path)
        assert f'<html lang="{language}"' in page.text
    await book(phone, root, "2026-11-05T14:30Z")
    for path in ("", "/times", "/cancel", "/times?start=2026-11-06T10:00Z"):
        assert "{" not in text_of((await phone.open(f"{root}{path}")).text)
    assert "{" not in text_of((await phone.open(link)).text)

"""The ways to and from a buyer's call: what stands behind a button, on whose clock, and who is told what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from interviewer import notice
from interviewer.bookings import handing
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.scheduling import zones
from interviewer.store import calls as requests
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone
from tests.store import booking_scene
from tests.web.test_call import FIRST, LANGUAGES, book, only_booking, text_of
from tests.web.test_call_around import invitation_of

START = "2026-11-05T14:30Z"
NEW_YORK = "America/New_York"
ASKED = {"first_time": "Tuesday after 3 pm", "phone": "+1 212 555 0100", "time_zone": "Asia/Jerusalem"}


@pytest.fixture
async def mara(sqlite_deps: Deps) -> Viewer:
    """She takes calls in Berlin. The clock stands at Monday 2 November 2026, 9:00 UTC."""
    return await booking_scene.host(sqlite_deps, time_zone="Europe/Berlin")


@pytest.fixture
def root(link: str, mara: Viewer) -> str:
    return f"{urlsplit(link).path}/call"


async def open_text(phone: Phone, path: str) -> str:
    return text_of((await phone.open(path)).text)


async def send(phone: Phone, link: str) -> str:
    """Answer once and send; gives the interview's address."""
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    await phone.press("finish")
    await phone.press("confirm")
    return f"/interview/{interview_id}"


async def test_a_call_is_there_after_the_answers_are_sent(phone: Phone, link: str, root: str, app: FastAPI) -> None:
    await book(phone, root, START)
    interview = await send(phone, link)
    seen = (await phone.open(link)).text
    assert "Your call is on Thu 5 Nov, 9:30 am EST" in seen and "This interview is complete" not in seen
    assert f'action="{root}"' in seen and "See, move or cancel your call" in seen
    assert "Copy or delete my answers" in seen
    async with Phone(app) as second:
        seen = await open_text(second, link)
        assert "Your call is on Thu 5 Nov" in seen and "About my answers" in seen and "elete my" not in seen
        await second.press("start")
        done = second.last.text
        assert "neither seen nor deleted" in done and f"{interview}/delete" not in done


async def test_the_thank_you_promises_no_mail(phone: Phone, link: str, mara: Viewer, app: FastAPI) -> None:
    deps: Deps = app.state.deps
    app.state.deps = replace(deps, settings=deps.settings.model_copy(update={"gift": "a book"}))
    interview = await send(phone, link)
    seen = await open_text(phone, f"{interview}/done")
    assert "sends you your thank-you (a book) within a few days" in seen and "e-mail" not in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_tells_of_calls(sqlite_deps: Deps, language: str) -> None:
    deps = replace(sqlite_deps, settings=sqlite_deps.settings.model_copy(update={"asker": "Mara Lindqvist"}))
    t = deps.languages.get(language)
    said = dict(notice.of(deps, language).paragraphs)[t("notice.calls")]
    assert said.count("Mara Lindqvist") == 1 and "{" not in said
    other = replace(deps, settings=deps.settings.model_copy(update={"asker": "Noor"}))
    assert notice.of(other, language).digest != notice.of(deps, language).digest


async def test_what_was_left_is_shown_changed_and_withdrawn(
    phone: Phone, link: str, root: str, app: FastAPI, sqlite_deps: Deps
) -> None:
    await phone.open(f"{root}/other")
    await phone.press("book", **ASKED)
    thanks = text_of(phone.last.text)
    assert "will call the number you left, or write" in thanks
    assert "Tuesday after 3 pm" in thanks and "+1 212 555 0100" in thanks
    assert "Jerusalem" in thanks and "Asia/" not in thanks
    landing = await open_text(phone, link)
    assert "You asked for a call." in landing and "Tuesday after 3 pm · Jerusalem · +1 212 555 0100" in landing
    assert "You asked for a call." in await open_text(phone, root)
    async with Phone(app) as other:
        seen = [await open_text(other, where) for where in (link, f"{root}?asked=1", f"{root}/other")]
        assert "You asked for a call." in seen[0]
        assert not any(
            "555 0100" in one or "after 3" in one.replace("For example: Tuesday after 3", "") for one in seen
        )
    form = (await phone.open(f"{root}/other")).text
    assert 'value="Tuesday after 3 pm"' in form and 'value="Asia/Jerusalem" selected' in form
    await phone.press("book", **ASKED | {"first_time": "Friday", "phone": ""})
    assert "write to the address you were invited at" in text_of(phone.last.text) and "Friday" in phone.last.text
    await phone.press("withdraw")
    assert "You asked for a call." not in await open_text(phone, link)
    async with sqlite_deps.db.read() as tx:
        assert await requests.of_invitation(tx, invitation_of(root)) is None
    assert (await phone.http.post(f"{root}/withdraw")).status_code in (200, 303)


async def test_who_asked_before_does_not_see_what_others_left(phone: Phone, root: str, app: FastAPI) -> None:
    async with Phone(app) as other:
        await other.http.post(root, data={"phone": "+49 30 1234567"})
        await phone.http.post(root, data=ASKED)
        assert "555 0100" not in (await other.open(f"{root}?asked=1")).text
        assert "555 0100" in (await phone.open(f"{root}?asked=1")).text


async def test_an_error_keeps_the_heading_and_the_way_back(phone: Phone, root: str) -> None:
    await phone.open(f"{root}/other")
    refused = await phone.http.post(root, data={"unfit": "1", "time_zone": NEW_YORK})
    assert refused.status_code == 422
    assert "What would fit?" in refused.text and f'href="{root}/times?zone=' in refused.text


async def test_a_handover_names_both(phone: Phone, root: str, sqlite_deps: Deps, mara: Viewer) -> None:
    await book(phone, root, START)
    noor = await booking_scene.host(sqlite_deps, "Noor", time_zone="Europe/Berlin")
    await handing.hand_over(sqlite_deps, noor, (await only_booking(sqlite_deps)).id, noor.user_id)
    seen = await open_text(phone, root)
    assert "Your call is booked." in seen and "Noor will talk with you instead of Mara." in seen
    await book(phone, root, "2026-11-06T10:00Z")
    moved = await open_text(phone, root)
    assert "Your call was moved." in moved and "instead of" not in moved


async def test_a_device_elsewhere_has_its_own_clock_beside_the_booked_one(
    phone: Phone, link: str, root: str, sqlite_deps: Deps
) -> None:
    await book(phone, root, START)
    plain = (await phone.open(link)).text
    assert f'data-shown="{NEW_YORK}"' in plain and "change-zone" not in plain
    landing = await open_text(phone, f"{link}?zone=Asia/Tokyo")
    assert "Your call is on Thu 5 Nov, 11:30 pm in Tokyo · 9:30 am in New York." in landing
    assert 'id="change-zone"' in phone.last.text and "data-shown" not in phone.last.text
    page = await open_text(phone, f"{root}?zone=Pacific/Auckland")
    assert "Friday 6 November 3:30 am – 3:45 am Auckland, NZDT (UTC+13) Thu 5 Nov, 9:30 am in New York" in page
    assert f'href="{root}/times?zone=Pacific/Auckland"' in phone.last.text
    assert "Now: Thu 5 Nov, 11:30 pm in Tokyo" in await open_text(phone, f"{root}/times?zone=Asia/Tokyo")
    same = await open_text(phone, f"{root}?zone=America/Toronto")
    assert "New York, EST" in same and " in New York" not in same
    assert (await only_booking(sqlite_deps)).time_zone == NEW_YORK


@pytest.mark.parametrize(("minutes", "joining"), [(-16, False), (-15, True), (0, True), (14, True), (15, False)])
async def test_from_a_quarter_hour_before_joining_comes_first(
    phone: Phone, link: str, root: str, sqlite_deps: Deps, clock: FakeClock, minutes: int, joining: bool
) -> None:
    await book(phone, root, START)
    row = await only_booking(sqlite_deps)
    clock.present = row.starts_at + timedelta(minutes=minutes)
    first = '<a class="btn primary" href="https://video.example/mara"'
    page, landing = (await phone.open(root)).text, (await phone.open(link)).text
    assert (first in page) == (first in landing) == joining
    if joining:
        assert 'class="quiet strong" href="' + root + '/calendar.ics"' in page and page.count("btn primary") == 1


async def test_what_became_of_a_call_is_told_until_the_next_answer(
    phone: Phone, link: str, root: str, clock: FakeClock
) -> None:
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    await book(phone, root, START)
    here = f"/interview/{interview_id}"
    assert "Your call is on" in await open_text(phone, here)
    await phone.open(f"{root}/cancel")
    await phone.press("cancel")
    page = (await phone.open(here)).text
    assert "Your call is cancelled." in page and "data-passing" in page and f'action="{here}/call/times"' in page
    clock.advance(minutes=1)
    await phone.say("A colleague pointed us at Tidewater Flow, and we compared it with what we had")
    assert "Your call is cancelled." not in await open_text(phone, here)


async def test_the_landing_says_how_far_the_chat_is_and_leads_into_it(
    phone: Phone, link: str, root: str, app: FastAPI
) -> None:
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    await book(phone, root, START)
    landing = await open_text(phone, link)
    assert "You have answered 1 of about 5 questions." in landing and "short questions" not in landing
    assert f'href="/interview/{interview_id}">Rather answer here now' in (await phone.open(root)).text
    async with Phone(app) as other:
        assert f'href="{urlsplit(link).path}">Rather answer here now' in (await other.open(root)).text


def test_zones_are_called_as_people_call_them() -> None:
    labels = {choice.label for region in zones.offered() for choice in region.zones}
    assert "Dumont d’Urville" in labels and "Argentina, Buenos Aires" in labels
    assert zones.place("Asia/Jerusalem") == "Jerusalem" and zones.place("about noon") == "about noon"

"""A call picked, moved and cancelled on a phone in real Chromium: from two time zones, across a change of clocks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from interviewer import bookings, invitations
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.store.db import Database
from interviewer.store.tables.bookings import BookingRow
from tests.browser.conftest import PHONE, TALL_PHONE, Contexts, accessible, no_violations
from tests.conftest import assemble, settings_of
from tests.fakes.clock import FakeClock
from tests.fakes.clocked_server import ClockedServer
from tests.fakes.databases import SqliteFiles
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store import booking_scene

Numbers = count(1)
SPRING = datetime(2027, 3, 25, 10, tzinfo=UTC)
"""Thursday. Clocks go forward in Europe on Sunday 28 March; in America they did so two weeks before."""
AUTUMN = datetime(2026, 10, 29, 10, tzinfo=UTC)
"""Thursday. Clocks go back in America on Sunday 1 November; in Europe they did so a week before."""
SAID = "We missed two delivery windows in June and the ops director asked for a plan by end of quarter"


@dataclass(frozen=True)
class Place:
    """A buyer's device: where it is, how large, and which English it speaks."""

    zone: str
    name: str
    size: dict[str, int]
    locale: str = "en-US"


NEW_YORK = Place("America/New_York", "New York", PHONE)
KOLKATA = Place("Asia/Kolkata", "Kolkata", TALL_PHONE, "en-IN")


@dataclass(frozen=True)
class Scene:
    """A season, a place, and how two in the afternoon in Berlin reads there on Friday and on Monday."""

    now: datetime
    place: Place
    friday: str
    monday: str
    before: str
    after: str
    """Clock and zone before and after the change."""


SCENES = [
    Scene(SPRING, NEW_YORK, "26", "29", "9:00 am EDT (UTC\N{MINUS SIGN}4)", "8:00 am EDT (UTC\N{MINUS SIGN}4)"),
    Scene(SPRING, KOLKATA, "26", "29", "6:30 pm IST (UTC+5:30)", "5:30 pm IST (UTC+5:30)"),
    Scene(AUTUMN, NEW_YORK, "30", "2", "9:00 am EDT (UTC\N{MINUS SIGN}4)", "8:00 am EST (UTC\N{MINUS SIGN}5)"),
    Scene(AUTUMN, KOLKATA, "30", "2", "6:30 pm IST (UTC+5:30)", "6:30 pm IST (UTC+5:30)"),
]


@pytest.fixture(scope="module")
def clock() -> FakeClock:
    return FakeClock(SPRING)


@pytest.fixture(scope="module")
def calls(
    sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory, clock: FakeClock
) -> Iterator[ClockedServer]:
    """The application on the tests' clock; Mara takes calls in Berlin."""
    with taking_calls(sqlite_files, tmp_path_factory.mktemp("calls"), clock, RecordingChannel()) as server:
        yield server


@contextmanager
def taking_calls(
    sqlite_files: SqliteFiles, folder: Path, clock: FakeClock, mail: RecordingChannel | None
) -> Iterator[ClockedServer]:
    with sqlite_files.fresh(folder) as database_url:

        def make(url: str) -> Deps:
            database, settings = Database(database_url), settings_of(folder, url)
            return assemble(database, settings=settings, mail=mail, jobs=RecordingJobs(), now=clock)

        server = ClockedServer(make)
        server.start()
        server.do(lambda deps: booking_scene.host(deps, "Mara", time_zone="Europe/Berlin", daily_maximum="32"))
        yield server
        server.stop()


def invite(server: ClockedServer, **given: str) -> str:
    async def one(deps: Deps) -> str:
        number = next(Numbers)
        invitee = Invitee(f"b{number}@buyer.example", name="Kim Osei", company=f"Pools {number}", **given)
        return (await invitations.invite(deps, [invitee]))[0].link

    return server.do(one)


def booked(server: ClockedServer, link: str) -> list[BookingRow]:
    """The calls that stand for whom a link was made for."""
    invitation_id = link.rpartition("/")[2].partition(".")[0]
    return [row for row in server.do(booking_scene.booked) if row.invitation_id == invitation_id]


def at(context: Contexts, place: Place, **given: object) -> Page:
    return context(timezone_id=place.zone, viewport=place.size, locale=place.locale, **given).new_page()


def pick(page: Page, day: str, time: str) -> None:
    """The first tap, and those before it where another day is wanted, or a time that is not among the few."""
    page.locator(".days label", has=page.get_by_text(day, exact=True)).click()
    button = page.get_by_role("button", name=time, exact=True)
    if not button.is_visible():
        page.locator(".times summary:visible").first.click()
    button.click()


def looked_at(page: Page, name: str) -> None:
    """axe finds nothing, and a picture is kept where a person asks for one."""
    accessible(page)
    if folder := os.environ.get("CALL_SHOTS"):
        size = page.viewport_size or {"width": 0}
        page.screenshot(path=Path(folder) / f"buyer-{name}-{size['width']}.png")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.now:%b}-{scene.place.name.replace(' ', '')}")
def test_booked_moved_and_cancelled(
    new_context: Contexts, calls: ClockedServer, clock: FakeClock, scene: Scene
) -> None:
    clock.present = scene.now
    page = at(new_context, scene.place, accept_downloads=True)
    link = invite(calls)
    page.goto(link)
    page.locator("#call button").click()
    expect(page.get_by_text(f"Times in {scene.place.name}")).to_be_visible()
    expect(page.locator("input[name=day]").first).to_be_checked()
    looked_at(page, f"pick-{scene.now:%b}")
    pick(page, scene.friday, scene.before.partition(" E")[0].partition(" I")[0])
    expect(page.locator("#take button")).to_be_visible()
    looked_at(page, f"confirm-{scene.now:%b}")
    page.locator("#take button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your call is booked.")
    clock_there, _, zone_there = scene.before.partition("m ")
    expect(page.locator(".when")).to_contain_text(f"{clock_there}m")
    expect(page.locator(".when")).to_contain_text(zone_there)
    looked_at(page, f"booked-{scene.now:%b}")
    page.get_by_role("link", name="Move it").click()
    expect(page.locator(".lead")).to_contain_text(scene.before)
    pick(page, scene.monday, scene.after.partition(" E")[0].partition(" I")[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Move your call here?")
    looked_at(page, f"move-{scene.now:%b}")
    page.locator("#take button").click()
    expect(page.locator(".when b").last).to_contain_text(scene.after.partition("m ")[0])
    (row,) = booked(calls, link)
    assert row.starts_at.astimezone(UTC).hour == (12 if scene.now is SPRING else 13)  # 14:00 in Berlin
    with page.expect_download() as download:
        page.get_by_role("link", name="Update my calendar").click()
    (event,) = Calendar.from_ical(Path(download.value.path()).read_bytes()).walk("VEVENT")
    assert (event.decoded("DTSTART"), event["UID"], event["SEQUENCE"]) == (row.starts_at, row.uid, 1)
    page.get_by_role("link", name="Cancel it").click()
    expect(page.locator("#cancel button")).to_be_visible()
    looked_at(page, f"cancel-{scene.now:%b}")
    page.locator("#cancel button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your call is cancelled.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Take it out of my calendar").click()
    (event,) = Calendar.from_ical(Path(download.value.path()).read_bytes()).walk("VEVENT")
    assert (event["STATUS"], event["UID"], event["SEQUENCE"]) == ("CANCELLED", row.uid, 2)
    looked_at(page, f"cancelled-{scene.now:%b}")
    page.get_by_role("link", name="Pick a new time").click()
    expect(page.locator("input[name=day]:checked")).to_have_count(1)
    accessible(page)
    no_violations(page)
    assert not booked(calls, link)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", [NEW_YORK, KOLKATA], ids=["360", "390"])
def test_two_taps_on_the_first_screen(
    new_context: Contexts, calls: ClockedServer, clock: FakeClock, scheme: str, place: Place
) -> None:
    clock.present = AUTUMN
    page = at(new_context, place, color_scheme=scheme)
    page.goto(f"{invite(calls)}/call")
    first = page.locator(".times button:visible").first
    expect(first).to_be_in_viewport()
    for target in (first, page.locator(".days label").first):
        box = target.bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    looked_at(page, f"first-{scheme}")
    first.click()
    expect(page.locator("#take button")).to_be_in_viewport()
    looked_at(page, f"confirm-{scheme}")
    page.locator("#take button").click()
    expect(page.get_by_role("link", name="Add to my calendar")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Cancel it")).to_be_in_viewport()
    looked_at(page, f"booked-{scheme}")
    no_violations(page)
    page.get_by_role("link", name="Rather answer here now").click()
    expect(page.locator("#start button")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    looked_at(page, f"landing-{scheme}")
    page.locator("#start button").click()
    expect(page.locator("body.chat")).to_contain_text("Your call is on")
    page.wait_for_load_state("load")
    page.locator("#text").fill(SAID)
    page.locator("#answer button").click()
    expect(page.locator('[data-speaker="interviewer"]')).to_have_count(2)
    looked_at(page, f"chat-{scheme}")
    page.locator("#call button").click()
    page.get_by_role("link", name="Cancel it").click()
    expect(page.locator("#cancel button")).to_be_visible()
    looked_at(page, f"cancel-{scheme}")
    page.locator("#cancel button").click()
    expect(page.locator(".lead")).to_contain_text("You have answered 1 of about 5 questions.")
    expect(page.get_by_role("link", name="Go on in the chat")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Pick a new time")).to_be_in_viewport()
    looked_at(page, f"cancelled-{scheme}")
    page.get_by_role("link", name="Pick a new time").click()
    page.locator(".zone summary").click()
    expect(page.locator("#zone")).to_be_visible()
    looked_at(page, f"zone-{scheme}")
    page.get_by_role("link", name="None of these fits").click()
    expect(page.locator("#book button")).to_be_visible()
    looked_at(page, f"other-{scheme}")
    no_violations(page)


def test_without_javascript(new_context: Contexts, calls: ClockedServer, clock: FakeClock) -> None:
    clock.present = SPRING
    page = at(new_context, NEW_YORK, java_script_enabled=False)
    page.goto(f"{invite(calls)}/call")
    expect(page.get_by_text("Times in Berlin")).to_be_visible()
    page.locator(".zone summary").click()
    page.locator("#zone").select_option("America/New_York")
    page.get_by_role("button", name="Show times in this zone").click()
    expect(page.get_by_text("Times in New York")).to_be_visible()
    pick(page, "29", "8:15 am")
    page.locator("#take button").click()
    expect(page.locator(".when")).to_contain_text("Monday 29 March")
    page.get_by_role("link", name="Move it").click()
    expect(page.get_by_text("Times in New York")).to_be_visible()
    page.get_by_role("link", name="None of these fits").click()
    expect(page.locator(".note")).to_contain_text("stays as it is until another time is agreed")
    expect(page.locator("#time_zone")).to_have_value("America/New_York")
    page.locator("#first_time").fill("Sunday after 3 pm")
    page.locator("#book button").click()
    expect(page.locator(".note")).to_contain_text("stays as it is")
    page.get_by_role("link", name="Back").click()
    page.get_by_role("link", name="Cancel it").click()
    page.locator("#cancel button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your call is cancelled.")
    page.get_by_role("link", name="Pick a new time").click()
    expect(page.get_by_text("Times in New York")).to_be_visible()


def test_by_keyboard_alone(new_context: Contexts, calls: ClockedServer, clock: FakeClock) -> None:
    clock.present = SPRING
    page = at(new_context, NEW_YORK)
    page.goto(f"{invite(calls)}/call")
    expect(page.get_by_text("Times in New York")).to_be_visible()
    page.locator("input[name=day]:checked").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[name=day]").nth(1)).to_be_focused()
    expect(page.get_by_role("group", name="Monday 29 March EDT (UTC\N{MINUS SIGN}4)")).to_be_visible()
    expect(page.get_by_role("group", name="Friday 26 March EDT (UTC\N{MINUS SIGN}4)")).to_be_hidden()
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("name", "start")
    page.keyboard.press("Enter")
    expect(page.locator(".when")).to_contain_text("Monday 29 March")
    page.locator("#take button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your call is booked.")


def test_nothing_is_booked_by_looking(new_context: Contexts, calls: ClockedServer, clock: FakeClock) -> None:
    clock.present = SPRING
    page = at(new_context, NEW_YORK)
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method != "GET" else None)
    before = len(calls.do(booking_scene.booked))
    page.goto(f"{invite(calls)}/call")
    page.locator(".times button:visible").first.click()
    expect(page.locator("#take button")).to_be_visible()
    assert not posted and len(calls.do(booking_scene.booked)) == before


@pytest.mark.parametrize("language", ["de", "es", "fr", "id", "pt"])
def test_every_language_fits(new_context: Contexts, calls: ClockedServer, clock: FakeClock, language: str) -> None:
    clock.present = SPRING
    page = at(new_context, Place("America/Sao_Paulo", "Sao Paulo", {"width": 320, "height": 640}))
    page.goto(f"{invite(calls, language=language)}/call")
    signs = {
        "pick": ".times button:visible",
        "confirm": "#take button",
        "booked": "a[download]",
        "landing": "#start button",
    }
    for name, sign in signs.items():
        expect(page.locator(sign).first).to_be_visible()
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        looked_at(page, f"{language}-{name}")
        if name == "pick":
            page.locator(".times button:visible").first.click()
        elif name == "confirm":
            page.locator("#take button").click()
        elif name == "booked":
            page.locator(".stack a.ghost").click()


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "id", "pt"])
def test_the_landing_after_a_call_that_came_to_nothing(
    new_context: Contexts, calls: ClockedServer, clock: FakeClock, language: str
) -> None:
    """The longest of its words, on a phone of 360 by 640 without scrolling."""
    clock.present = SPRING
    page = at(new_context, NEW_YORK)
    link = invite(calls, language=language)
    page.goto(link)
    page.locator("#start button").click()
    page.wait_for_load_state("load")
    page.locator("#text").fill(SAID)
    page.locator("#answer button").click()
    expect(page.locator('[data-speaker="interviewer"]')).to_have_count(2)
    page.locator("#call button").click()
    page.locator(".times button:visible").last.click()
    page.locator("#take button").click()
    expect(page.locator(".when")).to_be_visible()
    (row,) = booked(calls, link)
    calls.do(lambda deps: bookings.cancel(deps, row.id, bookings.HOST))
    page.goto(link)
    expect(page.locator("#call button")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    looked_at(page, f"{language}-called-off")


def test_the_times_are_small(new_context: Contexts, calls: ClockedServer, clock: FakeClock) -> None:
    clock.present = SPRING
    page = at(new_context, NEW_YORK)
    link = invite(calls)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{link}/call?zone=America/New_York")
    page.wait_for_load_state("networkidle")
    assert len([url for url in asked if not url.startswith("data:")]) <= 3
    sent = page.context.request.get(f"{link}/call?zone=America/New_York", headers={"Accept-Encoding": "gzip"})
    assert int(sent.headers["content-length"]) <= 14_000

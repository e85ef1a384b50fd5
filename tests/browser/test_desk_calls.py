"""Hours, calls and the brief in real Chromium: at a desk and on a phone, light and dark, by keyboard, offline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from interviewer import bookings, people
from interviewer.agenda import brief
from interviewer.bookings import closing, finishing, noting
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.store import bookings as rows
from tests.browser.conftest import DESK, TALL_PHONE, accessible, no_violations
from tests.fakes.live_server import LiveServer
from tests.web.desk_scene import SAID, invite, play, request_call

Contexts = Callable[..., BrowserContext]
HOURS = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@dataclass
class Office:
    """A server with a host and calls: `ahead` is to come, `running` has begun."""

    server: LiveServer
    ahead: str
    running: str

    def enter(self, context: BrowserContext) -> Page:
        async def link(deps: Deps) -> str:
            await people.add_user(deps, "mara@tidewater.example", "pmm", name="Mara Lindqvist")
            return await people.make_link(deps, "mara@tidewater.example")

        page = context.new_page()
        page.goto(self.server.do(link))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state("load")
        return page

    def open(self, page: Page, path: str) -> None:
        page.goto(f"{self.server.url}{path}")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = LiveServer(tmp_path_factory.mktemp("calls"))
    server.start()
    yield server.do(lambda deps: _furnish(deps, server))
    server.stop()


async def _furnish(deps: Deps, server: LiveServer) -> Office:
    user_id = await people.add_user(deps, "mara@tidewater.example", "pmm", name="Mara Lindqvist")
    mara = Viewer(user_id, Role.PMM, "Mara Lindqvist")
    form = bookings.Form(
        user_id=user_id,
        time_zone="Europe/Berlin",
        hours=HOURS,
        notice_hours="1",
        daily_maximum="20",
        video_link="https://video.example/mara",
    )
    await bookings.save(deps, mara, form)
    deal = {"deal_id": "D-1", "amount": "18400", "currency": "EUR", "closed_on": "2026-10-30", "rep_reason": "price"}
    ahead_of, _ = await play(deps, said=SAID[:2], send=False, **deal)
    await brief.expect(deps, mara, "loss", "They leave over the time that the import takes, not over its price.", 0)
    ahead = await _book(deps, ahead_of, 3)
    talked = await invite(deps, email="priya@x.example", company="Orchard Clinics", name="Priya Nair")
    running = await _begun(deps, await _book(deps, talked, 20), timedelta(minutes=5))
    over = await invite(deps, email="tomas@x.example", company="Vela Retail", name="Tomas Vela")
    await _begun(deps, await _book(deps, over, 40), timedelta(hours=3))
    gone = await invite(deps, email="erin@x.example", company="Pinewood Hotels", name="Erin Walsh")
    missed = await _begun(deps, await _book(deps, gone, 60), timedelta(days=1))
    await closing.missed(deps, mara, missed)
    ready = await invite(deps, email="ola@x.example", company="Nordvik Ferries", name="Ola Berg")
    done = await _begun(deps, await _book(deps, ready, 80), timedelta(days=2))
    await noting.save(deps, mara, done, [noting.Given("trigger", SAID[0], 0)])
    await finishing.finish(deps, mara, done)
    asking = await invite(deps, email="lena@x.example", company="Harbour Gyms", name="Lena Roth")
    await request_call(deps, asking, time_zone="Europe/London")
    return Office(server, ahead, running)


async def _book(deps: Deps, invitation_id: str, place: int) -> str:
    start = (await bookings.offered(deps, invitation_id))[place].start
    return (await bookings.take(deps, invitation_id, start, zone="America/New_York", language="en")).id


async def _begun(deps: Deps, call: str, ago: timedelta) -> str:
    async with deps.db.write() as tx:
        row = await rows.get(tx, call, lock=True)
        assert row is not None
        row.starts_at = deps.now() - ago
        row.ends_at = row.starts_at + timedelta(minutes=15)
    return call


def flat(page: Page, width: int) -> None:
    """Nothing sticks out sideways. A phone's own width may grow with what does."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, TALL_PHONE], ids=["desk", "phone"])
def test_every_page_of_calls_is_accessible_and_flat(
    office: Office, new_context: Contexts, size: dict[str, int], scheme: str
) -> None:
    phone = size is TALL_PHONE
    page = office.enter(new_context(viewport=size, has_touch=phone, is_mobile=phone, color_scheme=scheme))
    paths = ("", "/hours", f"/{office.ahead}", f"/{office.ahead}/move", f"/{office.running}")
    for path in paths:
        office.open(page, f"/desk/calls{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        flat(page, size["width"])
        accessible(page)
        no_violations(page)


def test_the_preview_follows_the_hours_as_they_are_typed(office: Office, new_context: Contexts) -> None:
    page = office.enter(new_context(viewport=DESK, has_touch=False, is_mobile=False))
    office.open(page, "/desk/calls/hours")
    shown = page.locator("#shown")
    expect(shown).to_contain_text("free times")
    page.get_by_label("Takes calls").uncheck()
    expect(shown).to_contain_text("switched off")
    page.get_by_label("Takes calls").check()
    expect(shown).to_contain_text("free times")
    page.get_by_label("Monday, from").first.fill("23:30")
    expect(shown).to_contain_text("Something in the form cannot be taken yet")
    page.get_by_role("button", name="Add days off").click()
    expect(page.get_by_label("First day off")).to_have_count(2)
    page.get_by_role("button", name="Remove the days off").last.click()
    expect(page.get_by_label("First day off")).to_have_count(1)
    page.get_by_role("button", name="Keep these hours").click()
    expect(page.get_by_role("alert")).to_contain_text("another look")
    expect(page.locator("#problem-mon")).to_be_visible()


def test_hours_without_script(office: Office, new_context: Contexts) -> None:
    page = office.enter(new_context(viewport=DESK, has_touch=False, is_mobile=False, java_script_enabled=False))
    office.open(page, "/desk/calls/hours")
    page.get_by_role("button", name="Add a stretch on Sunday").click()
    expect(page.get_by_label("Sunday, from")).to_have_count(2)
    page.get_by_label("Buyers see").fill("3")
    page.get_by_role("button", name="Show what buyers will see").click()
    expect(page.locator("#shown")).to_contain_text("free times")
    expect(page.get_by_label("Buyers see")).to_have_value("3")


def test_a_brief_by_keyboard_saves_itself(office: Office, new_context: Contexts) -> None:
    context = new_context(viewport=DESK, has_touch=False, is_mobile=False)
    page = office.enter(context)
    office.open(page, f"/desk/calls/{office.running}")
    box = page.get_by_label("What they say").first
    box.focus()
    page.keyboard.type("Our rota person left in May")
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.keyboard.type(" and nobody could read her sheet")
    expect(page.locator("#saved")).to_contain_text("Not saved yet")
    expect(page.locator("#saved")).to_contain_text("Saved")
    expect(box).to_be_focused()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.tagName") != "TEXTAREA":
        page.keyboard.press("Tab")
    page.keyboard.type("You and Shiftwell")
    expect(page.locator("#saved")).to_contain_text("Saved")
    office.open(page, f"/desk/calls/{office.running}")
    expect(box).to_have_value("Our rota person left in May and nobody could read her sheet")
    expect(page.get_by_label("What they say").nth(1)).to_have_value("You and Shiftwell")
    no_violations(page)


def test_notes_survive_a_lost_network_and_another_hand(office: Office, new_context: Contexts) -> None:
    context = new_context(viewport=DESK, has_touch=False, is_mobile=False)
    page = office.enter(context)
    office.open(page, f"/desk/calls/{office.ahead}")
    box = page.get_by_label("Whatever else they say")
    context.set_offline(True)
    box.fill("They asked for a copy")
    expect(page.locator("#saved")).to_contain_text("stays on this device", timeout=5_000)
    page.close()  # before the network is back: nothing of it was sent
    context.set_offline(False)
    page = context.new_page()
    office.open(page, f"/desk/calls/{office.ahead}")
    box = page.get_by_label("Whatever else they say")
    expect(box).to_have_value("They asked for a copy")
    expect(page.locator("#saved")).to_contain_text("Saved")

    other = context.new_page()
    office.open(other, f"/desk/calls/{office.ahead}")
    other.get_by_label("Whatever else they say").fill("They asked for the slides")
    expect(other.locator("#saved")).to_contain_text("Saved")
    box.fill("They asked for a copy by mail")
    expect(page.locator("#saved")).to_contain_text("They asked for the slides")
    expect(box).to_have_value("They asked for a copy by mail")
    page.get_by_role("button", name="keep what is in the box").click()
    expect(page.get_by_role("status").first).to_contain_text("kept")
    expect(box).to_have_value("They asked for a copy by mail")


def test_a_brief_fits_on_paper(office: Office, new_context: Contexts) -> None:
    page = office.enter(new_context(viewport=DESK, has_touch=False, is_mobile=False))
    office.open(page, f"/desk/calls/{office.ahead}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="The deal, as the CRM has it")).to_be_visible()
    expect(page.get_by_text("Still to ask")).to_be_visible()
    expect(page.get_by_role("button", name="Save the notes")).to_be_hidden()

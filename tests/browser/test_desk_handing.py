"""Calls that nobody holds, in real Chromium: told above all others, and handed over by one press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from interviewer import bookings, people
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.store.tables.bookings import BookingRow
from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, no_violations
from tests.browser.desk import Desk
from tests.fakes.live_server import LiveServer
from tests.store import booking_scene
from tests.web.desk_scene import invite

MARA, NILS = "mara@tidewater.example", "nils@tidewater.example"
ALL_DAY = {day: [["08:00", "20:00"]] for day in booking_scene.WEEKDAYS}


class Floor(Desk):
    """With Nils, who takes calls, and three calls of Mara's, who left."""

    def calls(self, context: BrowserContext) -> Page:
        """As Nils sees them."""
        page = self.enter(context, name="Nils Aaltonen")
        self.open(page, "/desk/calls")
        return page


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    server = LiveServer(tmp_path_factory.mktemp("handing"))
    server.start()
    server.do(_furnish)
    yield Floor(server)
    server.stop()


async def _furnish(deps: Deps) -> None:
    await _host(deps, MARA, "Mara Lindqvist")
    await _book(deps, "priya@x.example", "Priya Nair", 8)
    same = await _book(deps, "tomas@x.example", "Tomas Vela", 9)
    await _book(deps, "ola@x.example", "Ola Berg", 30)
    await people.disable_user(deps, MARA)
    await _host(deps, NILS, "Nils Aaltonen")
    erin = await invite(deps, email="erin@x.example", name="Erin Walsh")
    await bookings.take(deps, erin, same.starts_at, zone="America/New_York", language="en")


async def _host(deps: Deps, email: str, name: str) -> Viewer:
    viewer = Viewer(await people.add_user(deps, email, "pmm", name), Role.PMM, name)
    await bookings.save(deps, viewer, booking_scene.form(viewer, hours=ALL_DAY, daily_maximum="20"))
    return viewer


async def _book(deps: Deps, email: str, name: str, place: int) -> BookingRow:
    invitation_id = await invite(deps, email=email, name=name, company="Orchard Clinics")
    start = (await bookings.offered(deps, invitation_id))[place].start
    return await bookings.take(deps, invitation_id, start, zone="America/New_York", language="en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, TALL_PHONE], ids=["desk", "phone"])
def test_the_list_is_accessible_and_flat(
    floor: Floor, new_context: Contexts, size: dict[str, int], scheme: str
) -> None:
    phone = size is TALL_PHONE
    page = floor.calls(new_context(viewport=size, has_touch=phone, is_mobile=phone, color_scheme=scheme))
    expect(page.get_by_role("heading", name="Nobody holds these calls")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    accessible(page)
    no_violations(page)


def test_a_press_hands_a_call_over(floor: Floor, new_context: Contexts) -> None:
    page = floor.calls(new_context(viewport=DESK, has_touch=False, is_mobile=False))
    lost = page.locator("[data-unheld]")
    expect(lost).to_have_count(3)
    expect(lost.filter(has_text="Tomas Vela")).to_contain_text("Nobody who takes calls is free then")
    priya = lost.filter(has_text="Priya Nair")
    expect(priya.get_by_label("Who holds the call with Priya Nair")).to_contain_text("Nils Aaltonen")
    priya.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("status")).to_contain_text("Handed over. The buyer keeps their time.")
    expect(page.locator("[data-unheld]")).to_have_count(2)
    expect(page.locator("[data-call]").filter(has_text="Priya Nair").first).to_contain_text("with you")

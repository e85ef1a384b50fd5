"""No page of the desk scrolls sideways, and none loses its controls, however long a name or an address is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from interviewer import keys, people
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from tests.browser.conftest import TALL_PHONE, Contexts, flat, no_violations
from tests.browser.desk import Office
from tests.fakes.live_server import LiveServer
from tests.web.desk_scene import play, request_call

WIDE, SMALL = {"width": 1440, "height": 900}, {"width": 1024, "height": 768}
UNBROKEN = "l" * 64
LONG = f"{UNBROKEN}@{'sub' * 15}.{'sub' * 15}.{'sub' * 15}.tidewater.example"
BUYER = f"{'b' * 64}@{'sub' * 15}.{'sub' * 15}.buyer.example"
PAGES = (
    "/desk",
    "/desk/review",
    "/desk/calls",
    "/desk/exports",
    "/desk/status",
    "/desk/keys",
    "/desk/people",
    "/desk/person",
    "/desk/audit",
    "/desk/account",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = LiveServer(tmp_path_factory.mktemp("long"))
    server.start()
    yield Office(server, server.do(_furnish))
    server.stop()


async def _furnish(deps: Deps) -> str:
    """People, a key, a buyer and a call whose names are as long as they may be. Gives the colleague's page."""
    made = await people.add_user(deps, LONG, "pmm", "Wolfgang-Amadeus " * 7)
    admin = await people.add_user(deps, f"{UNBROKEN}@x.example", "admin")
    viewer = Viewer(admin, Role.ADMIN)
    await keys.make(deps, viewer, "K" * 120, role="pmm", scopes=list(keys.Scope), days=30)
    page, _ = await play(deps, email=BUYER, name="B" * 120, company="C" * 120)
    await request_call(deps, page)
    return made


@pytest.mark.parametrize("viewport", [WIDE, SMALL, TALL_PHONE], ids=["1440", "1024", "390"])
def test_no_page_scrolls_sideways(new_context: Contexts, office: Office, viewport: dict[str, int]) -> None:
    page = office.enter(new_context(viewport=viewport), "admin")
    for path in (*PAGES, f"/desk/people/{office.finished}"):
        page.goto(f"{office.server.url}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        flat(page)
        _reachable(page, path)
    page.goto(f"{office.server.url}/desk/person")
    page.get_by_label("Their address").fill(BUYER)
    page.get_by_role("button", name="See what there is").click()
    expect(page.get_by_role("button", name="Erase for good")).to_be_visible()
    flat(page)
    _reachable(page, "a person")
    no_violations(page)


def _reachable(page: Page, path: str) -> None:
    """What can be pressed or chosen lies inside the card that holds it, and is wide enough to be read."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    for control in page.locator("main :is(.card, .sheet) :is(.btn, select)").all():
        box, holder = (
            control.bounding_box(),
            control.locator("xpath=ancestor::*[contains(@class,'card') or contains(@class,'sheet')][1]"),
        )
        outer = holder.bounding_box()
        if box is None or outer is None or not control.is_visible():
            continue
        assert box["width"] >= 40, (path, control.inner_text())
        assert box["x"] + box["width"] <= min(width, outer["x"] + outer["width"]) + 1, (path, control.inner_text())


def test_a_key_is_copied_and_offers_what_its_role_can_read(new_context: Contexts, office: Office) -> None:
    context = new_context(viewport=TALL_PHONE)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = office.enter(context, "admin")
    page.goto(f"{office.server.url}/desk/keys")
    expect(page.get_by_label("Quotes")).to_be_visible()
    page.get_by_label("Reads as").select_option("revops")
    expect(page.get_by_label("Quotes")).to_be_hidden()
    expect(page.get_by_label("Deals")).to_be_visible()
    page.get_by_label("Who reads with it").fill("CRM")
    page.get_by_label("Deals").check()
    page.get_by_role("button", name="Make a key").click()
    secret = page.get_by_label("The new key").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert secret.startswith("ivk_") and page.evaluate("navigator.clipboard.readText()") == secret
    no_violations(page)

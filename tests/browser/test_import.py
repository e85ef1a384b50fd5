"""A call brought in and a deal typed in real Chromium: at a desk and on a phone, light and dark, and without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, flat, no_violations, until
from tests.browser.desk import Office
from tests.fakes.live_server import LiveServer
from tests.web.desk_scene import invite
from tests.web.test_import_calls import TALK

NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = LiveServer(tmp_path_factory.mktemp("import"))
    server.start()
    yield Office(server, server.do(invite))
    server.stop()


def fill(page: Page, office: Office) -> None:
    page.goto(f"{office.server.url}/desk/import")
    page.get_by_label("A file").set_input_files({"name": "call.txt", "mimeType": "text/plain", "buffer": TALK.encode()})
    page.get_by_label("How and when everybody agreed").fill("Asked at the start, all said yes")
    page.get_by_label("Company").fill("Orchard Clinics")
    page.get_by_label("Product may read").check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, TALL_PHONE, NARROW], ids=["desk", "phone", "narrow"])
def test_every_page_is_accessible_in_both_themes(
    new_context: Contexts, office: Office, viewport: dict[str, int], scheme: str
) -> None:
    on_phone = viewport is not DESK
    context = new_context(viewport=viewport, is_mobile=on_phone, has_touch=on_phone, color_scheme=scheme)
    page = office.enter(context)
    page.goto(f"{office.server.url}/desk/import")
    for step in ("import", "speakers", "notes", "wrong", "deal"):
        match step:
            case "speakers":
                fill(page, office)
                page.get_by_role("button", name="Next: who is who").click()
                expect(page.get_by_role("group", name="Jo Marsh")).to_be_visible()
            case "notes":
                page.get_by_role("button", name="these are notes").click()
                expect(page.get_by_role("heading", name="These are notes")).to_be_visible()
            case "wrong":
                fill(page, office)
                page.get_by_text("The deal: what the CRM").click()
                page.get_by_label("Amount").fill("lots")
                page.get_by_role("button", name="Next: who is who").click()
                expect(page.get_by_role("alert")).to_be_visible()
                expect(page.get_by_label("Amount")).to_have_attribute("aria-invalid", "true")
                expect(page.get_by_label("Company")).to_have_value("Orchard Clinics")
            case "deal":
                page.goto(f"{office.server.url}/desk/interviews/{office.finished}/deal")
        flat(page)
        accessible(page)
        no_violations(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "without"])
def test_a_call_is_brought_in(new_context: Contexts, office: Office, script: bool) -> None:
    page = office.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False, java_script_enabled=script))
    page.get_by_role("link", name="Import").click()
    fill(page, office)
    page.get_by_role("button", name="Next: who is who").click()
    expect(page.get_by_role("group", name="Mara Lindqvist").get_by_label("Our side")).to_be_checked()
    expect(page.get_by_role("group", name="Jo Marsh").get_by_label("The buyer’s side")).to_be_checked()
    page.get_by_role("group", name="Sam Rep").get_by_label("Leave out").check()
    page.get_by_role("button", name="Keep and analyse").click()
    expect(page.get_by_role("status").filter(has_text="It is kept")).to_be_visible()
    expect(page.get_by_text("live call").first).to_be_visible()

    def analysed() -> int:
        page.reload()
        return page.locator("mark").count()

    until(page, analysed)
    expect(page.locator("mark").first).to_be_visible()
    expect(page.get_by_text("We can fix that")).to_have_count(0)
    expect(page.get_by_text("Asked at the start, all said yes")).to_be_visible()


def test_a_deal_is_typed(new_context: Contexts, office: Office) -> None:
    page = office.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False))
    page.goto(f"{office.server.url}/desk/interviews/{office.finished}")
    page.get_by_role("link", name="what the CRM and the rep say").click()
    page.get_by_label("Closest competitor").fill("Shiftwell")
    page.get_by_label("Reason", exact=True).select_option("pricing")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("status").filter(has_text="Kept")).to_be_visible()
    page.get_by_role("link", name="what the CRM and the rep say").click()
    expect(page.get_by_label("Closest competitor")).to_have_value("Shiftwell")

"""The library in real Chromium: at a desk and on a phone, light and dark, typed into and walked back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from interviewer.analysis import pipeline
from interviewer.deps import Deps
from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, flat, no_violations
from tests.browser.desk import PAYLOAD, Office
from tests.fakes.live_server import LiveServer
from tests.web.desk_scene import SAID, play


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = LiveServer(tmp_path_factory.mktemp("library"))
    server.start()
    finished = server.do(_furnish)
    yield Office(server, finished)
    server.stop()


async def _furnish(deps: Deps) -> str:
    """Two interviews that ended, one of them with words that are meant to run. Gives the first invitation's id."""
    first, interview_id = await play(deps, segment="Leisure", amount="18400")
    await pipeline.analyse(deps, interview_id)
    said = (f"{SAID[0]} {PAYLOAD}", *SAID[1:])
    _, other_id = await play(deps, said=said, email="x@x.example", company=PAYLOAD, flow="win")
    await pipeline.analyse(deps, other_id)
    return first


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, TALL_PHONE], ids=["desk", "phone"])
def test_the_page_is_accessible_in_both_themes(
    new_context: Contexts, office: Office, viewport: dict[str, int], scheme: str
) -> None:
    on_phone = viewport is not DESK
    context = new_context(viewport=viewport, is_mobile=on_phone, has_touch=on_phone, color_scheme=scheme)
    page = office.enter(context)
    asked = "?q=what+do+buyers+say+about+support%3F"
    for path in ("", "?q=shiftwell&flow=loss", asked, "?q=nothing+of+the+kind"):
        office.open(page, f"/desk/library{path}")
        accessible(page)
        flat(page)
        no_violations(page)


def test_typing_searches_and_a_filter_can_be_walked_back(new_context: Contexts, office: Office) -> None:
    page = office.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False))
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.wait_for_load_state("load")  # scripts are deferred
    page.keyboard.press("/")
    page.keyboard.type("shiftwell")
    expect(page.locator(".hits mark").first).to_have_text("Shiftwell")
    expect(page).to_have_url(f"{office.server.url}/desk/library?q=shiftwell")
    page.get_by_role("link", name="Lost 1 interview").click()
    expect(page.locator(".chosen")).to_contain_text("Outcome: Lost")
    expect(page).to_have_url(f"{office.server.url}/desk/library?q=shiftwell&outcome=lost")
    page.go_back()
    expect(page).to_have_url(f"{office.server.url}/desk/library?q=shiftwell")
    expect(page.locator(".chosen")).to_have_count(0)
    page.locator(".hits .words").first.click()
    expect(page.locator("mark:target, .turn:target, :target").first).to_be_in_viewport()
    no_violations(page)


def test_a_search_is_kept_deleted_and_taken_back(new_context: Contexts, office: Office) -> None:
    page = office.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False))
    office.open(page, "/desk/library?outcome=lost")
    page.get_by_text("Keep this search").click()
    page.get_by_label("Name").fill("Losses")
    page.get_by_role("button", name="Keep", exact=True).click()
    view = page.locator(".views a", has_text="Losses")
    expect(view).to_be_visible()
    page.get_by_role("button", name="Delete the view Losses").click()
    expect(view).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(view).to_be_visible()
    no_violations(page)

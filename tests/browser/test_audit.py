"""The audit log, a person's requests and what a buyer was told, in real Chromium: wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from interviewer.deps import Deps
from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, flat, no_violations
from tests.browser.desk import Office
from tests.fakes.live_server import LiveServer
from tests.web.desk_scene import play

NARROW = {"width": 320, "height": 640}
KIM = "kim@canary.example"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = LiveServer(tmp_path_factory.mktemp("audit"))
    server.start()
    yield Office(server, server.do(_furnish))
    server.stop()


async def _furnish(deps: Deps) -> str:
    return (await play(deps, email=KIM))[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, TALL_PHONE, NARROW], ids=["desk", "phone", "narrow"])
def test_the_pages_are_accessible_in_both_themes(
    new_context: Contexts, office: Office, viewport: dict[str, int], scheme: str
) -> None:
    on_phone = viewport is not DESK
    context = new_context(viewport=viewport, is_mobile=on_phone, has_touch=on_phone, color_scheme=scheme)
    page = office.enter(context, "admin")

    def fine() -> None:
        accessible(page)
        flat(page)
        no_violations(page)

    page.goto(f"{office.server.url}/desk/audit")
    page.get_by_role("button", name="Check the log").click()
    expect(page.get_by_text("The log is whole.")).to_be_visible()
    fine()
    page.goto(f"{office.server.url}/desk/person")
    page.get_by_label("Their address").fill(KIM)
    page.get_by_role("button", name="See what there is").click()
    expect(page.get_by_role("button", name="Erase for good")).to_be_visible()
    fine()
    page.goto(f"{office.server.url}/desk/interviews/{office.finished}/told")
    expect(page.get_by_role("heading", name="What they were told")).to_be_visible()
    fine()

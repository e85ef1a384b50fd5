"""The status page in real Chromium: at a desk and on a phone, light and dark, while all is well and while it is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from interviewer.deps import Deps
from interviewer.store import operations
from interviewer.store.tables.analysis import JobRunRow
from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, flat, no_violations
from tests.browser.desk import Office
from tests.fakes.live_server import LiveServer
from tests.web.desk_scene import play

NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = LiveServer(tmp_path_factory.mktemp("status"))
    server.start()
    yield Office(server, server.do(_furnish))
    server.stop()


async def _furnish(deps: Deps) -> str:
    """Work that gave up, and a model that did not answer. Gives the interview's page."""
    invitation_id, interview_id = await play(deps, send=False)
    async with deps.db.write() as tx:
        long_ago = deps.now() - timedelta(hours=2)
        tx.add(JobRunRow(job="analyse", key=interview_id, state="failed", attempts=5, queued_at=long_ago))
        await operations.note_trouble(tx, "model", "timeout", deps.now())
    return invitation_id


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, TALL_PHONE, NARROW], ids=["desk", "phone", "narrow"])
def test_the_page_is_accessible_in_both_themes(
    new_context: Contexts, office: Office, viewport: dict[str, int], scheme: str
) -> None:
    on_phone = viewport is not DESK
    context = new_context(viewport=viewport, is_mobile=on_phone, has_touch=on_phone, color_scheme=scheme)
    page = office.enter(context)
    page.goto(f"{office.server.url}/desk/status")
    expect(page.get_by_role("heading", name="things need somebody")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    accessible(page)
    flat(page)
    no_violations(page)

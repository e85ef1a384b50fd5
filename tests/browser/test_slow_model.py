"""A model that is slower than the POST waits: the page asks for the reply until it is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_buyer import FIRST, answers, begin
from tests.fakes.live_server import LiveServer
from tests.fakes.model_server import ModelServer

SLOW_S = 7.0
"""Over the 6 s that a POST waits, under the 8 s that a model may take."""


@pytest.fixture(scope="module")
def slow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with ModelServer(delay_s=SLOW_S) as model:
        live = LiveServer(tmp_path_factory.mktemp("slow"), OPENAI_BASE_URL=model.url)
        live.start()
        yield live
        live.stop()


def test_the_reply_comes_by_asking_again(slow_server: LiveServer, phone: Page) -> None:
    begin(phone, slow_server.invite())
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url) if "/reply?" in request.url else None)
    phone.locator("#text").fill(FIRST)
    phone.locator("#answer button").click()
    expect(phone.locator('[data-speaker="buyer"] small')).to_have_text("saved")
    expect(phone.locator("#tail[data-pending]")).to_be_visible()
    expect(phone.locator("#answer button")).to_be_disabled()
    phone.reload()
    expect(phone.locator('[data-speaker="interviewer"]')).to_have_count(2)
    expect(phone.locator("#answer button")).to_be_enabled()
    assert asked
    assert answers(phone) == [FIRST]


def test_a_database_that_is_away_meanwhile_is_asked_again(slow_server: LiveServer, phone: Page) -> None:
    begin(phone, slow_server.invite("lee@buyer.example"))
    refused: list[str] = []

    def away(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        headers = {"HX-Retarget": "#notice", "HX-Reswap": "outerHTML", "Content-Type": "text/html"}
        route.fulfill(status=503, headers=headers, body='<div id="notice" class="note">Away</div>')

    phone.route("**/reply?*", away)
    phone.locator("#text").fill(FIRST)
    phone.locator("#answer button").click()
    expect(phone.locator('[data-speaker="interviewer"]')).to_have_count(2)
    assert refused and answers(phone) == [FIRST]

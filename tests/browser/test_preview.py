"""The desk's preview in real Chromium: the buyer's pages in a frame, and the reasons beside them as they come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import TALL_PHONE, Contexts, accessible, flat, no_violations, until
from tests.browser.desk import Desk
from tests.fakes.live_server import LiveServer
from tests.web.desk_scene import SAID

WIDE, SMALL = {"width": 1440, "height": 900}, {"width": 1024, "height": 768}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    live = LiveServer(tmp_path_factory.mktemp("preview"))
    live.start()
    yield Desk(live)
    live.stop()


def begin(page: Page) -> FrameLocator:
    """Choose what is offered first, and press Start on the phone."""
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("button", name="Start the preview").click()
    expect(page.get_by_role("heading", name="Press Start on the phone")).to_be_visible()
    phone = page.frame_locator("#phone")
    phone.get_by_role("button", name="Start").click()
    expect(page.locator(".moves > li")).to_have_count(1)
    return phone


def say(phone: FrameLocator, text: str) -> None:
    phone.locator("#text").fill(text)
    phone.locator("#answer button").click()


def in_frame(page: Page, script: str) -> object:
    return page.frames[1].evaluate(script)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, SMALL, TALL_PHONE], ids=["wide", "small", "phone"])
def test_the_reasons_come_with_each_turn(
    desk: Desk, new_context: Contexts, viewport: dict[str, int], scheme: str
) -> None:
    context = new_context(viewport=viewport, is_mobile=False, has_touch=False, color_scheme=scheme)
    page = desk.enter(context)
    page.get_by_role("link", name="Preview").click()
    accessible(page)
    flat(page)
    phone = begin(page)
    for number, text in enumerate((*SAID[:2], "support mostly"), 2):
        say(phone, text)
        expect(page.locator(".moves > li")).to_have_count(number)
        expect(page.locator(".moves > li").first).to_contain_text(text)
    expect(page.locator(".moves > li").first).to_contain_text("Read as vague by the rules")
    expect(page.locator(".gauges")).to_contain_text("open question")
    accessible(page)
    flat(page)
    no_violations(page)
    assert in_frame(page, "window.__violations") == []
    box = page.locator(".phone").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= viewport["width"]
    if viewport is not TALL_PHONE:
        assert box["y"] + box["height"] <= viewport["height"], "where one writes can be seen without scrolling"


def test_the_phone_takes_another_width_and_theme(desk: Desk, new_context: Contexts) -> None:
    context = new_context(viewport=WIDE, is_mobile=False, has_touch=False, color_scheme="light")
    page = desk.enter(context)
    phone = begin(page)
    background = "getComputedStyle(document.body).backgroundColor"
    light = in_frame(page, background)
    page.locator(".knobs input").first.focus()  # by keyboard
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("390 wide")).to_be_checked()
    until(page, lambda: in_frame(page, "innerWidth") == 390)  # it grows
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Dark")).to_be_checked()
    until(page, lambda: in_frame(page, background) != light)
    dark = in_frame(page, background)
    with page.frames[1].expect_navigation():  # until it is loaded, and dressed
        phone.locator("#finish button").click()
    expect(phone.locator("h1").first).to_be_visible()
    expect(phone.locator("#composer, footer").first).to_be_visible()
    until(page, lambda: in_frame(page, background) == dark)  # the next page on the phone has it, too
    page.get_by_label("As here").check(force=True)
    until(page, lambda: in_frame(page, background) == light)
    no_violations(page)


def test_a_preview_by_keyboard_is_loaded_again_where_it_was_and_ended(desk: Desk, new_context: Contexts) -> None:
    page = desk.enter(new_context(viewport=WIDE, is_mobile=False, has_touch=False))
    phone = begin(page)
    phone.locator("#text").focus()
    page.keyboard.type(SAID[0])
    page.keyboard.press("Enter")
    expect(page.locator(".moves > li")).to_have_count(2)
    page.reload()
    expect(phone.locator('[data-speaker="buyer"]')).to_contain_text("lifeguard")
    expect(page.locator(".moves > li")).to_have_count(2)
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("heading", name="Press Start on the phone")).to_be_visible()
    expect(phone.get_by_role("button", name="Start")).to_be_visible()
    page.get_by_role("button", name="End and delete").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing of it is kept")
    page.get_by_role("link", name="Interviews").click()
    expect(page.get_by_role("heading", name="Your first interview will stand here")).to_be_visible()


def test_without_script_a_link_shows_the_latest_turn(desk: Desk, new_context: Contexts) -> None:
    context = new_context(viewport=WIDE, is_mobile=False, has_touch=False, java_script_enabled=False)
    page = desk.enter(context)
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("button", name="Start the preview").click()
    phone = page.frame_locator("#phone")
    phone.get_by_role("button", name="Start").click()
    say(phone, SAID[0])
    expect(phone.locator('[data-speaker="interviewer"]')).to_have_count(2)
    page.get_by_role("link", name="Show the latest turn").click()
    expect(page.locator(".moves > li")).to_have_count(2)
    expect(phone.locator('[data-speaker="interviewer"]')).to_have_count(2)


def test_no_browser_frames_a_real_interview(desk: Desk, new_context: Contexts) -> None:
    page = desk.enter(new_context(viewport=WIDE, is_mobile=False, has_touch=False))
    link = desk.server.invite()
    begin(page)
    page.evaluate("link => { document.getElementById('phone').src = link }", link)
    until(page, lambda: page.frames[1].url.startswith("chrome-error:"))

"""A call booked by hand and a note's words chosen, in real Chromium; hours on a phone; whose clock the desk has."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.call_office import Office
from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, no_violations


@pytest.fixture
def desk(office: Office, new_context: Contexts) -> Page:
    return office.enter(new_context(viewport=DESK, has_touch=False, is_mobile=False, timezone_id="Asia/Tokyo"))


def test_a_call_is_booked_for_who_asked(office: Office, desk: Page) -> None:
    office.open(desk, "/desk/calls")
    expect(desk.get_by_text("Times are on your clock, CE")).to_be_visible()  # of her hours, wherever she is
    desk.get_by_role("link", name="Book it for them (Lena Roth)").click()
    field = desk.get_by_label("on your clock")
    field.fill("2030-11-02T12:00")
    field.press("Enter")
    expect(desk.get_by_role("heading", name="Book it?")).to_be_visible()
    expect(desk.locator("section.card")).to_contain_text("Sat 2 Nov, 12:00")
    accessible(desk)
    no_violations(desk)


def test_hours_keep_one_line_and_one_baseline(office: Office, desk: Page) -> None:
    office.open(desk, "/desk/calls/hours")
    desk.set_viewport_size({"width": 1440, "height": 900})
    tops = desk.locator(".numbers input").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert max(tops) - min(tops) < 1
    desk.set_viewport_size(TALL_PHONE)
    heights = desk.locator(".day:not(.off) > legend").evaluate_all("all => all.map(one => one.getClientRects().length)")
    spill = desk.locator(".day:not(.off) > legend").evaluate_all(
        "all => all.map(one => one.scrollWidth - one.clientWidth)"
    )
    names = desk.locator(".day > legend > [aria-hidden]")
    lines = names.evaluate_all("all => all.map(one => one.getClientRects().length)")
    assert set(heights) == {1} and set(lines) == {1} and max(spill) <= 0

"""The hours of a host in real Chromium: typed, looked at on a buyer's clock, wrong, on a phone, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.call_office import Office
from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, no_violations

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@pytest.fixture
def hours(office: Office, new_context: Contexts) -> Page:
    page = office.enter(new_context(viewport=DESK, has_touch=False, is_mobile=False))
    office.open(page, "/desk/calls/hours")
    return page


def test_the_preview_follows_the_hours_as_they_are_typed(hours: Page) -> None:
    shown = hours.locator("#shown")
    expect(shown).to_contain_text("free times")
    hours.get_by_label("Takes calls").uncheck()
    expect(shown).to_contain_text("switched off")
    hours.get_by_label("Takes calls").check()
    expect(shown).to_contain_text("free times")
    hours.get_by_label("On the clock of").focus()
    hours.get_by_label("On the clock of").select_option("Asia/Tokyo")
    expect(shown).to_contain_text("JST (UTC+9)")
    expect(hours.get_by_label("On the clock of")).to_be_focused()
    hours.get_by_label("Monday, from").first.fill("23:30")
    expect(shown).to_contain_text("Something in the form cannot be taken yet")
    no_violations(hours)


def test_lines_come_and_go_and_the_focus_goes_along(hours: Page) -> None:
    sunday = hours.get_by_role("group", name="Sunday")
    shown = sunday.get_by_label("Sunday, from").and_(hours.locator(":visible"))
    expect(shown).to_have_count(1)
    for number in (2, 3):
        sunday.get_by_role("button", name="Add a stretch on Sunday").click()
        expect(shown).to_have_count(number)
        expect(shown.last).to_be_focused()
    shown.last.fill("18:00")
    hours.get_by_label("Sunday, to").last.fill("19:00")
    expect(hours.locator("#shown")).to_contain_text("Sunday")
    accessible(hours)
    sunday.get_by_role("button", name="Remove Sunday").last.click()
    expect(shown).to_have_count(2)
    expect(sunday.get_by_role("button", name="Add a stretch")).to_be_focused()
    expect(hours.locator("#shown")).not_to_contain_text("Sunday")


def test_mondays_hours_are_for_every_weekday_by_one_press(hours: Page) -> None:
    hours.get_by_label("Monday, from").first.fill("08:15")
    same = hours.get_by_role("button", name="Monday’s hours on every weekday")
    same.click()
    for day in WEEKDAYS:
        expect(hours.get_by_label(f"{day}, from").first).to_have_value("08:15")
        expect(hours.get_by_label(f"{day}, to").nth(1)).to_have_value("17:00")
    expect(same).to_be_focused()
    expect(hours.locator("#shown")).to_contain_text("08:15")


def test_all_that_is_wrong_stands_at_its_field_and_is_led_to(hours: Page) -> None:
    hours.get_by_label("Monday, from").first.fill("23:30")
    hours.get_by_label("At most").fill("99")
    hours.get_by_label("Video link").fill("zoom")
    calendar = hours.get_by_label("Secret .ics address")
    calendar.fill("https://127.0.0.1/me.ics")
    hours.get_by_role("button", name="Keep these hours").click()
    alert = hours.get_by_role("alert").first
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("4 things need another look")
    for field in ("mon", "daily_maximum", "video", "calendar"):
        expect(hours.locator(f"#problem-{field}")).to_be_visible()
    expect(calendar).to_have_value("https://127.0.0.1/me.ics")
    alert.get_by_role("link", name="Monday").click()
    expect(hours.get_by_label("Monday, from").first).to_be_focused()
    accessible(hours)


def test_a_week_is_short_on_a_phone(office: Office, new_context: Contexts) -> None:
    page = office.enter(new_context(viewport=TALL_PHONE))
    office.open(page, "/desk/calls/hours")
    lines = page.locator("[data-pair]").and_(page.locator(":visible"))
    expect(lines).to_have_count(2 * 5 + 2 + 1)  # two stretches a weekday, one on the others, and a day off
    week = page.locator("section").filter(has=page.get_by_role("heading", name="Week")).bounding_box()
    whole = page.evaluate("document.documentElement.scrollHeight")
    assert week is not None and week["height"] < 900 and whole < 3_300, (week, whole)


def test_hours_without_script(office: Office, new_context: Contexts) -> None:
    page = office.enter(new_context(viewport=DESK, has_touch=False, is_mobile=False, java_script_enabled=False))
    office.open(page, "/desk/calls/hours")
    sunday = page.get_by_label("Sunday, from").and_(page.locator(":visible"))
    expect(sunday).to_have_count(2)
    page.get_by_role("button", name="Add a stretch on Monday").click()
    expect(page.get_by_label("Monday, from").and_(page.locator(":visible"))).to_have_count(3)
    page.get_by_label("Buyers see").fill("3")
    page.get_by_label("On the clock of").select_option("America/New_York")
    page.get_by_role("button", name="Show what buyers will see").click()
    expect(page.locator("#shown")).to_contain_text("free times, here in E")
    expect(page.get_by_label("Buyers see")).to_have_value("3")

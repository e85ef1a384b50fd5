"""Around a buyer's call on a phone: a server that sends no mail, saying no, what jumps, what is too small to tap."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Contexts, no_violations
from tests.browser.test_call import NEW_YORK, SPRING, Place, at, booked, invite, looked_at, taking_calls
from tests.fakes.clock import FakeClock
from tests.fakes.clocked_server import ClockedServer
from tests.fakes.databases import SqliteFiles

LANGUAGES = ["en", "de", "es", "fr", "id", "pt"]
_WATCH = """
window.__jumped = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => {
  if (!entry.hadRecentInput) window.__jumped += entry.value;
})).observe({type: "layout-shift", buffered: true});
"""
"""Adds up how much of the page jumps by itself."""


@pytest.fixture(scope="module")
def clock() -> FakeClock:
    return FakeClock(SPRING)


@pytest.fixture(scope="module")
def calls(
    sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory, clock: FakeClock
) -> Iterator[ClockedServer]:
    """As in `test_call`, on a server without mail."""
    with taking_calls(sqlite_files, tmp_path_factory.mktemp("unmailed"), clock, None) as server:
        yield server


def large_enough(page: Page) -> None:
    """What is there to tap is 44 pixels high; the quiet links below are 24 at least."""
    for target in page.locator(
        "button:visible, a:visible, summary:visible, label:not(.away):visible, select:visible"
    ).all():
        box = target.bounding_box()
        quiet = "quiet" in (target.get_attribute("class") or "")
        labels_field = target.evaluate("node => node.matches('.field label')")
        if box and not labels_field:
            assert box["height"] >= (24 if quiet else 44), target.inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_mail_the_page_holds_what_a_mail_would(
    new_context: Contexts, calls: ClockedServer, language: str
) -> None:
    page = at(new_context, NEW_YORK)
    link = invite(calls, language=language)
    page.goto(f"{link}/call")
    page.locator(".times button:visible").first.click()
    page.locator("#take button").click()
    expect(page.locator(".card a")).to_have_attribute("href", "https://video.example/mara")
    expect(page.locator("a[download]")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    large_enough(page)
    looked_at(page, f"{language}-unmailed")
    page.locator('a[href$="/times"]').click()
    page.locator(".times button:visible").last.click()
    page.locator("#take button").click()
    expect(page.locator(".note")).to_be_visible()
    looked_at(page, f"{language}-moved")
    page.locator('a[href$="/times"]').click()
    page.locator('a[href*="/other"]').click()
    expect(page.locator("#time_zone")).to_have_value("America/New_York")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    looked_at(page, f"{language}-stays")
    page.goto(link)
    expect(page.locator("#decline button")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    looked_at(page, f"{language}-landing-booked")
    page.locator("#decline button").click()
    expect(page.locator(".note")).to_be_visible()
    large_enough(page)
    looked_at(page, f"{language}-declined")
    assert not booked(calls, link)
    page.goto(f"{link}/call")
    expect(page.locator("a[download]")).to_be_visible()
    large_enough(page)
    looked_at(page, f"{language}-over")
    no_violations(page)


def test_nothing_jumps(new_context: Contexts, calls: ClockedServer) -> None:
    page = at(new_context, NEW_YORK)
    page.context.add_init_script(_WATCH)
    page.goto(f"{invite(calls)}/call")
    expect(page.get_by_text("Times in New York")).to_be_visible()
    expect(page.locator("input[name=day]:checked")).to_have_count(1)
    large_enough(page)
    page.locator(".times summary:visible").first.click()
    large_enough(page)
    assert page.evaluate("window.__jumped") == 0


def test_times_of_another_place_are_not_shown_meanwhile(new_context: Contexts, calls: ClockedServer) -> None:
    page = at(new_context, NEW_YORK)
    page.context.add_init_script(
        'addEventListener("pagehide", () => sessionStorage.setItem("left", document.documentElement.hidden))'
    )
    page.goto(f"{invite(calls)}/call")
    expect(page.get_by_text("Times in New York")).to_be_visible()
    assert page.evaluate('sessionStorage.getItem("left")') == "true"


def test_a_typed_time_has_the_zone_of_the_device(new_context: Contexts, calls: ClockedServer) -> None:
    page = at(new_context, Place("Asia/Kolkata", "Kolkata", PHONE))
    link = invite(calls)
    page.goto(f"{link}/call/other")
    expect(page.locator("#time_zone")).to_have_value("Asia/Calcutta")  # as Chrome calls it
    page.locator("#time_zone").select_option("Europe/London")
    page.locator("#book button").click()
    expect(page.locator("#first_time-problem")).to_have_text("Please leave a time or a number.")
    expect(page.locator("#time_zone")).to_have_value("Europe/London")
    page.locator("#phone").fill("+44 20 7946 0000")
    page.locator("#book button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. You will hear from us.")


def test_early_and_late_times_by_keyboard(new_context: Contexts, calls: ClockedServer) -> None:
    """Berlin's afternoon is Los Angeles' night: nothing is offered first that nobody would take."""
    page = at(new_context, Place("America/Los_Angeles", "Los Angeles", PHONE))
    page.goto(f"{invite(calls)}/call")
    expect(page.get_by_text("Times in Los Angeles")).to_be_visible()
    shown = page.locator(".times button:visible").all_inner_texts()
    assert shown and all(time.startswith("8:") and time.endswith("am") for time in shown)
    fold = page.locator(".times summary:visible").last
    expect(fold).to_have_text("Early and late times")
    fold.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("name", "start")

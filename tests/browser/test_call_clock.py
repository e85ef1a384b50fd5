"""A call that was booked on one device and is looked at on another, elsewhere; and the minutes before it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, TALL_PHONE, Contexts, accessible, no_violations
from tests.browser.test_call import NEW_YORK, SPRING, Place, at, booked, invite, taking_calls
from tests.browser.test_call_around import large_enough
from tests.fakes.clock import FakeClock
from tests.fakes.clocked_server import ClockedServer
from tests.fakes.databases import SqliteFiles

TOKYO = Place("Asia/Tokyo", "Tokyo", PHONE)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(SPRING)


@pytest.fixture
def calls(
    sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory, clock: FakeClock
) -> Iterator[ClockedServer]:
    with taking_calls(sqlite_files, tmp_path_factory.mktemp("clocks"), clock, None) as server:
        yield server


def test_another_device_tells_the_call_by_its_own_clock(new_context: Contexts, calls: ClockedServer) -> None:
    page, link = at(new_context, NEW_YORK), invite(calls)
    page.goto(f"{link}/call")
    page.get_by_role("button", name="8:00 am").click()
    page.locator("#take button").click()
    expect(page.locator(".when")).to_contain_text("8:00 am")
    page.goto(link)
    expect(page.locator("#change-zone")).to_have_count(0)
    for scheme in ("light", "dark"):
        there = at(new_context, TOKYO, color_scheme=scheme)
        there.goto(link)
        expect(there.locator(".lead")).to_contain_text("9:00 pm in Tokyo\N{NO-BREAK SPACE}· 8:00 am in New York")
        expect(there.locator("#decline button")).to_be_in_viewport()
        large_enough(there)
        accessible(there)
        there.locator("#call button").click()
        expect(there.locator(".when")).to_contain_text("9:00 pm")
        expect(there.locator(".card")).to_contain_text("8:00 am in New York")
        large_enough(there)
        accessible(there)
        there.locator(".zone summary").click()
        there.locator("#zone").select_option("Asia/Kolkata")
        there.locator("#change-zone button").click()
        expect(there.locator(".when")).to_contain_text("5:30 pm")
        no_violations(there)
    plain = at(new_context, TOKYO, java_script_enabled=False)
    plain.goto(link)
    expect(plain.locator(".lead")).to_contain_text("8:00 am EDT")


def test_joining_comes_first_when_the_call_is_near(
    new_context: Contexts, calls: ClockedServer, clock: FakeClock
) -> None:
    page, link = at(new_context, Place(NEW_YORK.zone, NEW_YORK.name, TALL_PHONE)), invite(calls)
    page.goto(f"{link}/call")
    page.locator(".times button:visible").first.click()
    page.locator("#take button").click()
    expect(page.locator(".btn.primary")).to_have_text("Add to my calendar")
    (row,) = booked(calls, link)
    clock.present = row.starts_at - timedelta(minutes=10)
    for where in (f"{link}/call", link):
        page.goto(where)
        expect(page.locator(".btn.primary")).to_have_text("Join by video")
        expect(page.locator(".btn.primary")).to_have_attribute("href", "https://video.example/mara")
        large_enough(page)
        accessible(page)


def test_what_was_left_stands_on_the_landing_page(new_context: Contexts, calls: ClockedServer) -> None:
    page, link = at(new_context, Place("Asia/Jerusalem", "Jerusalem", PHONE)), invite(calls)
    page.goto(f"{link}/call/other")
    page.locator("#first_time").fill("Sunday after 3 pm")
    page.locator("#book button").click()
    expect(page.locator("dl")).to_contain_text("Jerusalem")
    accessible(page)
    page.goto(link)
    expect(page.locator(".note")).to_have_text("Sunday after 3 pm · Jerusalem")
    expect(page.locator("#decline button")).to_be_in_viewport()
    page.locator("#call button").click()
    page.locator("#withdraw button").click()
    expect(page).to_have_url(re.compile(re.escape(link)))
    expect(page.locator(".note")).to_have_count(0)


def test_the_band_of_a_cancelled_call_leaves_with_the_answer(new_context: Contexts, calls: ClockedServer) -> None:
    page, link = at(new_context, NEW_YORK), invite(calls)
    page.goto(f"{link}/call")
    page.locator(".times button:visible").first.click()
    page.locator("#take button").click()
    page.goto(f"{link}/call/cancel")
    page.locator("#cancel button").click()
    page.goto(link)
    page.locator("#start button").click()
    expect(page.locator("aside.bar")).to_have_text("Your call is cancelled.")
    page.locator("#text").fill("We missed two delivery windows in June")
    page.locator(".send").click()
    expect(page.locator("aside.bar")).to_have_count(0)
    page.locator("#call button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pick a time to talk")

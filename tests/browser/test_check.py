"""The page where answers are checked, on a phone in real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, TALL_PHONE, Contexts, accessible, no_violations
from tests.fakes.live_server import LiveServer

FIRST = "We missed two delivery windows in June and the ops director asked for a plan by end of quarter"
LONG = "Brightline and the spreadsheet. Their price could be read in one go, and that made it onto our list. " * 3


def _checking(page: Page, link: str, *answers: str) -> str:
    page.goto(link)
    page.locator("#start button").click()
    for number, text in enumerate(answers, start=1):
        page.locator("#text").fill(text)
        page.locator("#answer button").click()
        expect(page.locator('[data-speaker="interviewer"]')).to_have_count(number + 1)
    return page.url.partition("?")[0]


@pytest.mark.parametrize("viewport", [PHONE, TALL_PHONE], ids=["360", "390"])
def test_the_box_shows_all_of_an_answer_under_its_heading(
    new_context: Contexts, server: LiveServer, viewport: dict[str, int]
) -> None:
    page = new_context(viewport=viewport).new_page()
    here = _checking(page, server.invite(f"edits-{viewport['width']}@buyer.example"), FIRST, LONG, FIRST, LONG)
    page.goto(f"{here}/check")
    numbers = page.locator(".said").evaluate_all("all => all.map(one => one.id.slice(1))")
    for number in numbers:
        page.goto(f"{here}/check")
        page.locator(f'#a{number} a.quiet[href*="change"]').click()
        box = page.locator("#edit textarea")
        expect(box).to_be_in_viewport()
        assert box.evaluate("box => box.scrollHeight <= box.clientHeight"), "nothing of it is cut"
        bar = page.locator("header.bar").evaluate("bar => bar.getBoundingClientRect().bottom")
        heading = page.locator("section.card:has(#edit) h2, .said:has(#edit) .asked").last
        assert heading.evaluate("one => one.getBoundingClientRect().top") >= bar
    accessible(page)
    no_violations(page)


def test_a_browser_whose_boxes_do_not_grow_gives_it_room(new_context: Contexts, server: LiveServer) -> None:
    page = new_context(bypass_csp=True).new_page()
    here = _checking(page, server.invite("fixed@buyer.example"), LONG)
    page.goto(f"{here}/check?change=2#a2")
    page.add_style_tag(content="#edit textarea { field-sizing: fixed !important }")
    assert page.locator("#edit textarea").evaluate("box => box.scrollHeight <= box.clientHeight")


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "id", "pt"])
def test_the_quiet_ways_stand_in_one_row(new_context: Contexts, server: LiveServer, language: str) -> None:
    page = new_context(viewport=PHONE).new_page()
    here = _checking(page, server.invite(f"row-{language}@buyer.example", language=language), FIRST)
    page.goto(f"{here}/check")
    tops = page.locator("#composer .links .quiet").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().top)"
    )
    assert len(tops) == 3 and len(set(tops)) == 1

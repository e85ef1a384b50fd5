"""Who no longer agrees, on a phone in real Chromium: the pages that say how, and what moves on them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TALL_PHONE, Contexts, accessible, no_violations
from tests.fakes.live_server import LiveServer

FIRST = "We missed two delivery windows in June and the ops director asked for a plan by end of quarter"
OBJECTION = {
    "en": "I told you I do not consent.",
    "de": "Ich stimme nicht mehr zu.",
    "es": "Ya no estoy de acuerdo.",
    "fr": "Je ne suis plus d'accord.",
    "pt": "Não concordo mais.",
    "id": "Saya tidak setuju lagi.",
}
_MOVES = """
[...document.querySelectorAll("#thread [data-speaker]")].map(one => getComputedStyle(one).animationName !== "none")
"""


def _begun(page: Page, link: str, *answers: str) -> str:
    page.goto(link)
    page.locator("#start button").click()
    page.wait_for_load_state("load")
    asked = page.locator('[data-speaker="interviewer"]')
    for number, text in enumerate(answers, start=2):
        page.locator("#text").fill(text)
        page.locator("#answer button").click()
        expect(asked).to_have_count(number)
    return page.url.partition("?")[0]


def _in_bounds(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    accessible(page)
    no_violations(page)


@pytest.mark.parametrize(("language", "scheme"), [*((code, "light") for code in OBJECTION), ("en", "dark")])
def test_both_ways_are_in_reach(new_context: Contexts, server: LiveServer, language: str, scheme: str) -> None:
    page = new_context(color_scheme=scheme).new_page()
    link = server.invite(f"objects-{language}-{scheme}@buyer.example", language=language)
    here = _begun(page, link, FIRST, OBJECTION[language])
    for way in page.locator(".offers a").all():
        expect(way).to_be_in_viewport(ratio=1)
    assert page.locator(".offers a").count() == 2
    _in_bounds(page)
    page.goto(f"{here}/check")
    expect(page.locator(".card .offers a")).to_have_count(2)
    expect(page.locator("#confirm button")).to_be_in_viewport(ratio=1)
    _in_bounds(page)
    page.goto(f"{here}/withdraw")
    keep, delete = page.locator("#withdraw button"), page.locator("a.btn")
    looks = [
        one.evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).fontWeight]")
        for one in (keep, delete)
    ]
    assert looks[0] == looks[1]
    for way in (keep, delete):
        expect(way).to_be_in_viewport(ratio=1)
    keep.click()
    page.goto(link)
    expect(page.locator("#start, #call")).to_have_count(0)
    _in_bounds(page)


def test_a_forwarded_link_has_a_way_on_from_the_check_page(new_context: Contexts, server: LiveServer) -> None:
    link = server.invite("forwards@buyer.example")
    _begun(new_context().new_page(), link, FIRST)
    other = new_context(viewport=TALL_PHONE).new_page()
    here = _begun(other, link)
    other.goto(f"{here}/check")
    _in_bounds(other)
    other.locator("a.btn.primary").click()
    expect(other.locator("#answer")).to_be_visible()


def test_without_script_only_what_is_new_fades_in(new_context: Contexts, server: LiveServer) -> None:
    page = new_context(java_script_enabled=False).new_page()
    _begun(page, server.invite("still@buyer.example"), FIRST, "You, Brightline, and keeping the spreadsheet tbh")
    assert page.evaluate(_MOVES) == [False, False, False, True, True]

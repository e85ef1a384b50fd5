"""Real Chromium against the real server, at the size of a phone or a desk."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.call_office import Office, furnish
from tests.browser.review_room import Room
from tests.fakes.live_server import LiveServer

PHONE = {"width": 360, "height": 640}
TALL_PHONE = {"width": 390, "height": 844}
DESK = {"width": 1360, "height": 900}
PATIENCE_MS = 60_000
"""Never waited for where all is well: a machine may be slow."""
Contexts = Callable[..., BrowserContext]
expect.set_options(timeout=PATIENCE_MS)

_COLLECT_VIOLATIONS = """
window.__violations = [];
document.addEventListener("securitypolicyviolation",
  event => window.__violations.push(event.violatedDirective + " " + event.blockedURI));
"""

_LET_IT_SETTLE = """
Promise.allSettled(document.getAnimations()
  .filter(animation => animation.timeline === document.timeline) // what follows the scrolling never ends
  .filter(animation => animation.effect.getComputedTiming().endTime !== Infinity)
  .map(animation => animation.finished))
"""
"""What is still half transparent has a poor contrast: axe is asked of the page that a person comes to read."""


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    live = LiveServer(tmp_path_factory.mktemp("server"))
    live.start()
    yield live
    live.stop()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A server with interviews to review."""
    live = LiveServer(tmp_path_factory.mktemp("review"))
    live.start()
    yield Room(live)
    live.stop()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server with a host and calls."""
    live = LiveServer(tmp_path_factory.mktemp("calls"))
    live.start()
    yield live.do(lambda deps: furnish(deps, live))
    live.stop()


# No longer than the package: Playwright keeps a loop running in this thread, and async tests need one of their own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The one that `run.py` found, else the system's, else Playwright's own.

    For this folder only: as long as it is open, Playwright's loop runs in this thread, and no other may.
    """
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    system = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=system, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Contexts]:
    """A fresh browser profile; any option of Playwright's `new_context` can be given."""
    made: list[BrowserContext] = []

    def make(**given: object) -> BrowserContext:
        options: dict[str, object] = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": "en-GB"}
        context = chromium.new_context(**(options | given))  # type: ignore[arg-type]
        context.add_init_script(_COLLECT_VIOLATIONS)
        context.set_default_timeout(PATIENCE_MS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def phone(new_context: Contexts) -> Page:
    """One page on a phone of 360 by 640."""
    return new_context().new_page()


@pytest.fixture
def page(new_context: Contexts, room: Room) -> Page:
    """A reviewer at a desk, signed in."""
    return room.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False))


def no_violations(page: Page) -> None:
    """The content policy stopped nothing on this page."""
    assert page.evaluate("window.__violations") == []


def until(page: Page, true: Callable[[], object]) -> None:
    """Wait for what no locator tells of; the page goes on meanwhile."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not true():
        assert time.monotonic() < end, "it never came about"
        page.wait_for_timeout(50)


def flat(page: Page) -> None:
    """Nothing sticks out sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def accessible(page: Page) -> None:
    """axe finds nothing, by the rules of WCAG 2.2 AA, once what fades in stands."""
    page.evaluate(_LET_IT_SETTLE)
    script = Path(__import__("axe_playwright_python").__file__).parent / "axe.min.js"
    page.evaluate(script.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    said = [f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in found["violations"]]
    assert not said, "\n".join(said)

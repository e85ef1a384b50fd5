"""A desk with interviews to review, for the tests that press its keys."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from interviewer.store.tables.analysis import StatementRow, TagRow
from interviewer.store.tables.interviews import InterviewRow
from tests.browser.desk import Desk
from tests.web import review_scene as scene


@dataclass
class Room(Desk):
    """With interviews to review, each for one test."""

    made: int = 0

    def suggested(self) -> tuple[str, str]:
        """A fresh interview. Gives its page's address and its id."""
        self.made += 1
        number = self.made
        page, interview_id = self.server.do(lambda deps: scene.suggested(deps, email=f"b{number}@x.example"))
        return f"{self.server.url}/desk/interviews/{page}", interview_id

    def tags(self, interview_id: str) -> dict[str, TagRow]:
        return self.server.do(lambda deps: scene.tags(deps, interview_id))

    def said(self, interview_id: str) -> dict[str, StatementRow]:
        return self.server.do(lambda deps: scene.said(deps, interview_id))

    def interview(self, interview_id: str) -> InterviewRow:
        return self.server.do(lambda deps: scene.interview(deps, interview_id))


_AT_REST = """
() => new Promise(done => {
  let stood = 0, where = "";
  const look = () => {
    const next = [...document.querySelectorAll("[data-item].next")];
    const now = next.map(one => one.dataset.item + one.getBoundingClientRect().top).join();
    stood = now === where ? stood + 1 : 0;
    where = now;
    stood > 9 ? done() : requestAnimationFrame(look);
  };
  look();
})
"""


def at_rest(page: Page) -> None:
    """What is next to be accepted stands still, and is the same, for ten frames in a row."""
    page.evaluate(_AT_REST)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#strip")).to_be_visible()

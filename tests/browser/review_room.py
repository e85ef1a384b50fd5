"""A desk with interviews to review, for the tests that press its keys."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page, expect

from interviewer import people
from interviewer.deps import Deps
from interviewer.store.tables.analysis import StatementRow, TagRow
from interviewer.store.tables.interviews import InterviewRow
from tests.fakes.live_server import LiveServer
from tests.web import review_scene as scene


@dataclass
class Room:
    """A server with interviews to review, each for one test."""

    server: LiveServer
    made: int = 0

    def suggested(self) -> tuple[str, str]:
        """A fresh interview. Gives its page's address and its id."""
        self.made += 1
        number = self.made
        page, interview_id = self.server.do(lambda deps: scene.suggested(deps, email=f"b{number}@x.example"))
        return f"{self.server.url}/desk/interviews/{page}", interview_id

    def enter(self, context: BrowserContext, name: str = "mara") -> Page:
        async def link(deps: Deps) -> str:
            await people.add_user(deps, f"{name}@tidewater.example", "pmm", name=name.title())
            return await people.make_link(deps, f"{name}@tidewater.example")

        page = context.new_page()
        page.goto(self.server.do(link))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Interviews")).to_be_visible()
        return page

    def tags(self, interview_id: str) -> dict[str, TagRow]:
        return self.server.do(lambda deps: scene.tags(deps, interview_id))

    def said(self, interview_id: str) -> dict[str, StatementRow]:
        return self.server.do(lambda deps: scene.said(deps, interview_id))

    def interview(self, interview_id: str) -> InterviewRow:
        return self.server.do(lambda deps: scene.interview(deps, interview_id))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#strip")).to_be_visible()

"""A server with a desk, and the one way in to it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page, expect

from interviewer import people
from interviewer.deps import Deps
from tests.fakes.live_server import LiveServer

PAYLOAD = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@dataclass
class Desk:
    """The desk of a server."""

    server: LiveServer

    def enter(self, context: BrowserContext, role: str = "pmm", name: str = "Mara Lindqvist") -> Page:
        """A page at the desk, come in through the link that somebody of this role and name gets."""
        email = f"{name.split()[0].lower()}@tidewater.example"

        async def link(deps: Deps) -> str:
            await people.add_user(deps, email, role, name=name)
            return await people.make_link(deps, email)

        page = context.new_page()
        page.goto(self.server.do(link))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Interviews")).to_be_visible()
        page.wait_for_load_state("load")  # scripts are deferred
        return page

    def open(self, page: Page, path: str) -> None:
        page.goto(f"{self.server.url}{path}")


@dataclass
class Office(Desk):
    """With interviews on it, by the ids of their invitations; `hostile` wrote `PAYLOAD`."""

    finished: str
    invited: str = ""
    hostile: str = ""

"""Buyers who said no, and what others want, in real Chromium: their pages, the requests, the calls, at both sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from interviewer import bookings, checking, invitations
from interviewer.bookings import external
from interviewer.deps import Deps
from interviewer.schedulers import SCHEDULERS
from interviewer.schedulers.base import Told
from interviewer.store.tables.invitations import CallRequestRow
from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, flat, no_violations
from tests.browser.desk import Desk
from tests.fakes.live_server import LiveServer
from tests.web import review_scene
from tests.web.desk_scene import SAID, invite, play


@dataclass
class Office(Desk):
    """`stopped` took their word back; `asks` wants deletion and pressed nothing."""

    stopped: str
    asks: str


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = LiveServer(tmp_path_factory.mktemp("stopped"))
    server.start()
    yield Office(server, *server.do(furnish))
    server.stop()


async def furnish(deps: Deps) -> tuple[str, str]:
    """Interviews of those two and of others, a call at a booking page of somebody who opted out, and no backup."""
    stopped, interview_id = await review_scene.suggested(
        deps, email="w@x.example", name="Wen Li", company="Harbour Baths"
    )
    await checking.withdraw(deps, interview_id, browser="phone")
    said = ("Delete everything please", *SAID[1:])
    asks, _ = await play(deps, said=said, email="d@x.example", name="Dana Okafor", company="Northpool Leisure")
    await play(deps, said=said, email="e@x.example", name="Elif Demir", company="Copperline")
    await play(deps, email="f@x.example")
    called = await invite(deps, email="g@x.example", name="Grace Adeyemi", company="Tarn Pools")
    await _book_elsewhere(deps, called)
    await invitations.opt_out(deps, deps.links.opt_out(called).rpartition("/")[2])
    return stopped, asks


async def _book_elsewhere(deps: Deps, invitation_id: str) -> None:
    there = replace(deps, settings=deps.settings.model_copy(update={"scheduling_url": "https://cal.com/mara"}))
    await bookings.choose_scheduler(there, invitation_id, prefilled=True)
    async with deps.db.read() as tx:
        query = select(CallRequestRow.id).where(CallRequestRow.invitation_id == invitation_id)
        reference = (await tx.exec(query)).one()
    start = (deps.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    told = Told("A", deps.now(), reference, starts_at=start, ends_at=start + timedelta(minutes=15))
    await external.receive(there, SCHEDULERS["calcom"], told, b"A")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, TALL_PHONE], ids=["desk", "phone"])
def test_the_pages_are_accessible_in_both_themes(
    new_context: Contexts, office: Office, viewport: dict[str, int], scheme: str
) -> None:
    on_phone = viewport is not DESK
    page = office.enter(new_context(viewport=viewport, is_mobile=on_phone, has_touch=on_phone, color_scheme=scheme))
    for path, words in (
        (f"/desk/interviews/{office.stopped}", "No longer agrees, since"),
        (f"/desk/interviews/{office.asks}", "Wants this deleted, or not used"),
        ("/desk/person", "2 buyers want their answers deleted, or not used."),
        ("/desk/status", "2 buyers want their answers deleted, or not used"),
        ("/desk/calls", "Call these off at your booking page"),
        ("/desk/exports", "quotes, from 3 interviews"),
    ):
        office.open(page, path)
        expect(page.get_by_text(words).first).to_be_visible()
        accessible(page)
        flat(page)
        no_violations(page)


def test_of_who_no_longer_agrees_only_reading_and_their_request_are_left(new_context: Contexts, office: Office) -> None:
    """The keys that tag and accept do nothing there either."""
    page = office.enter(new_context(viewport=DESK))
    office.open(page, f"/desk/interviews/{office.stopped}")
    main = page.locator("#main")
    expect(main.get_by_text(SAID[0])).to_be_visible()
    expect(main.locator("mark, .tag, progress")).to_have_count(0)
    page.locator(".said").nth(1).dblclick()
    page.keyboard.press("t")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(main.get_by_role("button")).to_have_text(["See what is held, or erase it"])
    main.get_by_role("button", name="See what is held, or erase it").click()
    expect(page.get_by_role("button", name="Erase for good")).to_be_visible()


def test_a_command_in_a_trouble_is_set_as_one(new_context: Contexts, office: Office) -> None:
    page = office.enter(new_context(viewport=DESK))
    office.open(page, "/desk/status")
    expect(page.locator(".wrong code").first).to_have_text("interviewer backup")
    expect(page.locator("#main")).not_to_contain_text("`")

"""Review in real Chromium while others work on the same interview: what was never shown is never accepted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from interviewer import people, reviewing
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.store.tables.analysis import StatementRow
from tests.browser.conftest import DESK, Contexts, no_violations, until
from tests.browser.review_room import Room, opened, press


@pytest.fixture
def page(new_context: Contexts, room: Room) -> Page:
    return room.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False))


async def _colleague(deps: Deps, name: str) -> Viewer:
    return Viewer(await people.add_user(deps, f"{name}@tidewater.example", "pmm", name=name), Role.PMM, name)


def test_keys_that_wait_accept_nothing_that_came_meanwhile(page: Page, room: Room) -> None:
    """The first of two requests comes too late: the second was pressed over words that are not there any more."""
    address, interview_id = room.suggested()
    opened(page, address)
    said, tags = room.said(interview_id), room.tags(interview_id)
    head, decided = said["Lost to support hours, not to a missing feature"], said["They bought Shiftwell."]

    async def meanwhile(deps: Deps) -> None:
        ada, ben, tag = await _colleague(deps, "Ada"), await _colleague(deps, "Ben"), next(iter(tags.values()))
        await reviewing.reject(deps, ada, interview_id, reviewing.STATEMENT, head.id or 0, head.version)
        await reviewing.confirm(deps, ben, interview_id, reviewing.TAG, tag.id or 0, tag.version)
        async with deps.db.write() as tx:  # as a new run of the analysis leaves it
            row = await tx.get_one(StatementRow, decided.id)
            row.text, row.version = "They bought nothing at all.", row.version + 1
            tx.add(row)

    room.server.do(meanwhile)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    held: list[Route] = []
    page.route("**/confirm", lambda route: route.continue_() if held else held.append(route))
    press(page, "Enter", "Enter", "A", "Shift+Enter")
    until(page, lambda: held)
    held[0].continue_()
    expect(page.locator("#notice")).to_contain_text("Ada changed this meanwhile")
    expect(page.locator("#found").get_by_text("They bought nothing at all.")).to_be_visible()
    page.evaluate("review.send(() => null)")  # after all that was pressed
    assert [url.rpartition("/")[2] for url in sent] == ["confirm"]
    assert not any(row.review for row in room.said(interview_id).values() if row.id != head.id)
    assert not room.interview(interview_id).reviewed_at
    expect(page.locator("#looked")).to_have_text("2")
    no_violations(page)


def test_a_key_names_the_words_it_was_pressed_over(page: Page, room: Room) -> None:
    """Between the key and its request the page came anew, with other words."""
    address, interview_id = room.suggested()
    opened(page, address)
    press(page, "j")
    decided = room.said(interview_id)["They bought Shiftwell."]

    async def meanwhile(deps: Deps) -> None:
        async with deps.db.write() as tx:
            row = await tx.get_one(StatementRow, decided.id)
            row.text, row.version = "They bought nothing at all.", row.version + 1
            tx.add(row)

    room.server.do(meanwhile)
    held: list[Route] = []
    page.route("**/confirm", lambda route: route.continue_() if held else held.append(route))
    press(page, "a", "u")  # taken back, the page is loaded anew
    page.get_by_role("heading", name="What was decided").click()
    press(page, "a")
    until(page, lambda: held)
    held[0].continue_()
    expect(page.locator("#notice")).to_be_visible()
    expect(page.locator("#found").get_by_text("They bought nothing at all.")).to_be_visible()
    assert room.said(interview_id)["They bought nothing at all."].review == ""


def test_one_may_change_ones_mind_as_fast_as_one_presses(page: Page, room: Room) -> None:
    address, interview_id = room.suggested()
    opened(page, address)
    first = page.locator("h1 [data-item]")
    version = int(first.get_attribute("data-version") or 0)
    press(page, "j", "a", "k", "x", "k", "a", "k")
    expect(first).to_have_attribute("data-version", str(version + 3))
    press(page, "e")  # as long as its dialog is open nothing is loaded anew
    expect(page.get_by_role("textbox", name="Sentence")).to_be_focused()
    press(page, "Control+A")
    page.keyboard.type("Lost at night")
    press(page, "Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Reworded.")).to_be_visible()
    assert room.said(interview_id)["Lost at night"].review == "confirmed"
    expect(page.locator("#notice")).to_have_count(0)


def test_all_that_is_left_is_what_was_shown(page: Page, room: Room, new_context: Contexts) -> None:
    """As many as were shown, by key, by the button and without script; but one of them says something else by now."""
    address, interview_id = room.suggested()
    plain = room.enter(new_context(java_script_enabled=False))
    for tab in (page, plain):
        tab.goto(address)
    row = room.said(interview_id)["They bought Shiftwell."]

    async def meanwhile(deps: Deps) -> None:
        async with deps.db.write() as tx:
            found = await tx.get_one(StatementRow, row.id)
            found.text, found.version = "They bought nothing at all.", found.version + 1
            tx.add(found)

    room.server.do(meanwhile)
    press(page, "A")
    expect(page.locator("#notice")).to_contain_text("older than what stands now")
    expect(page.locator("#looked")).to_have_text("0")
    plain.get_by_role("button", name="Accept all that is left").click()
    expect(plain.locator("#notice")).to_contain_text("older than what stands now")
    assert not any(one.review for one in room.said(interview_id).values())
    plain.get_by_role("button", name="Accept all that is left").click()
    expect(plain.locator(".toast")).to_contain_text("Accepted all")
    assert {one.review for one in room.said(interview_id).values()} == {"confirmed"}

"""Review in real Chromium by keyboard: led through a whole interview by one key, and what it never accepts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import TALL_PHONE, Contexts, accessible, no_violations, until
from tests.browser.review_room import Room, at_rest, opened, press
from tests.web import review_scene as scene


def test_an_interview_is_reviewed_by_keyboard_alone(page: Page, room: Room) -> None:
    address, interview_id = room.suggested()
    press(page, "g", "q")
    expect(page.get_by_role("heading", name="Review", exact=True)).to_be_visible()
    page.wait_for_load_state()  # keys do nothing before the script is there
    line = page.locator(f'a[data-row][href="{address.removeprefix(room.server.url)}"]')
    for _ in range(page.locator("a[data-row]").count()):
        if line.evaluate("line => line !== document.activeElement"):
            press(page, "j")
    expect(line).to_be_focused()
    press(page, "Enter")
    expect(page).to_have_url(address)
    expect(page.locator("#strip")).to_be_visible()

    expect(page.locator("#now")).to_contain_text("What came out · 4 suggestions · step 1 of 7")
    press(page, "j", *"a" * scene.FOREMOST)  # the headline, notes, answers, drivers, contradiction, competitors
    expect(page.get_by_role("status").filter(has_text="Accepted.")).to_be_visible()
    expect(page.locator("#now")).to_contain_text("trigger: rota person left")
    expect(page.locator("#looked")).to_have_text(str(scene.FOREMOST))

    press(page, "a", "a", "x")  # the trigger, the competitor; where they heard of it
    expect(page.locator("#now")).to_contain_text("pricing: import fee")
    press(page, "t")
    expect(page.get_by_role("dialog", name="Retag")).to_be_visible()
    expect(page.get_by_role("combobox", name="Theme")).to_be_focused()
    accessible(page)
    page.keyboard.type("crit")
    press(page, "Tab")
    page.keyboard.type("import work")
    press(page, "Enter")
    expect(page.get_by_role("status").filter(has_text="Retagged.")).to_be_visible()
    expect(page.locator('[data-subject="import work"]').first).to_have_attribute("data-state", "confirmed")

    press(page, "x", "u")  # turned down by mistake
    expect(page.get_by_role("status").filter(has_text="Undone.")).to_be_visible()

    press(page, "J", "J", "ArrowRight", "ArrowRight", "Shift+ArrowRight")
    expect(page.locator("#now")).to_contain_text("selected")
    press(page, "t")
    expect(page.get_by_role("dialog", name="Tag these words")).to_be_visible()
    page.keyboard.type("hidden")
    press(page, "Enter")
    expect(page.get_by_role("combobox", name="About")).to_be_focused()  # a theme alone saves nothing yet
    page.keyboard.type("by hand")
    press(page, "Enter")
    expect(page.get_by_role("status").filter(has_text="Tagged.")).to_be_visible()

    page.keyboard.press("A")
    expect(page.get_by_role("status").filter(has_text="Accepted all")).to_be_visible()
    expect(page.locator("#looked")).to_have_text(str(scene.SUGGESTED + 2))  # one retagged, one by hand
    press(page, "Shift+Enter")
    expect(page.get_by_text("Marked as reviewed.")).to_be_visible()
    no_violations(page)

    tags, row = room.tags(interview_id), room.interview(interview_id)
    assert row.reviewed_at and row.reviewed_by
    assert tags["referral_language: Shiftwell"].review == "rejected"
    assert tags["criticism: import work"].made_by == "person"
    assert (tags["hidden_criterion: by hand"].made_by, tags["hidden_criterion: by hand"].review) == (
        "person",
        "confirmed",
    )
    assert {tag.review for tag in tags.values()} == {"confirmed", "rejected"}
    assert {row.review for row in room.said(interview_id).values()} == {"confirmed"}


def test_a_newcomer_gets_through_by_the_hints_alone(page: Page, room: Room) -> None:
    """Press what the page offers as the next key, and nothing else; what it accepts is what it shows."""
    address, interview_id = room.suggested()
    opened(page, address)
    offer, done, steps = page.locator("#next"), 0, []
    while "Mark" not in (words := offer.inner_text()):
        steps.append(page.locator("#now b").inner_text())
        number = int(next(iter(re.findall(r"\d+", words)), "1")) if "Accept" in words else 0
        assert number <= 6
        if number:
            expect(page.locator("[data-item].next")).to_have_count(number)
            for one in page.locator("[data-item].next").all():
                expect(one).to_be_in_viewport(ratio=1)
        done += number
        press(page, offer.locator("kbd").inner_text())
        expect(page.locator("#looked")).to_have_text(str(done))
        assert len(steps) < 20
    assert steps[0] == "What came out" and "Tags in the conversation" in steps and steps[-1] == "The rest"
    expect(page.locator("#now")).to_have_text("All looked at.")
    expect(offer).to_contain_text("Mark reviewed")
    press(page, offer.locator("kbd").inner_text())
    expect(page.get_by_text("Marked as reviewed.")).to_be_visible()
    print(f"{len(steps) + 1} keys for {scene.SUGGESTED} suggestions")
    assert done == scene.SUGGESTED and len(steps) <= 10
    assert room.interview(interview_id).reviewed_at
    assert {row.review for row in room.said(interview_id).values()} == {"confirmed"}
    no_violations(page)


@pytest.mark.parametrize("viewport", [{"width": 900, "height": 640}, TALL_PHONE], ids=["tablet", "phone"])
def test_nothing_is_accepted_that_is_not_in_view(new_context: Contexts, room: Room, viewport: dict[str, int]) -> None:
    page = room.enter(new_context(viewport=viewport, is_mobile=False, has_touch=False))
    address, interview_id = room.suggested()
    opened(page, address)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#next")).to_contain_text("Show what is left")
    press(page, "Enter")
    expect(page.locator("#next")).to_contain_text("Accept")
    assert not any(row.review for row in room.said(interview_id).values())
    at_rest(page)
    seen = page.locator("[data-item].next")
    ids = {one.get_attribute("data-item") for one in seen.all()}
    for one in seen.all():
        expect(one).to_be_in_viewport(ratio=1)
    press(page, "Enter")
    expect(page.locator("#looked")).to_have_text(str(len(ids)))
    expect(page.get_by_role("status").filter(has_text="Accepted.")).to_be_visible()
    accepted = {f"statement:{row.id}" for row in room.said(interview_id).values() if row.review}
    assert accepted == ids and ids


def test_one_key_too_many_accepts_nothing_in_the_next_interview(page: Page, room: Room) -> None:
    address, interview_id = room.suggested()
    room.suggested()
    opened(page, address)
    press(page, "Shift+Enter")
    expect(page.get_by_text("Marked as reviewed.")).to_be_visible()
    expect(page.locator("#next")).to_contain_text("Begin: ")
    looked = page.locator("#looked").inner_text()
    expect(page.locator(".toast kbd")).to_have_text("u")
    press(page, "Enter")
    expect(page.locator("#next")).to_contain_text("Accept ")
    expect(page.locator("#looked")).to_have_text(looked)
    press(page, "u")
    expect(page.locator("#work")).to_have_attribute("data-here", f"/desk/interviews/{interview_id}")
    assert not room.interview(interview_id).reviewed_at


def test_one_is_turned_down_and_the_others_of_its_card_accepted(page: Page, room: Room) -> None:
    address, interview_id = room.suggested()
    opened(page, address)
    press(page, "Enter", "j")
    expect(page.locator(".claim.here")).to_have_attribute("data-kind", "decided")
    press(page, "j", "j", "x")
    expect(page.locator("#next")).to_have_text(re.compile("Accept these 2"))
    press(page, "Enter")
    expect(page.locator("#now b")).to_have_text("Drivers")
    expect(page.locator("section[data-step=Drivers]")).to_be_focused()
    press(page, "u")
    expect(page.locator("#now b")).to_have_text("Three answers")
    press(page, "Enter")
    expect(page.locator("#looked")).to_have_text("7")
    said = {row.kind: row.review for row in room.said(interview_id).values()}
    assert (said["decided"], said["why"], said["versus"], said["driver"]) == ("confirmed", "confirmed", "rejected", "")


def test_what_was_looked_at_long_ago_leads_back_before_anything_is_accepted(page: Page, room: Room) -> None:
    address, interview_id = room.suggested()
    opened(page, address)
    press(page, "Enter")
    page.get_by_role("heading", name="Most surprising").click()
    expect(page.locator("#next")).to_contain_text("Go on: Three answers")
    press(page, "Enter")
    expect(page.locator("#looked")).to_have_text("4")
    expect(page.locator("#next")).to_contain_text("Accept these 3")
    assert sum(bool(row.review) for row in room.said(interview_id).values()) == 4


def test_what_was_taken_up_again_is_decided_on_before_the_end(page: Page, room: Room) -> None:
    address, interview_id = room.suggested()
    opened(page, address)
    press(page, "j", "x", "A")
    expect(page.locator("#rejected summary")).to_have_text("1 turned down")
    expect(page.locator("#next")).to_contain_text("Mark reviewed")
    page.locator("#rejected summary").click()
    page.locator("#rejected [data-item]").click()
    press(page, "s")
    expect(page.locator("#next")).to_contain_text("Accept this one")
    press(page, "Enter")
    expect(page.locator("#next")).to_contain_text("Mark reviewed")
    assert {row.review for row in room.said(interview_id).values()} == {"confirmed"}
    assert not room.interview(interview_id).reviewed_at
    press(page, "Enter")
    expect(page.get_by_text("Marked as reviewed.")).to_be_visible()


def test_a_card_is_accepted_with_one_key_and_taken_back_with_another(page: Page, room: Room) -> None:
    address, interview_id = room.suggested()
    opened(page, address)
    page.get_by_role("heading", name="What was decided").click()
    press(page, "c")
    expect(page.locator("#looked")).to_have_text("3")
    expect(page.locator(".claim.here")).to_have_attribute("data-kind", "driver")
    kinds = {row.kind for row in room.said(interview_id).values() if row.review == "confirmed"}
    assert kinds == {"decided", "why", "versus"}
    press(page, "u")
    expect(page.locator("#looked")).to_have_text("0")
    assert not any(row.review for row in room.said(interview_id).values())
    no_violations(page)


def test_what_is_pressed_shows_at_once_and_turns_back_where_it_was_not_kept(page: Page, room: Room) -> None:
    opened(page, room.suggested()[0])
    held: list[Route] = []
    page.route("**/confirm", lambda route: held.append(route))
    press(page, "j", "a")
    first = page.locator("h1 [data-item]")
    expect(first).to_have_attribute("data-state", "confirmed")
    expect(page.locator("#looked")).to_have_text("1")
    until(page, lambda: held)
    held[0].abort()
    expect(page.get_by_role("status").filter(has_text="Not saved")).to_be_visible()
    expect(first).to_have_attribute("data-state", "open")
    expect(page.locator("#looked")).to_have_text("0")

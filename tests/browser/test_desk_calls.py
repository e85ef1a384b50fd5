"""Calls and the brief in real Chromium: at a desk and on a phone, light and dark, by keyboard, offline, on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.call_office import Office
from tests.browser.conftest import DESK, PHONE, TALL_PHONE, Contexts, accessible, no_violations
from tests.web.desk_scene import SAID


def flat(page: Page, width: int) -> None:
    """Nothing sticks out sideways. A phone's own width may grow with what does."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, TALL_PHONE, PHONE], ids=["desk", "phone", "small"])
def test_every_page_of_calls_is_accessible_and_flat(
    office: Office, new_context: Contexts, size: dict[str, int], scheme: str
) -> None:
    phone = size is not DESK
    page = office.enter(new_context(viewport=size, has_touch=phone, is_mobile=phone, color_scheme=scheme))
    paths = ("", "/hours", f"/{office.ahead}", f"/{office.ahead}/move", f"/{office.running}")
    for path in paths:
        office.open(page, f"/desk/calls{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        flat(page, size["width"])
        accessible(page)
        no_violations(page)


def test_a_brief_by_keyboard_saves_itself(office: Office, new_context: Contexts) -> None:
    context = new_context(viewport=DESK, has_touch=False, is_mobile=False)
    page = office.enter(context)
    office.open(page, f"/desk/calls/{office.running}")
    box = page.get_by_label("What they say").first
    box.focus()
    page.keyboard.type("Our rota person left in May")
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.keyboard.type(" and nobody could read her sheet")
    expect(page.locator("#saved")).to_contain_text("Not saved yet")
    expect(page.locator("#saved")).to_contain_text("Saved")
    expect(box).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("What they say").nth(1)).to_be_focused()
    page.keyboard.press("Control+Shift+Enter")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.locator("details.probes[open]")).to_have_count(1)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("on to the next note")
    accessible(page)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.type("You and Shiftwell")
    expect(page.locator("#saved")).to_contain_text("Saved")
    office.open(page, f"/desk/calls/{office.running}")
    expect(box).to_have_value("Our rota person left in May and nobody could read her sheet")
    expect(page.get_by_label("What they say").nth(1)).to_have_value("You and Shiftwell")
    no_violations(page)


def test_notes_survive_a_lost_network_and_another_hand(office: Office, new_context: Contexts) -> None:
    context = new_context(viewport=DESK, has_touch=False, is_mobile=False)
    page = office.enter(context)
    office.open(page, f"/desk/calls/{office.ahead}")
    box = page.locator("#note-anything_else")
    context.set_offline(True)
    box.fill("They asked for a copy")
    expect(page.locator("#saved")).to_contain_text("stays on this device")
    page.close()  # before the network is back: nothing of it was sent
    context.set_offline(False)
    page = context.new_page()
    office.open(page, f"/desk/calls/{office.ahead}")
    box = page.locator("#note-anything_else")
    expect(box).to_have_value("They asked for a copy")
    expect(page.locator("#saved")).to_contain_text("Saved")

    other = context.new_page()
    office.open(other, f"/desk/calls/{office.ahead}")
    other.locator("#note-anything_else").fill("They asked for the slides")
    expect(other.locator("#saved")).to_contain_text("Saved")
    box.fill("They asked for a copy by mail")
    expect(page.locator("#saved")).to_contain_text("They asked for the slides")
    expect(box).to_have_value("They asked for a copy by mail")
    page.get_by_role("button", name="keep what is in the box").click()
    expect(page.get_by_role("status").first).to_contain_text("kept")
    expect(box).to_have_value("They asked for a copy by mail")


def test_what_was_typed_into_a_call_that_was_called_off_is_not_lost(office: Office, new_context: Contexts) -> None:
    call = office.another()
    context = new_context(viewport=DESK, has_touch=False, is_mobile=False)
    page = office.enter(context)
    office.open(page, f"/desk/calls/{call}")
    box = page.get_by_label("What they say").first
    box.fill("Our rota person left in May")
    expect(page.locator("#saved")).to_contain_text("Saved")
    office.call_off(call)
    box.fill("Our rota person left in May, and the board vetoed it")
    expect(page.get_by_role("heading", name="There was no call")).to_be_visible()
    expect(page.get_by_role("region", name="What was noted in it")).to_contain_text("Our rota person left in May")
    left = page.get_by_role("textbox", name="Typed on this device")
    expect(left).to_have_value("Our rota person left in May, and the board vetoed it")
    accessible(page)
    page.get_by_role("button", name="Throw it away").click()
    expect(left).to_be_hidden()
    office.open(page, f"/desk/calls/{call}")
    expect(page.get_by_role("region", name="What was noted in it")).to_be_visible()
    expect(left).to_be_hidden()
    no_violations(page)


def test_a_brief_fits_on_one_sheet(office: Office, new_context: Contexts) -> None:
    page = office.enter(new_context(viewport=DESK, has_touch=False, is_mobile=False))
    for call in (office.ahead, office.running):
        office.open(page, f"/desk/calls/{call}")
        for paper in ("A4", "Letter"):
            assert re.findall(rb"/Count (\d+)", page.pdf(format=paper)) == [b"1"]
    page.emulate_media(media="print")
    expect(page.get_by_text("They leave over the time that the import takes").first).to_be_visible()
    expect(page.get_by_text("Still to ask")).to_be_visible()
    expect(page.get_by_text("How did that come about?").first).to_be_visible()
    expect(page.get_by_role("button", name="Save the notes")).to_be_hidden()


def test_a_brief_has_what_matters_in_sight(office: Office, new_context: Contexts) -> None:
    page = office.enter(new_context(viewport={"width": 1440, "height": 900}, has_touch=False, is_mobile=False))
    office.open(page, f"/desk/calls/{office.ahead}")
    for words in ("Join the call", "May I record this call", SAID[0], "Rep’s reason", "They leave over the time"):
        expect(page.get_by_text(words).first).to_be_in_viewport()
    expect(page.get_by_text("What came closest to making you choose").first).to_be_in_viewport()
    expect(page.get_by_label("What they say").and_(page.locator(":visible")).first).to_be_in_viewport()


def test_a_brief_folds_on_a_phone(office: Office, new_context: Contexts) -> None:
    page = office.enter(new_context(viewport=TALL_PHONE))
    office.open(page, f"/desk/calls/{office.ahead}")
    deal = page.get_by_text("Yours to know, not to say")
    expect(deal).to_be_hidden()
    page.get_by_text("The deal, as the CRM has it").click()
    expect(deal).to_be_visible()
    boxes = page.get_by_label("What they say").and_(page.locator(":visible"))
    before = boxes.count()
    page.get_by_text("Our rota person left in May").click()
    expect(boxes).to_have_count(before + 1)
    accessible(page)


def test_a_call_is_moved_after_a_second_look_and_back_again(office: Office, new_context: Contexts) -> None:
    page = office.enter(new_context(viewport=DESK, has_touch=False, is_mobile=False))
    office.open(page, f"/desk/calls/{office.ahead}")
    when = page.locator(".head time")
    before = when.inner_text()
    page.get_by_role("link", name="Move it").click()
    page.locator("button[name=start]").nth(5).click()
    asked = page.get_by_role("region", name="Move it?")
    expect(asked).to_be_focused()
    expect(asked).to_contain_text("EST")
    accessible(page)
    asked.get_by_role("link", name="Keep it as it is").click()
    expect(when).to_have_text(before)
    page.get_by_role("link", name="Move it").click()
    page.locator("button[name=start]").nth(5).click()
    asked.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("status").first).to_be_focused()
    expect(when).not_to_have_text(before)
    accessible(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").first).to_contain_text("Moved back")
    expect(when).to_have_text(before)
    no_violations(page)

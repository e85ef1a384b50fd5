"""Review in real Chromium: words tagged, redacted and reworded, in dialogs and by selection, beside other hands."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from interviewer import people, reviewing
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from tests.browser.conftest import accessible, no_violations
from tests.browser.review_room import Room, opened, press
from tests.web import review_scene as scene

SCRIPTS = (
    "Honestly 🤷🏽‍♀️ the 👨‍👩‍👧 plan was fine",
    "اخترنا Shiftwell لأن الدعم يرد ليلًا",
    "Le cafe\u0301 de Zoe\u0308 ferme a\u0300 six heures",
)
"""With emoji of several code points, from right to left, and with accents that stand alone."""


def test_who_comes_late_is_shown_what_the_other_left(page: Page, room: Room) -> None:
    address, interview_id = room.suggested()
    opened(page, address)
    tag = room.tags(interview_id)["trigger: rota person left"]

    async def reject(deps: Deps) -> None:
        user_id = await people.add_user(deps, "ada@tidewater.example", "pmm", name="Ada")
        viewer = Viewer(user_id, Role.PMM, "Ada")
        await reviewing.reject(deps, viewer, interview_id, reviewing.TAG, tag.id or 0, tag.version)

    room.server.do(reject)
    page.locator(f'#talk [data-item="tag:{tag.id}"]').click()
    press(page, "a")
    expect(page.get_by_role("alert")).to_contain_text("Ada changed this meanwhile")
    expect(page.locator(f'#talk [data-item="tag:{tag.id}"]')).to_have_count(0)
    expect(page.locator("#rejected summary")).to_have_text("1 turned down")
    assert room.tags(interview_id)["trigger: rota person left"].review == "rejected"
    no_violations(page)


def test_ones_own_other_tab_is_no_stranger(page: Page, room: Room) -> None:
    address, _ = room.suggested()
    other = page.context.new_page()
    for tab in (page, other):
        opened(tab, address)
    press(page, "Enter")
    expect(page.locator("#looked")).to_have_text("4")
    expect(page.get_by_role("status").filter(has_text="Accepted.")).to_be_visible()
    press(other, "Enter")
    expect(other.locator("#notice")).to_contain_text("You changed this yourself")
    expect(other.locator("#looked")).to_have_text("4")
    press(page, "Shift+Enter")
    expect(page.get_by_text("Marked as reviewed.")).to_be_visible()
    press(other, "Shift+Enter")
    expect(other.locator("#notice")).to_contain_text("You changed this yourself")
    expect(other.get_by_role("button", name="Review again")).to_be_visible()
    other.reload()
    expect(other.locator("#notice")).to_have_count(0)
    no_violations(other)


def test_a_sentence_a_subject_and_a_release_by_keyboard(page: Page, room: Room) -> None:
    address, interview_id = room.suggested()
    opened(page, address)
    page.locator("#talk .tag").first.click()
    press(page, "a", "k", "l")
    dialog = page.get_by_role("dialog", name="Who else may read this?")
    expect(dialog).to_be_visible()
    accessible(page)
    press(page, "Space", "Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator(".chip.out")).to_have_text("released to product")

    press(page, "j", "m")
    expect(page.get_by_role("dialog", name="Merge a subject")).to_be_visible()
    accessible(page)
    expect(page.get_by_role("dialog")).to_contain_text(re.compile(r"“Shiftwell” \(\d+ tags in \d+ interviews?\)"))
    expect(page.get_by_label("Call it")).to_have_value("Shiftwell")
    page.keyboard.type("Shiftwell Inc")
    press(page, "Enter")
    expect(page.get_by_role("status").filter(has_text="Merged")).to_be_visible()
    assert "competitor_mention: Shiftwell Inc" in room.tags(interview_id)

    page.locator("#found").get_by_text("One night call in the trial decided it.").click()
    press(page, "e")
    expect(page.get_by_role("dialog", name="Edit the sentence")).to_be_visible()
    accessible(page)
    press(page, "Control+A")
    page.keyboard.type("A call at night decided it.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#found").get_by_text("A call at night decided it.")).to_be_visible()
    expect(page.get_by_text("reworded by a person")).to_be_visible()
    no_violations(page)


def test_a_dialog_leaves_one_where_one_was(page: Page, room: Room) -> None:
    """Escape keeps card and selection; what is typed is saved by key; teams are let in, and out, in one go."""
    address, interview_id = room.suggested()
    opened(page, address)
    press(page, "j", "j", "e")
    expect(page.get_by_role("textbox", name="Sentence")).to_be_focused()
    expect(page.get_by_role("dialog")).to_contain_text("Ctrl Enter saves")
    press(page, "Escape")
    expect(page.locator("[data-kind=surprise].here")).to_be_focused()
    press(page, "Escape", "e", "Control+A")
    page.keyboard.type("A call at night decided it.")
    press(page, "Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Reworded.")).to_be_visible()
    expect(page.locator("[data-kind=surprise].here")).to_be_focused()
    assert room.said(interview_id)["A call at night decided it."].made_by == "person"

    press(page, "J", "ArrowRight", "t")
    expect(page.get_by_role("dialog", name="Tag these words")).to_be_visible()
    press(page, "Escape")
    expect(page.locator("#now")).to_contain_text("selected")
    press(page, "Escape")
    expect(page.locator("#now")).not_to_contain_text("selected")

    page.locator("#talk .tag").filter(has_text="import fee").click()
    press(page, "l")
    expect(page.get_by_role("status").filter(has_text="accept it first, with a")).to_be_visible()
    press(page, "a", "k", "l")
    dialog = page.get_by_role("dialog", name="Who else may read this?")
    dialog.get_by_label("leadership").click()
    dialog.get_by_label("sales").click()
    page.get_by_label("In your own words").fill("Moving the data over was said to cost a lot.")
    press(page, "Control+Enter")
    expect(page.locator(".chip.out")).to_have_count(2)
    expect(page.locator(".tag.here")).to_be_focused()
    press(page, "l")
    expect(dialog.get_by_label("leadership")).to_be_checked()
    expect(page.get_by_label("In your own words")).to_have_value("Moving the data over was said to cost a lot.")
    page.get_by_label("In your own words").fill("They said: the price of the import, it's too much")
    press(page, "Control+Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("the buyer's own words")
    page.get_by_label("In your own words").fill("Moving data was said to be dear.")
    dialog.get_by_label("leadership").click()
    dialog.get_by_label("product").click()
    press(page, "Enter")
    expect(page.locator(".chip.out")).to_have_text(
        [re.compile("product"), re.compile("sales, in our words")], use_inner_text=True
    )
    out = page.locator(".chip.out[data-audience=sales]")
    expect(out).to_have_attribute("title", "Moving data was said to be dear.")
    press(page, "u")
    expect(out).to_have_attribute("title", "Moving the data over was said to cost a lot.")
    press(page, "u")
    expect(page.locator(".chip.out")).to_have_count(3)  # leadership reads it again
    no_violations(page)


def test_words_selected_with_the_mouse_are_redacted_where_they_stand(page: Page, room: Room) -> None:
    opened(page, room.suggested()[0])
    said = page.locator('.said[data-turn="8"]')
    expect(said).to_contain_text("Shiftwell picked up at 4am")
    said.evaluate(
        """said => {  // from before a label to behind it, as a mouse would
            const texts = document.createTreeWalker(said, NodeFilter.SHOW_TEXT), nodes = [];
            while (texts.nextNode()) nodes.push(texts.currentNode);
            const first = nodes.find(node => node.data.includes("closes at six"));
            const last = nodes.find(node => node.data.includes(" and "));
            getSelection().setBaseAndExtent(first, first.data.indexOf("at six"), last, 4);
        }"""
    )
    expect(page.locator("#now")).to_contain_text("“at six and” selected")
    press(page, "r")
    expect(said).to_contain_text("your desk closes ██ ███")
    expect(said).not_to_contain_text("at six")
    press(page, "u")
    expect(said).to_contain_text("closes at six")


@pytest.mark.parametrize("words", ["👨‍👩‍👧 plan", "الدعم يرد", "Zoe\u0308 ferme"])
def test_words_of_any_script_are_tagged_exactly(page: Page, room: Room, words: str) -> None:
    address, interview_id = room.suggested()
    text = " ".join(SCRIPTS)
    room.server.do(lambda deps: scene.says(deps, interview_id, 6, text))
    opened(page, address)
    page.locator('.said[data-turn="6"]').evaluate(
        """(said, words) => {
            const node = said.firstChild, at = node.data.indexOf(words);
            getSelection().setBaseAndExtent(node, at, node, at + words.length);
        }""",
        words,
    )
    expect(page.locator("#now")).to_contain_text(f"“{words}” selected")
    press(page, "t")
    page.keyboard.type("prai")
    press(page, "Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Tagged.")).to_be_visible()
    start = text.index(words)
    kept = room.server.do(lambda deps: scene.marked_by_hand(deps, interview_id))
    assert kept == [(6, start, start + len(words), words)]
    expect(page.locator(".said[data-turn='6'] mark")).to_contain_text(words)
    no_violations(page)

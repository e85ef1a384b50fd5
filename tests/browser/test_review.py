"""Review in real Chromium: a whole interview by keyboard alone, in both themes and sizes, late, offline, by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from interviewer import people, reviewing
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from tests.browser.conftest import DESK, TALL_PHONE, accessible, no_violations
from tests.browser.review_room import Room, opened, press
from tests.browser.test_desk import flat
from tests.web import review_scene as scene

Contexts = Callable[..., BrowserContext]
LAPTOP = {"width": 1024, "height": 768}


@pytest.fixture
def page(new_context: Contexts, room: Room) -> Page:
    return room.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False))


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
    page.wait_for_timeout(300)  # for what moves
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
    held[0].abort()
    expect(page.get_by_role("status").filter(has_text="Not saved")).to_be_visible()
    expect(first).to_have_attribute("data-state", "open")
    expect(page.locator("#looked")).to_have_text("0")


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, LAPTOP, TALL_PHONE], ids=["desk", "laptop", "phone"])
def test_the_pages_are_accessible_and_flat(
    new_context: Contexts, room: Room, viewport: dict[str, int], scheme: str
) -> None:
    touch = viewport is TALL_PHONE
    page = room.enter(new_context(viewport=viewport, is_mobile=touch, has_touch=touch, color_scheme=scheme))
    address, _ = room.suggested()
    page.goto(f"{room.server.url}/desk/review")
    accessible(page)
    flat(page)
    opened(page, address)
    flat(page)
    press(page, "j", "a", "x", "j")
    expect(page.locator("#rejected summary")).to_have_text("1 turned down")
    page.locator("#rejected summary").click()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # where the strip covers nothing
    accessible(page)
    flat(page)
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    accessible(page)
    no_violations(page)


def test_review_works_on_a_phone_by_touch(new_context: Contexts, room: Room) -> None:
    page = room.enter(new_context(viewport=TALL_PHONE))
    opened(page, room.suggested()[0])
    page.locator("#talk .tag").first.tap()
    page.locator("#strip").get_by_role("button", name="accept", exact=True).tap()
    expect(page.locator("#talk .tag").first).to_have_attribute("data-state", "confirmed")
    expect(page.get_by_role("status").filter(has_text="Accepted.")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Undo").tap()
    expect(page.locator("#talk .tag").first).to_have_attribute("data-state", "open")


def test_review_works_without_script(new_context: Contexts, room: Room) -> None:
    context = new_context(viewport=DESK, is_mobile=False, has_touch=False, java_script_enabled=False)
    page = room.enter(context)
    address, interview_id = room.suggested()
    page.goto(address)
    expect(page.locator("#strip")).to_be_hidden()
    flat(page)
    card = page.locator(".tags li").filter(has_text="The price of the import").first
    card.get_by_text("Review", exact=True).click()
    card.get_by_role("button", name="Accept").click()
    expect(page.locator(".toast")).to_contain_text("Accepted.")
    assert room.tags(interview_id)["pricing: import fee"].review == "confirmed"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    card.get_by_text("Review", exact=True).click()
    card.get_by_label("Another name of “import fee”").fill("import")
    card.get_by_role("button", name="Merge").click()
    expect(page.locator(".toast")).to_contain_text("Merged")
    for button, label, told in (
        ("Tag them", "Words, exactly", "Tagged."),
        ("Put them under a bar", "Words that nobody", "Under a bar"),
    ):
        answer = page.locator("#t6")
        answer.locator("summary").click()
        answer.get_by_label(label).fill("nine days")
        answer.get_by_role("button", name=button).click()
        expect(page.locator(".toast")).to_contain_text(told)
    expect(page.locator(".said").filter(has_text="████ ████")).to_be_visible()
    note = page.locator('[data-kind="surprise"]')
    note.get_by_role("button", name="Turn down").click()
    page.locator("#rejected summary").click()
    expect(page.locator("#rejected")).to_contain_text("One night call in the trial decided it.")
    page.get_by_role("button", name="Accept all that is left").click()
    expect(page.locator(".toast")).to_contain_text("Accepted all")
    page.get_by_role("button", name="Mark reviewed").click()
    expect(page.locator(".toast")).to_contain_text("Marked as reviewed.")
    assert room.interview(interview_id).reviewed_at


SCRIPTS = (
    "Honestly 🤷🏽‍♀️ the 👨‍👩‍👧 plan was fine",
    "اخترنا Shiftwell لأن الدعم يرد ليلًا",
    "Le cafe\u0301 de Zoe\u0308 ferme a\u0300 six heures",
)
"""With emoji of several code points, from right to left, and with accents that stand alone."""


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


def test_the_queue_begins_with_enter_and_is_gone_back_to(page: Page, room: Room) -> None:
    room.suggested()
    page.goto(f"{room.server.url}/desk/review")
    press(page, "Enter")
    expect(page.locator("#strip")).to_be_visible()
    back = page.locator("a.back")
    expect(back).to_have_text("← Review")
    back.click()
    expect(page.get_by_role("heading", name="Review", exact=True)).to_be_visible()
    page.goto(f"{room.server.url}/desk")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Interviews")).to_be_visible()


def test_cards_stand_beside_the_words_on_a_small_laptop(new_context: Contexts, room: Room) -> None:
    page = room.enter(new_context(viewport=LAPTOP, is_mobile=False, has_touch=False))
    opened(page, room.suggested()[0])
    found, talk = page.locator("#found").bounding_box(), page.locator("#talk").bounding_box()
    assert found and talk and talk["x"] + talk["width"] <= found["x"]
    press(page, "j", "j")
    expect(page.locator(".claim.here")).to_be_in_viewport()
    expect(page.locator("mark.lit").first).to_be_in_viewport()
    flat(page)


def test_it_is_said_why_no_english_stands_there(page: Page, room: Room) -> None:
    room.made += 1
    address, _ = room.server.do(lambda deps: scene.suggested(deps, email=f"b{room.made}@x.example", language="de"))
    page.goto(f"{room.server.url}/desk/interviews/{address}")
    expect(page.locator("#untranslated")).to_contain_text("In German, as it was said.")


def test_the_original_stands_beside_its_translation_as_long_as_that_is_wished(page: Page, room: Room) -> None:
    room.made += 1
    address, interview_id = room.server.do(
        lambda deps: scene.suggested(deps, email=f"b{room.made}@x.example", language="de")
    )
    room.server.do(
        lambda deps: scene.says(deps, interview_id, 6, "Der Import war zu teuer.", "The import cost too much.")
    )
    opened(page, f"{room.server.url}/desk/interviews/{address}")
    original, english = page.get_by_text("Der Import war zu teuer."), page.get_by_text("The import cost too much.")
    expect(original).to_be_visible()
    expect(original).to_have_attribute("lang", "de")
    expect(english).to_be_visible()
    accessible(page)
    page.get_by_label("English beside it").uncheck()
    expect(english).to_be_hidden()
    page.reload()
    expect(original).to_be_visible()
    expect(english).to_be_hidden()
    page.get_by_label("English beside it").check()
    expect(english).to_be_visible()
    no_violations(page)

"""The pages of a review in real Chromium: themes and sizes, a phone, no script, other languages, the queue."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from interviewer.analysis import pipeline
from interviewer.deps import Deps
from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, flat, no_violations, until
from tests.browser.review_room import Room, at_rest, opened, press
from tests.fakes.jobs import RecordingJobs
from tests.web import review_scene as scene
from tests.web.desk_scene import SAID, play

LAPTOP = {"width": 1024, "height": 768}


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


def test_the_strip_waits_until_there_is_something_to_review(page: Page, room: Room) -> None:
    async def begun(deps: Deps) -> str:
        return (await play(deps, said=SAID[:2], send=False, email="slow@buyer.example"))[0]

    page.goto(f"{room.server.url}/desk/interviews/{room.server.do(begun)}")
    expect(page.get_by_text("follow when the interview ends")).to_be_visible()
    expect(page.locator("#strip")).to_be_hidden()
    page.locator(".said").nth(1).dblclick()
    expect(page.locator("#strip")).to_contain_text("selected")
    page.keyboard.press("Escape")
    expect(page.locator("#strip")).to_be_hidden()


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


def test_cards_stay_below_the_head_and_show_that_more_follows(new_context: Contexts, room: Room) -> None:
    page = room.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False))
    opened(page, room.suggested()[0])
    fade = "getComputedStyle(document.getElementById('found'), '::after')"

    def box(part: str) -> str:
        return f"document.querySelector('{part}').getBoundingClientRect()"

    assert page.evaluate(f"[{fade}.content, {fade}.opacity]") == ['""', "1"]
    for key in "jajajajajaja":
        press(page, key)
        at_rest(page)
        assert page.evaluate(f"{box('#found')}.top - {box('.head.review')}.bottom") > -1, key
    page.locator("#found").evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")
    until(page, lambda: page.evaluate(f"{fade}.opacity") == "0")


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


def test_what_is_being_read_shows_up_by_itself_and_is_reviewed_only_then(page: Page, room: Room) -> None:
    async def played(deps: Deps) -> tuple[str, str]:
        return await play(replace(deps, jobs=RecordingJobs()), email="unread@x.example", company="Unread")

    invitation_id, interview_id = room.server.do(played)
    page.goto(f"{room.server.url}/desk/interviews/{invitation_id}")
    expect(page.get_by_text("The answers are being read.")).to_be_visible()
    expect(page.locator("[data-status=being_read]")).to_be_visible()
    expect(page.get_by_role("button", name="Mark reviewed")).to_have_count(0)
    accessible(page)
    queue = page.context.new_page()
    queue.goto(f"{room.server.url}/desk/review")
    expect(queue.get_by_text("being read now, usually")).to_be_visible()
    accessible(queue)
    room.server.do(lambda deps: pipeline.analyse(deps, interview_id))
    expect(page.locator("#finish")).to_be_visible()
    expect(page.get_by_text("The answers are being read.")).to_have_count(0)
    expect(queue.get_by_text("being read now, usually")).to_have_count(0)
    no_violations(page)

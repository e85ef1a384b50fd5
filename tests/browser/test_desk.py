"""The desk in real Chromium: at a desk and on a phone, light and dark, by mouse, by keyboard and without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from interviewer import bookings
from interviewer.analysis import pipeline
from interviewer.deps import Deps
from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, flat, no_violations
from tests.browser.desk import PAYLOAD, Office
from tests.fakes.live_server import LiveServer
from tests.web.desk_scene import SAID, invite, play

NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = LiveServer(tmp_path_factory.mktemp("desk"))
    server.start()
    yield server.do(lambda deps: _furnish(deps, server))
    server.stop()


async def _furnish(deps: Deps, server: LiveServer) -> Office:
    deal = {"deal_id": "D-1", "amount": "18400", "currency": "EUR", "closed_on": "2026-10-30", "rep_reason": "price"}
    finished, interview_id = await play(deps, **deal)
    await pipeline.analyse(deps, interview_id)
    hostile, other_id = await play(
        deps, said=(f"{SAID[0]} {PAYLOAD}", *SAID[1:]), email="x@x.example", name=PAYLOAD, company=PAYLOAD
    )
    await pipeline.analyse(deps, other_id)
    await play(deps, said=SAID[:2], send=False, email="half@x.example", company="Orchard Clinics", name="Priya Nair")
    invited = await invite(deps, email="erin@x.example", company="Pinewood Hotels", name="Erin Walsh")
    calling = await invite(deps, email="tomas@x.example", company="Vela Retail", name="Tomas Vela")
    times = {"first_time": "Tuesday after 3", "second_time": "", "time_zone": "Europe/London"}
    await bookings.request(deps, calling, phone="+44 20 7946 0018", **times)
    return Office(server, finished, invited, hostile)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, TALL_PHONE, {"width": 320, "height": 640}], ids=["desk", "phone", "narrow"])
def test_every_page_is_accessible_in_both_themes(
    new_context: Contexts, office: Office, viewport: dict[str, int], scheme: str
) -> None:
    on_phone = viewport is not DESK
    context = new_context(viewport=viewport, is_mobile=on_phone, has_touch=on_phone, color_scheme=scheme)
    page = office.enter(context)
    for path in (
        "/desk",
        "/desk?q=nothing+like+it",
        f"/desk/interviews/{office.finished}",
        f"/desk/interviews/{office.invited}",
        f"/desk/interviews/{office.finished}/delete",
        "/desk/calls",
    ):
        office.open(page, path)
        accessible(page)
        flat(page)
        no_violations(page)
    context.clear_cookies()
    office.open(page, "/desk")
    expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
    accessible(page)
    no_violations(page)


@pytest.fixture
def page(new_context: Contexts, office: Office) -> Page:
    return office.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False))


def test_search_narrows_the_list_as_it_is_typed(page: Page, office: Office) -> None:
    lines = page.locator(".list tbody tr")
    expect(lines).to_have_count(5)
    page.get_by_role("searchbox").press_sequentially("lifeguard pinew")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.get_by_role("searchbox").fill("pinew")
    expect(lines).to_have_count(1)
    expect(page).to_have_url(f"{office.server.url}/desk?q=pinew")
    page.reload()
    expect(lines).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("pinew")
    no_violations(page)


def test_a_status_keeps_what_was_searched_and_back_leads_back(page: Page, office: Office) -> None:
    page.locator(".tabs a", has_text="In progress").click()
    expect(page).to_have_url(f"{office.server.url}/desk?status=in_progress")
    expect(page.locator(".list tbody tr")).to_have_count(1)
    page.get_by_role("searchbox").fill("priya")
    expect(page).to_have_url(f"{office.server.url}/desk?status=in_progress&q=priya")
    page.locator(".list a", has_text="Orchard Clinics").click()
    expect(page.get_by_role("heading", name="Orchard Clinics")).to_be_visible()
    page.go_back()
    expect(page.locator(".list tbody tr")).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("priya")
    expect(page.locator("link[rel=stylesheet]")).to_have_count(2)


def test_a_citation_jumps_to_its_quote(page: Page, office: Office) -> None:
    office.open(page, f"/desk/interviews/{office.finished}")
    cite = page.locator(".claim .cite").first
    target = cite.get_attribute("href")
    assert target
    cite.click()
    expect(page.locator(target)).to_be_in_viewport()
    expect(page.locator("mark.lit").first).to_be_visible()
    no_violations(page)


def test_answers_are_walked_by_keyboard(page: Page, office: Office) -> None:
    office.open(page, f"/desk/interviews/{office.finished}")
    for key, number in (("J", 2), ("J", 4), ("J", 6), ("K", 4), ("K", 2), ("K", 2)):
        page.keyboard.press(key)
        expect(page.locator(f"#t{number}")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    accessible(page)
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#t2")).to_be_focused()


def test_the_reasons_are_shown_to_who_wants_them(page: Page, office: Office) -> None:
    office.open(page, f"/desk/interviews/{office.finished}")
    why, switch = page.locator(".why").first, page.get_by_label("Why each question was asked")
    expect(why).to_be_hidden()
    switch.check()
    office.open(page, f"/desk/interviews/{office.finished}")
    expect(switch).to_be_checked()
    why.locator("summary").click()
    expect(why.get_by_text("the flow's own")).to_be_visible()
    switch.uncheck()
    expect(why).to_be_hidden()


def test_what_came_out_is_read_before_what_was_said(new_context: Contexts, office: Office) -> None:
    """On a phone from top to bottom; at a desk beside each other, the conversation where a page begins."""
    for viewport in (TALL_PHONE, DESK):
        page = office.enter(new_context(viewport=viewport, is_mobile=False, has_touch=False))
        office.open(page, f"/desk/interviews/{office.finished}")
        notes = page.get_by_role("heading", name="Three notes").bounding_box()
        talk, link = page.locator("#talk").bounding_box(), page.locator("#link").bounding_box()
        assert notes and talk and link
        beside = viewport is DESK
        assert talk["x"] < notes["x"] if beside else notes["y"] < talk["y"]
        assert talk["y"] + talk["height"] < link["y"]
        jump = page.get_by_role("link", name="Go to the conversation")
        expect(jump).to_be_hidden() if beside else jump.click()
        order = page.locator(".cite, #reasoning, #url").evaluate_all("all => all.map(one => one.id || 'cite')")
        found = order.index("reasoning")
        assert found > 3 and order == ["cite"] * found + ["reasoning"] + ["cite"] * (len(order) - found - 2) + ["url"]


@pytest.mark.parametrize("clipboard", [True, False])
def test_the_link_is_copied_also_where_there_is_no_clipboard(
    new_context: Contexts, office: Office, clipboard: bool
) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    context = new_context(viewport=DESK, is_mobile=False, has_touch=False, permissions=permissions)
    page = office.enter(context)
    if not clipboard:
        context.add_init_script(NO_CLIPBOARD)
    office.open(page, f"/desk/interviews/{office.invited}")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    office.open(page, "/desk")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Control+V")
    pasted = page.get_by_role("searchbox").input_value()
    assert pasted.startswith(f"{office.server.url}/i/{office.invited}")


def test_what_buyers_write_runs_nothing(page: Page, office: Office) -> None:
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    for path in ("/desk", "/desk?q=%3Cimg", f"/desk/interviews/{office.hostile}"):
        office.open(page, path)
        expect(page.get_by_text("onerror=alert(1)").first).to_be_visible()
        no_violations(page)
    assert alerts == []


def test_a_link_is_revoked_and_renewed_after_a_question(page: Page, office: Office) -> None:
    office.open(page, f"/desk/interviews/{office.invited}")
    before = page.locator("#url").input_value()
    page.get_by_text("Revoke the link").click()
    page.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_role("status")).to_contain_text("revoked")
    expect(page.locator("#url")).to_have_count(0)
    page.get_by_text("Make a new link").click()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("status")).to_contain_text("There is a new link")
    fresh = page.locator("#fresh").input_value()
    assert fresh != before
    accessible(page)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.reload()  # told once
    expect(page.get_by_role("status")).to_have_count(0)
    assert page.locator("#url").input_value() == fresh


def test_a_call_is_ticked_off_and_back(page: Page) -> None:
    page.get_by_role("link", name="Calls").click()
    expect(page.get_by_text("1 open")).to_be_visible()
    page.get_by_role("button", name="Mark as handled").click()
    expect(page.get_by_role("heading", name="Handled")).to_be_visible()
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_text("1 open")).to_be_visible()


def test_the_desk_works_without_script(new_context: Contexts, office: Office) -> None:
    page = office.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False, java_script_enabled=False))
    page.get_by_role("searchbox").fill("pinew")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".list tbody tr").count() == 1
    page.locator(".list a").click()
    assert page.get_by_role("button", name="Copy").count() == 0  # the field is there to copy from
    assert "/i/" in page.locator("#url").input_value()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()


@pytest.mark.parametrize("width", [390, 360, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_place_of_the_desk_is_in_sight_on_a_phone(
    new_context: Contexts, office: Office, width: int, scheme: str
) -> None:
    page = office.enter(new_context(viewport={"width": width, "height": 740}, is_mobile=True, color_scheme=scheme))
    nav = page.get_by_role("navigation", name="Desk")
    assert nav.evaluate(
        "(nav) => [...nav.querySelectorAll('ul, a')].every((one) => one.scrollWidth <= one.clientWidth)"
    )
    for name in ("Interviews", "Calls", "Preview", "Quality"):
        box = nav.get_by_role("link", name=name).bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width and box["height"] <= 48, name

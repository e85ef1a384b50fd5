"""A buyer on a phone in real Chromium: by script, without it, with the network gone, and after a crash."""

from __future__ import annotations

import gzip
import hashlib
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Route, expect

from interviewer import invitations, people
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from tests.browser.conftest import DESK, PHONE, TALL_PHONE, Contexts, accessible, no_violations, until
from tests.fakes.live_server import LiveServer

FIRST = "We missed two delivery windows in June and the ops director asked for a plan by end of quarter"
SECOND = "You, Brightline, and keeping the spreadsheet tbh"


def begin(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("#start button").click()
    expect(page.locator('[data-speaker="interviewer"]')).to_have_count(1)
    page.wait_for_load_state("load")  # scripts are deferred; until then the forms are plain ones


def say(page: Page, text: str) -> None:
    """Answer, and wait for the next question."""
    before = page.locator('[data-speaker="interviewer"]').count()
    page.locator("#text").fill(text)
    page.locator("#answer button").click()
    expect(page.locator('[data-speaker="interviewer"]')).to_have_count(before + 1)


def answers(page: Page) -> list[str]:
    return page.locator('[data-speaker="buyer"] p').all_inner_texts()


@pytest.fixture
def link(server: LiveServer, request: pytest.FixtureRequest) -> str:
    return server.invite(f"{hashlib.sha256(request.node.name.encode()).hexdigest()[:20]}@buyer.example")


@pytest.mark.parametrize(
    ("scheme", "language"),
    [("dark", "en"), *(("light", code) for code in ("en", "de", "es", "fr", "id", "pt"))],
)
def test_the_landing_fits_a_small_phone(new_context: Contexts, server: LiveServer, scheme: str, language: str) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.goto(server.invite(f"fits-{scheme}-{language}@buyer.example", language=language))
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    for form in ("start", "call", "decline"):
        expect(page.locator(f"#{form} button")).to_be_in_viewport()
    height = page.locator("#start button").bounding_box()
    assert height and height["height"] >= 44
    accessible(page)
    no_violations(page)


def test_nothing_is_posted_by_itself(new_context: Contexts, server: LiveServer) -> None:
    """Half a minute on every page that leads on, by a clock that runs ahead: scripts run, and nobody presses."""
    context, stranger = new_context(), new_context()
    posted: list[str] = []

    def wait_on(page: Page, *addresses: str) -> None:
        page.context.on("request", note)
        for address in addresses:
            shown = page.goto(address)
            assert shown and shown.ok, address
            page.clock.run_for(35_000)
            page.evaluate("() => new Promise(requestAnimationFrame)")
            assert posted == [], address
        page.context.remove_listener("request", note)

    def note(request: Request) -> None:
        if request.method != "GET":
            posted.append(f"{request.method} {request.url}")

    for one in (context, stranger):
        one.clock.install()
    page, other = context.new_page(), stranger.new_page()

    async def invited(deps: Deps) -> tuple[str, str, str]:
        await people.add_user(deps, "patient@tidewater.example", "pmm")
        (made,) = await invitations.invite(deps, [Invitee(email="patient@buyer.example")])
        return made.link, made.opt_out_link, await people.make_link(deps, "patient@tidewater.example")

    link, opt_out, sign_in = server.do(invited)
    wait_on(page, link, f"{link}/call", opt_out, sign_in)
    begin(page, link)
    say(page, FIRST)
    interview = page.url
    ways = [f"{interview}/{way}" for way in ("check", "delete", "withdraw")]
    wait_on(page, interview, *ways)
    other.goto(link)
    wait_on(other, link)
    other.locator("#start button").click()
    wait_on(other, interview, ways[0])
    page.goto(f"{interview}/check")
    page.locator("#confirm button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, that helps.")
    wait_on(page, f"{interview}/done", *ways[1:])


@pytest.mark.parametrize("size", [PHONE, TALL_PHONE, DESK], ids=["360", "390", "desk"])
def test_a_whole_interview(new_context: Contexts, link: str, size: dict[str, int]) -> None:
    page = new_context(viewport=size, is_mobile=size is not DESK, has_touch=size is not DESK).new_page()
    begin(page, link)
    expect(page.locator("#progress")).to_have_text("1 of about 5")
    accessible(page)
    say(page, FIRST)
    say(page, SECOND)
    expect(page.locator("#text")).to_be_in_viewport()
    expect(page.locator('[data-speaker="interviewer"]').last).to_be_in_viewport()
    no_violations(page)
    for _ in range(14):
        if "closed" in (page.locator("body").get_attribute("class") or ""):
            break
        say(page, "The import would have taken our IT lead three weekends, Brightline moved the data for us")
    expect(page.locator("#answer")).to_be_hidden()
    page.locator("#finish button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anything to change before we finish?")
    accessible(page)
    no_violations(page)
    page.locator("#confirm button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, that helps.")
    accessible(page)
    no_violations(page)


def test_the_bubble_is_there_at_once(phone: Page, link: str) -> None:
    begin(phone, link)

    held: list[Route] = []
    phone.route("**/answer", lambda route: held.append(route))
    phone.locator("#text").fill(FIRST)
    told = phone.evaluate(
        """() => {
          document.getElementById("answer").requestSubmit();
          return [...document.querySelectorAll("#tail > *")].map(one => [one.className, one.textContent]);
        }"""
    )
    assert told == [["a", f"{FIRST}sending"], ["dots", ""]], "in the same breath, before anything is sent"
    until(phone, lambda: held)
    expect(phone.locator("#tail .a small")).to_have_text("sending")
    held[0].continue_()
    expect(phone.locator('[data-speaker="buyer"] small')).to_have_text("saved")
    assert phone.locator("#text").input_value() == ""


def test_without_javascript(new_context: Contexts, link: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    begin(page, link)
    for text in (FIRST, SECOND):
        say(page, text)
    assert answers(page) == [FIRST, SECOND]
    expect(page.locator('[data-speaker="interviewer"]').last).to_be_in_viewport()
    page.locator("#skip button").click()
    expect(page.locator(".skipped")).to_have_count(1)
    page.locator("#finish button").click()
    page.locator("#confirm button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, that helps.")


def test_reload_back_and_a_closed_tab(new_context: Contexts, link: str) -> None:
    context = new_context()
    page = context.new_page()
    begin(page, link)
    say(page, FIRST)
    question = page.locator('[data-speaker="interviewer"]').last.inner_text()
    page.reload()
    assert answers(page) == [FIRST]
    page.locator("#finish button").click()
    expect(page.locator("#confirm")).to_be_visible()
    page.wait_for_load_state("load")
    page.go_back()
    expect(page.locator('[data-speaker="interviewer"]').last).to_have_text(question)
    page.close()
    again = context.new_page()
    again.goto(link)
    expect(again.locator("#start button")).to_have_text("Continue")
    again.locator("#start button").click()
    expect(again.locator('[data-speaker="interviewer"]').last).to_have_text(question)


def test_a_draft_survives_a_reload(phone: Page, link: str) -> None:
    begin(phone, link)
    phone.locator("#text").fill("half a thought")
    phone.reload()
    expect(phone.locator("#text")).to_have_value("half a thought")


def test_network_gone_before_the_request(new_context: Contexts, link: str) -> None:
    context = new_context()
    page = context.new_page()
    begin(page, link)
    context.set_offline(True)
    page.locator("#text").fill(FIRST)
    page.locator("#answer button").click()
    expect(page.locator("#notice")).to_contain_text("kept on this phone")
    expect(page.locator("#tail .a.unsent")).to_be_visible()
    context.set_offline(False)
    expect(page.locator('[data-speaker="interviewer"]')).to_have_count(2)
    expect(page.locator("#notice")).to_be_hidden()
    assert answers(page) == [FIRST]


@pytest.mark.parametrize("cut", ["before the request", "before the response"])
def test_the_connection_is_cut(phone: Page, link: str, cut: str) -> None:
    begin(phone, link)
    cuts: list[str] = []

    def break_once(route: Route) -> None:
        if cuts:
            route.continue_()
            return
        cuts.append(cut)
        if cut == "before the response":
            route.fetch()
        route.abort("connectionreset")

    phone.route("**/answer", break_once)
    phone.locator("#text").fill(FIRST)
    phone.locator("#answer button").click()
    expect(phone.locator("#notice")).to_contain_text("Not sent yet")
    expect(phone.locator('[data-speaker="interviewer"]')).to_have_count(2)
    assert answers(phone) == [FIRST]
    phone.reload()
    assert answers(phone) == [FIRST]
    assert phone.locator("#text").input_value() == ""


def test_reload_while_it_could_not_be_sent(new_context: Contexts, link: str) -> None:
    context = new_context()
    page = context.new_page()
    begin(page, link)
    page.route("**/answer", lambda route: route.abort("connectionreset"))
    page.locator("#text").fill(FIRST)
    page.locator("#answer button").click()
    expect(page.locator("#notice")).to_contain_text("Not sent yet")
    page.unroute("**/answer")
    page.reload()
    expect(page.locator("#text")).to_have_value(FIRST)
    expect(page.locator("#notice")).to_contain_text("not sent yet")
    page.locator("#answer button").click()
    expect(page.locator('[data-speaker="interviewer"]')).to_have_count(2)
    assert answers(page) == [FIRST]


def test_two_tabs(new_context: Contexts, link: str) -> None:
    context = new_context()
    one, two = context.new_page(), context.new_page()
    begin(one, link)
    two.goto(one.url)
    say(one, FIRST)
    two.locator("#text").fill("From the other tab")
    two.locator("#answer button").click()
    expect(two.locator("#notice")).to_contain_text("another window")
    expect(two.locator("#text")).to_have_value("From the other tab")
    assert answers(two) == [FIRST]
    two.locator("#answer button").click()
    expect(two.locator('[data-speaker="buyer"]')).to_have_count(2)


def test_a_second_browser_sees_a_neutral_question(new_context: Contexts, link: str) -> None:
    first, second = new_context().new_page(), new_context().new_page()
    begin(first, link)
    say(first, FIRST)
    say(first, "The canaryvendor")
    second.goto(link)
    second.locator("#start button").click()
    expect(second.locator(".elsewhere")).to_contain_text("2 answers, those to follow-ups included")
    assert "canary" not in second.content().lower()
    accessible(second)


def test_enter_sends_on_a_desktop_and_breaks_the_line_on_touch(new_context: Contexts, link: str) -> None:
    desk = new_context(viewport=DESK, has_touch=False, is_mobile=False).new_page()
    begin(desk, link)
    desk.locator("#text").press_sequentially("short")
    desk.locator("#text").press("Shift+Enter")
    expect(desk.locator('[data-speaker="buyer"]')).to_have_count(0)
    desk.locator("#text").press("Enter")
    expect(desk.locator('[data-speaker="buyer"]')).to_have_count(1)
    touch = desk.context.browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[union-attr]
    page = touch.new_page()
    page.goto(link)
    page.locator("#start button").click()
    page.locator("#text").fill("one")
    page.locator("#text").press("Enter")
    assert page.locator("#text").input_value() == "one\n"
    touch.close()


def test_a_crash_in_the_middle_of_a_turn(server: LiveServer, phone: Page, link: str) -> None:
    begin(phone, link)
    server.kill()
    phone.locator("#text").fill(FIRST)
    phone.locator("#answer button").click()
    expect(phone.locator("#notice")).to_contain_text("Not sent yet")
    server.start()
    expect(phone.locator('[data-speaker="interviewer"]')).to_have_count(2)
    assert answers(phone) == [FIRST]


def test_the_page_is_small(phone: Page, link: str, server: LiveServer) -> None:
    begin(phone, link)
    requests: list[str] = []
    sizes: list[int] = []
    cold = phone.context.browser.new_context(storage_state=phone.context.storage_state())  # type: ignore[union-attr]
    page = cold.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("response", lambda response: sizes.append(_wire_size(response.headers, response.body())))
    page.goto(phone.url)
    page.wait_for_load_state("networkidle")
    cold.close()
    requests = [url for url in requests if not url.startswith("data:")]
    assert all(urlsplit(url).netloc == urlsplit(server.url).netloc for url in requests)
    assert len(requests) <= 4, requests
    assert sum(sizes) <= 20_000, sizes


def _wire_size(headers: dict[str, str], body: bytes) -> int:
    """What travels: the body as it is packed. Where the page is packed on the fly, gzip stands for it."""
    return int(headers["content-length"]) if "content-length" in headers else len(gzip.compress(body))


@pytest.mark.parametrize("path", ["notice", "call", "delete"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_quiet_pages(new_context: Contexts, link: str, path: str, scheme: str) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": 320, "height": 640}).new_page()
    begin(page, link)
    say(page, FIRST)
    page.goto(f"{page.url}/{path}")
    assert page.url.endswith(path)
    accessible(page)
    no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_by_host_name_over_plain_http(server: LiveServer, new_context: Contexts, link: str) -> None:
    page = new_context().new_page()
    begin(page, link.replace("127.0.0.1", "localhost"))
    say(page, FIRST)
    assert answers(page) == [FIRST]


def test_an_answer_to_a_sent_interview_is_not_called_saved(new_context: Contexts, link: str) -> None:
    context = new_context()
    one, two = context.new_page(), context.new_page()
    begin(one, link)
    say(one, FIRST)
    two.goto(f"{one.url}/check")
    one.locator("#text").fill("My last words")
    two.locator("#confirm button").click()
    expect(two.get_by_role("heading", level=1)).to_have_text("Thank you, that helps.")
    one.locator("#answer button").click()
    expect(one.locator("#notice")).to_contain_text("was not sent")
    expect(one.locator("#text")).to_have_value("My last words")
    assert answers(one) == [FIRST]


def test_nothing_is_left_on_the_phone_after_deleting(phone: Page, link: str) -> None:
    begin(phone, link)
    say(phone, FIRST)
    phone.locator("#text").fill("a draft about Karen")
    assert "Karen" in phone.evaluate("JSON.stringify(localStorage)")
    phone.goto(f"{phone.url}/delete")
    phone.locator("#delete button").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Everything is deleted.")
    phone.wait_for_load_state("load")
    assert phone.evaluate("JSON.stringify(localStorage)") == "{}"

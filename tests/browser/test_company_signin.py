"""The whole way in by the company's sign-in, and out, in real Chromium: redirects, cookies and content policy hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from interviewer import people
from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, flat, no_violations
from tests.fakes.live_server import LiveServer
from tests.fakes.provider import Provider


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider() as one:
        one.person = {"sub": "ann-1", "email": "ann@tidewater.example", "email_verified": True, "name": "Ann Ito"}
        yield one


@pytest.fixture(scope="module")
def server(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    roles = {"INTERVIEWER_OIDC_ROLES": "desk-admins=admin"}
    live = LiveServer(tmp_path_factory.mktemp("company"), **provider.env, **roles)
    live.start()
    yield live
    live.stop()


def press_company(page: Page, server: LiveServer, where: str = "/desk") -> None:
    page.goto(f"{server.url}{where}")
    page.get_by_role("link", name="Sign in with your company account").click()
    page.get_by_role("link", name="Go on as Ann").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, TALL_PHONE], ids=["desk", "phone"])
def test_in_and_about_and_out(
    new_context: Contexts, server: LiveServer, provider: Provider, viewport: dict[str, int], scheme: str
) -> None:
    on_phone = viewport is not DESK
    page = new_context(viewport=viewport, is_mobile=on_phone, has_touch=on_phone, color_scheme=scheme).new_page()
    provider.person["groups"] = ["desk-admins"]
    page.goto(f"{server.url}/desk/people")
    accessible(page)
    press_company(page, server, "/desk/people")
    expect(page).to_have_url(f"{server.url}/desk/people")
    expect(page.get_by_role("row").filter(has_text="Ann Ito")).to_contain_text("company account")
    page.get_by_label("Work address").fill(f"colleague-{scheme}-{on_phone}@tidewater.example")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("status")).to_contain_text("they can sign in with their company account")
    for path in ("/desk/people", "/desk/account"):
        page.goto(server.url + path)
        accessible(page)
        flat(page)
        no_violations(page)
    expect(page.get_by_role("cell", name="this one")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).last.click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    accessible(page)
    no_violations(page)
    page.get_by_role("link", name="Sign out of your company account").click()
    expect(page.get_by_text("Signed out of the company")).to_be_visible()
    page.goto(f"{server.url}/desk/people")
    expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()


def test_who_has_no_group_is_told_so_and_server_links_still_work(
    new_context: Contexts, server: LiveServer, provider: Provider
) -> None:
    page = new_context(viewport=DESK, is_mobile=False, has_touch=False).new_page()
    provider.person |= {"sub": "zoe-1", "email": "zoe@tidewater.example", "groups": []}
    press_company(page, server)
    expect(page.get_by_role("alert")).to_contain_text("it opens nothing here")
    accessible(page)
    server.do(lambda deps: people.add_user(deps, "zoe@tidewater.example", "sales", "Zoe"))
    page.goto(server.do(lambda deps: people.break_glass(deps, "zoe@tidewater.example")))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Zoe")).to_be_visible()
    provider.person |= {"sub": "ann-1", "email": "ann@tidewater.example"}

"""In by the company's sign-in: what does not hold lets nobody in, and keeps nobody else out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from interviewer import people
from interviewer.deps import Deps
from interviewer.store.tables.people import SessionRow, UserRow
from interviewer.web.app import create_app
from tests.fakes.clock import FakeClock
from tests.fakes.provider import FAULTS, Provider
from tests.web.company_scene import ATTEMPT, COOKIE, ROLES, browser, go, provider, rows, sign_in_of, there, trouble
from tests.web.desk_scene import Browser, path_of

__all__ = ["browser", "provider", "there"]


@pytest.mark.parametrize(
    "fault",
    [*FAULTS, "unsigned", "public key as secret", "foreign key", "no token"],
)
async def test_a_token_that_does_not_hold_lets_nobody_in(
    browser: Browser, there: Deps, provider: Provider, fault: str
) -> None:
    provider.faults.add(fault)
    assert trouble(await go(browser, provider)) in ("unproven", "away")
    assert await rows(there, SessionRow) == [] and await rows(there, UserRow) == []
    provider.faults.clear()
    assert trouble(await go(browser, provider)) == ""


async def test_clocks_may_be_a_little_off(browser: Browser, provider: Provider, clock: FakeClock) -> None:
    provider.now = lambda: clock() + timedelta(seconds=45)
    assert trouble(await go(browser, provider)) == ""
    provider.now = lambda: clock() - timedelta(seconds=345)
    assert trouble(await go(browser, provider)) == ""
    provider.now = lambda: clock() - timedelta(seconds=365)
    assert trouble(await go(browser, provider)) == "unproven"


async def test_a_rotated_key_is_fetched_once(browser: Browser, provider: Provider) -> None:
    await go(browser, provider)
    provider.rotate()
    assert trouble(await go(browser, provider)) == ""
    assert trouble(await go(browser, provider)) == ""
    assert provider.requests.count("/jwks") == 2


async def test_another_issuers_answer_is_refused_before_the_code_goes_anywhere(
    browser: Browser, provider: Provider
) -> None:
    provider.faults.add("names another")
    assert trouble(await go(browser, provider)) == "unproven"
    assert provider.taken == []


async def test_a_provider_that_names_itself_has_to(sqlite_deps: Deps, provider: Provider) -> None:
    provider.told["authorization_response_iss_parameter_supported"] = True
    deps = replace(sqlite_deps, identity=sign_in_of(provider, ROLES=ROLES))
    async with Browser(create_app(deps)) as browser:
        assert trouble(await go(browser, provider)) == "unproven"
        provider.faults.add("names itself")
        assert trouble(await go(browser, provider)) == ""


async def test_an_attempt_is_bound_to_the_browser_that_began_it(there: Deps, provider: Provider) -> None:
    """Login CSRF: a stranger's answer, opened in the browser of somebody else."""
    app = create_app(there)
    async with Browser(app) as stranger, Browser(app) as victim:
        left = await stranger.get("/desk/sign-in/company")
        answer = path_of(provider.authorise(left.headers["location"]))
        assert trouble(await victim.get(answer)) == "elsewhere"
        await victim.get("/desk/sign-in/company")
        assert trouble(await victim.get(answer)) == "elsewhere"
        assert provider.taken == [] and COOKIE not in victim.http.cookies


async def test_an_answer_works_once(browser: Browser, there: Deps, provider: Provider) -> None:
    left = await browser.get("/desk/sign-in/company")
    attempt = browser.http.cookies[ATTEMPT]
    answer = path_of(provider.authorise(left.headers["location"]))
    assert trouble(await browser.get(answer)) == ""
    assert ATTEMPT not in browser.http.cookies
    browser.http.cookies.set(ATTEMPT, attempt)
    assert trouble(await browser.get(answer)) == "elsewhere"
    assert len(provider.taken) == 1


async def test_a_code_that_was_used_is_not_taken(browser: Browser, provider: Provider) -> None:
    left = await browser.get("/desk/sign-in/company")
    used = parse_qs(urlsplit(provider.authorise(left.headers["location"])).query)
    assert (
        trouble(await browser.get(f"/desk/sign-in/company/back?code={used['code'][0]}&state={used['state'][0]}")) == ""
    )
    left = await browser.get("/desk/sign-in/company")
    state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
    assert trouble(await browser.get(f"/desk/sign-in/company/back?code={used['code'][0]}&state={state}")) == "unproven"


async def test_an_attempt_ends_after_ten_minutes(browser: Browser, provider: Provider, clock: FakeClock) -> None:
    left = await browser.get("/desk/sign-in/company")
    clock.advance(seconds=people.ATTEMPT_LASTS.total_seconds())
    assert trouble(await browser.get(path_of(provider.authorise(left.headers["location"])))) == "elsewhere"


@pytest.mark.parametrize("cookie", ["", "nonsense", "x" * 5000, "YWJj~AAAA"])
async def test_a_made_up_attempt_is_none(browser: Browser, cookie: str) -> None:
    browser.http.cookies.set(ATTEMPT, cookie)
    assert trouble(await browser.get("/desk/sign-in/company/back?code=c&state=s")) == "elsewhere"


async def test_a_refusal_there_is_told(browser: Browser, provider: Provider) -> None:
    provider.faults.add("refused")
    back = await go(browser, provider)
    assert trouble(back) == "refused"
    assert "did not let you through" in (await browser.get(back.headers["location"])).text


async def test_refused_answers_are_counted_by_network(
    there: Deps, provider: Provider, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people.company, "FAILURES_PER_NETWORK", 2)
    app = create_app(there)
    async with Browser(app, address="2a02:908:1:2::7") as one, Browser(app, address="2a02:908:1:2:9::1") as beside:
        assert [(await go(one, provider)).headers["location"] for _ in range(3)] == ["/desk"] * 3, "who gets in is free"
        provider.faults.add("refused")
        assert [trouble(await go(one, provider)) for _ in range(2)] == ["refused"] * 2
        clock.advance(minutes=5)
        kept_out = await go(beside, provider)
        assert (kept_out.status_code, kept_out.headers["retry-after"]) == (429, "600")
        clock.advance(minutes=11)
        assert trouble(await go(beside, provider)) == "refused"


async def test_a_provider_that_is_away_counts_against_nobody(
    there: Deps, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people.company, "FAILURES_PER_NETWORK", 2)
    provider.faults.add("500 /token")
    async with Browser(create_app(there), address="2.17.4.9") as browser:
        assert [trouble(await go(browser, provider)) for _ in range(3)] == ["away"] * 3


async def test_pictures_that_open_our_address_keep_nobody_out(there: Deps, provider: Provider) -> None:
    """An <img> on any page has everybody's browser ask for it; the whole office is one network."""
    app = create_app(there)
    async with Browser(app, address="2.17.4.9") as lured, Browser(app, address="2.17.4.9") as colleague:
        for query in ("", "?code=c&state=s") * (people.company.FAILURES_PER_NETWORK + 5):
            assert trouble(await lured.get(f"/desk/sign-in/company/back{query}")) == "elsewhere"
        assert trouble(await go(colleague, provider)) == ""


async def test_behind_a_proxy_that_nobody_named_the_network_is_not_counted(
    there: Deps, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people.company, "FAILURES_PER_NETWORK", 2)
    provider.faults.add("refused")
    async with Browser(create_app(there), address="172.18.0.1") as browser:
        assert [trouble(await go(browser, provider)) for _ in range(4)] == ["refused"] * 4

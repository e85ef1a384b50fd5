"""In by the company's sign-in: what the page offers, and a provider that is away, ill or set up wrongly."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from interviewer import people
from interviewer.deps import Deps
from interviewer.errors import ProviderAway
from interviewer.web.app import create_app
from tests.fakes.mail import RecordingChannel
from tests.fakes.provider import Provider
from tests.web.company_scene import ANN, ROLES, browser, go, provider, sign_in_of, there, trouble
from tests.web.desk_scene import Browser, path_of

__all__ = ["browser", "provider", "there"]


async def test_the_page_offers_the_company_first_and_mail_beside_it(browser: Browser) -> None:
    text = (await browser.get("/desk/sign-in?next=/desk/library")).text
    assert text.index("/desk/sign-in/company?next=/desk/library") < text.index("Mail me a sign-in link")


async def test_with_the_company_only_no_link_is_mailed_but_the_servers_work(
    sqlite_deps: Deps, provider: Provider, mailbox: RecordingChannel
) -> None:
    deps = replace(sqlite_deps, identity=sign_in_of(provider, ONLY="true"))
    await people.add_user(deps, ANN, "admin")
    async with Browser(create_app(deps)) as browser:
        assert "Mail me" not in (await browser.get("/desk/sign-in")).text
        await browser.post("/desk/sign-in", email=ANN)
        assert mailbox.sent == []
        provider.close()
        entered = await browser.post(path_of(await people.break_glass(deps, ANN)))
        assert entered.headers["location"] == "/desk"


@pytest.mark.parametrize(
    "fault", ["500", "html", "list", "moved", "500 /jwks", "500 /token", "html /token", "list /jwks"]
)
async def test_a_provider_that_is_ill_is_told_plainly(browser: Browser, provider: Provider, fault: str) -> None:
    provider.faults.add(fault)
    begun = await browser.get("/desk/sign-in/company?next=/desk/library")
    if " " in fault:
        begun = await browser.get(path_of(provider.authorise(begun.headers["location"])))
    assert trouble(begun) == "away"
    page = (await browser.get(begun.headers["location"])).text
    assert "cannot be reached right now" in page and "Mail me a sign-in link" in page
    provider.faults.clear()
    assert trouble(await go(browser, provider)) == ""


async def test_a_provider_that_is_down_is_told_plainly(browser: Browser, provider: Provider) -> None:
    provider.close()
    assert trouble(await browser.get("/desk/sign-in/company")) == "away"


async def test_a_provider_that_never_answers_is_given_up(sqlite_deps: Deps, provider: Provider) -> None:
    provider.faults.add("slow")
    deps = replace(sqlite_deps, identity=replace(sign_in_of(provider), deadline_s=0.2))
    async with Browser(create_app(deps)) as browser:
        assert trouble(await browser.get("/desk/sign-in/company")) == "away"
    provider.resume.set()


async def test_a_wrong_secret_is_our_fault_and_not_the_persons(sqlite_deps: Deps, provider: Provider) -> None:
    deps = replace(sqlite_deps, identity=sign_in_of(provider, ROLES=ROLES, CLIENT_SECRET="another"))
    async with Browser(create_app(deps)) as browser:
        assert trouble(await go(browser, provider)) == "away"


async def test_the_secret_is_posted_where_the_provider_wants_it_so(sqlite_deps: Deps, provider: Provider) -> None:
    provider.told["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    deps = replace(sqlite_deps, identity=sign_in_of(provider, ROLES=ROLES))
    async with Browser(create_app(deps)) as browser:
        assert trouble(await go(browser, provider)) == ""
    assert "client_secret" in provider.taken[0]


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "http://169.254.169.254/keys"},
        {"userinfo_endpoint": "file:///etc/passwd"},
    ],
)
async def test_a_discovery_document_that_cannot_be_is_refused(provider: Provider, told: dict[str, Any]) -> None:
    provider.told = told
    with pytest.raises(ProviderAway):
        await sign_in_of(provider).check()

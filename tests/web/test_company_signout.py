"""Out by the company's sign-in: from here, and when the provider says so."""

from __future__ import annotations

import httpx2
import pytest

from interviewer import people
from interviewer.deps import Deps
from interviewer.errors import NotLetIn
from interviewer.web.app import create_app
from tests.fakes.provider import Provider
from tests.web.company_scene import ANN, COOKIE, browser, go, provider, there
from tests.web.desk_scene import Browser, path_of

__all__ = ["browser", "provider", "there"]


async def test_signing_out_offers_to_sign_out_there(browser: Browser, provider: Provider) -> None:
    await go(browser, provider)
    left = await browser.post("/desk/sign-out")
    assert left.status_code == 200 and "You are signed out" in left.text
    assert f"{provider.issuer}/logout?client_id=interviewer" in left.text
    assert (await browser.get("/desk")).status_code == 303


@pytest.mark.parametrize("way", ["a link", "no such place"])
async def test_who_has_nowhere_else_to_sign_out_is_back_at_the_start(there: Deps, provider: Provider, way: str) -> None:
    provider.told["end_session_endpoint"] = None if way == "no such place" else f"{provider.issuer}/logout"
    async with Browser(create_app(there)) as browser:
        if way == "a link":
            await browser.sign_in(there)
        else:
            await go(browser, provider)
        assert (await browser.post("/desk/sign-out")).headers["location"] == "/desk/sign-in"


async def test_the_provider_ends_sessions(browser: Browser, there: Deps, provider: Provider) -> None:
    provider.person["sid"] = "laptop"
    await go(browser, provider)
    laptop = browser.http.cookies[COOKIE]
    provider.person["sid"] = "phone"
    async with Browser(create_app(there)) as other:
        await go(other, provider)
        phone = other.http.cookies[COOKIE]
    by_link = await people.sign_in(there, path_of(await people.make_link(there, ANN)).rpartition("/")[2])
    program = httpx2.AsyncClient(transport=httpx2.ASGITransport(create_app(there)), base_url="http://testserver")
    async with program:  # no browser: it sends no Sec-Fetch-Site
        told = await program.post("/hooks/company-sign-out", data={"logout_token": provider.logout_token(sid="phone")})
        assert told.status_code == 200
        assert await people.viewer(there, phone) is None and await people.viewer(there, laptop)
        one = provider.logout_token()
        for _ in range(2):
            assert (await program.post("/hooks/company-sign-out", data={"logout_token": one})).status_code == 200
    assert await people.viewer(there, laptop) is None
    assert await people.viewer(there, by_link) is not None


@pytest.mark.parametrize(
    "given",
    [
        {"aud": "another-app"},
        {"iss": "https://evil.example"},
        {"events": None},
        {"events": {"other": {}}},
        {"nonce": "n"},
        {"jti": None},
        {"sub": None},
        {"iat": 0, "exp": None},
        {"iat": None},
    ],
    ids=str,
)
async def test_a_logout_token_that_does_not_hold_ends_nothing(there: Deps, provider: Provider, given: dict) -> None:  # type: ignore[type-arg]
    with pytest.raises(NotLetIn):
        await people.leave(there, provider.logout_token(**given))


async def test_strangers_do_not_have_keys_fetched_without_end(there: Deps, provider: Provider) -> None:
    await people.leave(there, provider.logout_token())
    stale = provider.logout_token()
    provider.rotate()
    provider.faults.add("unsigned")
    forged = [provider.logout_token()]
    provider.faults.clear()
    other = Provider(now=there.now)
    forged += [other.logout_token(iss=provider.issuer, sub="ann-1") for _ in range(3)]
    other._server.server_close()
    for token in forged:
        with pytest.raises(NotLetIn):
            await people.leave(there, token)
    await people.leave(there, stale)  # signed with a key that is still kept here
    assert provider.requests.count("/jwks") == 1

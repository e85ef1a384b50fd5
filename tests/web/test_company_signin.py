"""In by the company's sign-in: who gets in as what, by which session, and what has to be set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from interviewer import identity, people
from interviewer.deps import Deps
from interviewer.errors import BadInput
from interviewer.store.tables.people import AuditRow, IdentityRow, SessionRow, UserRow
from interviewer.web.app import create_app
from tests.fakes.provider import FAULTS, Provider
from tests.web.company_scene import (
    ANN,
    ATTEMPT,
    COOKIE,
    ROLES,
    ann,
    browser,
    go,
    provider,
    rows,
    sign_in_of,
    there,
    trouble,
)
from tests.web.desk_scene import Browser, path_of

__all__ = ["browser", "provider", "there"]


# who gets in


async def test_groups_bring_somebody_in_and_on_to_where_they_wanted(
    browser: Browser, there: Deps, provider: Provider
) -> None:
    back = await go(browser, provider, "/desk/library%3Fq=price")
    assert back.headers["location"] == "/desk/library?q=price"
    assert (await browser.get("/desk")).status_code == 200
    row = await ann(there)
    assert (row.role, row.role_from, row.name, row.last_seen_at) == ("pmm", "company", "Ann Ito", there.now())
    (session,) = await rows(there, SessionRow)
    assert session.way == "company"
    assert next(one.verb for one in await rows(there, AuditRow)) == "added as pmm by the company's groups"


async def test_nobody_gets_in_without_a_role(browser: Browser, there: Deps, provider: Provider) -> None:
    provider.person["groups"] = ["gardeners"]
    assert trouble(await go(browser, provider)) == "no_role"
    assert await rows(there, UserRow) == [] and COOKIE not in browser.http.cookies


async def test_without_a_mapping_those_who_were_invited_get_in(sqlite_deps: Deps, provider: Provider) -> None:
    deps = replace(sqlite_deps, identity=sign_in_of(provider))
    async with Browser(create_app(deps)) as browser:
        assert trouble(await go(browser, provider)) == "no_role"
        await people.add_user(deps, ANN, "product")
        assert trouble(await go(browser, provider)) == ""
    row = await ann(deps)
    assert (row.role, row.role_from, row.name) == ("product", "", "Ann Ito")


async def test_the_first_group_that_gives_a_role_counts(browser: Browser, there: Deps, provider: Provider) -> None:
    provider.person["groups"] = ["gardeners", "cs-leads", "pmm-team"]
    await go(browser, provider)
    assert (await ann(there)).role == "pmm"


@pytest.mark.parametrize(
    ("claim", "told"),
    [("realm_access.roles", {"realm_access": {"roles": ["pmm-team"]}}), ("https://x.example/team", "pmm-team")],
)
async def test_groups_stand_where_the_provider_puts_them(
    sqlite_deps: Deps, provider: Provider, claim: str, told: Any
) -> None:
    provider.person |= {"groups": []} | (told if isinstance(told, dict) else {claim: told})
    deps = replace(sqlite_deps, identity=sign_in_of(provider, ROLES=ROLES, ROLES_CLAIM=claim))
    async with Browser(create_app(deps)) as browser:
        assert trouble(await go(browser, provider)) == ""
    assert (await ann(deps)).role == "pmm"


async def test_groups_count_anew_at_each_sign_in(browser: Browser, there: Deps, provider: Provider) -> None:
    await go(browser, provider)
    first = browser.http.cookies[COOKIE]
    provider.person["groups"] = ["cs-leads"]
    async with Browser(create_app(there)) as elsewhere:
        await go(elsewhere, provider)
    assert (await ann(there)).role == "leadership"
    assert await people.viewer(there, first) is None  # a changed role ends sessions


async def test_who_lost_her_groups_is_signed_out_everywhere_until_she_has_one_again(
    browser: Browser, there: Deps, provider: Provider
) -> None:
    await go(browser, provider)
    first = browser.http.cookies[COOKIE]
    provider.person["groups"] = []
    async with Browser(create_app(there)) as elsewhere:
        assert trouble(await go(elsewhere, provider)) == "no_role"
        assert await people.viewer(there, first) is None
        assert (await ann(there)).disabled_by == "company"
        assert trouble(await go(elsewhere, provider)) == "no_role"
        provider.person["groups"] = ["pmm-team"]
        assert trouble(await go(elsewhere, provider)) == ""
    assert (await ann(there)).disabled_at is None


async def test_who_was_disabled_here_stays_out_whatever_her_groups(
    browser: Browser, there: Deps, provider: Provider
) -> None:
    await go(browser, provider)
    await people.disable_user(there, ANN)
    back = await go(browser, provider)
    assert trouble(back) == "no_role"  # as for somebody who never was here
    assert (await ann(there)).disabled_at is not None


async def test_an_admin_made_here_is_not_demoted_by_groups(browser: Browser, there: Deps, provider: Provider) -> None:
    await people.add_user(there, ANN, "admin")
    await go(browser, provider)
    assert (await ann(there)).role == "admin"


async def test_a_changed_address_is_the_same_person(browser: Browser, there: Deps, provider: Provider) -> None:
    await go(browser, provider)
    before = await ann(there)
    provider.person["email"] = "Ann.Okafor@tidewater.example"
    assert trouble(await go(browser, provider)) == ""
    after = await ann(there)
    assert (after.id, after.email) == (before.id, "ann.okafor@tidewater.example")


async def test_an_address_that_was_handed_on_is_not_the_person_who_had_it(
    browser: Browser, there: Deps, provider: Provider
) -> None:
    await go(browser, provider)
    provider.person["sub"] = "ann-2"
    assert trouble(await go(browser, provider)) == "other_person"
    await people.unlink(there, people.CONSOLE, (await ann(there)).id)
    assert trouble(await go(browser, provider)) == ""
    assert [row.subject for row in await rows(there, IdentityRow)] == ["ann-2"]


async def test_a_new_address_that_is_somebody_elses_here_is_left_to_them(
    browser: Browser, there: Deps, provider: Provider
) -> None:
    await go(browser, provider)
    await people.add_user(there, "mara@tidewater.example", "admin")
    provider.person["email"] = "mara@tidewater.example"
    assert trouble(await go(browser, provider)) == ""
    viewer = await people.viewer(there, browser.http.cookies[COOKIE])
    assert viewer is not None and (viewer.role, viewer.name) == ("pmm", "Ann Ito")


@pytest.mark.parametrize("verified", [False, None, "false", 1])
async def test_an_address_nobody_verified_is_nobodys(
    browser: Browser, there: Deps, provider: Provider, verified: object
) -> None:
    await people.add_user(there, ANN, "admin")
    provider.person["email_verified"] = verified
    assert trouble(await go(browser, provider)) == "unverified"
    assert await rows(there, SessionRow) == []


async def test_a_provider_that_does_not_say_so_can_be_trusted(sqlite_deps: Deps, provider: Provider) -> None:
    del provider.person["email_verified"]
    deps = replace(sqlite_deps, identity=sign_in_of(provider, ROLES=ROLES, TRUST_EMAIL="true"))
    async with Browser(create_app(deps)) as browser:
        assert trouble(await go(browser, provider)) == ""


@pytest.mark.parametrize("verified_in", ["userinfo", "id token"])
async def test_one_document_does_not_vouch_for_the_address_in_another(
    browser: Browser, there: Deps, provider: Provider, monkeypatch: pytest.MonkeyPatch, verified_in: str
) -> None:
    """An address that nobody verified must not become the boss's by what was said of another one."""
    boss = "boss@tidewater.example"
    await people.add_user(there, boss, "admin")
    provider.only_in_userinfo = ("groups",)  # so that both are read
    claimed: dict[str, Any] = {"email": boss, "email_verified": None}
    if verified_in == "userinfo":
        monkeypatch.setitem(FAULTS, "mixed", claimed)
        provider.faults.add("mixed")
    else:
        provider.userinfo = lambda: provider.person | claimed  # type: ignore[method-assign]
    assert trouble(await go(browser, provider)) == ""
    viewer = await people.viewer(there, browser.http.cookies[COOKIE])
    assert viewer is not None and (viewer.role, viewer.name) == ("pmm", "Ann Ito")
    assert [row.email for row in await rows(there, UserRow) if row.role == "admin"] == [boss]


async def test_what_the_id_token_leaves_out_is_asked_for(browser: Browser, provider: Provider) -> None:
    provider.only_in_userinfo = ("email", "email_verified", "groups", "name")
    assert trouble(await go(browser, provider)) == ""
    provider.faults.add("userinfo of another")
    assert trouble(await go(browser, provider)) == "unproven"


# sessions and addresses


async def test_coming_in_makes_a_new_session_and_ends_the_old(
    browser: Browser, there: Deps, provider: Provider
) -> None:
    await browser.sign_in(there)
    planted = browser.http.cookies[COOKIE]
    await go(browser, provider)
    assert browser.http.cookies[COOKIE] != planted
    assert await people.viewer(there, planted) is None


async def test_the_attempts_cookie_is_closed_and_short(browser: Browser) -> None:
    cookie = (await browser.get("/desk/sign-in/company")).headers["set-cookie"]
    assert cookie.startswith(f"{ATTEMPT}=")
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Max-Age=600" in cookie


@pytest.mark.parametrize("where", ["https://evil.example", "//evil.example", "/desk/sign-out", "/\\evil.example"])
async def test_nobody_is_sent_elsewhere(browser: Browser, provider: Provider, where: str) -> None:
    left = await browser.http.get("/desk/sign-in/company", params={"next": where})
    back = await browser.get(path_of(provider.authorise(left.headers["location"])))
    assert back.headers["location"] == "/desk"


async def test_the_provider_is_sent_no_more_than_it_needs(browser: Browser, provider: Provider) -> None:
    left = urlsplit((await browser.get("/desk/sign-in/company?next=/desk/library")).headers["location"])
    asked = parse_qs(left.query)
    expected = {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce"}
    assert set(asked) == expected | {"code_challenge", "code_challenge_method"}
    assert asked["redirect_uri"] == ["http://testserver/desk/sign-in/company/back"]
    assert asked["scope"] == ["openid email profile"]


# settings


async def test_without_a_provider_there_is_no_such_way(sqlite_deps: Deps) -> None:
    async with Browser(create_app(sqlite_deps)) as browser:
        assert "company account" not in (await browser.get("/desk/sign-in")).text
        assert (await browser.get("/desk/sign-in/company")).status_code == 404
        assert (await browser.http.post("/hooks/company-sign-out", data={"logout_token": "x"})).status_code == 404


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"CLIENT_ID": ""}, "CLIENT_ID"),
        ({"ISSUER": "http://sso.example"}, "ISSUER"),
        ({"ISSUER": "https://sso.example/?tenant=1"}, "ISSUER"),
        ({"ISSUER": ""}, "ISSUER"),
        ({"ROLES": "team"}, "ROLES"),
        ({"ROLES": "team=boss"}, "ROLES"),
        ({"ONLY": "maybe"}, "ONLY"),
        ({"SCOPES": "email"}, "SCOPES"),
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, str], wrong: str) -> None:
    env = {"ISSUER": "https://sso.example", "CLIENT_ID": "interviewer"} | given
    with pytest.raises(BadInput) as refused:
        identity.choose("http://testserver", {f"INTERVIEWER_OIDC_{name}": value for name, value in env.items()})
    assert [problem.where for problem in refused.value.problems] == [f"INTERVIEWER_OIDC_{wrong}"]


def test_nothing_set_is_no_provider() -> None:
    assert identity.choose("http://testserver", {}) is None

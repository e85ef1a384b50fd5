"""In by the company's sign-in: who gets in as what, what is refused, and what a provider gone wrong cannot do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlmodel import select

from interviewer import identity, people
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotLetIn, ProviderAway
from interviewer.identity.oidc import Oidc
from interviewer.store.tables.people import AuditRow, IdentityRow, SessionRow, UserRow
from interviewer.web.app import create_app
from tests.fakes.clock import FakeClock
from tests.fakes.mail import RecordingChannel
from tests.fakes.provider import FAULTS, Provider
from tests.web.desk_scene import Browser, path_of

ANN = "ann@tidewater.example"
COOKIE, ATTEMPT = "interviewer-desk", "interviewer-company"
ROLES = "pmm-team=pmm,cs-leads=leadership,desk-admins=admin"


@pytest.fixture
def provider(clock: FakeClock) -> Iterator[Provider]:
    with Provider(now=clock) as one:
        one.person = {"sub": "ann-1", "email": ANN, "email_verified": True, "name": "Ann Ito", "groups": ["pmm-team"]}
        yield one


def sign_in_of(provider: Provider, **more: str) -> Oidc:
    given = {f"INTERVIEWER_OIDC_{name}": value for name, value in more.items()}
    chosen = identity.choose("http://testserver", provider.env | given)
    assert isinstance(chosen, Oidc)
    return chosen


@pytest.fixture
def there(sqlite_deps: Deps, provider: Provider) -> Deps:
    """`Deps` with the company's sign-in, and roles by groups."""
    return replace(sqlite_deps, identity=sign_in_of(provider, ROLES=ROLES))


@pytest.fixture
async def browser(there: Deps) -> AsyncIterator[Browser]:
    async with Browser(create_app(there)) as one:
        yield one


async def go(browser: Browser, provider: Provider, onward: str = "") -> httpx2.Response:
    """Leave for the provider and come back, as a browser does; gives the answer to coming back."""
    left = await browser.get(f"/desk/sign-in/company{onward and f'?next={onward}'}")
    assert left.headers["location"].startswith(f"{provider.issuer}/authorize?"), left.headers["location"]
    return await browser.get(path_of(provider.authorise(left.headers["location"])))


def trouble(answer: httpx2.Response) -> str:
    """What the sign-in page is to tell; empty where somebody got in."""
    parts = urlsplit(answer.headers["location"])
    return parse_qs(parts.query)["trouble"][0] if parts.path == "/desk/sign-in" else ""


async def rows(deps: Deps, table: type) -> list[Any]:
    async with deps.db.read() as tx:
        return list((await tx.exec(select(table))).all())


async def ann(deps: Deps) -> UserRow:
    (row,) = [row for row in await rows(deps, UserRow) if row.email.startswith("ann")]
    return row


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


# what does not hold


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


# the page, and a provider that is away


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


# out


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


async def test_without_a_provider_there_is_no_such_way(sqlite_deps: Deps) -> None:
    async with Browser(create_app(sqlite_deps)) as browser:
        assert "company account" not in (await browser.get("/desk/sign-in")).text
        assert (await browser.get("/desk/sign-in/company")).status_code == 404
        assert (await browser.http.post("/hooks/company-sign-out", data={"logout_token": "x"})).status_code == 404


# settings


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

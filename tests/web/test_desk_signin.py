"""Coming in: who may, links that work once, and sessions that end."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from interviewer import people
from interviewer.deps import Deps
from interviewer.errors import BadInput, LinkInvalid, NotFound
from interviewer.links import digest
from interviewer.people.sessions import open_session
from interviewer.store.tables.people import AuditRow, SessionRow, SignInLinkRow, UserRow
from interviewer.web.app import create_app
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.web import signin_scene as scene
from tests.web.desk_scene import Browser, path_of
from tests.web.signin_scene import MARA

COOKIE = "interviewer-desk"
LATER = datetime(2030, 1, 1, tzinfo=UTC)


# users


async def test_adding_a_user_again_changes_role_and_name(deps: Deps) -> None:
    first = await people.add_user(deps, " Mara@Tidewater.example ", "pmm", name="Mara")
    assert await people.add_user(deps, MARA, "admin") == first
    (row,) = await scene.rows(deps, UserRow)
    assert (row.email, row.role, row.name) == (MARA, "admin", "Mara")
    assert [audit.verb for audit in await scene.rows(deps, AuditRow)] == ["added as pmm", "set to admin"]


@pytest.mark.parametrize(("email", "role"), [("mara", "pmm"), ("@x", "pmm"), ("a b@c.example", "pmm"), (MARA, "boss")])
async def test_a_user_needs_an_address_and_a_role(deps: Deps, email: str, role: str) -> None:
    with pytest.raises(BadInput):
        await people.add_user(deps, email, role)
    assert await scene.rows(deps, UserRow) == []


# links


async def test_a_link_works_once_under_fifty_presses(deps: Deps) -> None:
    token = await scene.token(deps)
    results = await asyncio.gather(*(people.sign_in(deps, token) for _ in range(50)), return_exceptions=True)
    secrets = [result for result in results if isinstance(result, str)]
    assert len(secrets) == 1
    assert all(isinstance(result, LinkInvalid) for result in results if not isinstance(result, str))
    assert len(await scene.rows(deps, SessionRow)) == 1


async def test_neither_secret_is_kept(deps: Deps) -> None:
    token = await scene.token(deps)
    secret = await people.sign_in(deps, token)
    (link,), (session,) = await scene.rows(deps, SignInLinkRow), await scene.rows(deps, SessionRow)
    assert link.digest not in token and token.partition("~")[0] not in link.digest
    assert session.digest != secret and len(session.digest) == 64


@pytest.mark.parametrize("valid", [people.MAILED_FOR, people.PRINTED_FOR])
async def test_a_link_ends(deps: Deps, clock: FakeClock, valid: timedelta) -> None:
    token = await scene.token(deps, valid=valid)
    clock.advance(seconds=valid.total_seconds() - 1)
    assert await people.link_is_good(deps, token)
    clock.advance(seconds=1)
    assert not await people.link_is_good(deps, token)
    with pytest.raises(LinkInvalid):
        await people.sign_in(deps, token)


async def test_no_link_for_somebody_unknown_or_disabled(deps: Deps) -> None:
    with pytest.raises(NotFound):
        await people.make_link(deps, MARA)
    token = await scene.token(deps)
    await people.disable_user(deps, MARA)
    with pytest.raises(NotFound):
        await people.make_link(deps, MARA)
    with pytest.raises(LinkInvalid):
        await people.sign_in(deps, token)


async def test_looking_at_a_link_changes_nothing(browser: Browser, sqlite_deps: Deps) -> None:
    path = path_of(await people.make_link(sqlite_deps, await scene.user(sqlite_deps)))
    for _ in range(50):
        shown = await browser.get(path)
        assert shown.status_code == 200 and "Sign in" in shown.text
        assert "set-cookie" not in shown.headers
    assert (await scene.rows(sqlite_deps, SignInLinkRow))[0].used_at is None
    assert await scene.rows(sqlite_deps, SessionRow) == []
    assert (await browser.post(path)).headers["location"] == "/desk"


@pytest.mark.parametrize("spoil", ["used", "altered", "expired"])
async def test_a_link_that_is_over_says_so_and_leads_on(
    browser: Browser, sqlite_deps: Deps, clock: FakeClock, spoil: str
) -> None:
    path = path_of(await people.make_link(sqlite_deps, await scene.user(sqlite_deps)))
    if spoil == "used":
        await browser.post(path)
        browser.http.cookies.clear()
    elif spoil == "altered":
        path = path[:-2]
    else:
        clock.advance(hours=25)
    for response in (await browser.get(path), await browser.post(path)):
        assert response.status_code == 404
        assert "This link has done its work" in response.text
        assert "set-cookie" not in response.headers


# sessions


async def test_the_cookie_is_closed_to_scripts_and_other_sites(browser: Browser, sqlite_deps: Deps) -> None:
    entered = await browser.post(path_of(await people.make_link(sqlite_deps, await scene.user(sqlite_deps))))
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie


async def test_under_https_the_cookie_is_bound_to_the_host(make_deps: MakeDeps, sqlite_deps: Deps) -> None:
    settings = sqlite_deps.settings.model_copy(update={"base_url": "https://testserver"})
    deps = make_deps(sqlite_deps.db, settings=settings)
    async with Browser(create_app(deps)) as browser:
        entered = await browser.post(path_of(await people.make_link(deps, await scene.user(deps))))
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=") and "Secure" in cookie and "Domain" not in cookie


async def test_signing_in_again_makes_a_new_session_and_ends_the_old(browser: Browser, sqlite_deps: Deps) -> None:
    await browser.sign_in(sqlite_deps)
    old = browser.http.cookies[COOKIE]
    await browser.sign_in(sqlite_deps)
    assert browser.http.cookies[COOKIE] != old
    assert await people.viewer(sqlite_deps, old) is None


async def test_a_session_idles_out(deps: Deps, clock: FakeClock) -> None:
    secret = await people.sign_in(deps, await scene.token(deps))
    for _ in range(4):
        clock.advance(hours=11)
        assert await people.viewer(deps, secret)
    clock.advance(hours=12)
    assert await people.viewer(deps, secret) is None


async def test_a_busy_session_ends_after_seven_days(deps: Deps, clock: FakeClock) -> None:
    secret = await people.sign_in(deps, await scene.token(deps))
    for _ in range(16):
        clock.advance(hours=10)
        assert await people.viewer(deps, secret)
    clock.advance(hours=8)
    assert await people.viewer(deps, secret) is None


async def test_disabling_a_user_ends_every_session_at_once(deps: Deps) -> None:
    secret = await people.sign_in(deps, await scene.token(deps))
    assert await people.viewer(deps, secret)
    await people.disable_user(deps, MARA)
    assert await people.viewer(deps, secret) is None
    assert await scene.rows(deps, SessionRow) == []


async def test_a_changed_role_ends_every_session(deps: Deps) -> None:
    secret = await people.sign_in(deps, await scene.token(deps))
    await people.add_user(deps, MARA, "pmm", name="Mara Lindqvist")
    assert await people.viewer(deps, secret)
    await people.add_user(deps, MARA, "sales")
    assert await people.viewer(deps, secret) is None
    again = await people.viewer(deps, await people.sign_in(deps, scene.key_of(await people.make_link(deps, MARA))))
    assert again is not None and again.role == "sales"


async def test_old_sessions_and_links_are_swept_at_the_next_sign_in(deps: Deps, clock: FakeClock) -> None:
    await people.sign_in(deps, await scene.token(deps))
    clock.advance(days=8)
    await people.sign_in(deps, await scene.token(deps))
    assert len(await scene.rows(deps, SessionRow)) == len(await scene.rows(deps, SignInLinkRow)) == 1


async def test_signing_out_ends_the_session_on_the_server(browser: Browser, sqlite_deps: Deps) -> None:
    await browser.sign_in(sqlite_deps)
    secret = browser.http.cookies[COOKIE]
    left = await browser.post("/desk/sign-out")
    assert left.headers["location"] == "/desk/sign-in"
    assert await people.viewer(sqlite_deps, secret) is None
    assert (await browser.get("/desk")).status_code == 303


@pytest.mark.parametrize("cookie", ["", "nonsense", "x" * 5000])
async def test_a_made_up_cookie_is_nobody(browser: Browser, cookie: str) -> None:
    browser.http.cookies.set(COOKIE, cookie)
    answer = await browser.get("/desk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in?next=/desk")


@pytest.mark.parametrize("kind", ["a session", "a link"])
async def test_what_was_planted_for_somebody_disabled_opens_nothing(deps: Deps, kind: str) -> None:
    """Rows that should be gone, as of a backup or a race: being disabled counts by itself."""
    await scene.user(deps)
    await people.disable_user(deps, MARA)
    async with deps.db.write() as tx:
        (row,) = (await tx.exec(select(UserRow))).all()
        secret = await open_session(deps, tx, row, "link")
        tx.add(SignInLinkRow(digest=digest("planted"), user_id=row.id, created_at=deps.now(), expires_at=LATER))
    if kind == "a session":
        assert await people.viewer(deps, secret) is None
    else:
        with pytest.raises(LinkInvalid):
            await people.sign_in(deps, scene.key_of(deps.links.sign_in("planted")))
        assert len(await scene.rows(deps, SessionRow)) == 1, "none was made"

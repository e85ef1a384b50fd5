"""Coming in: links that work once, sessions that end, and a form that tells nobody who has an account."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.types import Message

from interviewer import people
from interviewer.deps import Deps
from interviewer.errors import BadInput, LinkInvalid, NotFound, TooMany
from interviewer.links import digest
from interviewer.notify.base import Mail
from interviewer.people.sessions import open_session
from interviewer.store.tables.people import AuditRow, SessionRow, SignInLinkRow, UserRow
from interviewer.web.app import create_app
from interviewer.web.entrance import local
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.mail import RecordingChannel
from tests.web.desk_scene import Browser, path_of

MARA = "mara@tidewater.example"
COOKIE = "interviewer-desk"
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    async with Browser(app) as one:
        yield one


async def _token(deps: Deps, **valid: timedelta) -> str:
    await people.add_user(deps, MARA, "pmm", name="Mara")
    return _key(await people.make_link(deps, MARA, **valid))


def _key(link: str) -> str:
    return link.rpartition("/")[2]


async def _rows(deps: Deps, table: type) -> list:  # type: ignore[type-arg]
    async with deps.db.read() as tx:
        return list((await tx.exec(select(table))).all())


# users


async def test_adding_a_user_again_changes_role_and_name(deps: Deps) -> None:
    first = await people.add_user(deps, " Mara@Tidewater.example ", "pmm", name="Mara")
    assert await people.add_user(deps, MARA, "admin") == first
    (row,) = await _rows(deps, UserRow)
    assert (row.email, row.role, row.name) == (MARA, "admin", "Mara")
    assert [audit.verb for audit in await _rows(deps, AuditRow)] == ["added as pmm", "set to admin"]


@pytest.mark.parametrize(("email", "role"), [("mara", "pmm"), ("@x", "pmm"), ("a b@c.example", "pmm"), (MARA, "boss")])
async def test_a_user_needs_an_address_and_a_role(deps: Deps, email: str, role: str) -> None:
    with pytest.raises(BadInput):
        await people.add_user(deps, email, role)
    assert await _rows(deps, UserRow) == []


# links


async def test_a_link_works_once_under_fifty_presses(deps: Deps) -> None:
    token = await _token(deps)
    results = await asyncio.gather(*(people.sign_in(deps, token) for _ in range(50)), return_exceptions=True)
    secrets = [result for result in results if isinstance(result, str)]
    assert len(secrets) == 1
    assert all(isinstance(result, LinkInvalid) for result in results if not isinstance(result, str))
    assert len(await _rows(deps, SessionRow)) == 1


async def test_neither_secret_is_kept(deps: Deps) -> None:
    token = await _token(deps)
    secret = await people.sign_in(deps, token)
    (link,), (session,) = await _rows(deps, SignInLinkRow), await _rows(deps, SessionRow)
    assert link.digest not in token and token.partition("~")[0] not in link.digest
    assert session.digest != secret and len(session.digest) == 64


@pytest.mark.parametrize("valid", [people.MAILED_FOR, people.PRINTED_FOR])
async def test_a_link_ends(deps: Deps, clock: FakeClock, valid: timedelta) -> None:
    token = await _token(deps, valid=valid)
    clock.advance(seconds=valid.total_seconds() - 1)
    assert await people.link_is_good(deps, token)
    clock.advance(seconds=1)
    assert not await people.link_is_good(deps, token)
    with pytest.raises(LinkInvalid):
        await people.sign_in(deps, token)


async def test_no_link_for_somebody_unknown_or_disabled(deps: Deps) -> None:
    with pytest.raises(NotFound):
        await people.make_link(deps, MARA)
    token = await _token(deps)
    await people.disable_user(deps, MARA)
    with pytest.raises(NotFound):
        await people.make_link(deps, MARA)
    with pytest.raises(LinkInvalid):
        await people.sign_in(deps, token)


async def test_looking_at_a_link_changes_nothing(browser: Browser, sqlite_deps: Deps) -> None:
    path = path_of(await people.make_link(sqlite_deps, await _user(sqlite_deps)))
    for _ in range(50):
        shown = await browser.get(path)
        assert shown.status_code == 200 and "Sign in" in shown.text
        assert "set-cookie" not in shown.headers
    assert (await _rows(sqlite_deps, SignInLinkRow))[0].used_at is None
    assert await _rows(sqlite_deps, SessionRow) == []
    assert (await browser.post(path)).headers["location"] == "/desk"


async def _user(deps: Deps, role: str = "pmm") -> str:
    await people.add_user(deps, MARA, role, name="Mara")
    return MARA


@pytest.mark.parametrize("spoil", ["used", "altered", "expired"])
async def test_a_link_that_is_over_says_so_and_leads_on(
    browser: Browser, sqlite_deps: Deps, clock: FakeClock, spoil: str
) -> None:
    path = path_of(await people.make_link(sqlite_deps, await _user(sqlite_deps)))
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
    entered = await browser.post(path_of(await people.make_link(sqlite_deps, await _user(sqlite_deps))))
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie


async def test_under_https_the_cookie_is_bound_to_the_host(make_deps: MakeDeps, sqlite_deps: Deps) -> None:
    settings = sqlite_deps.settings.model_copy(update={"base_url": "https://testserver"})
    deps = make_deps(sqlite_deps.db, settings=settings)
    async with Browser(create_app(deps)) as browser:
        entered = await browser.post(path_of(await people.make_link(deps, await _user(deps))))
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=") and "Secure" in cookie and "Domain" not in cookie


async def test_signing_in_again_makes_a_new_session_and_ends_the_old(browser: Browser, sqlite_deps: Deps) -> None:
    await browser.sign_in(sqlite_deps)
    old = browser.http.cookies[COOKIE]
    await browser.sign_in(sqlite_deps)
    assert browser.http.cookies[COOKIE] != old
    assert await people.viewer(sqlite_deps, old) is None


async def test_a_session_idles_out(deps: Deps, clock: FakeClock) -> None:
    secret = await people.sign_in(deps, await _token(deps))
    for _ in range(4):
        clock.advance(hours=11)
        assert await people.viewer(deps, secret)
    clock.advance(hours=12)
    assert await people.viewer(deps, secret) is None


async def test_a_busy_session_ends_after_seven_days(deps: Deps, clock: FakeClock) -> None:
    secret = await people.sign_in(deps, await _token(deps))
    for _ in range(16):
        clock.advance(hours=10)
        assert await people.viewer(deps, secret)
    clock.advance(hours=8)
    assert await people.viewer(deps, secret) is None


async def test_disabling_a_user_ends_every_session_at_once(deps: Deps) -> None:
    secret = await people.sign_in(deps, await _token(deps))
    assert await people.viewer(deps, secret)
    await people.disable_user(deps, MARA)
    assert await people.viewer(deps, secret) is None
    assert await _rows(deps, SessionRow) == []


async def test_a_changed_role_ends_every_session(deps: Deps) -> None:
    secret = await people.sign_in(deps, await _token(deps))
    await people.add_user(deps, MARA, "pmm", name="Mara Lindqvist")
    assert await people.viewer(deps, secret)
    await people.add_user(deps, MARA, "sales")
    assert await people.viewer(deps, secret) is None
    again = await people.viewer(deps, await people.sign_in(deps, _key(await people.make_link(deps, MARA))))
    assert again is not None and again.role == "sales"


async def test_old_sessions_and_links_are_swept_at_the_next_sign_in(deps: Deps, clock: FakeClock) -> None:
    await people.sign_in(deps, await _token(deps))
    clock.advance(days=8)
    await people.sign_in(deps, await _token(deps))
    assert len(await _rows(deps, SessionRow)) == len(await _rows(deps, SignInLinkRow)) == 1


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


# the form


async def test_the_form_mails_a_link_that_signs_in(
    browser: Browser, sqlite_deps: Deps, mailbox: RecordingChannel
) -> None:
    await _user(sqlite_deps)
    await browser.post("/desk/sign-in", email=MARA.upper(), next="/desk/calls")
    text = mailbox.last(MARA).text
    link = next(word for word in text.split() if word.startswith("http://testserver/desk/sign-in/"))
    shown = await browser.get(path_of(link))
    assert 'value="/desk/calls"' in shown.text
    entered = await browser.post(path_of(link), next="/desk/calls")
    assert entered.headers["location"] == "/desk/calls"


async def test_the_form_never_tells_who_has_an_account(
    browser: Browser, sqlite_deps: Deps, mailbox: RecordingChannel
) -> None:
    await _user(sqlite_deps)
    await people.add_user(sqlite_deps, "gone@tidewater.example", "pmm")
    await people.disable_user(sqlite_deps, "gone@tidewater.example")
    answers = [
        await browser.post("/desk/sign-in", email=who) for who in (MARA, "nobody@x.example", "gone@tidewater.example")
    ]
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    assert [mail.to for mail in mailbox.sent] == [MARA]


@pytest.mark.parametrize("who", [MARA, "nobody@x.example"])
async def test_the_answer_is_out_before_the_mail_is_made(make_deps: MakeDeps, sqlite_deps: Deps, who: str) -> None:
    """How long the mail server takes would tell who has an account."""
    order: list[str] = []

    class Slow(RecordingChannel):
        async def send(self, mail: Mail) -> None:
            order.append("mail")

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            order.append("answer")

    async def receive() -> Message:
        return {"type": "http.request", "body": urlencode({"email": who}).encode()}

    await _user(sqlite_deps)
    headers = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
    scope = {
        **{"type": "http", "method": "POST", "path": "/desk/sign-in", "raw_path": b"/desk/sign-in"},
        **{"query_string": b"", "scheme": "http", "server": ("testserver", 80), "client": ("2.17.4.9", 0)},
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await create_app(make_deps(sqlite_deps.db, mail=Slow()))(scope, receive, send)
    assert order == (["answer", "mail"] if who == MARA else ["answer"])


@pytest.mark.parametrize("kind", ["a session", "a link"])
async def test_what_was_planted_for_somebody_disabled_opens_nothing(deps: Deps, kind: str) -> None:
    """Rows that should be gone, as of a backup or a race: being disabled counts by itself."""
    await _user(deps)
    await people.disable_user(deps, MARA)
    async with deps.db.write() as tx:
        (row,) = (await tx.exec(select(UserRow))).all()
        secret = await open_session(deps, tx, row, "link")
        tx.add(SignInLinkRow(digest=digest("planted"), user_id=row.id, created_at=deps.now(), expires_at=LATER))
    if kind == "a session":
        assert await people.viewer(deps, secret) is None
    else:
        with pytest.raises(LinkInvalid):
            await people.sign_in(deps, _key(deps.links.sign_in("planted")))
        assert len(await _rows(deps, SessionRow)) == 1, "none was made"


async def test_an_address_may_ask_three_times_whether_known_or_not(deps: Deps, clock: FakeClock) -> None:
    for address in (MARA, "nobody@x.example"):
        for n in range(people.PER_ADDRESS):
            await people.count_request(deps, address, f"10.0.0.{n}")
        with pytest.raises(TooMany):
            await people.count_request(deps, f" {address.upper()}", "10.0.0.9")
    clock.advance(seconds=people.LIMIT_WINDOW.total_seconds() + 1)
    await people.count_request(deps, MARA, "10.0.0.1")


async def test_a_network_may_ask_twenty_times(deps: Deps) -> None:
    for n in range(people.PER_NETWORK):
        await people.count_request(deps, f"somebody{n}@x.example", "10.0.0.1")
    with pytest.raises(TooMany):
        await people.count_request(deps, "another@x.example", "10.0.0.1")
    await people.count_request(deps, "another@x.example", "10.0.0.2")


@pytest.mark.parametrize(
    ("address", "last"),
    [("2a02:908:1:2::{:x}", 429), ("2a02:908:1:{:x}::1", 200), ("172.18.0.1", 200), ("2.17.4.9", 429)],
    ids=["one household", "as many households", "a proxy that nobody named", "one address"],
)
async def test_a_household_is_one_network_and_a_nameless_proxy_none(app: FastAPI, address: str, last: int) -> None:
    answers = []
    for n in range(people.PER_NETWORK + 1):
        async with Browser(app, address=address.format(n + 1)) as one:
            answers.append((await one.post("/desk/sign-in", email=f"somebody{n}@x.example")).status_code)
    assert answers == [200] * people.PER_NETWORK + [last]


async def test_who_has_to_wait_is_told_until_when(app: FastAPI, clock: FakeClock) -> None:
    async with Browser(app) as one:
        for _ in range(people.PER_ADDRESS):
            await one.post("/desk/sign-in", email=MARA)
            clock.advance(minutes=4)
        refused = await one.post("/desk/sign-in", email=MARA)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "180")
        clock.advance(seconds=180)
        assert (await one.post("/desk/sign-in", email=MARA)).status_code == 200


async def test_thirty_requests_at_once_are_three(deps: Deps) -> None:
    results = await asyncio.gather(
        *(people.count_request(deps, MARA, "2.17.4.9") for _ in range(30)), return_exceptions=True
    )
    assert results.count(None) == people.PER_ADDRESS
    assert all(isinstance(result, TooMany) for result in results if result is not None), results


async def test_too_many_requests_are_told_so(browser: Browser, mailbox: RecordingChannel) -> None:
    answers = [await browser.post("/desk/sign-in", email="nobody@x.example") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]


async def test_without_mail_the_form_names_the_command(make_deps: MakeDeps, sqlite_deps: Deps) -> None:
    async with Browser(create_app(make_deps(sqlite_deps.db, mail=None))) as browser:
        shown = await browser.get("/desk/sign-in")
        posted = await browser.post("/desk/sign-in", email=MARA)
    assert "interviewer user link" in shown.text and "<form" not in shown.text
    assert posted.status_code == 200


async def test_a_form_from_another_site_is_refused(browser: Browser, sqlite_deps: Deps) -> None:
    path = path_of(await people.make_link(sqlite_deps, await _user(sqlite_deps)))
    refused = await browser.http.post(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert (await _rows(sqlite_deps, SignInLinkRow))[0].used_at is None


# where it leads


@pytest.mark.parametrize("where", ["/desk", "/desk/calls", "/desk?status=finished&q=a+b", "/desk/interviews/abc_-1"])
def test_a_page_of_the_desk_is_gone_on_to(where: str) -> None:
    assert local(where) == where


@pytest.mark.parametrize(
    "where",
    [
        "",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/desk\\evil.example",
        "/desk.evil.example",
        "/desk@evil.example",
        "/i/token",
        "javascript:alert(1)",
        "/desk\r\nLocation: https://evil.example",
        "/desk/sign-out",
        "/desk/sign-in/abc",
    ],
)
def test_nobody_is_sent_elsewhere(where: str) -> None:
    assert local(where) == "/desk"


async def test_a_page_asked_for_without_a_session_is_come_back_to(browser: Browser, sqlite_deps: Deps) -> None:
    asked = await browser.get("/desk?status=finished")
    assert asked.headers["location"] == "/desk/sign-in?next=/desk%3Fstatus%3Dfinished"
    assert 'value="/desk?status=finished"' in (await browser.get(asked.headers["location"])).text
    await browser.sign_in(sqlite_deps)
    assert (await browser.get(asked.headers["location"])).headers["location"] == "/desk?status=finished"

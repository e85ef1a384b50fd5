"""The form for a link: it tells nobody who has an account, is held in its pace, and leads on within the desk."""

import asyncio
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from starlette.types import Message

from interviewer import people
from interviewer.deps import Deps
from interviewer.errors import TooMany
from interviewer.notify.base import Mail
from interviewer.store.tables.people import SignInLinkRow
from interviewer.web.app import create_app
from interviewer.web.entrance import local
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.mail import RecordingChannel
from tests.web import signin_scene as scene
from tests.web.desk_scene import Browser, path_of
from tests.web.signin_scene import MARA

# the form


async def test_the_form_mails_a_link_that_signs_in(
    browser: Browser, sqlite_deps: Deps, mailbox: RecordingChannel
) -> None:
    await scene.user(sqlite_deps)
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
    await scene.user(sqlite_deps)
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

    await scene.user(sqlite_deps)
    headers = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
    scope = {
        **{"type": "http", "method": "POST", "path": "/desk/sign-in", "raw_path": b"/desk/sign-in"},
        **{"query_string": b"", "scheme": "http", "server": ("testserver", 80), "client": ("2.17.4.9", 0)},
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await create_app(make_deps(sqlite_deps.db, mail=Slow()))(scope, receive, send)
    assert order == (["answer", "mail"] if who == MARA else ["answer"])


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
    path = path_of(await people.make_link(sqlite_deps, await scene.user(sqlite_deps)))
    refused = await browser.http.post(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert (await scene.rows(sqlite_deps, SignInLinkRow))[0].used_at is None


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

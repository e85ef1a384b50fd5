"""What no page of ours sends: forms from elsewhere, other hosts, ways out, and bodies that nobody writes."""

from __future__ import annotations

from contextlib import AsyncExitStack
from urllib.parse import quote, urlsplit

import httpx2
import pytest
from fastapi import FastAPI

from interviewer import people
from interviewer.deps import Deps
from interviewer.errors import LinkInvalid, TooMany
from interviewer.links import Links, Purpose
from interviewer.web.entrance import local
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.fakes.phone import Phone
from tests.security import house as scene
from tests.security.routes import changed, digest, every
from tests.security.test_routes import FORM, SIGNED, names, rule
from tests.web.conftest import Invite
from tests.web.desk_scene import Browser, path_of

EXEMPT = ("/o/", "/hooks/")
FOREIGN: dict[str, dict[str, str]] = {
    "another site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    "a sister site": {"Sec-Fetch-Site": "same-site", "Origin": "http://other.testserver"},
    "typed in": {"Sec-Fetch-Site": "none"},
    "an odd word": {"Sec-Fetch-Site": "same-origin, cross-site"},
    "an old browser elsewhere": {"Origin": "https://evil.example"},
    "a hidden origin": {"Origin": "null"},
    "nothing told": {},
    "our name in another's": {"Origin": "http://testserver.evil.example"},
    "our name as a user": {"Origin": "http://testserver@evil.example"},
    "our name in the path": {"Origin": "https://evil.example/testserver"},
    "the site's word against the origin's": {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    "only a referrer": {"Referer": "http://testserver/desk"},
    "an override": {"X-HTTP-Method-Override": "GET", "Origin": "https://evil.example"},
}
OWN: dict[str, dict[str, str]] = {
    "told by the browser": {"Sec-Fetch-Site": "same-origin"},
    "told by the origin": {"Origin": "http://testserver"},
}


async def test_forms_from_elsewhere_change_nothing(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    """Every unsafe route, with the cookies of an admin and of a buyer who has proved nothing less."""
    house = await scene.build(app, sqlite_deps, jobs)
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(Browser(app))
        await one.sign_in(sqlite_deps, "admin")
        for page in (house.page, house.open_page):
            await one.post(f"{await house.link(page)}/start")
        del one.http.headers["Sec-Fetch-Site"]
        before = await digest(sqlite_deps)
        token = (await house.link(house.page)).rpartition("/")[2]
        for route in [route for route in every(app) if not route.safe and not route.path.startswith(EXEMPT)]:
            address = route.fill(**names(house, house.open) | {"token": token})
            for who, headers in FOREIGN.items():
                answer = await one.http.post(address, data=FORM, headers=headers)
                assert answer.status_code == 403 and "set-cookie" not in answer.headers, (who, str(route))
        assert changed(before, await digest(sqlite_deps)) == []
        for who, headers in OWN.items():
            answer = await one.http.post(f"/interview/{house.open}/finish", headers=headers)
            assert answer.status_code == 303, who


def test_what_is_exempt_is_held_by_something_else(app: FastAPI) -> None:
    """One-click unsubscribe by its token, hooks by their signature; the API takes nothing but GET."""
    unsafe = [route for route in every(app) if not route.safe]
    assert [str(route) for route in unsafe if route.path.startswith("/api/")] == []
    assert {str(route) for route in unsafe if route.path.startswith("/hooks/")} == {
        str(route) for route in unsafe if rule(route) == SIGNED
    }
    assert [str(route) for route in unsafe if route.path.startswith("/o/")] == ["POST /o/{token}"]


async def test_looking_writes_nothing(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    """GET and HEAD of every page, as a scanner with every cookie there is; only that somebody looked is noted."""
    house = await scene.build(app, sqlite_deps, jobs)
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps, "admin")
        for page in (house.page, house.open_page):
            await one.post(f"{await house.link(page)}/start")
        token = (await house.link(house.open_page)).rpartition("/")[2]
        before = await digest(sqlite_deps)
        for route in [route for route in every(app) if route.safe]:
            address = route.fill(**names(house, house.open) | {"token": token, "hashed": "none"})
            for method in ("GET", "HEAD", "GET"):
                answer = await one.http.request(method, address)
                assert answer.status_code < 500, address
                assert not answer.content or method == "GET"
        assert set(changed(before, await digest(sqlite_deps))) <= {"audit"}


NEXT = (
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/desk",
    "/\\evil.example",
    "\\\\evil.example",
    "/desk\\..\\evil",
    "/desk/../../evil.example",
    "/desk/..//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "/desk@evil.example",
    "/desk.evil.example",
    "/deskevil",
    "desk",
    "@evil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "%2f%2fevil.example",
    "/desk\r\nSet-Cookie: a=b",
    "/desk\nLocation: https://evil.example",
    "/desk\t/evil",
    " /desk",
    "\x00/desk",
    "/desk\u2028evil",
    "/ｄesk",
    "http://testserver/desk",
    "http://testserver@evil.example/desk",
    "ftp://evil.example",
    "?next=https://evil.example",
    "#@evil.example",
    ".evil.example",
    "",
    "/",
    "/i/none",
    "/desk/sign-out",
    "/desk/sign-in?next=//evil.example",
    "/desk?next=https://evil.example",
    "/desk/" + "a" * 4000,
)


@pytest.mark.parametrize("where", NEXT)
def test_nobody_is_sent_elsewhere(where: str) -> None:
    gone = urlsplit(local(where))
    assert not gone.scheme and not gone.netloc
    assert gone.path == "/desk" or gone.path.startswith("/desk/")
    assert not set(local(where)) & set("\r\n\t\\ \x00"), "it goes into a header"


async def test_every_parameter_that_leads_on_stays_here(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as one:
        await people.add_user(sqlite_deps, "kim@house.example", "pmm", "Kim")
        for where in NEXT:
            asked = quote(where, safe="")
            shown = await one.get(f"/desk/sign-in?next={asked}&trouble={asked}")
            if "\x00" in where:  # there is no such page, whatever it asks for
                assert shown.status_code == 404
                continue
            assert shown.status_code == 200 and "evil.example" not in _targets(shown.text)
            link = path_of(await people.make_link(sqlite_deps, "kim@house.example"))
            assert "evil.example" not in _targets((await one.get(f"{link}?next={asked}")).text)
            entered = await one.post(link, next=where)
            for answer in (entered, await one.get(f"/desk/sign-in?next={asked}")):
                assert answer.status_code == 303, where
                gone = urlsplit(answer.headers["location"])
                assert not gone.scheme and not gone.netloc and gone.path.startswith("/desk"), where
            for header in ("Referer", "X-Forwarded-Host", "X-Original-URL"):
                merged = await one.http.post("/desk/review/merge", headers={header: where.encode("utf-8", "ignore")})
                assert urlsplit(merged.headers.get("location", "/desk")).netloc == "", (header, where)
            await one.post("/desk/sign-out")


def _targets(html: str) -> str:
    """Where the links and forms of a page go, without what comes after a question mark."""
    import re

    return " ".join(found.partition("?")[0] for found in re.findall(r'(?:href|action|src)="([^"]*)"', html))


HOSTS = (
    "evil.example",
    "evil.example:80",
    "testserver.evil.example",
    "testserver:1@evil.example",
    "",
    "127.0.0.1",
    "[::1]",
)


async def test_links_in_mails_come_from_the_settings(
    app: FastAPI, sqlite_deps: Deps, mailbox: RecordingChannel, invite: Invite, jobs: RecordingJobs
) -> None:
    await people.add_user(sqlite_deps, "kim@house.example", "pmm", "Kim")
    house = await scene.build(app, sqlite_deps, jobs)
    async with Browser(app) as one, Browser(app) as admin:
        await admin.sign_in(sqlite_deps, "admin")
        for number, host in enumerate(HOSTS):
            headers = {"Host": host, "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
            await people.add_user(sqlite_deps, f"kim{number}@house.example", "pmm", "Kim")
            await one.http.post("/desk/sign-in", data={"email": f"kim{number}@house.example"}, headers=headers)
            for path in ("/desk", f"/desk/interviews/{house.page}", "/desk/people", await house.link(house.page)):
                answer = await admin.http.get(path, headers=headers)
                assert "evil.example" not in answer.text and "evil" not in answer.headers.get("location", ""), path
        await jobs.run(sqlite_deps)
    assert len(mailbox.sent) >= len(HOSTS)
    for mail in mailbox.sent:
        assert "evil.example" not in repr(mail)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_key_that_is_appended_keeps_links_and_one_that_is_removed_ends_them(purpose: Purpose) -> None:
    old, new = "o" * 40, "n" * 40
    token = Links([old], "http://testserver").sign(purpose, "some-id.1")
    assert Links([old, new], "http://testserver").read(purpose, token) == "some-id.1"
    with pytest.raises(LinkInvalid):
        Links([new], "http://testserver").read(purpose, token)
    with pytest.raises(LinkInvalid):
        Links([old], "http://testserver").read(purpose, Links([old, new], "http://testserver").sign(purpose, "some-id"))


async def test_sign_in_cannot_be_guessed(app: FastAPI, sqlite_deps: Deps, mailbox: RecordingChannel) -> None:
    """Links: 128 random bits, and no more mails than a person needs; the answer tells nothing about accounts."""
    await people.add_user(sqlite_deps, "kim@house.example", "pmm", "Kim")
    async with Browser(app) as one:
        answers = [await one.post("/desk/sign-in", email="kim@house.example") for _ in range(people.PER_ADDRESS + 2)]
        unknown = [await one.post("/desk/sign-in", email="nobody@house.example") for _ in range(people.PER_ADDRESS + 2)]
        assert [a.status_code for a in answers] == [a.status_code for a in unknown] == [200] * 3 + [429] * 2
        assert [a.text.replace("kim@", "nobody@") for a in answers[:3]] == [a.text for a in unknown[:3]]
        assert len(mailbox.sent) == people.PER_ADDRESS
        with pytest.raises(TooMany):
            for number in range(people.PER_NETWORK + 1):
                await people.count_request(sqlite_deps, f"n{number}@x.example", "198.51.100.7")


async def test_a_code_cannot_be_guessed(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    async with AsyncExitStack() as stack:
        refused = 0
        for _ in range(6):  # browsers are cheap to make; the interview counts them all
            phone = await scene.forwarded(house, stack, house.open_page)
            sent = await phone.http.post(f"/interview/{house.open}/code")
            for guess in range(8):
                answer = await phone.http.post(f"/interview/{house.open}/prove", data={"code": f"{guess:06d}"})
                refused += "code=wait" in answer.headers["location"] or "left=0" in answer.headers["location"]
            assert scene.CANARY not in (await phone.http.get(f"/interview/{house.open}")).text
        assert refused and "code=wait" in sent.headers["location"]


async def test_a_session_that_was_planted_is_never_taken_up(app: FastAPI, sqlite_deps: Deps) -> None:
    """Session fixation: what the browser came with is not what it leaves with, nor worth anything."""
    await people.add_user(sqlite_deps, "kim@house.example", "pmm", "Kim")
    async with Browser(app) as one, Browser(app) as attacker:
        planted = "planted-by-an-attacker-0000000000000"
        link = path_of(await people.make_link(sqlite_deps, "kim@house.example"))
        entered = await one.http.post(link, headers={"Cookie": f"interviewer-desk={planted}"})
        assert entered.status_code == 303 and planted not in str(entered.headers.get_list("set-cookie"))
        attacker.http.cookies.set("interviewer-desk", planted)
        assert (await attacker.get("/desk")).status_code == 303
        first = one.http.cookies["interviewer-desk"]
        again = path_of(await people.make_link(sqlite_deps, "kim@house.example"))
        await one.post(again)
        assert one.http.cookies["interviewer-desk"] != first
        attacker.http.cookies.set("interviewer-desk", first)
        assert (await attacker.get("/desk")).status_code == 303, "the session before it has ended"


async def test_a_buyers_cookie_that_was_planted_opens_nothing(app: FastAPI, invite: Invite) -> None:
    async with Phone(app) as phone, Phone(app) as attacker:
        interview_id = await phone.start(await invite())
        sealed = phone.http.cookies["interviewer"]
        for forged in (
            f"me.{interview_id}",
            sealed.split("~")[0],
            sealed + "x",
            f"me.{interview_id}~{sealed.split('~')[1]}",
        ):
            attacker.http.cookies.set("interviewer", forged)
            assert (await attacker.open(f"/interview/{interview_id}")).status_code == 404


def test_the_client_of_these_tests_sends_odd_headers_as_they_are() -> None:
    assert httpx2.Headers({"Cookie": b"\xff"}).raw == [(b"Cookie", b"\xff")]

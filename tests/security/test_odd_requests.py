"""Bodies, headers and queries that nobody writes: a plain answer below 500, no trace of the code, no endless wait."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.types import Message

from interviewer.deps import Deps
from interviewer.keys import Scope
from tests.fakes.jobs import RecordingJobs
from tests.fakes.phone import Phone
from tests.security import house as scene
from tests.security.routes import Route, every
from tests.security.test_routes import names
from tests.web.conftest import Invite
from tests.web.desk_scene import Browser

T = TypeVar("T")

HUGE = "A" * 70_000
_PART = b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nv\r\n'
_FORM, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
BODIES: dict[str, tuple[str, bytes]] = {
    "ten thousand fields": (
        "application/x-www-form-urlencoded",
        urlencode([(f"f{n}", n) for n in range(10_000)]).encode(),
    ),
    "one name ten thousand times": (_FORM, b"&".join([b"text=a"] * 10_000)),
    "deep json": ("application/json", b"[" * 100_000 + b"]" * 100_000),
    "json": ("application/json", json.dumps({"text": ["a"], "number": {}}).encode()),
    "a wrong charset": ("application/x-www-form-urlencoded; charset=utf-7", b"text=+ADw-script+AD4-"),
    "not utf-8": (_FORM, b"text=%ff%fe%80&key=%c0%af&number=6"),
    "null bytes": (_FORM, b"text=a%00b&key=%00&number=%00&email=%00&name=%00"),
    "surrogates": (_FORM, b"text=%ED%A0%80%ED%B0%80&name=%ED%A0%80&email=%ED%BF%BF"),
    "huge values": (_FORM, f"text={HUGE}&key={HUGE}&number={HUGE}&name={HUGE}".encode()),
    "huge numbers": (
        "application/x-www-form-urlencoded",
        b"number=%s&version=%s&change=-1" % (b"9" * 5000, b"9" * 400),
    ),
    "odd numbers": (_FORM, "number=٣&version=²&change=1e9&turn=-1&start=0x1".encode()),
    "multipart without a boundary": ("multipart/form-data", b"--x\r\n"),
    "multipart cut off": (_PARTS, b'--x\r\nContent-Disposition: form-data; name="file"; f'),
    "multipart nested": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--",
    ),
    "multipart of many parts": (
        "multipart/form-data; boundary=x",
        b"".join(b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nv\r\n' % n for n in range(3000))
        + b"--x--\r\n",
    ),
    "no kind": ("", b"\x00\xff" * 1000),
    "an odd kind": ("text/x-\xe9;;;=,", b"text=a"),
    "empty": (_FORM, b""),
}


async def test_odd_bodies_are_answered_plainly(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    """Every unsafe route, every body: an answer of ours below 500, and no trace of the code."""
    house = await scene.build(app, sqlite_deps, jobs)
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps, "admin")
        await one.post(f"{await house.link(house.open_page)}/start")
        token = (await house.link(house.other_page)).rpartition("/")[2]
        for route in [route for route in every(app) if not route.safe and not _ends_it(route)]:
            address = route.fill(**names(house, house.open) | {"token": token})
            for what, (kind, body) in share(BODIES.items(), route):
                answer = await one.http.post(address, content=body, headers={"Content-Type": kind.encode("latin-1")})
                assert answer.status_code < 500 or answer.status_code == 503, (str(route), what, answer.text[:300])
                assert "Traceback" not in answer.text and "/interviewer/" not in answer.text
            app.state.pace = type(app.state.pace)()


def share(odd: Iterable[T], route: Route) -> list[T]:
    """A third of what is odd, another one for each route; all of it for those that most of the parsing is behind."""
    number = zlib.crc32(str(route).encode())
    whole = route.path in ("/interview/{interview_id}/answer", "/desk/interviews/{some_id}", "/desk", "/desk/import")
    return [one for at, one in enumerate(odd) if whole or (at + number) % 3 == 0]


def _ends_it(route: Route) -> bool:
    """What would take away what the walk stands on."""
    return route.path.endswith(("/sign-out", "/delete", "/end-others", "/disable", "/role", "/decline"))


async def test_a_body_without_end_is_not_read_to_its_end(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(12 * 1024):
            sent += 64 * 1024
            yield b"a" * (64 * 1024)

    async with Browser(app) as one:
        await one.sign_in(sqlite_deps, "admin")
        await one.post(f"{await house.link(house.open_page)}/start")
        hooks = ("/hooks/calcom",)
        for address in (f"/interview/{house.open}/answer", "/desk/sign-in", "/desk/import", "/desk/keys", *hooks):
            answer = await _post_raw(app, address, endless(), dict(one.http.cookies.items()))
            assert answer in (404, 413), (address, answer)
    assert sent < 5 * 64 * 1024 * 1024


async def _post_raw(app: FastAPI, path: str, body: AsyncIterator[bytes], cookies: dict[str, str]) -> int:
    """As a server hands a request on, piece by piece, until the application has answered."""
    status = 0
    kind = b"multipart/form-data; boundary=x" if path.endswith("import") else b"application/x-www-form-urlencoded"

    async def receive() -> Message:
        async for chunk in body:
            return {"type": "http.request", "body": chunk, "more_body": True}
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = [(b"host", b"testserver"), (b"sec-fetch-site", b"same-origin"), (b"content-type", kind)]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": [*headers, (b"cookie", cookie.encode())], "http_version": "1.1", "scheme": "http"}
    await app(scope | {"client": ("127.0.0.1", 1), "server": ("testserver", 80), "root_path": ""}, receive, send)
    return status


async def test_who_goes_away_in_mid_sentence_leaves_nothing_behind(app: FastAPI, invite: Invite) -> None:
    async with Phone(app) as phone:
        interview_id = await phone.start(await invite())

        async def cut() -> AsyncIterator[bytes]:
            yield b"text=half+an+ans"

        cookies = dict(phone.http.cookies.items())
        status = await _post_raw(app, f"/interview/{interview_id}/answer", cut(), cookies)
        assert status == 499  # and no exception comes through, which the server would log with its trace
        await phone.open(f"/interview/{interview_id}")
        assert phone.mine == []


ODD_HEADERS: tuple[dict[str, str | bytes], ...] = (
    {"Accept-Language": "a" * 60_000},
    {"Accept-Language": ",,,;;;q=x,*;q=9e999"},
    {"Accept-Language": b"\xff\xfe"},
    {"Accept-Language": "../../etc/passwd"},
    {"Accept-Encoding": "gzip;q=nan, br;q=-1, *"},
    {"Cookie": "interviewer=" + "x" * 60_000},
    {"Cookie": "interviewer=~; interviewer-desk=%00; interviewer-company=~.~"},
    {"Cookie": b"interviewer=\xff\xfe; interviewer-desk=\xc0\xaf"},
    {"Cookie": "; ".join(f"c{n}=v" for n in range(5_000))},
    {"Cookie": '$Version=1; interviewer="a\\"b"; =; ;;'},
    {"Authorization": "Bearer " + "x" * 60_000},
    {"Authorization": b"Bearer \xff"},
    {"Authorization": "Basic Og=="},
    {"If-None-Match": "*, " * 5_000},
    {"If-Modified-Since": "yesterday"},
    {"Range": "bytes=0-,-1,5-2" + ",0-" * 1_000},
    {"HX-Request": "true", "HX-Target": "<script>", "HX-Current-URL": "javascript:x"},
    {"X-Request-ID": "x" * 5_000},
    {"X-Forwarded-For": ", ".join(["1.1.1.1"] * 3_000)},
    {"Transfer-Encoding": "chunked, identity"},
    {"Content-Length": "0", "Expect": "100-continue"},
    {"User-Agent": b"\x80" * 5_000},
    {"Referer": "http://[" + "x" * 100},
    {"Origin": "http://["},
    {"Host": "["},
    {"Host": "[x]:y"},
    {"Host": "a/b?c#d@e:f"},
    {"Host": b"\xff"},
    {"Host": ""},
)


async def test_odd_headers_are_answered_plainly(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps, "admin")
        kept = dict(one.http.cookies.items())
        token = (await house.link(house.page)).rpartition("/")[2]
        for route in every(app):
            if _ends_it(route):
                continue
            address = route.fill(**names(house, house.open) | {"token": token, "hashed": "none"})
            for headers in share(ODD_HEADERS, route):
                given = {name: value if isinstance(value, bytes) else value.encode() for name, value in headers.items()}
                if "Cookie" not in given:
                    given["Cookie"] = "; ".join(f"{name}={value}" for name, value in kept.items()).encode()
                one.http.cookies.clear()
                answer = await one.http.request(route.method, address, headers=given)
                assert answer.status_code < 500, (str(route), str(headers)[:80], answer.text[:300])
            app.state.pace = type(app.state.pace)()


ODD_QUERIES = (
    "%00=%00&q=%00",
    "q=" + "a" * 20_000,
    "q=%ff%fe&flow=%c0%af&day=%ED%A0%80",
    "&".join(f"p{n}=1" for n in range(3_000)),
    "q=%22%20OR%201%3D1--&sort=(select)&status=%27&flow=*&theme=%25",
    "limit=9" + "9" * 400 + "&cursor=" + "9" * 400 + "&number=-1&left=1e5&change=%D9%A3",
    "q[]=1&q[a]=2&day=2026-13-45&zone=../../etc/passwd&start=9999-12-31T23:59:59Z",
    "start=0001-01-01T00:00:00%2B14:00&zone=Europe/London",
    "day=9999-12-31&zone=Pacific/Kiritimati&ended_from=0000-00-00&audience=__class__",
    "next=%0d%0aSet-Cookie:a=b&trouble=%0d%0a&done=%0d%0a&code=%0d%0a",
    "q=NEAR(&q=%22%22%22&q=a*b:c^d",
    "={&}=%%%",
)


async def test_odd_queries_are_answered_plainly(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    house = await scene.build(app, sqlite_deps, jobs)
    async with Browser(app) as one, AsyncExitStack() as stack:
        await one.sign_in(sqlite_deps, "admin")
        await one.post(f"{await house.link(house.open_page)}/start")
        reader = await scene.program(house, stack, await scene.key_of(house, tuple(Scope)))
        token = (await house.link(house.page)).rpartition("/")[2]
        for route in [route for route in every(app) if route.safe]:
            address = route.fill(**names(house, house.open) | {"token": token, "hashed": "none"})
            http = reader.http if address.startswith("/api/") else one.http
            for query in share(ODD_QUERIES, route):
                answer = await http.get(f"{address}?{query}")
                assert answer.status_code < 500, (str(route), query[:60], answer.text[:300])
                assert "\r" not in str(answer.headers) and "set-cookie: a=b" not in str(answer.headers).lower()

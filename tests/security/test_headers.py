"""What every answer carries, whatever the route and however it ended (trust.md 6, 21)."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI

from interviewer import people
from interviewer.deps import Deps
from interviewer.web.app import create_app
from tests.fakes.jobs import RecordingJobs
from tests.fakes.phone import Phone
from tests.security import house as scene
from tests.security.routes import every
from tests.security.test_routes import FORM, names
from tests.web.desk_scene import Browser, path_of

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
SHUT = ("camera=()", "microphone=()", "geolocation=()", "payment=()")


def held(answer: httpx2.Response, where: str) -> None:
    """No answer but a preview's (`tests/web/test_preview_frames.py`) may stand in a frame."""
    for name, value in ALWAYS.items():
        assert answer.headers.get(name) == value, (where, name)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert {name: policy.get(name) for name in POLICY} == POLICY, where
    assert "unsafe" not in str(policy) and "*" not in str(policy) and "http:" not in str(policy), where
    assert re.fullmatch(r"'self'( 'sha256-[\w+/=]+')*", policy["style-src"]), where
    assert policy["frame-ancestors"] == "'none'" and answer.headers["x-frame-options"] == "DENY", where
    assert all(shut in answer.headers["permissions-policy"] for shut in SHUT), where
    if "/static/" not in where:
        assert answer.headers["cache-control"] == "no-store", where
    assert "server" not in answer.headers and "x-powered-by" not in answer.headers, where


@pytest.mark.parametrize("https", [False, True])
async def test_every_answer_of_every_route(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs, https: bool) -> None:
    if https:
        settings = sqlite_deps.settings.model_copy(update={"base_url": "https://research.tidewater.example"})
        app = create_app(replace(sqlite_deps, settings=settings))
    house = await scene.build(app, sqlite_deps, jobs)
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(Browser(app))
        desk.http.base_url = "https://testserver" if https else "http://testserver"  # type: ignore[assignment]
        await desk.sign_in(sqlite_deps, "admin")
        stranger = await stack.enter_async_context(Browser(app))
        elsewhere = await stack.enter_async_context(Browser(app))
        elsewhere.http.headers["Sec-Fetch-Site"] = "cross-site"
        token = (await house.link(house.page)).rpartition("/")[2]
        statuses = set()
        for route in sorted(every(app), key=lambda route: (not route.safe, route)):
            given = names(house, house.open) | {"token": token, "hashed": "none.css"}
            given |= {"name": "calcom"} if "hooks" in route.path else {}
            for http in (desk.http, stranger.http, elsewhere.http):
                if "sign-out" in route.path or route.path.startswith("/desk/account/"):
                    continue  # it would end the walk
                answer = await http.request(route.method, route.fill(**given), data=None if route.safe else FORM)
                held(answer, str(route))
                statuses.add(answer.status_code)
                told = answer.headers.get("strict-transport-security", "")
                assert bool(told) == https and (not https or int(told.partition("=")[2]) >= 31536000)
        for path in ("/none", "/desk/none", "/api/none", "/i/", "/%00", "/interview/%ff", "/static/../app.py"):
            for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "HEAD", "BREW"):
                answer = await desk.http.request(method, path)
                held(answer, path)
                statuses.add(answer.status_code)
        assert {200, 303, 403, 404, 405, 422} <= statuses and not [one for one in statuses if one >= 500]


async def test_a_fault_carries_them_as_well(app: FastAPI) -> None:
    async def broken() -> None:
        raise RuntimeError("canary of a fault")

    app.add_api_route("/broken", broken)
    app.add_api_route("/desk/broken", broken)
    app.add_api_route("/api/broken", broken)
    async with Phone(app) as phone:
        for path in ("/broken", "/desk/broken", "/api/broken"):
            answer = await phone.http.get(path)
            assert answer.status_code == 500
            assert "canary of a fault" not in answer.text and "Traceback" not in answer.text
            held(answer, path)


@pytest.mark.parametrize("https", [False, True])
async def test_cookies(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs, https: bool) -> None:
    """HttpOnly, SameSite, the whole site and no other; under https Secure, with the prefix that binds them to it."""
    if https:
        settings = sqlite_deps.settings.model_copy(update={"base_url": "https://research.tidewater.example"})
        app = create_app(replace(sqlite_deps, settings=settings))
    house = await scene.build(app, sqlite_deps, jobs)
    seen = {}
    async with Browser(app) as desk:
        entered = await desk.post(await _sign_in_link(sqlite_deps))
        started = await desk.post(f"{await house.link(house.page)}/start")
        for answer in (entered, started):
            for cookie in answer.headers.get_list("set-cookie"):
                name, _, rest = cookie.partition("=")
                seen[name] = rest
    assert sorted(name.removeprefix("__Host-") for name in seen) == ["interviewer", "interviewer-desk"]
    for name, rest in seen.items():
        flags = {part.strip().lower() for part in rest.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= flags, name
        assert not any(flag.startswith("domain") for flag in flags)
        assert name.startswith("__Host-") == https == ("secure" in flags), name


async def _sign_in_link(deps: Deps) -> str:
    await people.add_user(deps, "cookie@house.example", "pmm", "Cookie")
    return path_of(await people.make_link(deps, "cookie@house.example"))

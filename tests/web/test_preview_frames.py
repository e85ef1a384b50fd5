"""A flow taken at the desk: who may frame it, and what its cookie leaves alone."""

from __future__ import annotations

import re

from interviewer.deps import Deps
from tests.fakes.phone import Phone
from tests.web.desk_scene import SAID, Browser
from tests.web.preview_scene import ANSWERS, begin


async def _framing(phone: Phone, where: str) -> set[tuple[str, str]]:
    """(frame-ancestors, X-Frame-Options) over every page that a buyer can come to, errors included."""
    found = set()

    def look() -> None:
        headers = phone.last.headers
        policy = headers["content-security-policy"]
        found.add((policy.partition("frame-ancestors ")[2], headers["x-frame-options"]))
        assert "frame-src" not in policy

    for path in (where, f"{where}/notice", f"{where}/call", f"{where}/declined"):
        await phone.open(path)
        look()
    opt_out = re.search(r'href="[^"]*(/o/[^"]+)"', phone.last.text)
    assert opt_out
    await phone.open(opt_out[1])
    look()
    interview_id = await phone.start(where)
    look()
    await phone.say(ANSWERS[0])
    look()
    await phone.say("")  # refused: nothing in it
    look()
    for path in ("", "/notice", "/call", "/check", "/delete", "/reply?number=4"):
        await phone.open(f"/interview/{interview_id}{path}")
        look()
    await phone.open(f"/interview/{interview_id}/check")
    await phone.press("confirm")
    look()
    await phone.http.post(f"/interview/{interview_id}/delete")
    await phone.open(f"/interview/{interview_id}")
    look()
    return found


async def test_only_a_preview_may_be_framed_and_only_by_us(
    pmm: Browser, handset: Phone, sqlite_deps: Deps, link: str
) -> None:
    _, where = await begin(pmm)
    assert await _framing(handset, where) == {("'self'", "SAMEORIGIN")}
    assert await _framing(handset, link.removeprefix("http://testserver")) == {("'none'", "DENY")}


async def test_only_the_preview_shows_a_frame_and_nobody_frames_the_desk(pmm: Browser) -> None:
    page, _ = await begin(pmm)
    policy = (await pmm.get(page)).headers["content-security-policy"]
    assert "frame-src 'self'; frame-ancestors 'none'" in policy
    for path in ("/desk", "/desk/preview", "/desk/calls"):
        policy = (await pmm.get(path)).headers["content-security-policy"]
        assert "frame-src" not in policy and policy.endswith("frame-ancestors 'none'")


async def test_previews_leave_the_interviews_of_this_browser_alone(pmm: Browser, handset: Phone, link: str) -> None:
    mine = await handset.start(link)
    await handset.say(SAID[0])
    before = pmm.http.cookies.get("interviewer")
    assert before
    for _ in range(22):  # more than a cookie holds
        _, where = await begin(pmm)
        await handset.start(where)
    assert pmm.http.cookies.get("interviewer") == before
    await handset.open(f"/interview/{mine}")
    assert handset.mine and SAID[0] in handset.mine[0]


async def test_the_cookie_works_in_a_frame_over_plain_http(pmm: Browser, handset: Phone) -> None:
    _, where = await begin(pmm)
    await handset.open(where)
    started = await handset.http.post(handset.page.forms["start"].action, follow_redirects=False)
    cookie = started.headers["set-cookie"]
    assert cookie.startswith("interviewer-preview=") and "Secure" not in cookie
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Max-Age=86400" in cookie

"""Under https, and with the organisation's own scheduling page."""

from collections.abc import AsyncIterator, Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from interviewer import invitations
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.settings import Settings
from interviewer.store.db import Database
from interviewer.web.app import create_app
from tests.fakes.phone import Phone


@pytest.fixture
async def https_phone(make_deps: Callable[..., Deps], sqlite_url: str, settings: Settings) -> AsyncIterator[Phone]:
    """A phone on a deployment under https that books calls at a scheduler, and `link` for it."""
    database = Database(sqlite_url)
    chosen = settings.model_copy(
        update={"base_url": "https://testserver", "scheduling_url": "https://meet.example/mara?month=12"}
    )
    deps = make_deps(database, settings=chosen)
    [invited] = await invitations.invite(deps, [Invitee(email="kim@buyer.example", name="Kim Osei")])
    async with Phone(create_app(deps)) as phone:
        phone.http.base_url = "https://testserver"
        await phone.open(invited.link)
        yield phone
    await database.close()


async def test_the_cookie_is_bound_to_the_host_and_secure(https_phone: Phone) -> None:
    started = await https_phone.http.post(https_phone.page.forms["start"].action, follow_redirects=False)
    cookie = started.headers["set-cookie"]
    assert cookie.startswith("__Host-interviewer=")
    for attribute in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie
    assert "max-age" in started.headers["strict-transport-security"]


async def test_the_scheduler_learns_of_nobody_before_the_buyer_is_known(https_phone: Phone) -> None:
    landing = urlsplit(str(https_phone.last.url)).path
    forwarded = await https_phone.http.post(f"{landing}/call", follow_redirects=False)
    await https_phone.press("start")
    started = await https_phone.http.post(f"/interview/{https_phone.interview_id}/call", follow_redirects=False)
    for response in (forwarded, started):
        assert response.status_code == 303
        assert sorted(parse_qs(urlsplit(response.headers["location"]).query)) == ["month", "reference"]


async def test_the_scheduler_gets_name_address_and_a_reference_that_opens_nothing(https_phone: Phone) -> None:
    await https_phone.press("start")
    interview_id = https_phone.interview_id
    await https_phone.say("The ops director asked for a plan by the end of the quarter")
    await https_phone.press("call")
    form = https_phone.page.forms["book"]
    response = await https_phone.http.post(form.action, follow_redirects=False)
    assert response.status_code == 303
    where = urlsplit(response.headers["location"])
    assert (where.scheme, where.netloc, where.path) == ("https", "meet.example", "/mara")
    given = parse_qs(where.query)
    [reference] = given.pop("reference")
    assert given == {"month": ["12"], "name": ["Kim Osei"], "email": ["kim@buyer.example"]}
    assert len(reference) > 20
    for path in (f"/i/{reference}", f"/interview/{reference}"):
        assert (await https_phone.http.get(path)).status_code == 404
    assert interview_id not in response.headers["location"]
    assert response.headers["referrer-policy"] == "same-origin"
    assert "form-action 'self' https://meet.example;" in response.headers["content-security-policy"]


async def test_every_answer_carries_the_headers(https_phone: Phone) -> None:
    for path in ("/healthz", "/desk/sign-in", "/nothing-here", "/i/nope"):
        headers = (await https_phone.http.get(path)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-robots-tag"].startswith("noindex")
        assert headers["x-content-type-options"] == "nosniff"

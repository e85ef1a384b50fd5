"""People and one's own sessions, as the desk shows them."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI

from interviewer import people
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import LinkInvalid
from interviewer.store.db import Database
from interviewer.web.app import create_app
from tests.conftest import MakeDeps
from tests.fakes.mail import RecordingChannel
from tests.web.desk_scene import Browser, audit, path_of

ANN = "ann@tidewater.example"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


async def test_an_admin_invites_changes_disables_and_lets_in_again(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps, "admin")
        added = await browser.post("/desk/people", email=ANN, role="product", name="<b>Ann</b>")
        assert added.headers["location"] == "/desk/people?done=person_added"
        text = (await browser.get(added.headers["location"])).text
        assert "&lt;b&gt;Ann&lt;/b&gt;" in text and "A mail on its way" in text and ">never<" in text
        ann = await people.find(sqlite_deps, ANN)
        assert f'href="/desk/people/{ann}"' in text
        for act, done, shown in (
            ("name", "person_renamed", "<h1>Ann Ó Briain</h1>"),
            ("role", "role_set", '<option value="sales" selected>'),
            ("disable", "person_disabled", "Let in again"),
            ("enable", "person_enabled", '<option value="sales" selected>'),
            ("end-sessions", "person_signed_out", "Signed out everywhere"),
            ("unlink", "person_unlinked", "Forgotten"),
        ):
            answer = await browser.post(f"/desk/people/{ann}/{act}", role="sales", name="Ann  Ó Briain ")
            assert answer.headers["location"] == f"/desk/people/{ann}?done={done}"
            assert shown in (await browser.get(answer.headers["location"])).text
    assert ("corrected the name", f"user:{ann}") in await audit(sqlite_deps)


async def test_nobody_takes_their_own_access_by_one_press(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as browser, Browser(app) as other:
        mara = await browser.sign_in(sqlite_deps, "admin")
        await other.sign_in(sqlite_deps, "admin", ANN)
        here = f"/desk/people/{mara.user_id}"
        for act in ("role", "disable"):
            asked = await browser.post(f"{here}/{act}", role="pmm")
            assert asked.status_code == 422 and "tick that you know" in asked.text and 'name="sure"' in asked.text
        assert (await browser.get("/desk/people")).status_code == 200
        done = await browser.post(f"{here}/role", role="pmm", sure="yes")
        assert done.headers["location"] == "/desk/sign-in"
        assert "You were signed out here" in (await browser.get("/desk/sign-in")).text
        browser.http.cookies.clear()
        assert "You were signed out here" not in (await browser.get("/desk/sign-in")).text
        assert "Disable…" in (await other.get(here)).text and 'name="sure"' not in (await other.get(here)).text


async def test_an_admin_signs_a_colleague_out_everywhere(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as admin, Browser(app) as colleague:
        await admin.sign_in(sqlite_deps, "admin")
        ann = await colleague.sign_in(sqlite_deps, "pmm", ANN)
        assert "Signed in with 1 browser" in (await admin.get(f"/desk/people/{ann.user_id}")).text
        await admin.post(f"/desk/people/{ann.user_id}/end-sessions")
        assert (await colleague.get("/desk")).status_code == 303
        assert "Signed in nowhere" in (await admin.get(f"/desk/people/{ann.user_id}")).text
    assert ("ended all sessions", f"user:{ann.user_id}") in await audit(sqlite_deps)


async def test_without_mail_the_first_link_is_made_at_once_and_shown_once(
    make_deps: MakeDeps, sqlite_deps: Deps
) -> None:
    deps = make_deps(sqlite_deps.db, mail=None)
    app = create_app(deps)
    async with Browser(app) as admin, Browser(app) as colleague:
        await admin.sign_in(deps, "admin")
        made = await admin.post("/desk/people", email=ANN, role="pmm", name="Ann")
        (link,) = re.findall(r'id="fresh" readonly value="([^"]+)"', made.text)
        ann = await people.find(deps, ANN)
        assert made.status_code == 200 and "made a sign-in link" in [verb for verb, _ in await audit(deps)]
        assert link not in (await admin.get(f"/desk/people/{ann}")).text
        assert "Make a link" in (await admin.get("/desk/people")).text
        assert (await colleague.post(path_of(link))).status_code == 303
        assert (await colleague.get("/desk")).status_code == 200
        assert "Make a link" not in (await admin.get("/desk/people")).text
        again = await admin.post(f"/desk/people/{ann}/link")  # she has come in: nobody is to come as her
        assert again.status_code == 404 and "sign-in/" not in again.text


async def test_with_mail_no_link_is_handed_to_anybody(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as admin:
        await admin.sign_in(sqlite_deps, "admin")
        ann = await people.add_user(sqlite_deps, ANN, "pmm")
        assert (await admin.post(f"/desk/people/{ann}/link")).status_code == 404
        assert "Make a sign-in link" not in (await admin.get(f"/desk/people/{ann}")).text


async def test_what_cannot_be_is_said_beside_the_form_and_kept(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as browser:
        mara = await browser.sign_in(sqlite_deps, "admin")
        refused = await browser.post("/desk/people", email="ann", role="sales", name="Ann")
        assert refused.status_code == 422 and "is not an e-mail address" in refused.text
        assert 'value="ann"' in refused.text and '<option value="sales" selected>' in refused.text
        local = await browser.post("/desk/people", email="a@b", role="sales")
        assert local.status_code == 422 and "is not an e-mail address" in local.text
        for act in ("disable", "role"):
            last = await browser.post(f"/desk/people/{mara.user_id}/{act}", role="pmm", sure="yes")
            assert last.status_code == 422 and "the last admin" in last.text
        page = (await browser.get("/desk/people")).text
        assert f"/desk/people/{mara.user_id}/disable" not in page and "the last one, so it stays" in page


async def test_a_colleague_is_signed_out_by_a_new_role(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as admin, Browser(app) as colleague:
        await admin.sign_in(sqlite_deps, "admin")
        ann = await colleague.sign_in(sqlite_deps, "pmm", ANN)
        assert (await colleague.get("/desk")).status_code == 200
        await admin.post(f"/desk/people/{ann.user_id}/role", role="sales")
        answer = await colleague.get("/desk")
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in?next=/desk")


async def test_people_know_their_browsers_again_and_sign_them_out(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as office, Browser(app) as home:
        office.http.headers["User-Agent"], home.http.headers["User-Agent"] = EDGE, FIREFOX
        for browser in (office, home):
            await browser.sign_in(sqlite_deps, "sales")
        page = (await office.get("/desk/account")).text
        assert "Edge on Windows" in page and "Firefox on Linux" in page and page.count("this one") == 1
        ends = re.findall(r'action="(/desk/account/sessions/\w+/end)"', page)
        assert len(ends) == 1
        assert (await office.post(ends[0])).headers["location"] == "/desk/account?done=session_ended"
        assert (await home.get("/desk/account")).status_code == 303
        await home.sign_in(sqlite_deps, "sales")
        assert (await office.post("/desk/account/end-others")).status_code == 303
        assert (await home.get("/desk/account")).status_code == 303
        assert (await office.get("/desk/account")).status_code == 200


async def test_of_several_links_handed_over_one_works_once(make_deps: MakeDeps, db: Database) -> None:
    """Whoever keeps another one is not to come in as somebody who is here."""
    deps, admin = make_deps(db, mail=None), Viewer("a", Role.ADMIN)
    ann = await people.invite(deps, admin, "ann@tidewater.example", Role.PMM, "Ann")
    first, second = [(await people.hand_link(deps, admin, ann)).rsplit("/", 1)[1] for _ in range(2)]
    with pytest.raises(LinkInvalid):
        await people.sign_in(deps, first)
    mailed = await people.make_link(deps, "ann@tidewater.example")
    assert await people.sign_in(deps, second)
    with pytest.raises(LinkInvalid):
        await people.sign_in(deps, mailed.rsplit("/", 1)[1])


async def test_the_form_says_what_becomes_of_an_invitation(make_deps: MakeDeps, sqlite_deps: Deps) -> None:
    for mail, told in (
        (RecordingChannel(), "They get a mail"),
        (None, "a sign-in link is made for them, for you to hand over"),
    ):
        deps = make_deps(sqlite_deps.db, mail=mail)
        async with Browser(create_app(deps)) as browser:
            await browser.sign_in(deps, "admin")
            assert told in (await browser.get("/desk/people")).text

"""Behind the link: looking changes nothing, pressing does, and a bad link says nothing."""

import asyncio

import pytest
from sqlmodel import SQLModel, select

from interviewer import invitations
from interviewer.deps import Deps
from interviewer.links import Links
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow
from tests.fakes.phone import Phone
from tests.web.conftest import Invite


async def _all_rows(deps: Deps) -> dict[str, list[tuple[object, ...]]]:
    async with deps.db.read() as tx:
        return {
            name: [tuple(row) for row in (await (await tx.connection()).execute(select(table))).all()]
            for name, table in SQLModel.metadata.tables.items()
        }


async def _invitation(deps: Deps) -> InvitationRow:
    async with deps.db.read() as tx:
        return (await tx.exec(select(InvitationRow))).one()


async def test_looking_writes_nothing_and_sets_no_cookie(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    opt_out = sqlite_deps.links.opt_out((await _invitation(sqlite_deps)).id)
    before = await _all_rows(sqlite_deps)
    for _ in range(50):
        for where in (link, f"{link}/notice", f"{link}/call", f"{link}/declined", opt_out):
            response = await phone.open(where)
            assert response.status_code == 200
            assert "set-cookie" not in response.headers
        await phone.http.head(link.removeprefix("http://testserver"))
    assert await _all_rows(sqlite_deps) == before


async def test_it_says_who_asks_and_what_for(phone: Phone, link: str) -> None:
    page = (await phone.open(link)).text
    for words in ("Tidewater", "Mara Lindqvist", "Confidential", "An AI asks", "not a sales", "about 3 minutes"):
        assert words in page
    assert "anonymous" not in page.lower()
    assert set(phone.page.forms) == {"start", "call", "decline"}


async def test_start_leads_to_the_first_question(phone: Phone, link: str) -> None:
    interview_id = await phone.start(link)
    assert phone.question.topic == "trigger"
    assert "1 of about 5" in phone.last.text
    token = link.rsplit("/", 1)[1]
    assert token not in str(phone.last.url) and token not in phone.last.text
    assert interview_id not in link


async def test_starting_twice_is_one_interview(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    await phone.open(link)
    starts = [phone.http.post(phone.page.forms["start"].action) for _ in range(20)]
    assert {response.status_code for response in await asyncio.gather(*starts)} == {200}
    async with sqlite_deps.db.read() as tx:
        assert len((await tx.exec(select(InterviewRow))).all()) == 1


async def test_scanners_that_press_start_do_no_harm(phone: Phone, link: str, app: object, sqlite_deps: Deps) -> None:
    for _ in range(3):
        async with Phone(app) as scanner:  # type: ignore[arg-type]
            await scanner.start(link)
    await phone.start(link)
    await phone.say("We missed two delivery windows in June and our director asked for a plan by the end of quarter")
    assert len(phone.mine) == 1
    async with sqlite_deps.db.read() as tx:
        row = (await tx.exec(select(InterviewRow))).one()
    assert row.proved_browser


@pytest.mark.parametrize("harm", ["altered", "cut", "expired", "revoked", "replaced", "another key", "opt-out token"])
async def test_every_bad_link_looks_the_same(
    harm: str, phone: Phone, link: str, sqlite_deps: Deps, clock: object
) -> None:
    row = await _invitation(sqlite_deps)
    if harm == "altered":
        link = link.replace(row.id, "A" * len(row.id))
    elif harm == "cut":
        link = link[:-5]
    elif harm == "expired":
        clock.advance(days=181)  # type: ignore[attr-defined]
    elif harm == "revoked":
        await invitations.revoke(sqlite_deps, row.id)
    elif harm == "replaced":
        await invitations.replace_link(sqlite_deps, row.id)
    elif harm == "another key":
        link = Links(["another-key-that-is-long-enough-000000"], "http://testserver").interview(row.id, 1)
    else:
        link = sqlite_deps.links.opt_out(row.id).replace("/o/", "/i/")
    page = await phone.open(link)
    assert page.status_code == 404
    assert "This link does not work." in page.text
    assert "Kim" not in page.text and "Northgate" not in page.text
    asked = await phone.press("new-link")
    assert "If this link was ever good" in asked.text
    assert (await phone.http.post(f"{link.removeprefix('http://testserver')}/start")).status_code == 404


async def test_decline_and_change_of_mind(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    await phone.open(link)
    page = await phone.press("decline")
    assert "no interview" in page.text
    assert (await _invitation(sqlite_deps)).declined_at
    await phone.start(link)
    assert phone.question.topic == "trigger"


async def test_opt_out_needs_a_press_and_no_cookie_or_origin(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    where = sqlite_deps.links.opt_out((await _invitation(sqlite_deps)).id)
    await phone.open(where)
    assert not (await _invitation(sqlite_deps)).opted_out_at
    one_click = await phone.http.post(
        where.removeprefix("http://testserver"),
        data={"List-Unsubscribe": "One-Click"},
        headers={"Sec-Fetch-Site": "cross-site"},
        follow_redirects=False,
    )
    assert one_click.status_code == 200
    assert (await _invitation(sqlite_deps)).opted_out_at


async def test_the_buyers_own_language(phone: Phone, invite: Invite) -> None:
    link = await invite(language="de")
    page = await phone.open(link)
    assert '<html lang="de" dir="ltr">' in page.text
    assert "Vertraulich" in page.text
    await phone.start(link)
    assert "1 von etwa 5" in phone.last.text


async def test_forms_from_elsewhere_are_refused(phone: Phone, link: str) -> None:
    start = f"{link.removeprefix('http://testserver')}/start"
    phone.http.headers.pop("sec-fetch-site")
    for headers, status in (
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
        ({"Origin": "http://testserver"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
    ):
        response = await phone.http.post(start, headers=headers, follow_redirects=False)
        assert response.status_code == status, headers


async def test_a_region_is_no_other_language(phone: Phone, invite: Invite) -> None:
    page = await phone.open(await invite(language="de-AT"))
    assert "Wie haben Sie sich entschieden?" in page.text
    await phone.press("start")
    assert phone.question.text.startswith("Was war los")


async def test_who_is_asked_in_another_language_is_told(phone: Phone, invite: Invite) -> None:
    page = await phone.open(await invite(language="it"))
    assert '<html lang="en"' in page.text
    assert "answer in the language you like best" in page.text
    for language in ("en", "de-AT"):
        page = await phone.open(await invite(language=language))
        assert "answer in the language you like best" not in page.text
        assert "Antworten Sie gern in Ihrer Sprache" not in page.text

"""What the desk says of calls that are off, that cannot be moved, and that an erasure would leave behind."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from interviewer import bookings, checking
from interviewer.deps import Deps
from interviewer.store.tables.invitations import InvitationRow
from interviewer.web.app import create_app
from tests.web.desk_scene import SAID, Browser, book_call, invite, play
from tests.web.test_desk_calls import over_now, text_of

NOTED = {"note-trigger": "The rota", "version-trigger": "0", "note-note:headline": "One head held it"}


async def test_what_was_noted_before_it_was_called_off_can_be_read(browser: Browser, sqlite_deps: Deps) -> None:
    await browser.sign_in(sqlite_deps, "pmm")
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    await browser.post(f"/desk/calls/{call}/notes", **NOTED)
    await bookings.cancel(sqlite_deps, call, bookings.BUYER)
    page = text_of((await browser.get(f"/desk/calls/{call}")).text)
    assert "What was noted in it" in page and "The rota" in page and "One head held it" in page
    assert "say so here once its time has come" in page and "held after all" not in page
    await over_now(sqlite_deps, call)
    page = text_of((await browser.get(f"/desk/calls/{call}")).text)
    assert "The rota" in page and "It was held after all" in page
    await browser.post(f"/desk/calls/{call}/held")
    assert 'id="notes"' in (await browser.get(f"/desk/calls/{call}")).text


@pytest.mark.parametrize("where", ["notes", "interview"])
async def test_what_is_typed_into_a_call_that_is_off_comes_back(
    browser: Browser, sqlite_deps: Deps, where: str
) -> None:
    await browser.sign_in(sqlite_deps, "pmm")
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    await bookings.cancel(sqlite_deps, call, bookings.BUYER)
    answered = await browser.post(f"/desk/calls/{call}/{where}", **NOTED)
    assert answered.status_code == 409
    assert answered.headers.get("HX-Refresh") == "true" or "The rota" in text_of(answered.text)
    assert "HX-Refresh" in answered.headers or "was not kept. Copy it" in text_of(answered.text)


async def test_a_call_whose_link_was_revoked_is_not_moved_but_told_of(browser: Browser, sqlite_deps: Deps) -> None:
    await browser.sign_in(sqlite_deps, "pmm")
    invitation_id = await invite(sqlite_deps)
    call = await book_call(sqlite_deps, invitation_id)
    async with sqlite_deps.db.write() as tx:  # as the release before left it
        row = await tx.get(InvitationRow, invitation_id)
        assert row is not None
        row.revoked_at = sqlite_deps.now()
    for answered in (
        await browser.get(f"/desk/calls/{call}/move"),
        await browser.post(f"/desk/calls/{call}/move", start="2026-11-05T10:00:00+00:00"),
    ):
        assert answered.status_code == 409 and "here is how the call stands now" in answered.text
    await browser.post(f"/desk/calls/{call}/cancel")
    assert "There was no call" in (await browser.get(f"/desk/calls/{call}")).text


async def test_the_call_of_who_no_longer_agrees_can_be_read_and_offers_nothing(
    browser: Browser, sqlite_deps: Deps
) -> None:
    await browser.sign_in(sqlite_deps, "pmm")
    invitation_id, interview_id = await play(sqlite_deps, said=SAID[:1], send=False)
    call = await book_call(sqlite_deps, invitation_id)
    await browser.post(f"/desk/calls/{call}/notes", **NOTED)
    await over_now(sqlite_deps, call)
    await checking.withdraw(sqlite_deps, interview_id, browser="phone")
    listed, page = await browser.get("/desk/calls"), await browser.get(f"/desk/calls/{call}")
    assert f'href="/desk/calls/{call}"' in listed.text and "no longer agrees" in text_of(listed.text)
    assert "No longer agrees" in text_of(page.text) and "One head held it" in text_of(page.text)
    for shown in (listed.text, page.text):
        assert not re.search(rf'action="/desk/calls/{call}/(held|missed|reopen)"', shown)
    refused = await browser.post(f"/desk/calls/{call}/missed")
    assert refused.status_code == 409 and "no longer agree" in text_of(refused.text)


@pytest.mark.parametrize("mail", [True, False])
async def test_deleting_warns_of_a_call_to_come(sqlite_deps: Deps, mail: bool) -> None:
    async with Browser(create_app(sqlite_deps if mail else replace(sqlite_deps, mail=None))) as browser:
        await browser.sign_in(sqlite_deps, "admin")
        invitation_id = await invite(sqlite_deps)
        assert "still to come" not in (await browser.get(f"/desk/interviews/{invitation_id}/delete")).text
        call = await book_call(sqlite_deps, invitation_id)
        page = await browser.get(f"/desk/interviews/{invitation_id}/delete")
        assert "A call with them is still to come" in page.text and f'href="/desk/calls/{call}"' in page.text
        assert ("they hear of it by mail" in page.text) is mail
        await browser.post(f"/desk/calls/{call}/cancel")
        assert "still to come" not in (await browser.get(f"/desk/interviews/{invitation_id}/delete")).text


async def test_all_that_is_over_can_be_seen(
    browser: Browser, sqlite_deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interviewer.agenda.meetings.MOST_PAST", 1)
    await browser.sign_in(sqlite_deps, "pmm")
    await bookings.cancel(sqlite_deps, await book_call(sqlite_deps, await invite(sqlite_deps)), bookings.BUYER)
    other = await invite(sqlite_deps, email="b@x.example")
    start = (await bookings.offered(sqlite_deps, other))[8].start
    row = await bookings.take(sqlite_deps, other, start, zone="UTC", language="en")
    await bookings.cancel(sqlite_deps, row.id, bookings.BUYER)
    few, every = (await browser.get("/desk/calls")).text, (await browser.get("/desk/calls?past=all")).text
    assert "Show all that are over" in few and few.count('class="meeting"') == 1
    assert "Show all that are over" not in every and every.count('class="meeting"') == 2

"""The link in a second browser: what was written before stays hidden, and nothing is offered that would be refused.

Each page shows the way: a mailed code where there is mail, else the first browser or the contact (trust.md 7, 30).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from fastapi import FastAPI

from interviewer import checking
from interviewer.deps import Deps
from interviewer.store import interviews
from tests.fakes.clock import FakeClock
from tests.fakes.mail import RecordingChannel
from tests.fakes.phone import Phone

FIRST = "We missed two delivery windows in June and Jonas from IT asked for a plan"
SECOND = "A colleague adds that the import took three weekends of our own time"
CONTACT = "privacy@brightpath.example"


@pytest.fixture(params=[True, False], ids=["mail", "no-mail"])
async def mails(app: FastAPI, sqlite_deps: Deps, request: pytest.FixtureRequest) -> AsyncIterator[bool]:
    app.state.deps = replace(
        sqlite_deps,
        mail=sqlite_deps.mail if request.param else None,
        settings=sqlite_deps.settings.model_copy(update={"contact": CONTACT}),
    )
    yield request.param


async def _begun(phone: Phone, other: Phone, link: str, *answers: str) -> str:
    """An interview that `phone` began, with what `other` wrote to it."""
    interview_id = await phone.start(link)
    await phone.talk(FIRST)
    await other.start(link)
    await other.talk(*answers)
    return interview_id


def _offered(text: str) -> list[str]:
    return [way for way in ('/withdraw"', '/delete"') if f"{way}" in text]


def _shows_the_way(phone: Phone, mails: bool) -> None:
    text = phone.last.text
    assert not _offered(text) and CONTACT in text and "Jonas" not in text
    assert ("mail-code" in phone.page.forms) is mails
    assert ("have a code mailed" if mails else "use the browser you began with") in text


@pytest.mark.parametrize("page", ["", "/check", "/notice", "/withdraw", "/delete"])
async def test_each_page_shows_the_way(phone: Phone, other_phone: Phone, link: str, mails: bool, page: str) -> None:
    interview_id = await _begun(phone, other_phone, link, SECOND)
    await other_phone.open(f"/interview/{interview_id}{page}")
    _shows_the_way(other_phone, mails)


async def test_who_asks_for_deletion_there_finds_it_under_the_reply(
    phone: Phone, other_phone: Phone, link: str, mails: bool
) -> None:
    interview_id = await _begun(phone, other_phone, link, "please delete my answers")
    await other_phone.open(f"/interview/{interview_id}")
    _shows_the_way(other_phone, mails)
    assert ('form="mail-code" name="place" value="withdraw"' in other_phone.last.text) is mails


async def test_what_was_written_there_goes_in_by_itself_as_the_page_says(
    phone: Phone, other_phone: Phone, link: str, sqlite_deps: Deps, clock: FakeClock
) -> None:
    interview_id = await _begun(phone, other_phone, link, SECOND)
    check = await other_phone.press("finish")
    assert "Written in this browser" in check.text and "a day after the last answer" in check.text
    assert "confirm" not in other_phone.page.forms and "Send my answers" not in check.text
    clock.advance(hours=24, minutes=1)
    assert await checking.settle_silent(sqlite_deps) == 1
    async with sqlite_deps.db.read() as tx:
        row = await interviews.get(tx, interview_id)
    assert row is not None and row.abandoned_at


async def test_after_the_last_question_it_goes_in_within_the_hour(
    phone: Phone, other_phone: Phone, link: str, sqlite_deps: Deps, clock: FakeClock
) -> None:
    interview_id = await _begun(phone, other_phone, link)
    for _ in range(14):
        if 'class="chat closed"' in (await other_phone.open(f"/interview/{interview_id}")).text:
            break
        await other_phone.say("In June our director asked for a plan because the old import broke for three weekends")
    check = await other_phone.open(f"/interview/{interview_id}/check")
    assert "half an hour after the last answer" in check.text
    clock.advance(minutes=31)
    assert await checking.settle_silent(sqlite_deps) == 1


@pytest.mark.parametrize("place", ["check", "delete", "withdraw"])
async def test_a_code_leads_back_to_what_it_was_asked_for(
    phone: Phone, other_phone: Phone, link: str, mailbox: RecordingChannel, place: str
) -> None:
    interview_id = await _begun(phone, other_phone, link, SECOND)
    here = f"/interview/{interview_id}/{place}"
    await other_phone.open(here)
    asked = await other_phone.press("mail-code")
    assert asked.url.path == here and "a code is on its way" in asked.text
    wrong = await other_phone.press("prove", code="no")
    assert wrong.url.path == here and "Tries left: 4" in wrong.text
    code = next(word for word in mailbox.sent[-1].text.split() if word.isdecimal() and len(word) == 6)
    proved = await other_phone.press("prove", code=code)
    assert proved.url.path == here and proved.status_code == 200
    assert ("confirm" if place == "check" else place) in other_phone.page.forms


async def test_a_code_leads_nowhere_else(phone: Phone, other_phone: Phone, link: str) -> None:
    interview_id = await _begun(phone, other_phone, link)
    for place in ("../../desk", "//evil.example", "answers.txt"):
        asked = await other_phone.press("mail-code", place=place)
        assert asked.url.path == f"/interview/{interview_id}"


async def test_where_it_was_stopped_the_way_stands_too(
    phone: Phone, other_phone: Phone, link: str, mails: bool
) -> None:
    interview_id = await _begun(phone, other_phone, link, SECOND)
    await phone.open(f"/interview/{interview_id}/withdraw")
    await phone.press("withdraw")
    landing = await other_phone.open(link)
    assert "Nothing more is asked" in landing.text and not _offered(landing.text)
    await other_phone.press("start")
    _shows_the_way(other_phone, mails)


async def test_who_comes_back_is_welcomed_once_and_numbers_agree(phone: Phone, other_phone: Phone, link: str) -> None:
    await _begun(phone, other_phone, link)
    landing = await other_phone.open(link)
    assert landing.text.count("Welcome back") == 1
    chat = await other_phone.press("start")
    assert "Welcome back" not in chat.text and "1 answer is saved from another browser." in chat.text

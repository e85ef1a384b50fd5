"""Who no longer agrees is heard: in the chat, on the check page, behind the link; and takes a copy along."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from sqlmodel import select

from interviewer import bookings
from interviewer.analysis import loading
from interviewer.analysis.steps import STEPS
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import CallRequestRow
from tests.fakes.phone import Phone

FIRST = "We missed two delivery windows in June and Jonas from IT asked for a plan"
SECOND = "You, Brightline, and the spreadsheet. The import of Brightline took 40 minutes"
OBJECTION = "I no longer agree, delete everything, send me a copy, says Zenith Rowe"


def _ways(interview_id: str) -> tuple[str, str]:
    return f'href="/interview/{interview_id}/withdraw"', f'href="/interview/{interview_id}/delete"'


async def _stopped(phone: Phone, link: str) -> str:
    interview_id = await phone.start(link)
    await phone.talk(FIRST, SECOND)
    await phone.open(f"/interview/{interview_id}/withdraw")
    await phone.press("withdraw")
    return interview_id


@pytest.mark.parametrize(
    "text", ["I told you I do not consent.", "don't use my answers", "I object to this processing"]
)
async def test_an_objection_brings_both_ways_and_no_question(phone: Phone, link: str, text: str) -> None:
    interview_id = await phone.start(link)
    await phone.talk(FIRST, text)
    chat = await phone.open(f"/interview/{interview_id}")
    assert all(way in chat.text for way in _ways(interview_id)) and "?" not in phone.question.text
    for way in ("withdraw", "delete"):
        assert (await phone.open(f"/interview/{interview_id}/{way}")).status_code == 200
        assert way in phone.page.forms


async def test_an_answer_that_is_changed_to_one_says_so_on_its_card(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    interview_id = await phone.start(link)
    await phone.talk(FIRST, SECOND)
    before = await phone.open(f"/interview/{interview_id}/check?change=4")
    assert "Writing it here" not in before.text
    check = await phone.press("edit", text=OBJECTION)
    card = check.text[check.text.index("Said in passing") : check.text.index("</main>")]
    assert "Writing it here does not do it yet" in card and all(way in card for way in _ways(interview_id))
    async with sqlite_deps.db.read() as tx:
        row = (await tx.exec(select(InterviewRow))).one()
        for step in STEPS:
            case = await loading.case(sqlite_deps, tx, row, step)
            assert "Zenith" not in case.said and "two delivery windows" in case.said


async def test_both_ways_stand_where_somebody_looks_for_them(phone: Phone, link: str) -> None:
    interview_id = await phone.start(link)
    await phone.talk(FIRST, SECOND)
    check = await phone.open(f"/interview/{interview_id}/check")
    assert all(way in check.text for way in _ways(interview_id))
    done = await phone.press("confirm")
    assert all(way in done.text for way in _ways(interview_id))
    assert _ways(interview_id)[0] in (await phone.open(link)).text  # "Already sent"
    assert _ways(interview_id)[0] in (await phone.open(f"{link}/notice")).text


async def test_neither_way_is_urged(phone: Phone, link: str) -> None:
    interview_id = await phone.start(link)
    await phone.talk(FIRST, SECOND)
    asked = await phone.open(f"/interview/{interview_id}/withdraw")
    assert "btn primary" not in asked.text and asked.text.count("btn ghost") == 2


@pytest.mark.parametrize("without_mail", [False, True])
async def test_a_copy_is_saved_from_the_page(
    phone: Phone, other_phone: Phone, link: str, app: FastAPI, sqlite_deps: Deps, without_mail: bool
) -> None:
    if without_mail:
        app.state.deps = replace(sqlite_deps, mail=None)
    interview_id = await phone.start(link)
    await phone.talk(FIRST, SECOND, "Can you send me a copy?")
    await phone.open(f"/interview/{interview_id}/check")
    await phone.press(f"/interview/{interview_id}/check/4/remove")
    done = await phone.press("confirm")
    assert f'href="/interview/{interview_id}/answers.txt"' in done.text
    saved = await phone.http.get(f"/interview/{interview_id}/answers.txt")
    assert (
        saved.headers["content-type"].startswith("text/plain") and "answers.txt" in saved.headers["content-disposition"]
    )
    assert FIRST in saved.text and "Brightline" not in saved.text
    await other_phone.start(link)
    refused = await other_phone.http.get(f"/interview/{interview_id}/answers.txt")
    assert refused.status_code == 403 and "Jonas" not in refused.text


async def test_the_link_of_who_stopped_asks_nothing_and_books_nothing(
    phone: Phone, other_phone: Phone, link: str, sqlite_deps: Deps
) -> None:
    interview_id = await _stopped(phone, link)
    landing = await phone.open(link)
    assert "Nothing more is asked" in landing.text and not phone.page.forms
    assert f'href="/interview/{interview_id}/delete"' in landing.text
    elsewhere = await other_phone.open(link)
    assert "Nothing more is asked" in elsewhere.text and "Jonas" not in elsewhere.text
    assert "Nothing more is asked" in (await other_phone.press("start")).text
    for here in (link, f"/interview/{interview_id}"):
        for place in ("", "/times", "/other", "/cancel"):
            page = await phone.open(f"{here}/call{place}")
            assert "Nothing more is asked" in page.text and not phone.page.forms
    path = f"/interview/{interview_id}/call"
    await phone.http.post(path, data={"phone": "+49 30 1234567"})
    await phone.http.post(f"{path}/times", data={"start": "2026-11-25T10:00:00Z", "zone": "Europe/Berlin"})
    async with sqlite_deps.db.read() as tx:
        assert (await tx.exec(select(CallRequestRow))).all() == []
        invitation_id = (await tx.exec(select(InterviewRow))).one().invitation_id
    with pytest.raises(NotFound):
        await bookings.offer(sqlite_deps, invitation_id)
    given = {"first_time": "Monday", "second_time": "", "phone": "", "time_zone": ""}
    with pytest.raises(NotFound):
        await bookings.request(sqlite_deps, invitation_id, **given)
    await phone.open(link)
    await phone.open(f"/interview/{interview_id}/delete")
    assert "Everything is deleted" in (await phone.press("delete")).text


async def test_a_browser_with_nothing_written_has_a_way_on(phone: Phone, other_phone: Phone, link: str) -> None:
    interview_id = await phone.start(link)
    await phone.talk(FIRST)
    await other_phone.start(link)
    check = await other_phone.press("finish")
    assert "Nothing written in this browser yet" in check.text and "Nothing to send" not in check.text
    assert f'class="btn primary" href="/interview/{interview_id}"' in check.text
    assert {"call", "mail-code"} <= other_phone.page.forms.keys() and "confirm" not in other_phone.page.forms
    assert "Jonas" not in check.text

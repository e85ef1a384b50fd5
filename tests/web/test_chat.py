"""A whole interview by plain forms and by htmx, and all that can go wrong in the middle of a turn."""

import asyncio

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from interviewer import interviews, invitations
from interviewer.deps import Deps
from interviewer.errors import NotSaved
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from tests.fakes.jobs import RecordingJobs
from tests.fakes.phone import Phone

RICH = (
    "We missed two delivery windows in June and the ops director asked for a plan by end of quarter",
    "You, Brightline, and keeping the spreadsheet tbh",
    "The import. Our IT lead said it would take him three weekends and we had no time for that in August",
    "Brightline moved our data for us in two days, nobody else offered that, and the director signed off on it",
    "Ask early who moves the data, it is the part that nobody mentions in a demo",
)


async def _turns(deps: Deps) -> list[TurnRow]:
    async with deps.db.read() as tx:
        return list((await tx.exec(select(TurnRow).order_by(TurnRow.number))).all())  # type: ignore[arg-type]


async def _to_the_end(phone: Phone) -> None:
    for _ in range(20):
        if 'class="chat closed"' in await _page(phone):
            return
        await phone.say("Nothing else, I think that was really all there is to it")
    raise AssertionError("the interview never closes")


async def _page(phone: Phone) -> str:
    return (await phone.open(f"/interview/{_id(phone)}")).text


def _id(phone: Phone) -> str:
    return phone.page.forms["answer"].action.split("/")[2]


async def test_a_whole_interview(phone: Phone, link: str, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    await phone.start(link)
    await phone.talk(*RICH)
    await _to_the_end(phone)
    check = await phone.press("finish")
    for words in ("Anything to change before we finish?", "What started the search", RICH[0]):
        assert words in check.text
    done = await phone.press("confirm")
    assert "Thank you, that helps." in done.text
    async with sqlite_deps.db.read() as tx:
        row = (await tx.exec(select(InterviewRow))).one()
    assert row.completed_by == "buyer"
    assert jobs.keys("analyse") == [row.id]
    turns = await _turns(sqlite_deps)
    assert [turn.number for turn in turns] == list(range(1, len(turns) + 1))
    assert [turn.text for turn in turns if turn.speaker == "buyer"][: len(RICH)] == list(RICH)
    assert (await phone.open(f"/interview/{row.id}")).url.path.endswith("/done")


async def test_the_answer_and_the_reply_come_in_one_round_trip(phone: Phone, link: str) -> None:
    await phone.start(link)
    response = await phone.say(RICH[0])
    assert RICH[0] in response.text
    assert response.text.count('data-speaker="interviewer"') == (1 if phone.script else 2)
    assert 'id="tail"' in response.text and "data-pending" not in response.text
    assert response.headers["vary"].lower().count("hx-request") == 1


async def test_fifty_taps_of_send_are_one_answer(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    await phone.start(link)
    form = phone.page.forms["answer"]
    data = {**form.fields, "text": "It was time for a change, our old planner broke down twice"}
    taps = [phone.http.post(form.action, data=data) for _ in range(50)]
    assert {response.status_code for response in await asyncio.gather(*taps)} == {200}
    assert sum(turn.speaker == "buyer" for turn in await _turns(sqlite_deps)) == 1


async def test_a_key_with_other_words_is_refused_and_the_first_stand(
    phone: Phone, link: str, sqlite_deps: Deps
) -> None:
    await phone.start(link)
    form = phone.page.forms["answer"]
    await phone.say("The first words about our broken planner")
    response = await phone.http.post(form.action, data={**form.fields, "text": "Other words"}, headers=_hx(phone))
    assert response.status_code == 409
    assert "sent already" in response.text
    assert "Other words" not in [turn.text for turn in await _turns(sqlite_deps)]


async def test_two_tabs_the_loser_keeps_its_draft(phone: Phone, link: str) -> None:
    await phone.start(link)
    behind = phone.page.forms["answer"]
    await phone.say(RICH[0])
    data = {**behind.fields, "key": "another-tab", "text": "A draft from the other tab"}
    response = await phone.http.post(behind.action, data=data, headers=_hx(phone))
    assert response.status_code == 409
    assert "went on in another window" in response.text
    assert RICH[0] in response.text
    if not phone.script:
        assert "A draft from the other tab</textarea>" in response.text


@pytest.mark.parametrize(
    ("text", "status"), [("", 422), ("   \n ", 422), ("x" * 4001, 413), ("x" * 100_000, 413), ("x" * 2_000_000, 413)]
)
async def test_what_cannot_be_an_answer_is_said(phone: Phone, link: str, text: str, status: int) -> None:
    await phone.start(link)
    response = await phone.say(text)
    assert response.status_code == status


async def test_a_long_answer_stays_in_the_box(phone: Phone, link: str) -> None:
    await phone.start(link)
    response = await phone.say("y" * 4001)
    assert "4001 characters; 4000 fit" in response.text
    if not phone.script:
        assert "y" * 4001 in response.text


async def test_four_thousand_characters_and_markup_are_kept_as_text(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    await phone.start(link)
    nasty = "<script>alert(1)</script> {{7*7}} 😀 שלום " + "z" * 3900
    page = await phone.say(nasty)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
    assert nasty in [turn.text for turn in await _turns(sqlite_deps)]


async def test_skipping_goes_on_without_a_probe(phone: Phone, link: str) -> None:
    await phone.start(link)
    before = phone.question.topic
    await phone.skip()
    assert phone.question.topic != before
    assert "Skipped" in (await _page(phone))


async def test_coming_back_shows_where_it_stood(phone: Phone, link: str) -> None:
    await phone.start(link)
    await phone.say(RICH[0])
    question = phone.question.text
    landing = await phone.open(link)
    assert "Welcome back" in landing.text and "Continue" in landing.text
    await phone.press("start")
    assert phone.question.text == question
    assert RICH[0] in phone.last.text


async def test_a_second_browser_reads_nothing_of_the_first(
    phone: Phone, other_phone: Phone, link: str, sqlite_deps: Deps
) -> None:
    await phone.start(link)
    await phone.say("canarywordone " + RICH[0])
    await phone.say("the canaryvendor")
    await other_phone.start(link)
    page = other_phone.last.text
    assert "canary" not in page.lower()
    assert "2 answers, those to follow-ups included, are saved from another browser." in page
    assert len(other_phone.page.messages) == 1
    await other_phone.say("A colleague adds: the import took three weekends")
    assert "canary" not in other_phone.last.text.lower()
    check = await other_phone.press("finish")
    assert "canary" not in check.text.lower() and "three weekends" in check.text
    assert [turn.proved for turn in await _turns(sqlite_deps) if turn.speaker == "buyer"] == [True, True, False]
    for number in (2, 4):
        changed = await other_phone.http.post(
            f"/interview/{_id(phone)}/check/{number}/change", data={"text": "overwritten"}
        )
        assert changed.status_code == 403
    assert (await other_phone.open(f"/interview/{_id(phone)}/delete")).status_code == 403
    assert (await other_phone.http.post(f"/interview/{_id(phone)}/delete")).status_code == 403


async def test_without_the_link_there_is_no_way_in(phone: Phone, other_phone: Phone, link: str) -> None:
    interview_id = await phone.start(link)
    for path in ("", "/check", "/done", "/notice", "/call", "/delete", "/reply?number=2"):
        page = await other_phone.open(f"/interview/{interview_id}{path}")
        assert page.status_code == 404
        assert "personal link" in page.text
    posted = await other_phone.http.post(f"/interview/{interview_id}/answer", data={"text": "hi", "key": "k"})
    assert posted.status_code == 404


async def test_two_links_in_two_tabs_do_not_mix(phone: Phone, link: str, invite: object) -> None:
    other = await invite("sam@buyer.example")  # type: ignore[operator]
    first = await phone.start(link)
    second = await phone.start(other)
    assert first != second
    await phone.say("On the second interview only")
    await phone.open(f"/interview/{first}")
    assert phone.mine == []


async def test_not_saved_says_so_and_keeps_the_text(
    phone: Phone, link: str, sqlite_deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phone.start(link)
    async with sqlite_deps.db.write():  # the one writer is busy for longer than anyone waits
        monkeypatch.setattr(interviews, "answer", _locked)
        response = await phone.say(RICH[0])
    assert response.status_code == 503
    assert "Not saved yet" in response.text
    monkeypatch.undo()
    await phone.say(RICH[0])
    assert phone.mine[-1].startswith(RICH[0])


async def _locked(*_args: object, **_more: object) -> None:
    raise NotSaved from OperationalError("", {}, Exception("database is locked"))


async def test_a_withdrawn_invitation_closes_the_chat(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    await phone.start(link)
    await phone.say(RICH[0])
    async with sqlite_deps.db.read() as tx:
        row = (await tx.exec(select(InterviewRow))).one()
    form = phone.page.forms["answer"]
    await invitations.revoke(sqlite_deps, row.invitation_id)
    page = await phone.http.post(form.action, data={**form.fields, "text": "too late"})
    assert page.status_code == 410 and "was not sent" in page.text and "too late</textarea>" in page.text
    looked = await phone.open(form.action.rpartition("/")[0])
    assert looked.status_code == 410 and "closed" in looked.text and "in the box" not in looked.text


async def test_asking_for_a_reply_that_stands_gives_it(phone: Phone, link: str) -> None:
    interview_id = await phone.start(link)
    await phone.say(RICH[0])
    response = await phone.http.get(f"/interview/{interview_id}/reply?number=3", headers={"HX-Request": "true"})
    assert 'data-turn="3"' in response.text and 'data-turn="2"' not in response.text


async def test_no_answer_in_the_log(phone: Phone, link: str, capfd: pytest.CaptureFixture[str], app: FastAPI) -> None:
    await phone.start(link)
    await phone.say("canaryanswer in a log would be bad")
    await phone.http.post(f"/interview/{_id(phone)}/answer", data={"text": "canaryanswer", "key": "k", "number": "x"})
    await phone.open("/i/canarytoken")
    shown = capfd.readouterr()
    assert "canary" not in shown.out + shown.err


def _hx(phone: Phone) -> dict[str, str]:
    return {"HX-Request": "true"} if phone.script else {}


async def test_what_no_page_of_ours_sends_is_no_server_error(phone: Phone, link: str) -> None:
    interview_id = await phone.start(link)
    here = f"/interview/{interview_id}"
    for path in (
        f"{here}/reply",
        f"{here}/reply?number=abc",
        f"{here}/check?change=x",
        "/i/%00",
        "/desk?q=%00",
        "/%00",
    ):
        response = await phone.http.get(path)
        assert response.status_code in (200, 404), path
        assert response.headers["content-type"].startswith("text/html")
    for path in (f"{here}/check/{10**30}/change", f"{here}/check/-1/remove"):
        assert (await phone.http.post(path, data={"text": "x"})).status_code == 404
    nul = await phone.http.post(f"{here}/answer", data={"text": "a\x00b", "key": "k\x00", "number": "2"})
    assert nul.status_code == 200 and "ab" in nul.text


async def test_head_is_get_without_a_body(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    for path in (link.removeprefix("http://testserver"), "/healthz", "/desk/sign-in", "/robots.txt"):
        response = await phone.http.head(path)
        assert response.status_code == 200 and not response.content
        assert "content-security-policy" in response.headers


async def test_a_defect_shows_a_page_with_every_header(
    phone: Phone, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_given: object) -> None:
        raise RuntimeError("canarydefect")

    monkeypatch.setattr(invitations, "open", broken)
    response = await phone.open(link)
    assert response.status_code == 500
    assert "Something went wrong on our side." in response.text and "canary" not in response.text
    assert "frame-ancestors" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"

"""Check the answers, change and remove, send, and the rights that stay."""

import pytest
from fastapi import FastAPI
from sqlmodel import select

from interviewer import checking, interviews
from interviewer.deps import Deps
from interviewer.errors import InterviewClosed, NotAllowed
from interviewer.store.tables.analysis import QuoteRow
from interviewer.store.tables.interviews import InterviewRow, RevisionRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow, SuppressionRow
from interviewer.store.tables.review import ReleaseRow
from tests.fakes import audit_log
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.fakes.phone import Phone

FIRST = "We missed two delivery windows in June and Jonas from IT asked for a plan"
SECOND = "You, Brightline, and the spreadsheet. Call me on +49 170 1234567"


async def _row(deps: Deps) -> InterviewRow:
    async with deps.db.read() as tx:
        return (await tx.exec(select(InterviewRow))).one()


async def _started(phone: Phone, link: str) -> str:
    interview_id = await phone.start(link)
    await phone.talk(FIRST, SECOND)
    await phone.open(f"/interview/{interview_id}")
    await phone.press("finish")
    return interview_id


async def test_hints_on_personal_data(phone: Phone, link: str) -> None:
    await _started(phone, link)
    assert "Names a person." in phone.last.text
    assert "Has an address or a number." in phone.last.text


async def test_change_remove_and_put_back(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    interview_id = await _started(phone, link)
    editing = await phone.open(f"/interview/{interview_id}/check?change=2")
    assert f"{FIRST}</textarea>" in editing.text
    await phone.press("edit", text="We missed two windows, IT asked for a plan")
    assert "Jonas" not in phone.last.text
    await phone.press(f"/interview/{interview_id}/check/4/remove")
    assert "Brightline" not in phone.last.text
    await phone.press(f"/interview/{interview_id}/check/4/restore")
    assert "Brightline" in phone.last.text
    await phone.press(f"/interview/{interview_id}/check/4/remove")
    await phone.press("confirm")
    async with sqlite_deps.db.read() as tx:
        texts = [turn.text for turn in (await tx.exec(select(TurnRow))).all()]
        assert not (await tx.exec(select(RevisionRow))).all()
    assert not any("Jonas" in text or "1234567" in text for text in texts)


async def test_an_empty_change_is_refused_with_the_words_kept(phone: Phone, link: str) -> None:
    interview_id = await _started(phone, link)
    await phone.open(f"/interview/{interview_id}/check?change=2")
    page = await phone.press("edit", text="  ")
    assert page.status_code == 422
    assert "nothing to send" in page.text.lower()


async def test_nothing_answered_is_nothing_to_send(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    interview_id = await phone.start(link)
    page = await phone.press("finish")
    assert "Nothing to send yet" in page.text and "confirm" not in phone.page.forms
    await phone.http.post(f"/interview/{interview_id}/confirm")
    assert (await _row(sqlite_deps)).completed_at is None


async def test_back_to_the_questions(phone: Phone, link: str) -> None:
    interview_id = await _started(phone, link)
    await phone.open(f"/interview/{interview_id}")
    await phone.say("The import would have taken three weekends of our own")
    assert len(phone.mine) == 3


async def test_sending_twice_is_once_and_nothing_can_be_added(
    phone: Phone, link: str, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    interview_id = await _started(phone, link)
    for _ in range(2):
        sent = await phone.http.post(f"/interview/{interview_id}/confirm")
        assert "Thank you" in sent.text
    assert jobs.keys("analyse") == [interview_id]
    late = await phone.http.post(
        f"/interview/{interview_id}/answer", data={"text": "my last words", "key": "late", "number": "6"}
    )
    assert late.status_code == 410
    assert "was not sent" in late.text and "my last words</textarea>" in late.text


async def test_consent_is_asked_once_after_sending(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    interview_id = await _started(phone, link)
    page = await phone.press("confirm")
    assert 'type="checkbox" name="agreed" value="yes">' in page.text
    consent = f"/interview/{interview_id}/consent"
    await phone.http.post(consent, data={})
    assert (await _row(sqlite_deps)).crm_consent is False
    page = await phone.http.post(consent, data={"agreed": "yes"})
    assert (await _row(sqlite_deps)).crm_consent is False
    assert "Nothing goes into the sales records" in page.text


async def test_a_copy_by_mail(
    phone: Phone, link: str, sqlite_deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    interview_id = await _started(phone, link)
    await phone.press("confirm")
    page = await phone.press(f"/interview/{interview_id}/copy")
    assert "on its way" in page.text
    jobs.queued = [entry for entry in jobs.queued if entry[0] == "deliver"]
    await jobs.run(sqlite_deps)
    [mail] = mailbox.sent
    assert mail.to == "kim@buyer.example" and "Brightline" in mail.text


async def test_deleting_erases_everything(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    interview_id = await _started(phone, link)
    await phone.open(f"/interview/{interview_id}/delete")
    page = await phone.press("delete")
    assert "Everything is deleted." in page.text
    async with sqlite_deps.db.read() as tx:
        assert not (await tx.exec(select(TurnRow))).all()
        assert not (await tx.exec(select(RevisionRow))).all()
        invitation = (await tx.exec(select(InvitationRow))).one()
        assert (await tx.exec(select(SuppressionRow))).one().address_hash
    assert (invitation.email, invitation.name, invitation.company) == ("", "", "")
    again = await phone.open(link)
    assert again.status_code == 410 and "Everything is deleted." in again.text


async def test_a_second_browser_proves_itself_by_mail(
    phone: Phone, other_phone: Phone, link: str, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    await other_phone.start(link)
    asked = await other_phone.press("mail-code")
    assert "a code is on its way" in asked.text
    code = next(word for word in mailbox.sent[-1].text.split() if word.isdecimal() and len(word) == 6)
    too_soon = await other_phone.http.post(f"/interview/{interview_id}/code")
    assert "A code went out already" in too_soon.text
    wrong = "000000" if code != "000000" else "111111"
    for left in (4, 3):
        page = await other_phone.http.post(f"/interview/{interview_id}/prove", data={"code": wrong})
        assert f"Tries left: {left}" in page.text
        assert "Jonas" not in page.text
    clock.advance(minutes=9)
    page = await other_phone.http.post(f"/interview/{interview_id}/prove", data={"code": f" {code} "})
    assert "Jonas" in page.text


async def test_a_code_runs_out(
    phone: Phone, other_phone: Phone, link: str, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    interview_id = await phone.start(link)
    await phone.say(FIRST)
    await other_phone.start(link)
    await other_phone.press("mail-code")
    code = next(word for word in mailbox.sent[-1].text.split() if word.isdecimal() and len(word) == 6)
    for _ in range(5):
        await other_phone.http.post(f"/interview/{interview_id}/prove", data={"code": "nope"})
    used_up = await other_phone.http.post(f"/interview/{interview_id}/prove", data={"code": code})
    assert "used up" in used_up.text and "Jonas" not in used_up.text
    clock.advance(minutes=2)
    await other_phone.http.post(f"/interview/{interview_id}/code")
    code = next(word for word in mailbox.sent[-1].text.split() if word.isdecimal() and len(word) == 6)
    clock.advance(minutes=11)
    late = await other_phone.http.post(f"/interview/{interview_id}/prove", data={"code": code})
    assert "used up" in late.text and "Jonas" not in late.text


async def test_silence_completes_or_abandons(
    phone: Phone, link: str, sqlite_deps: Deps, clock: FakeClock, jobs: RecordingJobs
) -> None:
    interview_id = await phone.start(link)
    await phone.talk(FIRST, SECOND)
    clock.advance(hours=23)
    assert await checking.settle_silent(sqlite_deps) == 0
    clock.advance(hours=2)
    assert await checking.settle_silent(sqlite_deps) == 1
    assert (await _row(sqlite_deps)).abandoned_at
    assert jobs.keys("analyse") == [interview_id]
    await phone.open(f"/interview/{interview_id}")
    await phone.say("Back again: the import would have taken three weekends of our own IT")
    assert (await _row(sqlite_deps)).abandoned_at is None


async def test_all_core_topics_answered_completes_after_half_an_hour(
    phone: Phone, link: str, sqlite_deps: Deps, clock: FakeClock
) -> None:
    await phone.start(link)
    for _ in range(12):
        if "answer" in phone.page.forms and "almost done" in phone.last.text:
            break
        await phone.say("In June our director asked for a plan because the old import broke for three weekends")
        await phone.open(f"/interview/{(await _row(sqlite_deps)).id}")
    clock.advance(minutes=31)
    assert await checking.settle_silent(sqlite_deps) == 1
    assert (await _row(sqlite_deps)).completed_by == "silence"


async def test_a_call_keeps_the_answers(phone: Phone, link: str, app: FastAPI) -> None:
    interview_id = await _started(phone, link)
    await phone.open(f"/interview/{interview_id}")
    await phone.press("call")
    missing = await phone.press("book", first_time="", phone=" ")
    assert missing.status_code == 422 and "Please leave a time or a number." in missing.text
    wrong = await phone.press("book", first_time="", phone="12")
    assert wrong.status_code == 422 and "Please check this number." in wrong.text
    page = await phone.press(
        "book", first_time="Tuesday after 3 pm", phone="+49 170 1234567", time_zone="Europe/Berlin"
    )
    assert "You will hear from us" in page.text and "kept" in page.text
    assert "Tuesday after 3 pm" in page.text
    async with Phone(app) as other:
        await other.start(link)
        seen = await other.open(f"/interview/{interview_id}/call?asked=1")
        assert "Tuesday" not in seen.text and "1234567" not in seen.text
    await phone.open(f"/interview/{interview_id}")
    assert phone.mine[0].startswith(FIRST)


async def test_a_reply_under_way_is_not_wanted_after_sending(phone: Phone, link: str, sqlite_deps: Deps) -> None:
    interview_id = await phone.start(link)
    await interviews.answer(sqlite_deps, interview_id, browser="other", key="k", number=2, text=FIRST)
    await checking.send(sqlite_deps, interview_id, browser="other")
    await interviews.reply(sqlite_deps, interview_id, 3)
    async with sqlite_deps.db.read() as tx:
        assert len((await tx.exec(select(TurnRow))).all()) == 2


@pytest.mark.parametrize("name", ["Karen Miller", "Bob"])
async def test_what_is_taken_back_leaves_the_questions_too(
    phone: Phone, link: str, sqlite_deps: Deps, name: str
) -> None:
    interview_id = await phone.start(link)
    await phone.say("it was time")
    async with sqlite_deps.db.write() as tx:  # a model would have quoted it like this
        turn = (await tx.exec(select(TurnRow).where(TurnRow.number == 3))).one()
        turn.text, turn.move, turn.topic = (
            f"You wrote “{name}”. What came of it?",
            "probe:trigger:people",
            "trigger",
        )
        said = (await tx.exec(select(TurnRow).where(TurnRow.number == 2))).one()
        said.text = f"{name} asked for it"
    await phone.open(f"/interview/{interview_id}")
    await phone.press("finish")
    await phone.press(f"/interview/{interview_id}/check/2/remove")
    chat = await phone.open(f"/interview/{interview_id}")
    assert name not in chat.text
    assert phone.question.text.endswith("?")


async def test_what_was_said_in_passing_stands_apart(phone: Phone, link: str) -> None:
    interview_id = await phone.start(link)
    await phone.say("are you a bot?")
    await phone.say(FIRST)
    check = await phone.open(f"/interview/{interview_id}/check")
    assert check.text.index(FIRST) < check.text.index("Said in passing") < check.text.index("are you a bot?")


async def test_a_wish_for_a_person_brings_the_way_there(phone: Phone, link: str) -> None:
    interview_id = await phone.start(link)
    await phone.say("I would rather talk to a person, please call me instead")
    chat = await phone.open(f"/interview/{interview_id}")
    assert f'href="/interview/{interview_id}/call">Book a 15-minute call</a>' in chat.text


async def test_only_the_proved_browser_sends(
    phone: Phone, other_phone: Phone, link: str, sqlite_deps: Deps, mailbox: RecordingChannel
) -> None:
    interview_id = await _started(phone, link)
    await other_phone.start(link)
    await other_phone.say("A colleague adds that the import took three weekends of our own time")
    check = await other_phone.open(f"/interview/{interview_id}/check")
    assert "confirm" not in other_phone.page.forms and "goes in by itself about a day after" in check.text
    await other_phone.http.post(f"/interview/{interview_id}/confirm")
    assert (await _row(sqlite_deps)).completed_at is None
    await phone.http.post(f"/interview/{interview_id}/confirm")
    done = await other_phone.open(f"/interview/{interview_id}/done")
    assert "consent" not in done.text and "Jonas" not in done.text
    await other_phone.press("mail-code")
    code = next(word for word in mailbox.sent[-1].text.split() if word.isdecimal() and len(word) == 6)
    proved = await other_phone.press("prove", code=code)
    assert "One last thing" in proved.text


async def test_skipping_everything_is_no_dead_end(phone: Phone, other_phone: Phone, link: str) -> None:
    interview_id = await phone.start(link)
    for _ in range(12):
        await phone.skip()
        if 'class="chat closed"' in (await phone.open(f"/interview/{interview_id}")).text:
            break
    check = await phone.press("finish")
    assert "Nothing to send yet" in check.text
    await phone.press("again")
    assert phone.question.topic == "trigger"
    await other_phone.start(link)
    await other_phone.say(FIRST)
    assert other_phone.mine


async def test_a_sent_interview_gives_its_rights_to_a_new_browser(
    phone: Phone, other_phone: Phone, link: str, mailbox: RecordingChannel
) -> None:
    interview_id = await _started(phone, link)
    await phone.press("confirm")
    landing = await other_phone.open(link)
    assert "Already sent, thank you." in landing.text and "This interview is complete" not in landing.text
    assert "Book a 15-minute call</button>" in landing.text and "instead" not in landing.text
    done = await other_phone.press("start")
    assert done.url.path == f"/interview/{interview_id}/done"
    assert "mail-code" in other_phone.page.forms


async def test_nothing_written_is_nothing_to_delete(phone: Phone, link: str) -> None:
    interview_id = await phone.start(link)
    page = await phone.open(f"/interview/{interview_id}/delete")
    assert page.url.path.endswith("/check") and "Nothing to send yet" in page.text
    assert (await phone.http.post(f"/interview/{interview_id}/delete")).status_code == 403


async def test_a_buyer_who_no_longer_agrees_stops_and_keeps_what_was_said(
    phone: Phone, link: str, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    interview_id = await phone.start(link)
    await phone.talk(FIRST, SECOND)
    notice = await phone.open(f"/interview/{interview_id}/notice")
    assert f'href="/interview/{interview_id}/withdraw"' in notice.text and "I no longer agree" in notice.text
    asked = await phone.open(f"/interview/{interview_id}/withdraw")
    assert "Stop here?" in asked.text and f"/interview/{interview_id}/delete" in asked.text
    assert (await _row(sqlite_deps)).withdrawn_at is None  # looking changes nothing
    await phone.press("withdraw")
    row = await _row(sqlite_deps)
    assert row.withdrawn_at and row.abandoned_at and row.crm_consent is False and row.audiences == []
    assert [job for job, _ in jobs.queued] == [], "nothing more is made of it"
    stopped = await phone.open(f"/interview/{interview_id}")
    assert "Nothing more is asked" in stopped.text and 'id="answer"' not in stopped.text
    for page in ("check", "done", "withdraw"):
        assert "Nothing more is asked" in (await phone.open(f"/interview/{interview_id}/{page}")).text
    with pytest.raises(InterviewClosed):
        await interviews.answer(sqlite_deps, interview_id, browser="any", key="late", number=8, text="more")
    async with sqlite_deps.db.read() as tx:
        acts = [(act.user_id, act.verb) for act in await audit_log.entries(tx, f"interview:{interview_id}")]
        assert len((await tx.exec(select(TurnRow).where(TurnRow.speaker == "buyer"))).all()) == 2
    assert acts == [("", "no longer agreed, by the buyer")]
    await phone.open(f"/interview/{interview_id}/delete")
    await phone.press("delete")
    assert (await _row(sqlite_deps)).deleted_at


async def test_only_who_answered_takes_back_that_they_agree(
    phone: Phone, other_phone: Phone, link: str, sqlite_deps: Deps
) -> None:
    """A scanner, or whoever holds a forwarded link, stops nobody's interview."""
    interview_id = await other_phone.start(link)
    empty = await other_phone.open(f"/interview/{interview_id}/withdraw")
    assert 'id="withdraw"' not in empty.text
    with pytest.raises(NotAllowed):
        await checking.withdraw(sqlite_deps, interview_id, browser="scanner")
    await phone.start(link)
    await phone.say(FIRST)
    assert (await other_phone.open(f"/interview/{interview_id}/withdraw")).status_code == 403
    with pytest.raises(NotAllowed):
        await checking.withdraw(sqlite_deps, interview_id, browser="scanner")
    assert (await _row(sqlite_deps)).withdrawn_at is None


async def test_after_sending_too_and_what_was_released_comes_back(
    phone: Phone, link: str, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    interview_id = await _started(phone, link)
    await phone.press("confirm")
    await jobs.run(sqlite_deps)
    async with sqlite_deps.db.write() as tx:
        quote = (await tx.exec(select(QuoteRow))).first()
        assert quote is not None
        tx.add(
            ReleaseRow(
                interview_id=interview_id, quote_id=quote.id, audience="product", user_id="p", at=sqlite_deps.now()
            )
        )
    asked = await phone.open(f"/interview/{interview_id}/withdraw")
    assert "Your answers were sent" in asked.text and "Nothing more will be asked" not in asked.text
    await phone.press("withdraw")
    row = await _row(sqlite_deps)
    assert row.withdrawn_at and row.completed_by == "buyer" and row.crm_consent is False
    async with sqlite_deps.db.read() as tx:
        assert (await tx.exec(select(ReleaseRow))).all() == []

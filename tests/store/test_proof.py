"""Codes by mail: few, for whom they are meant, and asked for again at once where the mail was not taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from interviewer import interviews, invitations, proof, store
from interviewer.deps import Deps
from interviewer.errors import CodeWrong, MailFailed, NotSent, TooMany
from interviewer.invitees import Invitee
from tests.fakes.clock import FakeClock
from tests.fakes.mail import RecordingChannel


@pytest.fixture
async def interview_id(deps: Deps) -> str:
    (invited,) = await invitations.invite(deps, [Invitee("kim@buyer.example")])
    made = await interviews.start(deps, invited.invitation_id)
    await interviews.answer(deps, made, browser="a", key="k", number=2, text="Our planner left in March")
    return made


def mailed(mailbox: RecordingChannel) -> str:
    return next(word for word in mailbox.sent[-1].text.split() if word.isdecimal() and len(word) == 6)


async def proved(deps: Deps, interview_id: str, browser: str) -> bool:
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        assert row
        return await store.interviews.is_proved(tx, row, browser)


async def test_a_code_proves_the_browser_that_asked(deps: Deps, interview_id: str, mailbox: RecordingChannel) -> None:
    await proof.send_code(deps, interview_id, browser="b")
    with pytest.raises(CodeWrong):
        await proof.prove(deps, interview_id, browser="c", code=mailed(mailbox))
    await proof.prove(deps, interview_id, browser="b", code=f" {mailed(mailbox)}\n")
    assert await proved(deps, interview_id, "b") and not await proved(deps, interview_id, "c")


async def test_many_browsers_share_five_mails_an_hour(
    deps: Deps, interview_id: str, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    began = clock()
    for number in range(proof.MAILS):
        await proof.send_code(deps, interview_id, browser=f"b{number}")
        clock.advance(minutes=1)
    for number in range(10):
        with pytest.raises(TooMany) as caught:
            await proof.send_code(deps, interview_id, browser=f"c{number}")
        assert caught.value.until == began + timedelta(hours=1)
    assert len(mailbox.sent) == proof.MAILS
    clock.advance(minutes=56)
    await proof.send_code(deps, interview_id, browser="d")
    assert len(mailbox.sent) == proof.MAILS + 1


async def test_wrong_tries_of_all_browsers_count_together(
    deps: Deps, interview_id: str, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    for _ in range(proof.WRONG_TRIES // proof.TRIES):
        await proof.send_code(deps, interview_id, browser="b")
        for left in reversed(range(proof.TRIES)):
            with pytest.raises(CodeWrong) as caught:
                await proof.prove(deps, interview_id, browser="b", code="xxxxxx")
            assert caught.value.tries_left == left
        clock.advance(minutes=1)
    await proof.send_code(deps, interview_id, browser="c")
    with pytest.raises(TooMany):
        await proof.prove(deps, interview_id, browser="c", code=mailed(mailbox))
    assert not await proved(deps, interview_id, "c")
    clock.advance(days=1)
    await proof.send_code(deps, interview_id, browser="c")
    await proof.prove(deps, interview_id, browser="c", code=mailed(mailbox))


async def test_a_mail_that_was_not_taken_costs_nothing(
    deps: Deps, interview_id: str, mailbox: RecordingChannel
) -> None:
    for _ in range(proof.MAILS + 1):
        mailbox.failures.append(MailFailed("SMTPConnectError"))
        with pytest.raises(NotSent):
            await proof.send_code(deps, interview_id, browser="b")
    with pytest.raises(CodeWrong):
        await proof.prove(deps, interview_id, browser="b", code="")
    await proof.send_code(deps, interview_id, browser="b")
    await proof.prove(deps, interview_id, browser="b", code=mailed(mailbox))

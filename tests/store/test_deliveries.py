"""The send-log on real databases: sent once, retried while there is hope, never after a crash or an erasure."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import select

from interviewer import bookings, deliveries, erasure, interviews, invitations, people
from interviewer.deps import Deps
from interviewer.errors import MailFailed
from interviewer.invitees import Invitee
from interviewer.notify import smtp
from interviewer.notify.base import Mail
from interviewer.store import deliveries as log
from interviewer.store.tables.deliveries import DeliveryRow
from interviewer.store.tables.invitations import SuppressionRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.fakes.smtp_server import post_office

BUYER = "buyer@example.com"
WORDS = "our rota person left in may"


@pytest.fixture
async def interview_id(deps: Deps) -> str:
    (invited,) = await invitations.invite(deps, [Invitee(BUYER, name="Ada Buyer", company="Pools", flow="loss")])
    made = await interviews.start(deps, invited.invitation_id)
    await interviews.answer(deps, made, browser="browser", key="k", number=2, text=WORDS)
    return made


async def queue_copy(deps: Deps, interview_id: str) -> bool:
    async with deps.db.write() as tx:
        return await deliveries.queue_copy(deps, tx, interview_id)


async def rows(deps: Deps) -> Sequence[DeliveryRow]:
    async with deps.db.read() as tx:
        return (await tx.exec(select(DeliveryRow))).all()


async def test_a_buyer_gets_a_copy_once(
    deps: Deps, interview_id: str, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    assert await queue_copy(deps, interview_id) and await queue_copy(deps, interview_id)
    (row,) = await rows(deps)
    assert WORDS not in repr(row) and BUYER not in repr(row)
    await jobs.run(deps)
    await deliveries.deliver(deps, row.id)
    (mail,) = mailbox.sent
    assert mail.to == BUYER
    assert WORDS in mail.text and WORDS in mail.html
    assert mail.message_id == row.message_id
    assert (await rows(deps))[0].state == log.SENT


async def test_no_mail_is_queued_without_a_channel(deps: Deps, interview_id: str) -> None:
    assert not await queue_copy(dataclasses.replace(deps, mail=None), interview_id)
    assert await rows(deps) == []


async def test_busy_then_taken_over_a_real_server(
    deps: Deps, interview_id: str, jobs: RecordingJobs, clock: FakeClock
) -> None:
    async with post_office() as office:
        channel = smtp.from_env(
            {
                "INTERVIEWER_SMTP_HOST": "127.0.0.1",
                "INTERVIEWER_SMTP_PORT": str(office.port),
                "INTERVIEWER_SMTP_FROM": "mara@tidewater.example",
            }
        )
        deps = dataclasses.replace(deps, mail=channel)
        office.answers_to_message = ["451 busy", "421 closing"]
        await queue_copy(deps, interview_id)
        await jobs.run(deps)
        for _ in range(2):
            assert [row.state for row in await rows(deps)] == [log.WAITING]
            assert await deliveries.queue_due(deps) == 0
            clock.advance(minutes=3)
            assert await deliveries.queue_due(deps) == 1
            await jobs.run(deps)
        (row,) = await rows(deps)
        assert (row.state, row.attempts) == (log.SENT, 3)
        assert [mail["Message-ID"] for mail in office.mails] == [row.message_id]


async def test_a_dead_server_is_tried_for_72_hours(
    deps: Deps, interview_id: str, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    mailbox.failures = [MailFailed("SMTPConnectError")] * 100
    await queue_copy(deps, interview_id)
    begun, last = clock(), clock()
    await jobs.run(deps)
    while [row.state for row in await rows(deps)] == [log.WAITING]:
        last = clock.advance(minutes=10)
        await deliveries.queue_due(deps)
        await jobs.run(deps)
    assert (await rows(deps))[0].state == log.GIVEN_UP
    assert timedelta(hours=66) < last - begun <= timedelta(hours=72)
    assert mailbox.sent == []


async def test_an_address_that_is_refused_for_good_is_not_written_to_again(
    deps: Deps, interview_id: str, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    mailbox.failures = [MailFailed("SMTPRecipientRefused 550", permanent=True)]
    for _ in range(2):
        await queue_copy(deps, interview_id)
        await jobs.run(deps)
    assert sorted(row.state for row in await rows(deps)) == [log.FAILED, log.GIVEN_UP]
    assert mailbox.sent == []
    async with deps.db.read() as tx:
        (kept,) = (await tx.exec(select(SuppressionRow))).all()
    assert kept.reason == deliveries.UNDELIVERABLE
    assert BUYER not in kept.address_hash


async def test_a_crash_while_sending_counts_as_sent(
    deps: Deps, interview_id: str, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    class Crash(BaseException):
        """As a killed process: nothing that follows runs."""

    class Dying(RecordingChannel):
        async def send(self, mail: object) -> None:
            raise Crash

    await queue_copy(deps, interview_id)
    with pytest.raises(Crash):
        await jobs.run(dataclasses.replace(deps, mail=Dying()))
    (row,) = await rows(deps)
    assert row.state == log.SENDING
    await deliveries.deliver(deps, row.id)
    assert (await rows(deps))[0].state == log.SENT
    assert (await rows(deps))[0].error == "outcome unknown"
    assert mailbox.sent == []


@pytest.mark.parametrize("fails", [True, False])
async def test_how_a_sending_ends_counts_though_another_worker_took_its_sender_for_dead(
    deps: Deps, interview_id: str, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock, fails: bool
) -> None:
    """The database was away for a while, the mail server slow: the first try is still under way."""

    class Slow(RecordingChannel):
        async def send(self, mail: Mail) -> None:
            (row,) = await rows(deps)
            await deliveries.deliver(deps, row.id)
            (row,) = await rows(deps)
            assert (row.state, row.error) == (log.SENT, "outcome unknown")
            if fails:
                raise MailFailed("SMTPServerDisconnected 421", permanent=False)
            await super().send(mail)

    await queue_copy(deps, interview_id)
    await jobs.run(dataclasses.replace(deps, mail=Slow()))
    (row,) = await rows(deps)
    if fails:
        assert (row.state, row.sent_at, row.attempts) == (log.WAITING, None, 1)
        clock.advance(minutes=2)
        await deliveries.queue_due(deps)
        await jobs.run(deps)
        assert len(mailbox.sent) == 1
    (row,) = await rows(deps)
    assert (row.state, row.error) == (log.SENT, "")


async def test_what_was_erased_before_the_send_is_not_sent(
    deps: Deps, interview_id: str, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    await queue_copy(deps, interview_id)
    await erasure.erase(deps, interview_id)
    await jobs.run(deps)
    assert mailbox.sent == []
    assert {row.state for row in await rows(deps)} <= {log.GIVEN_UP}


async def test_a_call_is_told_to_those_who_see_calls_and_to_nobody_else(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    for role in ("admin", "pmm", "sales", "product"):
        await people.add_user(deps, f"{role}@tidewater.example", role)
    await people.add_user(deps, "gone@tidewater.example", "pmm")
    await people.disable_user(deps, "gone@tidewater.example")
    (invited,) = await invitations.invite(
        deps, [Invitee(BUYER, name="Ada Buyer", company="Pools", flow="loss", rep_reason="canary")]
    )
    for _ in range(2):  # asked twice, told once
        await bookings.request(
            deps,
            invited.invitation_id,
            first_time="Tuesday",
            second_time="",
            phone="+49 30 1234567",
            time_zone="Europe/Berlin",
        )
    await jobs.run(deps)
    assert {mail.to for mail in mailbox.sent} == {"admin@tidewater.example", "pmm@tidewater.example"}
    assert len(mailbox.sent) == 2
    for mail in mailbox.sent:
        assert "Ada Buyer" in mail.text and "/desk/calls" in mail.text
        for private in (BUYER, "1234567", "Tuesday", "canary"):
            assert private not in mail.text + mail.html


async def test_codes_and_links_leave_no_trace(deps: Deps, mailbox: RecordingChannel) -> None:
    await deliveries.send_now(deps, "proof_code", to=BUYER, language="de", code="424242")
    assert "424242" in mailbox.last(BUYER).text
    assert await rows(deps) == []


async def test_the_log_forgets_what_is_over(
    deps: Deps, interview_id: str, jobs: RecordingJobs, clock: FakeClock
) -> None:
    await queue_copy(deps, interview_id)
    async with deps.db.write() as tx:
        await log.forget(tx, clock.advance(days=1))
    assert len(await rows(deps)) == 1
    await jobs.run(deps)
    async with deps.db.write() as tx:
        await log.forget(tx, clock())
    assert await rows(deps) == []

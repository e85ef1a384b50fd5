"""Who did not come to a call is written to once, kindly, and not at all where that was a slip."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from interviewer import checking, deliveries, interviews, invitations
from interviewer.agenda import meetings
from interviewer.bookings import closing
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.errors import NoLongerAgrees
from interviewer.store.tables.bookings import BookingRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store.booking_scene import at, buyer, host, take
from tests.store.call_mail_scene import KIM
from tests.web.desk_scene import SAID, say


async def missed_call(deps: Deps, clock: FakeClock) -> tuple[Viewer, BookingRow]:
    viewer = await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10), language="de")
    clock.present = at(4, 11)
    await closing.missed(deps, viewer, row.id)
    return viewer, row


async def mail_due(deps: Deps, jobs: RecordingJobs, clock: FakeClock) -> None:
    clock.advance(minutes=11)
    await deliveries.queue_due(deps)
    await jobs.run(deps)


async def test_who_did_not_come_is_written_to_once_and_kindly(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    viewer, row = await missed_call(deps, clock)
    await jobs.run(deps)
    assert not mailbox.sent  # what was booked is over, and there is time to take it back
    await mail_due(deps, jobs, clock)
    (mail,) = mailbox.sent
    link = deps.links.interview(row.invitation_id, 1)
    assert mail.to == KIM and "verpasst" in mail.subject and not mail.calendar
    assert f"{link}/call\n" in mail.text and f"{link}\n" in mail.text
    stop = deps.links.opt_out(row.invitation_id)
    assert mail.headers == {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    await closing.reopen(deps, viewer, row.id)
    await closing.missed(deps, viewer, row.id)
    await mail_due(deps, jobs, clock)
    assert len(mailbox.sent) == 1


async def test_a_slip_of_the_hand_is_not_mailed(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    viewer, row = await missed_call(deps, clock)
    await closing.reopen(deps, viewer, row.id)
    await mail_due(deps, jobs, clock)
    assert mailbox.sent == []
    await closing.missed(deps, viewer, row.id)
    await mail_due(deps, jobs, clock)
    assert [mail.to for mail in mailbox.sent] == [KIM]


async def test_who_took_another_time_is_not_told_of_the_missed_one(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    _, row = await missed_call(deps, clock)
    await take(deps, row.invitation_id, at(6, 10))
    await mail_due(deps, jobs, clock)
    assert [mail.subject.split()[0] for mail in mailbox.sent if mail.to == KIM] == ["Your"]


async def withdraw(deps: Deps, invitation_id: str) -> None:
    interview_id = await interviews.start(deps, invitation_id)
    await say(deps, interview_id, SAID[0])
    await checking.withdraw(deps, interview_id, browser="phone")


async def opt_out(deps: Deps, invitation_id: str) -> None:
    await invitations.opt_out(deps, deps.links.opt_out(invitation_id).rpartition("/")[2])


@pytest.mark.parametrize("say_no", [withdraw, opt_out, invitations.decline, invitations.revoke])
async def test_who_said_no_meanwhile_is_not_written_to(
    deps: Deps,
    jobs: RecordingJobs,
    mailbox: RecordingChannel,
    clock: FakeClock,
    say_no: Callable[[Deps, str], Awaitable[object]],
) -> None:
    viewer, row = await missed_call(deps, clock)
    await say_no(deps, row.invitation_id)
    mailbox.sent.clear()
    await mail_due(deps, jobs, clock)
    assert mailbox.sent == []
    (shown,) = (await meetings.agenda_of(deps, viewer)).missed
    assert shown.follow_up is not None and shown.follow_up.no_mail and not shown.follow_up.email


async def test_of_who_no_longer_agrees_nobody_says_that_they_did_not_come(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    """It had begun when they took their word back: no mail is to bring them back to the chat."""
    viewer = await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    clock.present = at(4, 10, 5)
    await withdraw(deps, row.invitation_id)
    clock.present = at(4, 11)
    with pytest.raises(NoLongerAgrees):
        await closing.missed(deps, viewer, row.id)
    await mail_due(deps, jobs, clock)
    assert mailbox.sent == []


async def test_a_late_word_of_a_call_is_not_for_who_no_longer_agrees(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    """It waited to be sent until they were in it."""
    await host(deps)
    one, other = await buyer(deps), await buyer(deps, "lee@buyer.example")
    await take(deps, one, at(4, 10))
    await take(deps, other, at(4, 10, 15))
    clock.present = at(4, 10, 16)
    await withdraw(deps, other)
    clock.present = at(4, 10, 14)
    await withdraw(deps, one)
    await jobs.run(deps)
    assert not [mail for mail in mailbox.sent if mail.to != "mara@tidewater.example"]

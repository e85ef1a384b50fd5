"""Who did not come to a call is written to once, kindly, and not at all where that was a slip."""

from __future__ import annotations

from interviewer import deliveries
from interviewer.bookings import closing
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.store.tables.bookings import BookingRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store.booking_scene import at, buyer, host, take
from tests.store.call_mail_scene import (
    KIM,
)


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

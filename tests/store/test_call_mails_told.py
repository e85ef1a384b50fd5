"""What changes twice before anybody was told: mails say what is news to each side, and calendars end up right."""

from __future__ import annotations

import pytest

from interviewer import bookings, deliveries, erasure, people
from interviewer.agenda import moving
from interviewer.bookings import handing
from interviewer.deps import Deps
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store.booking_scene import at, buyer, host, take
from tests.store.call_mail_scene import KIM, MARA, read, settled

NILS = "nils@tidewater.example"


def said(mailbox: RecordingChannel) -> set[tuple[str, str]]:
    """To whom which subject went, up to its colon."""
    return {(mail.to, mail.subject.partition(":")[0]) for mail in mailbox.sent}


async def test_a_move_that_was_undone_is_not_told(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    mara = await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    await settled(deps, jobs, clock)
    mailbox.sent.clear()
    was = await moving.move(deps, mara, row.id, at(4, 14))
    assert was is not None
    await moving.move(deps, mara, row.id, was)
    await settled(deps, jobs, clock)
    assert mailbox.sent == []
    await moving.move(deps, mara, row.id, at(4, 14))
    await settled(deps, jobs, clock)
    await moving.move(deps, mara, row.id, was)
    await settled(deps, jobs, clock)
    for address in (KIM, MARA):  # both were told of the other time, and hear that it is the first again
        starts = [read(mail.calendar)[1]["DTSTART"].dt for mail in mailbox.sent if mail.to == address]
        assert starts == [at(4, 14), at(4, 10)]


async def test_handed_over_and_back_tells_nobody_what_they_know(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    mara = await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    nils = await host(deps, "Nils")
    await settled(deps, jobs, clock)
    mailbox.sent.clear()
    await handing.hand_over(deps, mara, row.id, nils.user_id)
    await handing.hand_over(deps, mara, row.id, mara.user_id)
    await jobs.run(deps)
    assert mailbox.sent == []


async def test_a_move_that_was_held_back_is_told_with_the_new_host(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    mara = await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    nils = await host(deps, "Nils")
    await settled(deps, jobs, clock)
    mailbox.sent.clear()
    await moving.move(deps, mara, row.id, at(5, 14))
    await handing.hand_over(deps, mara, row.id, nils.user_id)
    await jobs.run(deps)
    await settled(deps, jobs, clock)
    assert said(mailbox) == {(KIM, "Moved"), (NILS, "Call booked"), (MARA, "Call handed on")}
    assert len(mailbox.sent) == 3 and "With Nils" in mailbox.last(KIM).text
    assert read(mailbox.last(MARA).calendar)[1]["DTSTART"].dt == at(4, 10)


async def test_who_was_never_told_of_a_booking_is_told_of_it_with_its_new_host(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    mara = await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    nils = await host(deps, "Nils")
    await handing.hand_over(deps, mara, row.id, nils.user_id)
    await jobs.run(deps)
    assert sorted(mail.to for mail in mailbox.sent) == [KIM, NILS]
    assert "is booked" in mailbox.last(KIM).text


async def moved_to_nils(deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock) -> str:
    """A call of Mara's, told to her, which goes to Nils by a move that nobody was told of. Its id."""
    await host(deps, "Mara", hours={"wed": [["10:00", "11:00"]]})
    row = await take(deps, await buyer(deps), at(4, 10))
    await host(deps, "Nils", hours={"thu": [["10:00", "11:00"]]})
    await settled(deps, jobs, clock)
    mailbox.sent.clear()
    await take(deps, row.invitation_id, at(5, 10))
    return row.id


async def test_a_call_that_is_off_is_told_to_who_knew_of_it(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    call = await moved_to_nils(deps, jobs, mailbox, clock)
    await bookings.cancel(deps, call, bookings.BUYER)
    await jobs.run(deps)
    await settled(deps, jobs, clock)
    assert sorted(mail.to for mail in mailbox.sent) == [KIM, MARA]
    for mail in mailbox.sent:
        method, event = read(mail.calendar)
        assert (method, event["SEQUENCE"], event["DTSTART"].dt) == ("CANCEL", 2, at(4, 10))
        assert "Wednesday 4 November" in mail.text and "Thursday" not in mail.text
        assert "colleague" not in mail.text


async def test_a_call_that_is_erased_is_withdrawn_from_who_knew_of_it(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await moved_to_nils(deps, jobs, mailbox, clock)
    await erasure.erase_invitation(deps, await only_invitation(deps))
    await jobs.run(deps)
    await settled(deps, jobs, clock)
    (mail,) = mailbox.sent
    assert (mail.to, read(mail.calendar)[1]["DTSTART"].dt) == (MARA, at(4, 10))
    assert "erased" in mail.text and "Kim" not in mail.text


async def only_invitation(deps: Deps) -> str:
    return await buyer(deps)  # invited twice is invited once


async def test_a_move_and_a_cancellation_with_one_host_name_the_time_that_was_told(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    await settled(deps, jobs, clock)
    mailbox.sent.clear()
    await take(deps, row.invitation_id, at(5, 10))
    await bookings.cancel(deps, row.id, bookings.BUYER)
    await settled(deps, jobs, clock)
    assert sorted(mail.to for mail in mailbox.sent) == [KIM, MARA]
    assert {read(mail.calendar)[1]["DTSTART"].dt for mail in mailbox.sent} == {at(4, 10)}


@pytest.mark.parametrize("how", ["disabled", "sales"])
@pytest.mark.parametrize("what", ["handed", "erased", "cancelled"])
async def test_the_calendar_of_a_host_who_is_gone_is_put_right_without_a_name(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock, how: str, what: str
) -> None:
    await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    nils = await host(deps, "Nils")
    await settled(deps, jobs, clock)
    mailbox.sent.clear()
    if how == "disabled":
        await people.disable_user(deps, MARA)
    else:
        await people.add_user(deps, MARA, "sales", "Mara")
    if what == "handed":
        await handing.hand_over(deps, nils, row.id, nils.user_id)
    elif what == "erased":
        await erasure.erase_invitation(deps, row.invitation_id)
    else:
        await bookings.cancel(deps, row.id, bookings.HOST)
    await jobs.run(deps)
    mail = mailbox.last(MARA)
    method, event = read(mail.calendar)
    assert (method, event["UID"], event["SEQUENCE"], event["DTSTART"].dt) == ("CANCEL", row.uid, 1, at(4, 10))
    for private in ("Kim", "Brightwater", KIM, row.id, "/desk"):
        assert private not in mail.subject + mail.text + mail.html + mail.calendar.decode()


async def test_a_handed_over_call_is_still_reminded_of_and_once(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    mara = await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    nils = await host(deps, "Nils")
    clock.present = at(4, 8, 59)
    await handing.hand_over(deps, mara, row.id, nils.user_id)
    await jobs.run(deps)
    mailbox.sent.clear()
    clock.present = at(4, 9, 5)
    assert await deliveries.queue_reminders(deps) == 1
    await jobs.run(deps)
    assert said(mailbox) == {(KIM, "Reminder"), (NILS, "Reminder")}
    await handing.hand_over(deps, nils, row.id, mara.user_id)  # who takes it over now hears of it by that alone
    clock.present = at(4, 9, 10)
    assert await deliveries.queue_reminders(deps) == 0

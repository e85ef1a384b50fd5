"""Reminders of calls on real databases: a day and an hour before, once, and never of a call that is no more."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta

import pytest

from interviewer import bookings, deliveries
from interviewer.deliveries import reminders
from interviewer.deps import Deps
from interviewer.jobs.sweeps import SWEEPS
from interviewer.store import deliveries as log
from interviewer.store.db import Database
from interviewer.store.tables.bookings import BookingRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store.booking_scene import at, buyer, buyers, form, host, take
from tests.store.call_mail_scene import KIM, MARA, posted, rows, settled, text, to

CALL = at(6, 10)
DAY_BEFORE, HOUR_BEFORE = at(5, 10), at(6, 9)


@pytest.fixture
async def kim(deps: Deps) -> str:
    await host(deps, time_zone="Europe/Berlin")
    return await buyer(deps)


async def sweep(deps: Deps, jobs: RecordingJobs, clock: FakeClock, moment: datetime) -> int:
    clock.present = moment
    found = await deliveries.queue_reminders(deps)
    await jobs.run(deps)
    return found


async def test_both_sides_are_reminded_a_day_and_an_hour_before(
    deps: Deps, kim: str, jobs: RecordingJobs, clock: FakeClock
) -> None:
    async with posted(deps) as (deps, office):
        await take(deps, kim, CALL, zone="America/New_York")
        await jobs.run(deps)
        office.mails.clear()
        found = [
            await sweep(deps, jobs, clock, DAY_BEFORE + timedelta(minutes=minutes))
            for minutes in (-1, 0, 1, 60, 1379, 1380, 1381, 1439, 1440, 1500)
        ]
    assert found == [0, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    assert [len(to(office, address)) for address in (KIM, MARA)] == [2, 2]
    for mail in to(office, KIM):
        assert mail["Subject"] == "Reminder: your call on Fri 6 Nov, 5:00 am EST (UTC-5)"
        assert deps.links.interview(kim, 1) in text(mail) and "https://video.example/mara" in text(mail)
        assert not list(mail.iter_attachments())
    for mail in to(office, MARA):
        assert mail["Subject"] == "Reminder: Kim, Fri 6 Nov, 11:00 am CET (UTC+1)"
    assert len({mail["Message-ID"] for mail in office.mails}) == 4


@pytest.mark.parametrize(
    ("booked", "moment", "kinds"),
    [
        (at(5, 9, 57), DAY_BEFORE, ["day"]),
        (at(5, 9, 59), DAY_BEFORE, []),  # word of a move may be held back until then
        (at(5, 10), at(5, 10), []),  # booked so late that it is still fresh
        (at(5, 12), at(5, 13), []),
        (at(5, 12), HOUR_BEFORE, ["hour"]),
        (at(6, 9, 30), at(6, 9, 31), []),
        (at(2, 9), at(6, 9, 50), ["hour"]),  # nobody swept for days: the day's is past its time
        (at(2, 9), at(6, 10), []),
        (at(2, 9), at(7, 10), []),
    ],
)
async def test_who_booked_within_the_time_is_not_reminded_and_nobody_of_the_past(
    sqlite_deps: Deps, clock: FakeClock, booked: datetime, moment: datetime, kinds: list[str]
) -> None:
    clock.present = booked
    await host(sqlite_deps, notice_hours="0")
    await take(sqlite_deps, await buyer(sqlite_deps), CALL)
    clock.present = moment
    await deliveries.queue_reminders(sqlite_deps)
    assert [row.id.split(":")[1] for row in await rows(sqlite_deps, "call_reminder")] == kinds


async def test_a_move_makes_the_old_one_void_and_a_new_one_due(
    deps: Deps, kim: str, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await take(deps, kim, CALL)
    await jobs.run(deps)
    clock.present = DAY_BEFORE
    assert await deliveries.queue_reminders(deps) == 1
    await take(deps, kim, at(9, 10))  # before that was sent
    await settled(deps, jobs, clock)
    assert [mail.subject.split()[0] for mail in mailbox.sent if mail.to == KIM] == ["Your", "Moved:"]
    assert {row.state for row in await rows(deps, "call_reminder")} == {log.GIVEN_UP}
    assert [await sweep(deps, jobs, clock, moment) for moment in (HOUR_BEFORE, at(8, 9, 59), at(8, 10))] == [0, 0, 1]
    assert "Mon 9 Nov" in mailbox.last(KIM).subject and "Mon 9 Nov" in mailbox.last(MARA).subject


async def test_who_moved_there_and_back_is_reminded_again(
    deps: Deps, kim: str, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await take(deps, kim, CALL)
    clock.present = DAY_BEFORE
    await deliveries.queue_reminders(deps)
    for start in (at(9, 10), at(10, 10), at(9, 10)):
        await take(deps, kim, start)
    await jobs.run(deps)
    assert [await sweep(deps, jobs, clock, moment) for moment in (at(8, 10), at(9, 9))] == [1, 1]
    assert len([mail for mail in mailbox.sent if mail.subject.startswith("Reminder: your")]) == 2


@pytest.mark.parametrize("queued", [False, True])
async def test_nobody_is_reminded_of_a_call_that_is_off(
    deps: Deps, kim: str, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock, queued: bool
) -> None:
    row = await take(deps, kim, CALL)
    await jobs.run(deps)
    clock.present = DAY_BEFORE
    if queued:
        assert await deliveries.queue_reminders(deps) == 1
    await bookings.cancel(deps, row.id, bookings.HOST)
    await jobs.run(deps)
    assert await sweep(deps, jobs, clock, HOUR_BEFORE) == 0
    assert not [mail for mail in mailbox.sent if mail.subject.startswith("Reminder")]


async def test_a_video_link_that_came_later_is_in_the_reminder(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    viewer = await host(deps, video_link="")
    await take(deps, await buyer(deps), CALL)
    await sweep(deps, jobs, clock, DAY_BEFORE)
    assert "write to research@tidewater.example" in mailbox.last(KIM).text
    assert "no video link yet" in mailbox.last(MARA).text
    await bookings.save(deps, viewer, form(viewer, version=1))
    await sweep(deps, jobs, clock, HOUR_BEFORE)
    for address in (KIM, MARA):
        assert "https://video.example/mara" in mailbox.last(address).text


async def test_a_reminder_that_could_not_be_sent_in_time_is_dropped(
    deps: Deps, kim: str, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await take(deps, kim, CALL)
    await jobs.run(deps)
    clock.present = HOUR_BEFORE
    await deliveries.queue_reminders(deps)
    clock.present = CALL
    await jobs.run(deps)
    assert len(mailbox.sent) == 2 and {row.state for row in await rows(deps, "call_reminder")} == {log.GIVEN_UP}


async def test_calls_that_a_scheduler_keeps_are_its_own_to_remind_of(
    deps: Deps, kim: str, jobs: RecordingJobs, clock: FakeClock
) -> None:
    row = await take(deps, kim, CALL)
    async with deps.db.write() as tx:
        kept = await tx.get(BookingRow, row.id)
        assert kept is not None
        kept.source = "calcom"
    assert await sweep(deps, jobs, clock, DAY_BEFORE) == 0


async def test_sweeps_beside_each_other_remind_once(
    deps: Deps, make_deps: MakeDeps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await host(deps, daily_maximum="32")
    for number, invitation_id in enumerate(await buyers(deps, 6)):
        await take(deps, invitation_id, CALL + timedelta(minutes=15 * (number % 3) + 60 * (number // 3)))
    await jobs.run(deps)
    mailbox.sent.clear()
    clock.present = DAY_BEFORE + timedelta(hours=2)
    other = make_deps(Database(deps.db.url))
    found = await asyncio.gather(*(deliveries.queue_reminders(one) for one in (deps, other) for _ in range(3)))
    await jobs.run(deps)
    await other.db.close()
    assert sum(found) == 6
    assert len(mailbox.sent) == 12 == len({(mail.to, mail.subject) for mail in mailbox.sent})


async def test_two_processes_remind_once(deps: Deps, kim: str, jobs: RecordingJobs) -> None:
    await take(deps, kim, CALL)
    command = sys.executable, "-m", "tests.fakes.reminding", deps.db.url, DAY_BEFORE.isoformat()
    processes = [await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE) for _ in range(2)]
    said = [await process.communicate() for process in processes]
    assert sorted(int(out) for out, _ in said) == [0, 1]
    assert len(await rows(deps, "call_reminder")) == 1
    assert [row.payload["kind"] for row in await rows(deps, "host_call")].count("reminder") == 1


def test_the_clock_brings_them_about() -> None:
    (found,) = [one for one in SWEEPS if one.do is deliveries.queue_reminders]
    assert found.every <= min(reminders.LEADS.values()) / 10

"""Mails of calls on real databases and over a real server: who hears what, and what their calendar makes of it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from interviewer import bookings, deliveries, erasure, interviews, invitations, people
from interviewer.bookings import closing
from interviewer.deps import Deps
from interviewer.errors import MailFailed
from interviewer.links import Purpose
from interviewer.store import deliveries as log
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.people import UserRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store.booking_scene import at, buyer, host, take
from tests.store.call_mail_scene import (
    KIM,
    MARA,
    SENDER,
    entry,
    every_word,
    parts,
    posted,
    read,
    rows,
    settled,
    text,
    to,
)

NEW_YORK, BERLIN = "America/New_York", "Europe/Berlin"
VIDEO = "https://video.example/mara"
PROPERTIES = {
    *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "TRANSP"),
    *("ORGANIZER", "ATTENDEE"),
}
"""Of an entry; a name must not add any."""


async def test_a_booking_is_an_invitation_to_both_sides(deps: Deps, jobs: RecordingJobs) -> None:
    await host(deps, time_zone=BERLIN)
    kim = await buyer(deps)
    async with posted(deps) as (deps, office):
        row = await take(deps, kim, at(4, 14), zone=NEW_YORK)
        await jobs.run(deps)
    assert sorted(office.recipients) == [KIM, MARA]
    (to_kim,), (to_mara,) = to(office, KIM), to(office, MARA)
    for mail in (to_kim, to_mara):
        assert parts(mail) == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "text/calendar",
            "application/ics",
        ]
        method, event = entry(mail)
        assert (method, event["STATUS"], event["UID"], event["SEQUENCE"]) == ("REQUEST", "CONFIRMED", row.uid, 0)
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (at(4, 14), at(4, 14, 15))
        assert event["ORGANIZER"] == f"mailto:{SENDER}"  # whom the mail comes from
        assert event["ATTENDEE"] == f"mailto:{mail['To']}"
        assert event["LOCATION"] == VIDEO
    link = deps.links.interview(kim, 1)
    for fact in ("Wednesday 4 November", "9:00 am – 9:15 am", "New York, EST (UTC-5)", VIDEO, f"{link}/call"):
        assert fact in text(to_kim)
    assert f"{link}/call" in entry(to_kim)[1]["DESCRIPTION"]
    for fact in ("Kim of Brightwater", "3:00 pm – 3:15 pm", "Berlin, CET (UTC+1)", f"/desk/calls/{row.id}"):
        assert fact in text(to_mara)
    assert KIM not in every_word(to_mara)
    assert len({mail["Message-ID"] for mail in office.mails}) == 2


async def test_moving_and_cancelling_change_the_same_entry(deps: Deps, jobs: RecordingJobs, clock: FakeClock) -> None:
    await host(deps, time_zone=BERLIN)
    kim = await buyer(deps)
    async with posted(deps) as (deps, office):
        row = await take(deps, kim, at(4, 14), zone=NEW_YORK)
        await jobs.run(deps)
        await take(deps, kim, at(5, 15), zone=NEW_YORK)
        await settled(deps, jobs, clock)
        await bookings.cancel(deps, row.id, bookings.BUYER)
        await bookings.cancel(deps, row.id, bookings.BUYER)
        await jobs.run(deps)
    for address in (KIM, MARA):
        entries = [entry(mail) for mail in to(office, address)]
        assert [method for method, _ in entries] == ["REQUEST", "REQUEST", "CANCEL"]
        assert [event["SEQUENCE"] for _, event in entries] == [0, 1, 2]
        assert {event["UID"] for _, event in entries} == {row.uid}
        assert [event["DTSTART"].dt for _, event in entries] == [at(4, 14), at(5, 15), at(5, 15)]
        assert entries[-1][1]["STATUS"] == "CANCELLED"
    moved, cancelled = to(office, KIM)[1:]
    assert moved["Subject"] == "Moved: your call is now on Thu 5 Nov, 10:00 am EST (UTC-5)"
    assert "as you asked" in text(cancelled) and deps.links.interview(kim, 1) in text(cancelled)
    assert len({mail["Message-ID"] for mail in office.mails}) == 6


@pytest.mark.parametrize(
    ("start", "said", "host_said"),
    [  # the weeks in which one side of the ocean has changed its clocks and the other has not
        (
            datetime(2026, 10, 23, 14, tzinfo=UTC),
            "10:00 am – 10:15 am\nNew York, EDT",
            "4:00 pm – 4:15 pm\nBerlin, CEST",
        ),
        (
            datetime(2026, 10, 28, 14, tzinfo=UTC),
            "10:00 am – 10:15 am\nNew York, EDT",
            "3:00 pm – 3:15 pm\nBerlin, CET",
        ),
        (datetime(2026, 11, 3, 14, tzinfo=UTC), "9:00 am – 9:15 am\nNew York, EST", "3:00 pm – 3:15 pm\nBerlin, CET"),
    ],
)
async def test_times_are_right_across_changes_of_the_clocks(
    sqlite_deps: Deps,
    jobs: RecordingJobs,
    mailbox: RecordingChannel,
    clock: FakeClock,
    start: datetime,
    said: str,
    host_said: str,
) -> None:
    clock.present = datetime(2026, 10, 21, 9, tzinfo=UTC)
    await host(sqlite_deps, time_zone=BERLIN)
    await take(sqlite_deps, await buyer(sqlite_deps), start, zone=NEW_YORK)
    await jobs.run(sqlite_deps)
    assert said in mailbox.last(KIM).text and host_said in mailbox.last(MARA).text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Mittwoch, 4. November"),
        ("fr", "mercredi 4 novembre"),
        ("es", "miércoles, 4 de noviembre"),
        ("pt", "quarta-feira, 4 de novembro"),
        ("id", "Rabu, 4 November"),
        ("ja", "Wednesday 4 November"),
    ],
)
async def test_buyers_read_their_language_and_hosts_english(
    sqlite_deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, language: str, words: str
) -> None:
    await host(sqlite_deps)
    await take(sqlite_deps, await buyer(sqlite_deps), at(4, 10), language=language)
    await jobs.run(sqlite_deps)
    assert words in mailbox.last(KIM).text and words in mailbox.last(KIM).html
    assert "Wednesday 4 November" in mailbox.last(MARA).text


async def test_news_that_was_overtaken_is_not_sent(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await host(deps)
    kim = await buyer(deps)
    await take(deps, kim, at(4, 10))
    await take(deps, kim, at(5, 10))
    await take(deps, kim, at(5, 10))
    await settled(deps, jobs, clock)
    assert [mail.subject.split(":")[0] for mail in mailbox.sent] == ["Moved", "Call moved"]


async def test_who_has_another_call_is_not_offered_times_by_the_cancellation(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    await host(deps)
    kim = await buyer(deps)
    await bookings.cancel(deps, (await take(deps, kim, at(4, 10))).id, bookings.BUYER)
    await take(deps, kim, at(5, 10))
    await jobs.run(deps)
    cancelled, booked = (mail for mail in mailbox.sent if mail.to == KIM)
    assert (cancelled.calendar_method, booked.calendar_method) == ("CANCEL", "REQUEST")
    assert "/i/" not in cancelled.text and "/i/" in booked.text


async def test_previews_are_not_mailed(deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel) -> None:
    await host(deps)
    kim = await buyer(deps)
    async with deps.db.write() as tx:
        invitation = await tx.get(InvitationRow, kim)
        assert invitation is not None
        invitation.preview = True
    await take(deps, kim, at(4, 10))
    await jobs.run(deps)
    assert mailbox.sent == [] and await rows(deps) == []


async def test_a_link_that_was_withdrawn_is_not_mailed(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    await host(deps)
    kim = await buyer(deps)
    row = await take(deps, kim, at(4, 10))
    await jobs.run(deps)
    async with deps.db.write() as tx:
        invitation = await tx.get(InvitationRow, kim)
        assert invitation is not None
        invitation.revoked_at = deps.now()
    await bookings.cancel(deps, row.id, bookings.HOST)
    await jobs.run(deps)
    mail = mailbox.last(KIM)
    assert mail.calendar_method == "CANCEL" and "/i/" not in mail.text + mail.html + mail.calendar.decode()


async def test_a_host_who_loses_the_call_is_told_and_so_is_the_other(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await host(deps, "Mara", hours={"wed": [["09:00", "12:00"]]})
    await host(deps, "Noor", hours={"thu": [["09:00", "12:00"]]}, time_zone=BERLIN, video_link="")
    kim = await buyer(deps)
    row = await take(deps, kim, at(4, 10))
    await jobs.run(deps)
    await take(deps, kim, at(5, 10))
    await settled(deps, jobs, clock)
    off, new = mailbox.last(MARA), mailbox.last("noor@tidewater.example")
    assert "a colleague holds it" in off.text and "Wednesday 4 November" in off.text
    _, event = read(off.calendar)
    assert (off.calendar_method, event["UID"], event["SEQUENCE"], event["DTSTART"].dt) == (
        "CANCEL",
        row.uid,
        1,
        at(4, 10),
    )
    assert new.calendar_method == "REQUEST" and "no video link yet" in new.text
    assert "11:00 am – 11:15 am\nBerlin" in new.text
    assert "comes by mail before the call" in mailbox.last(KIM).text


async def test_what_was_asked_for_is_sent_after_an_opt_out_and_the_rest_is_not(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    viewer = await host(deps)
    kim = await buyer(deps)
    await invitations.opt_out(deps, deps.links.sign(Purpose.OPT_OUT, kim))
    row = await take(deps, kim, at(4, 10))
    await jobs.run(deps)
    clock.present = at(4, 9, 30)
    await deliveries.queue_reminders(deps)
    await jobs.run(deps)
    assert [mail.subject.split()[0] for mail in mailbox.sent if mail.to == KIM] == ["Your", "Reminder:"]
    clock.present = at(4, 11)
    await closing.missed(deps, viewer, row.id)
    clock.advance(minutes=10)
    await deliveries.queue_due(deps)
    await jobs.run(deps)
    assert (await rows(deps, "call_missed"))[0].state == log.GIVEN_UP
    assert len([mail for mail in mailbox.sent if mail.to == KIM]) == 2


async def test_an_address_that_bounced_is_not_written_to(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    await host(deps)
    kim = await buyer(deps)
    await take(deps, kim, at(4, 10))
    mailbox.failures = [MailFailed("SMTPRecipientRefused 550", permanent=True)]
    await jobs.run(deps)
    await take(deps, kim, at(5, 10))
    await jobs.run(deps)
    assert {mail.to for mail in mailbox.sent} == {MARA}


async def test_erasing_tells_the_host_without_a_name_and_the_buyer_nothing(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    await host(deps)
    kim = await buyer(deps)
    row = await take(deps, kim, at(4, 10))
    await jobs.run(deps)
    mailbox.sent.clear()
    await erasure.erase_invitation(deps, kim)
    await jobs.run(deps)
    (mail,) = mailbox.sent
    assert mail.to == MARA and "erased" in mail.text and "Wednesday 4 November" in mail.text
    _, event = read(mail.calendar)
    assert (mail.calendar_method, event["UID"], event["SEQUENCE"]) == ("CANCEL", row.uid, 1)
    for private in ("Kim", "Brightwater", KIM):
        assert private not in mail.subject + mail.text + mail.html + mail.calendar.decode()
        assert private not in repr(await rows(deps))


async def test_hosts_never_read_what_was_answered_and_sales_reads_no_name(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    await host(deps)
    kim = await buyer(deps)
    interview_id = await interviews.start(deps, kim)
    await interviews.answer(deps, interview_id, browser="b", key="k", number=2, text="canary of a reason")
    row = await take(deps, kim, at(4, 10))
    await jobs.run(deps)
    assert len(mailbox.sent) == 2
    for mail in mailbox.sent:
        assert "canary" not in mail.subject + mail.text + mail.html + mail.calendar.decode()
    await people.add_user(deps, MARA, "sales", "Mara")
    await bookings.cancel(deps, row.id, bookings.HOST)
    await jobs.run(deps)
    assert sorted(mail.to for mail in mailbox.sent[2:]) == [KIM, MARA]
    assert "sorry" in mailbox.last(KIM).text
    for private in ("Kim", "Brightwater", "/desk"):  # that it is off, so that no calendar keeps it
        mail = mailbox.last(MARA)
        assert private not in mail.subject + mail.text + mail.html + mail.calendar.decode()


async def test_names_cannot_add_headers_or_lines_to_an_entry(deps: Deps, jobs: RecordingJobs) -> None:
    await host(deps)
    kim = await buyer(deps)
    evil = 'Eve"\r\nBcc: all@example.com\r\nATTENDEE:mailto:all@example.com\u2028X: y'
    async with deps.db.write() as tx:
        invitation = await tx.get(InvitationRow, kim)
        user = await tx.get(UserRow, (await people_ids(deps))[0])
        assert invitation is not None and user is not None
        invitation.name = invitation.company = user.name = evil
    settings = deps.settings.model_copy(update={"organisation": evil, "asker": evil, "product": evil})
    async with posted(dataclasses.replace(deps, settings=settings)) as (deps, office):
        await take(deps, kim, at(4, 10))
        await jobs.run(deps)
    assert sorted(office.recipients) == [KIM, MARA]
    for mail in office.mails:
        assert mail["Bcc"] is None and mail["X"] is None and len(mail.get_all("To") or ()) == 1
        _, event = entry(mail)
        assert event["ATTENDEE"] == f"mailto:{mail['To']}" and event["ORGANIZER"] == f"mailto:{SENDER}"
        assert set(event) <= PROPERTIES


async def people_ids(deps: Deps) -> list[str]:
    async with deps.db.read() as tx:
        return [user.id for user in await log.desk_users(tx)]


async def test_without_mail_nothing_is_queued_and_the_entry_can_be_had(deps: Deps) -> None:
    deps = dataclasses.replace(deps, mail=None)
    await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    raw = await deliveries.calendar(deps, row)
    method, event = read(raw)
    assert (method, event["UID"], event["DTSTART"].dt) == ("PUBLISH", row.uid, at(4, 10))
    assert "ATTENDEE" not in event and "Kim" not in raw.decode()  # a link may have been forwarded
    await bookings.cancel(deps, row.id, bookings.BUYER)
    assert await deliveries.queue_reminders(deps) == 0 and await rows(deps) == []

"""What must not be lost or left behind of a call: notes, calendar entries, and what an old process forgot to erase."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from interviewer import bookings, erasure, invitations
from interviewer.bookings import closing, noting, taking
from interviewer.deps import Deps
from interviewer.errors import MailFailed, NotFound, Overtaken, TooMany
from interviewer.links import Purpose
from interviewer.schedulers.base import Told
from interviewer.settings import Settings
from interviewer.store import bookings as kept
from interviewer.store.tables.bookings import BookingRow, CallNoteRow, ExternalCallRow
from interviewer.store.tables.invitations import InvitationRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store.booking_scene import at, booked, buyer, host, take
from tests.store.call_mail_scene import KIM, MARA, read, rows, settled
from tests.store.test_external import HOUR, ask, booking, hear

NOOR = "noor@tidewater.example"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"scheduling_url": "https://cal.com/mara"})


# A host's notes


async def test_a_call_that_has_begun_is_not_called_off_by_a_message(deps: Deps, clock: FakeClock) -> None:
    viewer = await host(deps)
    reference = await ask(deps, await buyer(deps))
    await hear(deps, booking("A", clock(), clock() + HOUR, reference=reference))
    clock.advance(minutes=65)
    (row,) = await booked(deps)
    await noting.save(deps, viewer, row.id, [noting.Given("", "They wait for the import", 0)])
    await hear(deps, Told("A", clock(), reference, cancelled=True))
    assert [one.id for one in await booked(deps)] == [row.id]
    await closing.held(deps, viewer, row.id)
    assert [one.id for one in await booked(deps, "held")] == [row.id]


async def test_another_call_does_not_carry_off_one_that_has_begun(deps: Deps, clock: FakeClock) -> None:
    viewer = await host(deps)
    reference = await ask(deps, await buyer(deps))
    await hear(deps, booking("A", clock(), clock() + HOUR, reference=reference))
    clock.advance(minutes=65)
    (row,) = await booked(deps)
    await noting.save(deps, viewer, row.id, [noting.Given("", "They wait for the import", 0)])
    await hear(deps, Told("A", clock(), reference, cancelled=True))
    await hear(deps, booking("B", clock.advance(minutes=1), clock() + HOUR, reference=reference))
    assert [one.external_id for one in await booked(deps)] == ["B"]
    await closing.held(deps, viewer, row.id)
    assert [one.external_id for one in await booked(deps, "held")] == ["A"]


@pytest.mark.parametrize("noted", [True, False])
async def test_a_call_that_was_called_off_and_held_all_the_same(deps: Deps, clock: FakeClock, noted: bool) -> None:
    viewer = await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    if noted:
        await noting.save(deps, viewer, row.id, [noting.Given("", "They wait for the import", 0)])
    await bookings.cancel(deps, row.id, bookings.BUYER)
    with pytest.raises(Overtaken):
        await closing.held(deps, viewer, row.id)  # it has not begun
    clock.present = at(4, 10, 20)
    if not noted:
        with pytest.raises(Overtaken):
            await closing.held(deps, viewer, row.id)
        return
    await closing.held(deps, viewer, row.id)
    async with deps.db.read() as tx:
        assert [note.text for note in (await kept.notes(tx, row.id)).values()] == ["They wait for the import"]
    await closing.reopen(deps, viewer, row.id)
    assert [one.id for one in await booked(deps, "cancelled")] == [row.id]


async def test_a_call_elsewhere_that_is_over_keeps_nobody_from_a_time_here(deps: Deps, clock: FakeClock) -> None:
    await host(deps)
    kim = await buyer(deps)
    reference = await ask(deps, kim)
    await hear(deps, booking("A", clock(), clock() + HOUR, reference=reference))
    clock.advance(minutes=65)
    with pytest.raises(NotFound):
        await take(deps, kim, at(4, 10))
    clock.advance(minutes=30)
    assert (await take(deps, kim, at(4, 10))).source == "own"
    assert [one.external_id for one in await booked(deps, "missed")] == ["A"]


# What calendars keep of an erased buyer's call


async def moved_to_noor(deps: Deps, kim: str) -> None:
    await take(deps, kim, at(5, 10))


async def called_off(deps: Deps, kim: str) -> None:
    (row,) = await booked(deps)
    await bookings.cancel(deps, row.id, bookings.BUYER)


@pytest.mark.parametrize("change", [moved_to_noor, called_off])
@pytest.mark.parametrize("server_down", [True, False])
async def test_erasing_takes_a_call_out_of_every_calendar(
    deps: Deps,
    jobs: RecordingJobs,
    mailbox: RecordingChannel,
    clock: FakeClock,
    change: Callable[[Deps, str], Awaitable[None]],
    server_down: bool,
) -> None:
    """What a host was yet to be told of it goes out, and names nobody; who was told nothing of it hears nothing."""
    await host(deps, "Mara", hours={"wed": [["09:00", "12:00"]]})
    await host(deps, "Noor", hours={"thu": [["09:00", "12:00"]]})
    kim = await buyer(deps)
    row = await take(deps, kim, at(4, 10))
    await jobs.run(deps)
    mailbox.sent.clear()
    await change(deps, kim)
    if server_down:
        mailbox.failures = [MailFailed("no answer") for _ in range(4)]
        await settled(deps, jobs, clock)
        mailbox.failures, mailbox.sent[:] = [], []
    await erasure.erase_invitation(deps, kim)
    clock.advance(hours=1)
    await settled(deps, jobs, clock)
    assert [mail.to for mail in mailbox.sent] == [MARA]
    for mail in mailbox.sent:
        _, event = read(mail.calendar)
        assert (mail.calendar_method, event["UID"]) == ("CANCEL", row.uid)
        assert event["SEQUENCE"] > 0 and event["ATTENDEE"] == f"mailto:{mail.to}"
        for private in ("Kim", "Brightwater", KIM):
            assert private not in mail.subject + mail.text + mail.html + mail.calendar.decode()
    assert not [one for one in await rows(deps) if "Kim" in repr(one) or KIM in repr(one)]


@pytest.mark.parametrize("where", ["here", "elsewhere"])
async def test_calls_that_an_old_process_left_of_an_erased_buyer_are_swept(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock, where: str
) -> None:
    """A process of the release before erased the invitation, and knew of no calls."""
    viewer = await host(deps)
    kim = await buyer(deps)
    if where == "here":
        row = await take(deps, kim, at(4, 10))
        await noting.save(deps, viewer, row.id, [noting.Given("", "canary of a note", 0)])
    else:
        await hear(deps, booking("A", clock(), clock() + HOUR, reference=await ask(deps, kim)))
    await jobs.run(deps)
    mailbox.sent.clear()
    async with deps.db.write() as tx:
        invitation = await tx.get(InvitationRow, kim)
        assert invitation is not None
        invitation.email = invitation.name = invitation.company = ""
        invitation.erased_at = deps.now()
    assert await erasure.expire_old(deps) == 1
    async with deps.db.read() as tx:
        for table in (BookingRow, CallNoteRow, ExternalCallRow):
            assert (await tx.exec(select(table))).all() == []
    await jobs.run(deps)
    assert [(mail.to, mail.calendar_method) for mail in mailbox.sent] == ([(MARA, "CANCEL")] if where == "here" else [])
    assert await erasure.expire_old(deps) == 0


# Who changes their mind


async def test_of_many_moves_the_last_is_told(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await host(deps)
    kim = await buyer(deps)
    first = await take(deps, kim, at(4, 9))
    await settled(deps, jobs, clock)
    assert sorted(mail.to for mail in mailbox.sent) == [KIM, MARA]
    mailbox.sent.clear()
    for place in range(1, taking.CHANGES):
        row = await take(deps, kim, at(4, 9) + timedelta(minutes=15 * place))
        await jobs.run(deps)
    assert not mailbox.sent
    await settled(deps, jobs, clock)
    for address in (KIM, MARA):
        (mail,) = [mail for mail in mailbox.sent if mail.to == address]
        _, event = read(mail.calendar)
        assert (event["UID"], event["SEQUENCE"], event["DTSTART"].dt) == (first.uid, row.sequence, row.starts_at)
    with pytest.raises(TooMany) as refused:
        await take(deps, kim, at(4, 14))
    assert refused.value.until == clock() + taking.WINDOW - timedelta(minutes=4)
    assert [one.starts_at for one in await booked(deps)] == [row.starts_at]
    await bookings.move(deps, row.id, at(4, 14))  # the desk's own
    clock.advance(hours=1)
    await take(deps, kim, at(4, 15))


async def test_a_network_has_its_limit_too(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "CHANGES_OF_NETWORK", 2)
    await host(deps)
    people = [await buyer(deps, f"b{number}@buyer.example") for number in range(3)]
    for place, one in enumerate(people):
        await take(deps, one, at(4, 9 + place), network="203.0.113.9")
    for place, one in enumerate(people[:2]):
        await take(deps, one, at(5, 9 + place), network="203.0.113.9")
    with pytest.raises(TooMany):
        await take(deps, people[2], at(4, 14), network="203.0.113.9")
    await take(deps, people[2], at(4, 14), network="198.51.100.7")


async def test_a_call_of_the_next_hour_is_not_waited_with(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await host(deps, notice_hours="0")
    kim = await buyer(deps)
    await take(deps, kim, at(4, 10))
    await jobs.run(deps)
    mailbox.sent.clear()
    clock.present = at(4, 9, 30)
    await take(deps, kim, at(5, 10))
    await jobs.run(deps)
    assert sorted(mail.to for mail in mailbox.sent) == [KIM, MARA]


async def test_a_colleague_who_never_knew_of_a_call_hears_nothing_of_losing_it(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await host(deps, "Mara", hours={"wed": [["09:00", "12:00"]], "fri": [["09:00", "12:00"]]})
    await host(deps, "Noor", hours={"thu": [["09:00", "12:00"]]})
    kim = await buyer(deps)
    await take(deps, kim, at(4, 10))
    await jobs.run(deps)
    mailbox.sent.clear()
    await take(deps, kim, at(5, 10))
    await take(deps, kim, at(6, 10))
    await settled(deps, jobs, clock)
    assert sorted((mail.to, mail.calendar_method) for mail in mailbox.sent) == [(KIM, "REQUEST"), (MARA, "REQUEST")]


async def test_who_lost_a_call_reads_when_it_was_as_they_knew_it(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel, clock: FakeClock
) -> None:
    await host(deps, "Mara", hours={"wed": [["09:00", "12:00"]]})
    await host(deps, "Noor", hours={"thu": [["09:00", "12:00"]]})
    kim = await buyer(deps)
    await take(deps, kim, at(4, 10))
    await jobs.run(deps)
    mailbox.sent.clear()
    await take(deps, kim, at(4, 11))
    await take(deps, kim, at(5, 10))
    await settled(deps, jobs, clock)
    _, event = read(mailbox.last(MARA).calendar)
    assert (event["DTSTART"].dt, event["SEQUENCE"]) == (at(4, 10), 2)


# Who says no


async def decline(deps: Deps, kim: str) -> BookingRow | None:
    return await invitations.decline(deps, kim)


async def opt_out(deps: Deps, kim: str) -> BookingRow | None:
    return await invitations.opt_out(deps, deps.links.sign(Purpose.OPT_OUT, kim))


@pytest.mark.parametrize("say_no", [decline, opt_out])
async def test_who_says_no_calls_the_call_off(
    deps: Deps,
    jobs: RecordingJobs,
    mailbox: RecordingChannel,
    clock: FakeClock,
    say_no: Callable[[Deps, str], Awaitable[BookingRow | None]],
) -> None:
    await host(deps)
    kim = await buyer(deps)
    row = await take(deps, kim, at(4, 10))
    await jobs.run(deps)
    mailbox.sent.clear()
    off = await say_no(deps, kim)
    assert off is not None and (off.id, off.state, off.cancelled_by) == (row.id, "cancelled", "buyer")
    await settled(deps, jobs, clock)
    assert sorted((mail.to, mail.calendar_method) for mail in mailbox.sent) == [(KIM, "CANCEL"), (MARA, "CANCEL")]
    assert await say_no(deps, kim) is None


@pytest.mark.parametrize("say_no", [decline, opt_out])
async def test_a_no_leaves_no_call_here_that_a_scheduler_has(
    deps: Deps, clock: FakeClock, say_no: Callable[[Deps, str], Awaitable[BookingRow | None]]
) -> None:
    await host(deps)
    kim, jo = await buyer(deps), await buyer(deps, "jo@buyer.example")
    await take(deps, jo, at(4, 10))
    await hear(deps, booking("A", clock(), at(4, 12), reference=await ask(deps, kim)))
    there = await say_no(deps, kim)
    assert there is not None and (there.external_id, there.state, there.cancelled_by) == ("A", "cancelled", "barred")
    clock.present = at(4, 10, 5)
    assert await say_no(deps, jo) is None  # it is being held
    assert [one.invitation_id for one in await booked(deps)] == [jo]

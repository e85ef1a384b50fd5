"""Calls that must not fall out of sight, and first calls that nobody else's clicks must prevent: on real databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from interviewer import bookings, invitations, store
from interviewer.agenda import meetings, moving
from interviewer.bookings import closing, finishing, noting, taking
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.errors import Overtaken, TooMany
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.invitations import InvitationRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store.booking_scene import at, booked, buyer, buyers, host, take
from tests.store.call_mail_scene import KIM, MARA
from tests.store.test_call_notes import SAID, called, noted
from tests.store.test_call_recordings import SPOKEN, bring


async def ids(deps: Deps, viewer: Viewer, kind: str, *, all_past: bool = False) -> list[str]:
    page = await meetings.agenda_of(deps, viewer, all_past=all_past)
    return [one.id for one in getattr(page, kind)]


async def test_a_call_that_was_held_before_its_end_is_to_be_noted(deps: Deps, clock: FakeClock) -> None:
    mara, _, call = await called(deps, clock)
    clock.present = at(4, 9, 8)
    await closing.held(deps, mara, call)
    assert await ids(deps, mara, "to_note") == [call]
    async with deps.db.read() as tx:
        assert await store.agenda.waiting(tx, deps.now()) == 1


async def test_a_second_call_of_a_buyer_is_noted_beside_the_first(
    deps: Deps, clock: FakeClock, jobs: RecordingJobs
) -> None:
    mara, invitation_id, first = await called(deps, clock)
    await noted(deps, mara, first, trigger=SAID)
    clock.advance(hours=1)
    await finishing.finish(deps, mara, first)
    second = await take(deps, invitation_id, at(6, 10))
    assert await ids(deps, mara, "to_come") == [second.id] and await ids(deps, mara, "done") == [first]
    clock.present = at(6, 10, 5)
    await noted(deps, mara, second.id, decision="Asked to send the invoice copy")
    await closing.held(deps, mara, second.id)
    assert await ids(deps, mara, "to_note") == [second.id] and await ids(deps, mara, "done") == [first]


async def test_what_was_noted_stands_first_among_the_missed_and_all_can_be_seen(
    deps: Deps, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meetings, "MOST_PAST", 2)
    mara = await host(deps)
    rows = [await take(deps, one, at(4, 9 + n)) for n, one in enumerate(await buyers(deps, 3))]
    clock.present = at(4, 9, 5)
    await noting.save(deps, mara, rows[0].id, [noting.Given("trigger", SAID, 0)])
    clock.present = at(4, 9, 20)
    await closing.missed(deps, mara, rows[0].id)
    for row in rows[1:]:
        clock.advance(minutes=1)
        await bookings.cancel(deps, row.id, bookings.HOST)
    assert await ids(deps, mara, "missed") == [rows[0].id, rows[2].id]
    assert (await meetings.agenda_of(deps, mara)).more
    assert await ids(deps, mara, "missed", all_past=True) == [rows[0].id, rows[2].id, rows[1].id]
    assert not (await meetings.agenda_of(deps, mara, all_past=True)).more


async def test_a_link_that_is_revoked_calls_off_its_call(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    await jobs.run(deps)
    mailbox.sent.clear()
    await invitations.revoke(deps, row.invitation_id)
    await jobs.run(deps)
    (found,) = await booked(deps, "cancelled")
    assert (found.id, found.cancelled_by) == (row.id, bookings.HOST)
    assert sorted(mail.to for mail in mailbox.sent) == [KIM, MARA]
    assert {mail.calendar_method for mail in mailbox.sent} == {"CANCEL"}
    assert "sorry" in mailbox.last(KIM).text and "/i/" not in mailbox.last(KIM).text


async def test_a_call_whose_link_was_revoked_before_is_not_moved(deps: Deps) -> None:
    mara = await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    async with deps.db.write() as tx:  # as the release before left it
        invitation = await tx.get(InvitationRow, row.invitation_id)
        assert invitation is not None
        invitation.revoked_at = deps.now()
    with pytest.raises(Overtaken):
        await moving.page(deps, mara, row.id)
    with pytest.raises(Overtaken):
        await moving.move(deps, mara, row.id, at(5, 10))
    await closing.cancel(deps, mara, row.id)


async def test_an_import_before_a_call_leaves_its_link(deps: Deps, clock: FakeClock) -> None:
    mara = await host(deps)
    row = await take(deps, await buyer(deps), at(6, 10))
    clock.present = at(3, 9)
    await bring(deps, SPOKEN, started_at="2026-11-02T12:00:00Z")
    async with deps.db.read() as tx:
        invitation = await store.invitations.get(tx, row.invitation_id)
        assert invitation is not None and invitation.revoked_at is None
        assert await store.interviews.of_invitation(tx, row.invitation_id) is not None
    await moving.move(deps, mara, row.id, at(6, 11))
    assert [one.starts_at for one in await booked(deps)] == [at(6, 11)]


async def test_who_books_first_behind_a_busy_network_is_not_refused(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "CHANGES_OF_NETWORK", 2)
    await host(deps, daily_maximum="20")

    async def book(invitation_id: str, hour: int, minute: int = 0) -> BookingRow:
        start = at(4, hour, minute)
        return await bookings.take(deps, invitation_id, start, zone="UTC", language="en", network="10.0.0.9")

    for place, one in enumerate(people := await buyers(deps, 4)):
        await book(one, 9, 15 * place)
    await book(people[0], 10)
    row = await book(people[1], 10, 15)
    with pytest.raises(TooMany):
        await book(people[2], 10, 30)
    await bookings.cancel(deps, row.id, bookings.BUYER)
    with pytest.raises(TooMany):  # once called off, another one is a change
        await book(people[1], 11)
    await book((await buyer(deps)), 11)


async def test_undo_is_offered_where_buyers_could_not_take_the_time_any_more(deps: Deps, clock: FakeClock) -> None:
    mara = await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    clock.present = at(3, 15)  # less than the notice of 24 hours before
    was = await moving.move(deps, mara, row.id, at(5, 10))
    assert was == at(4, 10)
    assert await moving.back(deps, mara, row.id, was) is not None
    assert await moving.move(deps, mara, row.id, was, undo=True) is None
    assert [one.starts_at for one in await booked(deps)] == [at(4, 10)]
    for start in (at(3, 10), at(4, 10) + timedelta(minutes=7), at(4, 10)):
        assert await moving.back(deps, mara, row.id, start) is None


async def test_undo_is_not_offered_where_the_time_is_taken(deps: Deps, clock: FakeClock) -> None:
    mara = await host(deps)
    row = await take(deps, await buyer(deps), at(4, 10))
    was = await moving.move(deps, mara, row.id, at(5, 10))
    assert was is not None
    await take(deps, await buyer(deps, "lee@buyer.example"), was)
    assert await moving.back(deps, mara, row.id, was) is None

"""From a call that was booked to an interview by a person: closing, noting, and what becomes of the notes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from interviewer import bookings, erasure, interviews
from interviewer.agenda import brief, meetings, moving
from interviewer.bookings import closing, finishing, noting
from interviewer.bookings.noting import Given
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotAllowed, NotFound, Overtaken
from interviewer.store import bookings as rows
from interviewer.store.tables.bookings import BookingRow, CallNoteRow
from interviewer.store.tables.people import AuditRow
from tests.fakes.clock import FakeClock
from tests.store.booking_scene import at, buyer, host, take

SALES = Viewer("rik", Role.SALES)
SAID = "We missed two delivery windows in June because the schedule lived in one person's head."
NOTED = "- You and Shiftwell\n- Shiftwell came from a friend at another council"


async def called(deps: Deps, clock: FakeClock, *, chat: bool = False) -> tuple[Viewer, str, str]:
    """A host, and an invitation with a call that has just begun; with `chat`, after one answer typed."""
    mara = await host(deps)
    invitation_id = await buyer(deps)
    if chat:
        interview_id = await interviews.start(deps, invitation_id)
        kept = await interviews.answer(deps, interview_id, browser="a", key="k", number=2, text=SAID)
        await interviews.reply(deps, interview_id, kept.reply_number, lease=kept.lease)
    booking = await take(deps, invitation_id, at(4, 9))
    clock.present = at(4, 9, 1)
    return mara, invitation_id, booking.id


async def booking_of(deps: Deps, booking_id: str) -> BookingRow:
    async with deps.db.read() as tx:
        row = await rows.get(tx, booking_id)
    assert row is not None
    return row


async def noted(deps: Deps, viewer: Viewer, booking_id: str, **notes: str) -> noting.Saved:
    return await noting.save(deps, viewer, booking_id, [Given(topic, text, 0) for topic, text in notes.items()])


# Closing


async def test_a_call_is_held_or_missed_once_and_can_be_taken_back(deps: Deps, clock: FakeClock) -> None:
    mara, _, booking_id = await called(deps, clock)
    clock.present = at(4, 8, 59)
    with pytest.raises(Overtaken):
        await closing.held(deps, mara, booking_id)
    clock.present = at(4, 9, 20)
    await closing.missed(deps, mara, booking_id)
    await closing.missed(deps, mara, booking_id)
    await closing.held(deps, mara, booking_id)
    with pytest.raises(Overtaken):
        await closing.missed(deps, mara, booking_id)
    await closing.reopen(deps, mara, booking_id)
    await closing.held(deps, mara, booking_id)
    row = await booking_of(deps, booking_id)
    assert (row.state, row.closed_by, row.closed_at) == (rows.HELD, mara.user_id, at(4, 9, 20))
    async with deps.db.read() as tx:
        told = (await tx.exec(select(AuditRow.verb).where(AuditRow.object == f"booking:{booking_id}"))).all()
    assert told == ["marked call missed", "marked call held", "reopened call", "marked call held"]


async def test_a_missed_call_is_not_taken_back_once_another_is_booked(deps: Deps, clock: FakeClock) -> None:
    mara, invitation_id, booking_id = await called(deps, clock)
    await closing.missed(deps, mara, booking_id)
    await take(deps, invitation_id, at(6, 9))
    with pytest.raises(Overtaken):
        await closing.reopen(deps, mara, booking_id)
    await closing.held(deps, mara, booking_id)
    await noted(deps, mara, booking_id, trigger=SAID)
    assert await finishing.finish(deps, mara, booking_id)


async def test_moved_and_called_off_for_the_buyer(deps: Deps, clock: FakeClock) -> None:
    mara, _, booking_id = await called(deps, clock)
    clock.present = at(2, 9)
    page = await moving.page(deps, mara, booking_id)
    first = page.days[0]
    assert first.day == "Tuesday 3 November" and first.times[0].time == "09:00"
    await closing.move(deps, mara, booking_id, at(5, 10))
    assert (await booking_of(deps, booking_id)).starts_at == at(5, 10)
    await closing.cancel(deps, mara, booking_id)
    row = await booking_of(deps, booking_id)
    assert (row.state, row.cancelled_by) == (rows.CANCELLED, bookings.HOST)
    with pytest.raises(Overtaken):
        await moving.page(deps, mara, booking_id)


async def test_what_was_booked_elsewhere_is_moved_and_called_off_there(deps: Deps, clock: FakeClock) -> None:
    mara, _, booking_id = await called(deps, clock)
    async with deps.db.write() as tx:
        row = await rows.get(tx, booking_id, lock=True)
        assert row is not None
        row.source = "calcom"
    for act in (closing.cancel(deps, mara, booking_id), closing.move(deps, mara, booking_id, at(6, 9))):
        with pytest.raises(NotFound):
            await act


async def test_sales_does_nothing_here(deps: Deps, clock: FakeClock) -> None:
    _, _, booking_id = await called(deps, clock)
    acts = (
        closing.held(deps, SALES, booking_id),
        closing.missed(deps, SALES, booking_id),
        closing.reopen(deps, SALES, booking_id),
        closing.cancel(deps, SALES, booking_id),
        closing.move(deps, SALES, booking_id, at(6, 9)),
        noting.save(deps, SALES, booking_id, []),
        noting.answer_recording(deps, SALES, booking_id, "yes"),
        finishing.finish(deps, SALES, booking_id),
        meetings.agenda_of(deps, SALES),
        moving.page(deps, SALES, booking_id),
        brief.of(deps, SALES, booking_id),
        brief.expect(deps, SALES, "loss", "x", 0),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            await act


# Noting


async def test_a_note_that_somebody_else_changed_stays_theirs_until_one_says_otherwise(
    deps: Deps, clock: FakeClock
) -> None:
    mara, _, booking_id = await called(deps, clock)
    await noted(deps, mara, booking_id, trigger="one")
    again = await noted(deps, mara, booking_id, trigger="one", alternatives="two")
    assert not again.clashes and {row.topic: row.version for row in again.notes} == {"trigger": 1, "alternatives": 1}
    clash = await noting.save(deps, mara, booking_id, [Given("trigger", "other", 0), Given("decision", "three", 0)])
    assert clash.clashes == {"trigger"}
    assert {row.topic: row.text for row in clash.notes} == {
        "trigger": "one",
        "alternatives": "two",
        "decision": "three",
    }
    over = await noting.save(deps, mara, booking_id, [Given("trigger", "other", 0, over=True)])
    assert {row.text for row in over.notes if row.topic == "trigger"} == {"other"} and not over.clashes


async def test_notes_of_no_topic_or_no_end_are_refused(deps: Deps, clock: FakeClock) -> None:
    mara, _, booking_id = await called(deps, clock)
    with pytest.raises(BadInput) as told:
        await noting.save(deps, mara, booking_id, [Given("nothing", "x", 0), Given("trigger", "x" * 20_001, 0)])
    assert [problem.where for problem in told.value.problems] == ["nothing", "trigger"]
    with pytest.raises(Overtaken):
        await closing.cancel(deps, mara, booking_id)
    clock.present = at(4, 8)
    await closing.cancel(deps, mara, booking_id)
    with pytest.raises(Overtaken):
        await noted(deps, mara, booking_id, trigger="late")


async def test_erasing_takes_notes_along(deps: Deps, clock: FakeClock) -> None:
    mara, invitation_id, booking_id = await called(deps, clock)
    await noted(deps, mara, booking_id, trigger=SAID)
    await erasure.erase_invitation(deps, invitation_id)
    async with deps.db.read() as tx:
        assert (await tx.exec(select(CallNoteRow))).all() == []
    with pytest.raises(NotFound):
        await brief.of(deps, mara, booking_id)


# What the desk lists


async def test_the_agenda_from_booked_to_done(deps: Deps, clock: FakeClock) -> None:
    mara, _, booking_id = await called(deps, clock)
    clock.present = at(4, 7)
    page = await meetings.agenda_of(deps, mara)
    (one,) = page.to_come
    assert (one.how_far, one.time, one.zone, one.mine) == ("in 2 hours", "Wed 4 Nov, 09:00", "GMT (UTC+0)", True)
    assert one.buyer_time == "" and page.hosting and page.anybody
    clock.present = at(4, 9, 16)
    page = await meetings.agenda_of(deps, mara)
    assert [call.id for call in page.to_note] == [booking_id] and not page.to_come
    await noted(deps, mara, booking_id, trigger=SAID)
    await finishing.finish(deps, mara, booking_id)
    page = await meetings.agenda_of(deps, mara)
    assert [call.id for call in page.done] == [booking_id] and not page.to_note


async def test_a_call_is_told_on_both_clocks(deps: Deps, clock: FakeClock) -> None:
    mara = await host(deps, time_zone="Europe/Berlin")
    await take(deps, await buyer(deps), at(4, 15), zone="America/New_York")
    (one,) = (await meetings.agenda_of(deps, mara)).to_come
    assert (one.time, one.zone) == ("Wed 4 Nov, 16:00", "CET (UTC+1)")
    assert (one.buyer_time, one.buyer_zone) == ("Wed 4 Nov, 10:00", "EST (UTC-5)")


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (timedelta(minutes=25), "in 25 minutes"),
        (timedelta(hours=1, minutes=59), "in 1 hour"),
        (timedelta(days=3), "in 3 days"),
        (timedelta(days=-1), "1 day ago"),
        (timedelta(seconds=20), "now"),
    ],
)
def test_how_far_away(apart: timedelta, words: str) -> None:
    assert meetings.how_far(at(4, 9) + apart, at(4, 9)) == words


async def test_the_teams_hypothesis_is_kept_by_flow_and_not_overwritten(deps: Deps, clock: FakeClock) -> None:
    mara, _, booking_id = await called(deps, clock)
    await brief.expect(deps, mara, "loss", "They left over the import", 0)
    with pytest.raises(Overtaken):
        await brief.expect(deps, mara, "loss", "Or over the price", 0)
    assert (await brief.of(deps, mara, booking_id)).hypothesis.text == "They left over the import"

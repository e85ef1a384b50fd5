"""Who in a call agreed to being recorded: everybody has to, each is kept with the time and who asked (trust.md 30)."""

from __future__ import annotations

import pytest

from interviewer import erasure
from interviewer.bookings import noting
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput
from interviewer.store import bookings, consents
from tests.fakes.clock import FakeClock
from tests.store.booking_scene import at, buyer, host, take


async def called(deps: Deps) -> tuple[Viewer, str, str]:
    """A host, an invitation, and a call of it that is to come."""
    mara, invitation_id = await host(deps), await buyer(deps)
    return mara, invitation_id, (await take(deps, invitation_id, at(4, 9))).id


async def holds(deps: Deps, booking_id: str) -> str:
    async with deps.db.read() as tx:
        row = await bookings.get(tx, booking_id)
    assert row is not None and bool(row.recording) == (row.recording_at is not None)
    return row.recording


async def test_nobody_is_recorded_unless_everybody_said_yes(deps: Deps, clock: FakeClock) -> None:
    mara, _, call = await called(deps)
    clock.present = at(4, 9)
    said = (("Tom from IT", "yes", ""), ("", "yes", "yes"), ("Ada", "no", "no"), ("Ada", "", "yes"), ("", "no", "no"))
    for attendee, answer, whole in said:
        await noting.answer_recording(deps, mara, call, answer, attendee=attendee)
        assert await holds(deps, call) == whole
    async with deps.db.read() as tx:
        kept = await consents.of_call(tx, call)
    assert [(name, row.answer, row.asked_by) for name, row in kept.items()] == [
        ("", "no", mara.user_id),
        ("Tom from IT", "yes", mara.user_id),
    ]


async def test_an_answer_from_before_the_call_is_kept_anew_in_it(deps: Deps, clock: FakeClock) -> None:
    mara, _, call = await called(deps)
    times = []
    for moment in (at(3, 9), at(3, 10), at(4, 9, 1), at(4, 9, 9)):
        clock.present = moment
        await noting.answer_recording(deps, mara, call, "yes")
        async with deps.db.read() as tx:
            times.append((await consents.of_call(tx, call))[""].at)
    assert times == [at(3, 9), at(3, 9), at(4, 9, 1), at(4, 9, 1)]


@pytest.mark.parametrize(("answer", "attendee"), [("maybe", ""), ("", ""), ("yes", "x" * 81)])
async def test_what_is_no_answer_is_not_kept(deps: Deps, answer: str, attendee: str) -> None:
    mara, _, call = await called(deps)
    with pytest.raises(BadInput):
        await noting.answer_recording(deps, mara, call, answer, attendee=attendee)
    assert await holds(deps, call) == ""


async def test_a_call_has_so_many_attendees(deps: Deps) -> None:
    mara, _, call = await called(deps)
    for number in range(noting.MOST_ATTENDEES):
        await noting.answer_recording(deps, mara, call, "yes", attendee=f"Colleague {number}")
    with pytest.raises(BadInput):
        await noting.answer_recording(deps, mara, call, "yes")


async def test_who_is_erased_takes_the_others_along(deps: Deps) -> None:
    mara, invitation_id, call = await called(deps)
    await noting.answer_recording(deps, mara, call, "yes", attendee="Tom from IT")
    await erasure.erase_invitation(deps, invitation_id)
    async with deps.db.read() as tx:
        assert await consents.of_call(tx, call) == {}

"""What messages of Cal.com and Calendly make of a call, in any order and any number of times."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, permutations

from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from sqlmodel import select

from interviewer import erasure
from interviewer.deps import Deps
from interviewer.store.tables.bookings import BookingRow, ExternalCallRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone
from tests.fakes.vendors import Sent, Vendor
from tests.web.hook_scene import NEXT_DAY, Ask, ask, external_deps, post, rows, take, vendor, vendor_line

__all__ = ["ask", "external_deps", "vendor", "vendor_line"]


async def test_a_booking_there_is_a_call_here(
    vendor: Vendor, vendor_line: Phone, external_deps: Deps, ask: Ask, clock: FakeClock
) -> None:
    asked, start = await ask(), clock() + NEXT_DAY
    assert await post(vendor_line, vendor.booked("A", clock(), start, reference=asked.reference)) == 200
    [row] = await rows(external_deps, asked.invitation_id)
    assert (row.source, row.state, row.starts_at, row.host_id) == (vendor.name, "booked", start, None)
    assert (row.time_zone, row.video_link) == ("America/New_York", "https://video.example/room")
    async with external_deps.db.read() as tx:
        request = await tx.get(CallRequestRow, asked.reference)
        assert request is not None
        assert request.handled_at == clock()
        invitation = await tx.get(InvitationRow, asked.invitation_id)
        assert invitation is not None
        assert invitation.expires_at > start


async def test_moved_and_called_off(
    vendor: Vendor, vendor_line: Phone, external_deps: Deps, ask: Ask, clock: FakeClock
) -> None:
    asked, later = await ask(), clock() + 3 * NEXT_DAY
    await post(vendor_line, vendor.booked("A", clock(), clock() + NEXT_DAY, reference=asked.reference))
    clock.advance(minutes=5)
    away = vendor.moved_away("A", clock(), "B")
    for sent in [vendor.booked("B", clock(), later, before="A"), *([away] if away else [])]:
        assert await post(vendor_line, sent) == 200
    [row] = await rows(external_deps, asked.invitation_id)
    assert (row.state, row.starts_at, row.sequence) == ("booked", later, 1)
    clock.advance(minutes=5)
    assert await post(vendor_line, vendor.cancelled("B", clock())) == 200
    [row] = await rows(external_deps, asked.invitation_id)
    assert (row.state, row.cancelled_by) == ("cancelled", "scheduler")


async def test_booked_anew_after_it_was_called_off(
    vendor: Vendor, vendor_line: Phone, external_deps: Deps, ask: Ask, clock: FakeClock
) -> None:
    asked = await ask()
    await post(vendor_line, vendor.booked("A", clock(), clock() + NEXT_DAY, reference=asked.reference))
    await post(vendor_line, vendor.cancelled("A", clock.advance(minutes=1), reference=asked.reference))
    await post(vendor_line, vendor.booked("C", clock.advance(minutes=1), clock() + NEXT_DAY, reference=asked.reference))
    [row] = await rows(external_deps, asked.invitation_id)
    assert (row.state, row.starts_at) == ("booked", clock() + NEXT_DAY)


async def test_another_call_after_one_whose_time_has_passed_is_another(
    vendor: Vendor, vendor_line: Phone, external_deps: Deps, ask: Ask, clock: FakeClock
) -> None:
    asked = await ask()
    await post(vendor_line, vendor.booked("A", clock(), clock() + NEXT_DAY, reference=asked.reference))
    clock.advance(days=1, minutes=20)
    await post(vendor_line, vendor.booked("B", clock(), clock() + NEXT_DAY, reference=asked.reference))
    there = {row.starts_at: row.state for row in await rows(external_deps, asked.invitation_id)}
    assert there == {clock() - timedelta(minutes=20): "missed", clock() + NEXT_DAY: "booked"}
    await post(vendor_line, vendor.cancelled("B", clock.advance(minutes=1), reference=asked.reference))
    states = [row.state for row in await rows(external_deps, asked.invitation_id)]
    assert sorted(states) == ["cancelled", "missed"]


async def test_a_call_that_was_held_is_not_opened_by_what_comes_late(
    vendor: Vendor, vendor_line: Phone, external_deps: Deps, ask: Ask, clock: FakeClock
) -> None:
    asked = await ask()
    await post(vendor_line, vendor.booked("A", clock(), clock() + NEXT_DAY, reference=asked.reference))
    async with external_deps.db.write() as tx:
        row = (await tx.exec(select(BookingRow))).one()
        row.state = "held"
    await post(vendor_line, vendor.cancelled("A", clock.advance(minutes=1), reference=asked.reference))
    await post(vendor_line, vendor.booked("A", clock.advance(minutes=1), clock() + NEXT_DAY, reference=asked.reference))
    assert [row.state for row in await rows(external_deps, asked.invitation_id)] == ["held"]
    await post(vendor_line, vendor.booked("D", clock.advance(minutes=1), clock() + NEXT_DAY, reference=asked.reference))
    assert sorted(row.state for row in await rows(external_deps, asked.invitation_id)) == ["booked", "held"]


async def test_a_call_that_was_moved_and_held_does_not_come_back(
    vendor: Vendor, vendor_line: Phone, external_deps: Deps, ask: Ask, clock: FakeClock
) -> None:
    asked = await ask()
    await post(vendor_line, vendor.booked("A", clock(), clock() + NEXT_DAY, reference=asked.reference))
    await post(vendor_line, vendor.booked("B", clock.advance(minutes=1), clock() + NEXT_DAY, before="A"))
    async with external_deps.db.write() as tx:
        row = (await tx.exec(select(BookingRow))).one()
        row.state = "held"
    await post(vendor_line, vendor.booked("A", clock.advance(minutes=1), clock() + NEXT_DAY, reference=asked.reference))
    await post(vendor_line, vendor.cancelled("B", clock.advance(minutes=1)))
    assert [row.state for row in await rows(external_deps, asked.invitation_id)] == ["held"]


@dataclass(frozen=True)
class History:
    """What a buyer did at a scheduler, as messages in the order in which it happened, and when the call is."""

    messages: tuple[Sent, ...]
    start: datetime
    """Of the call that was booked last."""
    stands: bool


def history(vendor: Vendor, reference: str, acts: Sequence[str], begun: datetime, quiet: bool, mark: str) -> History:
    """`quiet`: messages after the first come without our reference, as moves at Cal.com do."""
    numbers, uid, start, now = count(), "", begun, begun
    messages: list[Sent] = []
    for act in acts:
        now += timedelta(seconds=10)
        said = "" if quiet and messages and (uid or act == "cancel") else reference
        if act == "cancel":
            if uid:
                messages.append(vendor.cancelled(uid, now, reference=said))
            uid = ""
            continue
        before, uid = uid, f"{mark}{next(numbers)}"
        start = begun + timedelta(days=1, hours=len(messages))
        messages.append(vendor.booked(uid, now, start, reference=said, before=before))
        if before and (away := vendor.moved_away(before, now, uid, reference=said)):
            messages.append(away)
    return History(tuple(messages), start, bool(uid))


async def ends_as(deps: Deps, invitation_id: str) -> list[tuple[str, datetime | None]]:
    return [(row.state, row.starts_at) for row in await rows(deps, invitation_id)]


@tried(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.sampled_from(["book", "cancel"]), min_size=1, max_size=5).filter(lambda acts: acts[0] == "book"),
    quiet=st.booleans(),
    again=st.integers(0, 3),
    chance=st.randoms(use_true_random=False),
)
async def test_any_order_and_any_number_end_the_same(
    vendor: Vendor,
    external_deps: Deps,
    ask: Ask,
    clock: FakeClock,
    acts: list[str],
    quiet: bool,
    again: int,
    chance: random.Random,
) -> None:
    asked = await ask()
    story = history(vendor, asked.reference, acts, clock(), quiet, f"{asked.invitation_id}-")
    given_out = [*story.messages, *(chance.choice(story.messages) for _ in range(again))]
    chance.shuffle(given_out)
    for sent in given_out:
        await take(external_deps, sent)
    there = await ends_as(external_deps, asked.invitation_id)
    assert there == [("booked" if story.stands else "cancelled", story.start)]


async def test_every_order_of_a_whole_story_ends_the_same(
    vendor: Vendor, external_deps: Deps, ask: Ask, clock: FakeClock
) -> None:
    for number, order in enumerate(permutations(range(4))):
        asked = await ask()
        story = history(vendor, asked.reference, ["book", "book", "cancel", "book"], clock(), True, f"s{number}-")
        for place in order:
            if place < len(story.messages):
                await take(external_deps, story.messages[place])
        for rest in story.messages[4:]:
            await take(external_deps, rest)
        assert await ends_as(external_deps, asked.invitation_id) == [("booked", story.start)], order


async def test_what_was_erased_stays_so(
    vendor: Vendor, vendor_line: Phone, external_deps: Deps, ask: Ask, clock: FakeClock
) -> None:
    asked = await ask()
    await post(vendor_line, vendor.booked("A", clock(), clock() + NEXT_DAY, reference=asked.reference))
    await erasure.erase_invitation(external_deps, asked.invitation_id)
    async with external_deps.db.read() as tx:
        assert (await tx.exec(select(ExternalCallRow))).all() == []
    late = vendor.booked("B", clock.advance(minutes=1), clock() + NEXT_DAY, reference=asked.reference, before="A")
    assert await post(vendor_line, late) == 200
    assert await rows(external_deps, asked.invitation_id) == []


async def test_a_preview_books_nothing(vendor: Vendor, external_deps: Deps, ask: Ask, clock: FakeClock) -> None:
    asked = await ask()
    async with external_deps.db.write() as tx:
        invitation = await tx.get(InvitationRow, asked.invitation_id)
        assert invitation is not None
        invitation.preview = True
    assert not await take(external_deps, vendor.booked("A", clock(), clock() + NEXT_DAY, reference=asked.reference))
    assert await rows(external_deps, asked.invitation_id) == []

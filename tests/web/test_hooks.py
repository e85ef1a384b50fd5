"""Webhooks of Cal.com and Calendly: signed, any order, any number of times, and nothing learned by who cannot sign."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, permutations

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from sqlmodel import select

from interviewer import bookings, erasure, invitations
from interviewer.bookings import external
from interviewer.deps import Deps
from interviewer.errors import TooMany
from interviewer.invitees import Invitee
from interviewer.schedulers import SCHEDULERS
from interviewer.store.tables.bookings import BookingRow, ExternalCallRow, ReceivedRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow
from interviewer.web.app import create_app
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone
from tests.fakes.vendors import (
    ADDRESS,
    CALCOM_SECRET,
    CALENDLY_SECRET,
    NAME,
    CalComServer,
    CalendlyServer,
    Sent,
    Vendor,
    calendly_headers,
)

VENDORS: dict[str, Vendor] = {"calcom": CalComServer(), "calendly": CalendlyServer()}
NEXT_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """A buyer who went to the booking page."""

    invitation_id: str
    reference: str


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_CALCOM_SECRET", CALCOM_SECRET)
    monkeypatch.setenv("INTERVIEWER_CALENDLY_SECRET", CALENDLY_SECRET)


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest) -> Vendor:
    return VENDORS[request.param]


@pytest.fixture
def external_deps(sqlite_deps: Deps, make_deps: MakeDeps) -> Deps:
    changed = sqlite_deps.settings.model_copy(update={"scheduling_url": "https://cal.com/mara/15min"})
    return make_deps(sqlite_deps.db, settings=changed)


Ask = Callable[[], Awaitable[Asked]]


@pytest.fixture
def ask(external_deps: Deps) -> Ask:
    """Invite somebody, who then goes to the booking page."""
    numbers = count()

    async def one() -> Asked:
        [invited] = await invitations.invite(external_deps, [Invitee(email=f"kim{next(numbers)}@buyer.example")])
        await bookings.choose_scheduler(external_deps, invited.invitation_id, prefilled=True)
        async with external_deps.db.read() as tx:
            query = select(CallRequestRow).where(CallRequestRow.invitation_id == invited.invitation_id)
            return Asked(invited.invitation_id, (await tx.exec(query)).one().id)

    return one


@pytest.fixture
async def vendor_line(external_deps: Deps) -> AsyncIterator[Phone]:
    async with Phone(create_app(external_deps)) as one:
        del one.http.headers["Sec-Fetch-Site"]
        yield one


async def post(line: Phone, sent: Sent, **headers: str) -> int:
    given = {"Content-Type": "application/json", **sent.headers, **headers}
    response = await line.http.post(f"/hooks/{sent.scheduler}", content=sent.body, headers=given)
    assert not response.content
    assert "set-cookie" not in response.headers
    return response.status_code


def seen_at(line: Phone, address: str) -> None:
    """Let the application see this address from now on."""
    line.http._transport.client = (address, 0)  # type: ignore[attr-defined]


async def rows(deps: Deps, invitation_id: str) -> Sequence[BookingRow]:
    async with deps.db.read() as tx:
        return (await tx.exec(select(BookingRow).where(BookingRow.invitation_id == invitation_id))).all()


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


async def take(deps: Deps, sent: Sent) -> bool:
    """As the route does, without the wire."""
    scheduler = SCHEDULERS[sent.scheduler]
    headers = {name.lower(): value for name, value in sent.headers.items()}
    told = scheduler.told(headers, sent.body, scheduler.secret(), deps.now())
    return told is not None and await external.receive(deps, scheduler, told, sent.body)


async def test_the_same_message_twice_is_one(vendor: Vendor, external_deps: Deps, ask: Ask, clock: FakeClock) -> None:
    asked = await ask()
    sent = vendor.booked("A", clock(), clock() + NEXT_DAY, reference=asked.reference)
    assert [await take(external_deps, sent) for _ in range(3)] == [True, False, False]
    [row] = await rows(external_deps, asked.invitation_id)
    assert row.sequence == 0


async def test_nothing_of_a_person_is_kept(vendor: Vendor, external_deps: Deps, ask: Ask, clock: FakeClock) -> None:
    asked = await ask()
    await take(external_deps, vendor.booked("A", clock(), clock() + NEXT_DAY, reference=asked.reference))
    async with external_deps.db.read() as tx:
        kept = [*(await tx.exec(select(ExternalCallRow))).all(), *(await tx.exec(select(ReceivedRow))).all()]
    said = " ".join(str(row.model_dump()) for row in [*kept, *await rows(external_deps, asked.invitation_id)])
    assert NAME not in said
    assert ADDRESS not in said


async def test_meetings_of_others_are_not_kept(vendor: Vendor, external_deps: Deps, clock: FakeClock) -> None:
    for reference in ("", "made-up-by-somebody", "x" * 500, "id-00000000000000000001"):
        sent = vendor.booked("A", clock(), clock() + NEXT_DAY, reference=reference)
        assert not await take(external_deps, sent)
    async with external_deps.db.read() as tx:
        for table in (ExternalCallRow, ReceivedRow, BookingRow):
            assert (await tx.exec(select(table))).all() == []


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


async def test_who_cannot_sign_learns_nothing(
    vendor: Vendor, vendor_line: Phone, external_deps: Deps, ask: Ask, clock: FakeClock
) -> None:
    asked = await ask()
    good = vendor.booked("A", clock(), clock() + NEXT_DAY, reference=asked.reference)
    [(header, value)] = good.headers.items()
    bad = [
        Sent(vendor.name, {}, good.body),
        Sent(vendor.name, {header: ""}, good.body),
        Sent(vendor.name, {header: "no-secret-provided"}, good.body),
        Sent(vendor.name, {header: value[:-1] + ("0" if value[-1] != "0" else "1")}, good.body),
        Sent(vendor.name, good.headers, good.body + b" "),
        Sent(vendor.name, {header: "t=1e9,v1=,v1"}, b"not json"),
    ]
    assert [await post(vendor_line, one) for one in bad] == [401] * len(bad)
    assert await rows(external_deps, asked.invitation_id) == []
    assert await post(vendor_line, good) == 200


async def test_what_was_kept_to_be_sent_again_is_refused(
    vendor: Vendor, vendor_line: Phone, ask: Ask, clock: FakeClock
) -> None:
    asked = await ask()
    good = vendor.booked("A", clock(), clock() + NEXT_DAY, reference=asked.reference)
    clock.advance(days=2)
    assert await post(vendor_line, good) == 401
    ahead = vendor.booked("A", clock() + timedelta(hours=1), clock() + NEXT_DAY, reference=asked.reference)
    assert await post(vendor_line, ahead) == 401


async def test_a_message_that_comes_after_hours_of_trying_is_taken_once(
    vendor: Vendor, vendor_line: Phone, external_deps: Deps, ask: Ask, clock: FakeClock
) -> None:
    """Vendors go on trying for a day, and the same signed message may come as often as it likes."""
    asked = await ask()
    booked = vendor.booked("A", clock(), clock() + 2 * NEXT_DAY, reference=asked.reference)
    clock.advance(hours=23)
    assert await post(vendor_line, booked) == 200
    off = vendor.cancelled("A", clock(), reference=asked.reference)
    assert await post(vendor_line, off) == 200
    clock.advance(minutes=50)
    assert [await post(vendor_line, sent) for sent in (booked, off, booked)] == [200] * 3
    assert [row.state for row in await rows(external_deps, asked.invitation_id)] == ["cancelled"]


async def test_the_moment_of_a_signature_is_signed(vendor_line: Phone, clock: FakeClock) -> None:
    old = CalendlyServer().cancelled("A", clock())
    clock.advance(hours=1)
    [(header, value)] = old.headers.items()
    fresh = value.replace(f"t={int((clock() - timedelta(hours=1)).timestamp())}", f"t={int(clock().timestamp())}")
    assert await post(vendor_line, Sent("calendly", {header: fresh}, old.body)) == 401


async def test_known_and_ignored(vendor_line: Phone, clock: FakeClock) -> None:
    assert await post(vendor_line, CalComServer().ping(clock())) == 200
    body = b'{"event":"invitee_no_show.created","created_at":"2026-11-02T09:00:00.000000Z","payload":{}}'
    assert await post(vendor_line, Sent("calendly", calendly_headers(body, clock()), body)) == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"event":"invitee.created","created_at":"2026-11-02T09:00:00Z"}',
        b'{"event":"invitee.created","created_at":"2026-11-02T09:00:00Z","payload":{"uri":"\\u0000"}}',
        b'{"event":"invitee.created","created_at":"now","payload":{}}',
        b'{"event":"invitee.created","created_at":"0001-01-01T00:00:00+05:00","payload":{}}',
        b'{"event":"invitee.created","created_at":"9999-12-31T23:59:59-05:00","payload":{}}',
        b"[" * 100_000,
    ],
)
async def test_signed_but_not_as_documented(vendor_line: Phone, clock: FakeClock, body: bytes) -> None:
    assert await post(vendor_line, Sent("calendly", calendly_headers(body, clock()), body)) == 422


async def test_where_nobody_listens(
    vendor_line: Phone, ask: Ask, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = CalComServer().ping(clock())
    for name in ("savvycal", "hubspot", "plain", "own", "nobody"):
        assert await post(vendor_line, Sent(name, sent.headers, sent.body)) == 404
    monkeypatch.delenv("INTERVIEWER_CALCOM_SECRET")
    assert await post(vendor_line, sent) == 404


async def test_too_long_and_too_often(vendor_line: Phone, clock: FakeClock) -> None:
    seen_at(vendor_line, "2.17.4.9")
    good = CalComServer().ping(clock())
    assert await post(vendor_line, Sent("calcom", good.headers, b" " * 300_000)) == 413
    for _ in range(external.WRONG_ONES):
        assert await post(vendor_line, Sent("calcom", {}, b"{}")) == 401
    assert await post(vendor_line, Sent("calcom", {}, b"{}")) == 429
    assert await post(vendor_line, good) == 200, "nobody can keep out who signs"
    clock.advance(minutes=11)
    assert await post(vendor_line, Sent("calcom", {}, b"{}")) == 401


async def test_a_household_is_one_network_and_a_nameless_proxy_none(vendor_line: Phone) -> None:
    for address, last in (("2a02:908:1:2::{:x}", 429), ("172.18.0.1", 401)):
        for number in range(external.WRONG_ONES + 1):
            seen_at(vendor_line, address.format(number + 1))
            told = await post(vendor_line, Sent("calcom", {}, b"{}"))
        assert told == last


async def test_wrong_ones_that_come_at_once_are_all_counted(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external, "WRONG_ONES", 5)
    results = await asyncio.gather(*(external.count_wrong(deps, "2.17.4.9") for _ in range(30)), return_exceptions=True)
    assert results.count(None) == 5 and all(isinstance(one, TooMany) for one in results if one is not None)


async def test_a_browser_of_elsewhere_is_let_in_and_needs_a_signature(vendor_line: Phone, clock: FakeClock) -> None:
    sent = CalComServer().ping(clock())
    assert await post(vendor_line, sent, **{"Sec-Fetch-Site": "cross-site"}) == 200
    assert await post(vendor_line, Sent("calcom", {}, sent.body), **{"Sec-Fetch-Site": "cross-site"}) == 401


async def test_hooks_take_posts_only(app: FastAPI, vendor_line: Phone) -> None:
    assert (await vendor_line.http.get("/hooks/calcom")).status_code == 405

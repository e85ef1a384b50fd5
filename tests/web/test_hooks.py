"""Webhooks of Cal.com and Calendly: who may send, what is kept of it, and nothing learned by who cannot sign."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import select

from interviewer.bookings import external
from interviewer.deps import Deps
from interviewer.errors import TooMany
from interviewer.store.tables.bookings import BookingRow, ExternalCallRow, ReceivedRow
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone
from tests.fakes.vendors import ADDRESS, NAME, CalComServer, CalendlyServer, Sent, Vendor, calendly_headers
from tests.web.hook_scene import NEXT_DAY, Ask, ask, external_deps, post, rows, take, vendor, vendor_line

__all__ = ["ask", "external_deps", "vendor", "vendor_line"]


def seen_at(line: Phone, address: str) -> None:
    """Let the application see this address from now on."""
    line.http._transport.client = (address, 0)  # type: ignore[attr-defined]


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

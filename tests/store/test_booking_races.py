"""Many at once on both databases: no time is given twice, nobody has two, nobody is left without a choice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from interviewer import bookings, erasure
from interviewer.agenda import brief
from interviewer.deliveries import reminders
from interviewer.deps import Deps
from interviewer.errors import NotFound, Overtaken, Taken
from interviewer.schedulers.base import Told
from interviewer.store.db import Database
from interviewer.store.tables.bookings import BookingRow, ExternalCallRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.store.booking_scene import at, booked, buyer, buyers, form, host, starts, take
from tests.store.test_external import ask, booking, hear

QUARTER = timedelta(minutes=15)
MONDAY = [["09:00", "14:00"]]
"""Twenty times."""


@pytest.fixture
async def servers(deps: Deps, make_deps: MakeDeps) -> AsyncIterator[tuple[Deps, Deps]]:
    """Two servers on one fresh database."""
    other = Database(deps.db.url)
    yield deps, make_deps(other, new_id=deps.new_id)
    await other.close()


def told(outcomes: list[Any], kind: type[Exception]) -> list[Any]:
    """Those that were told `kind`; nothing else went wrong."""
    assert {type(one) for one in outcomes} <= {BookingRow, kind}
    return [one for one in outcomes if isinstance(one, kind)]


async def test_two_hundred_race_for_twenty_times(servers: tuple[Deps, Deps]) -> None:
    """All on Monday, with Tuesday left to choose."""
    await host(servers[0], hours={"mon": MONDAY, "tue": MONDAY}, daily_maximum="20", horizon_days="9")
    everybody = await buyers(servers[0], 200)
    monday = [at(9, 9) + n * QUARTER for n in range(20)]
    outcomes = await asyncio.gather(
        *(take(servers[n % 2], one, monday[n // 2 % 20]) for n, one in enumerate(everybody)), return_exceptions=True
    )
    refused = told(outcomes, Taken)
    kept = await booked(servers[0])
    assert [row.starts_at for row in kept] == monday
    assert len({row.invitation_id for row in kept}) == 20 and len(refused) == 180
    for one in refused:
        assert one.others and one.others == tuple(sorted(set(one.others))) and at(10, 9) in one.others


async def test_everybody_tries_until_nothing_is_left(servers: tuple[Deps, Deps]) -> None:
    """Two hosts, half of the day between them: who is refused takes the next free one that they were shown."""
    for name in ("Mara", "Nils"):
        await host(servers[0], name, hours={"mon": [["09:00", "11:30"]]}, daily_maximum="20", horizon_days="8")

    async def insist(deps: Deps, invitation_id: str) -> bool:
        wanted: tuple[datetime, ...] = (at(9, 9),)
        while wanted:
            try:
                await take(deps, invitation_id, wanted[0])
            except Taken as error:
                wanted = error.others
            else:
                return True
        return False

    everybody = await buyers(servers[0], 28)
    got = await asyncio.gather(*(insist(servers[n % 2], one) for n, one in enumerate(everybody)))
    assert sum(got) == 20
    kept = await booked(servers[0])
    assert Counter(row.starts_at for row in kept) == {at(9, 9) + n * QUARTER: 2 for n in range(10)}
    assert len({(row.host_id, row.starts_at) for row in kept}) == 20
    assert set(Counter(row.host_id for row in kept).values()) == {10}


async def test_the_same_buyer_in_several_tabs_books_one(servers: tuple[Deps, Deps]) -> None:
    await host(servers[0])
    invitation_id = await buyer(servers[0])
    times = [at(4, 10), at(4, 11), at(5, 10)]
    rows = await asyncio.gather(*(take(servers[n % 2], invitation_id, times[n % 3]) for n in range(9)))
    (kept,) = await booked(servers[0])
    assert {row.id for row in rows} == {kept.id} and kept.starts_at in times


async def test_a_move_races_with_a_take(servers: tuple[Deps, Deps]) -> None:
    await host(servers[0])
    ones, others = (await buyers(servers[0], 12))[:6], (await buyers(servers[0], 12))[6:]
    rows = [await take(servers[0], one, at(4, 10) + n * QUARTER) for n, one in enumerate(ones[:4])]
    wanted = at(4, 15)
    outcomes = await asyncio.gather(
        *(bookings.move(servers[n % 2], row.id, wanted) for n, row in enumerate(rows)),
        *(take(servers[n % 2], one, wanted) for n, one in enumerate(others)),
        return_exceptions=True,
    )
    assert len(told(outcomes, Taken)) == 9
    kept = await booked(servers[0])
    assert Counter(row.starts_at for row in kept)[wanted] == 1
    assert len({row.starts_at for row in kept}) == len(kept)


async def test_a_move_races_with_a_call_off(servers: tuple[Deps, Deps]) -> None:
    await host(servers[0])
    for one in await buyers(servers[0], 6):
        row = await take(servers[0], one, (await starts(servers[0], one))[0])
        later = (await starts(servers[0], one))[8]
        moved, off = await asyncio.gather(
            bookings.move(servers[0], row.id, later),
            bookings.cancel(servers[1], row.id, bookings.BUYER),
            return_exceptions=True,
        )
        assert isinstance(off, BookingRow) and isinstance(moved, BookingRow | Overtaken)
        assert await booked(servers[0]) == []


async def test_a_host_changes_hours_meanwhile(servers: tuple[Deps, Deps]) -> None:
    """Whoever came first was given the time; nobody is after the hours ended. Calls that were booked stay."""
    mara = await host(servers[0], daily_maximum="20")
    everybody = await buyers(servers[0], 20)
    wanted = [at(4, 9) + n * QUARTER for n in range(12)]
    outcomes = await asyncio.gather(
        *(take(servers[n % 2], one, wanted[n % 12]) for n, one in enumerate(everybody[:10])),
        bookings.save(servers[1], mara, form(mara, version=1, hours={"fri": MONDAY})),
        *(take(servers[n % 2], one, wanted[n % 12]) for n, one in enumerate(everybody[10:])),
        return_exceptions=True,
    )
    assert all(one is None or isinstance(one, BookingRow | Taken) for one in outcomes)
    assert len(await booked(servers[0])) == sum(isinstance(one, BookingRow) for one in outcomes)
    with pytest.raises(Taken):
        await take(servers[0], everybody[-1], at(4, 16))
    assert at(6, 9) in await starts(servers[0], everybody[-1])


async def test_two_save_the_same_hours_at_once(servers: tuple[Deps, Deps]) -> None:
    mara = await host(servers[0])
    saved = [bookings.save(servers[n % 2], mara, form(mara, version=1, notice_hours=str(n))) for n in range(4)]
    outcomes = await asyncio.gather(*saved, return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "Overtaken", "Overtaken", "Overtaken"]


async def test_two_are_the_first_to_say_what_they_expect(servers: tuple[Deps, Deps]) -> None:
    mara = await host(servers[0])
    for flow in servers[0].flows.ids:
        saved = [brief.expect(deps, mara, flow, f"Delivery dates, {place}", 0) for place, deps in enumerate(servers)]
        outcomes = await asyncio.gather(*saved, return_exceptions=True)
        assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "Overtaken"]


async def test_the_daily_maximum_holds(servers: tuple[Deps, Deps]) -> None:
    """Different times of one day, none of them taken: only as many calls as the host wants."""
    await host(servers[0], daily_maximum="3")
    everybody = await buyers(servers[0], 24)
    wanted = [at(4, 9) + n * QUARTER for n in range(12)]
    outcomes = await asyncio.gather(
        *(take(servers[n % 2], one, wanted[n % 12]) for n, one in enumerate(everybody)), return_exceptions=True
    )
    refused = told(outcomes, Taken)
    assert len(refused) == 21 and len(await booked(servers[0])) == 3
    assert all(other.day != 4 for other in refused[-1].others)


async def test_a_buyer_who_deletes_everything_meanwhile_has_no_call(servers: tuple[Deps, Deps]) -> None:
    await host(servers[0])
    for one in await buyers(servers[0], 8):
        outcome, _ = await asyncio.gather(
            take(servers[0], one, at(5, 10)),
            erasure.erase_invitation(servers[1], one),
            return_exceptions=True,
        )
        assert isinstance(outcome, BookingRow | NotFound)
        assert await booked(servers[0]) == []


async def test_a_scheduler_calls_off_while_the_buyer_deletes_everything(
    servers: tuple[Deps, Deps], clock: FakeClock
) -> None:
    settings = servers[0].settings.model_copy(update={"scheduling_url": "https://cal.com/mara"})
    one, other = (replace(deps, settings=settings) for deps in servers)
    for number in range(8):
        invitation_id = await buyer(one, f"b{number}@buyer.example")
        reference = await ask(one, invitation_id)
        await hear(one, booking(f"A{number}", clock(), clock() + timedelta(hours=1), reference=reference))
        off = Told(f"A{number}", clock() + timedelta(seconds=5), reference, cancelled=True)
        await asyncio.gather(hear(one, off), erasure.erase_invitation(other, invitation_id))
    async with one.db.read() as tx:
        left = (await tx.exec(select(ExternalCallRow))).all()
    assert all(row.invitation_id is None and row.starts_at is None for row in left)


async def test_reminders_go_out_while_calls_are_called_off_and_erased(
    servers: tuple[Deps, Deps], clock: FakeClock
) -> None:
    one, other = servers
    await host(one, daily_maximum="32", notice_hours="0")
    people = await buyers(one, 12)
    calls = [await take(one, person, at(5, 9) + QUARTER * number) for number, person in enumerate(people)]
    clock.present = at(4, 15)
    for number, (person, call) in enumerate(zip(people, calls, strict=True)):
        gone = (
            bookings.cancel(other, call.id, bookings.BUYER) if number % 2 else erasure.erase_invitation(other, person)
        )
        await asyncio.gather(reminders.queue_reminders(one), gone)
    assert await booked(one) == []

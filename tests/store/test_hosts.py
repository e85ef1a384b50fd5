"""Hosts and their hours: kept once where two tabs keep them, and calls whose host is gone find another."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from interviewer import bookings, people
from interviewer.agenda.trouble import trouble
from interviewer.bookings import handing
from interviewer.cli.checks import work
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotAllowed, NotFound, Overtaken, Taken
from interviewer.scheduling.slots import Stretch
from interviewer.store import hosts
from interviewer.store.db import Database
from interviewer.store.tables.bookings import BookingRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.store import booking_scene as scene
from tests.store import call_mail_scene as mails
from tests.store.booking_scene import at


@pytest.fixture
async def servers(deps: Deps, make_deps: MakeDeps) -> AsyncIterator[tuple[Deps, Deps]]:
    """Two processes on one database, both connected."""
    other = Database(deps.db.url)
    async with other.read() as tx:
        await hosts.every(tx)
    yield deps, make_deps(other, new_id=deps.new_id)
    await other.close()


async def test_first_hours_of_two_tabs_are_kept_once(servers: tuple[Deps, Deps]) -> None:
    outcomes: Counter[str] = Counter()
    for number in range(6):
        user_id = await people.add_user(servers[0], f"host{number}@tidewater.example", "pmm", "Nils")
        nils = Viewer(user_id, Role.PMM, "Nils")
        form = scene.form(nils, days_off=[("2026-12-24", "2026-12-26")])
        every = await asyncio.gather(*(bookings.save(one, nils, form) for one in servers * 2), return_exceptions=True)
        outcomes.update("kept" if one is None else type(one).__name__ for one in every)
        async with servers[0].db.read() as tx:
            row = await hosts.get(tx, user_id)
            assert row is not None
            assert (row.version, row.hours["mon"]) == (1, scene.WEEKDAYS["mon"])
            assert len((await hosts.days_off(tx, [user_id]))[user_id]) == 1
    assert outcomes == {"kept": 6, Overtaken.__name__: 18}


async def lost(deps: Deps, hour: int = 10) -> BookingRow:
    """A call on Wednesday with Mara, who left since."""
    await scene.host(deps, "Mara")
    row = await scene.take(deps, await scene.buyer(deps), at(4, hour))
    await people.disable_user(deps, "mara@tidewater.example")
    return row


async def able(deps: Deps, viewer: Viewer) -> list[list[str]]:
    """Who could hold each call that nobody holds."""
    return [[one.label for one in call.able] for call in (await trouble(deps, viewer)).unheld]


@pytest.mark.parametrize("how", ["disabled", "sales", "nobody"])
async def test_calls_whose_host_is_gone_are_told_and_handed_over(deps: Deps, how: str) -> None:
    mara = await scene.host(deps, "Mara")
    row = await scene.take(deps, await scene.buyer(deps), at(4, 10))
    nils = await scene.host(deps, "Nils", video_link="https://video.example/nils", hours={"thu": [["15:00", "16:00"]]})
    assert await able(deps, nils) == []
    assert await work.unheld(deps.db, deps.now()) is None
    if how == "disabled":
        await people.disable_user(deps, "mara@tidewater.example")
    elif how == "sales":
        await people.add_user(deps, "mara@tidewater.example", "sales", "Mara")
    else:
        await people.disable_user(deps, "mara@tidewater.example")
        async with deps.db.write() as tx:
            kept = await tx.get(BookingRow, row.id)
            assert kept is not None
            kept.host_id = None
    assert await able(deps, nils) == [["Nils"]], "also outside his weekly hours: colleagues can be asked"
    found = await work.unheld(deps.db, deps.now())
    assert found is not None
    assert (found.state, found.detail.partition(",")[0]) == ("warn", "nobody holds 1 call to come")

    await handing.hand_over(deps, nils, row.id, nils.user_id)
    await handing.hand_over(deps, nils, row.id, nils.user_id)
    (now,) = await scene.booked(deps)
    assert (now.id, now.starts_at, now.uid, now.sequence) == (row.id, row.starts_at, row.uid, row.sequence + 1)
    assert (now.host_id, now.video_link) == (nils.user_id, "https://video.example/nils")
    assert await able(deps, nils) == []
    with pytest.raises(Taken):
        await handing.hand_over(deps, nils, row.id, mara.user_id)
    with pytest.raises(NotFound):
        await handing.hand_over(deps, nils, "nothing", nils.user_id)


async def test_everybody_hears_of_a_call_that_is_handed_over(
    sqlite_deps: Deps, jobs: RecordingJobs, clock: FakeClock
) -> None:
    async with mails.posted(sqlite_deps) as (deps, office):
        await scene.host(deps, "Mara")
        row = await scene.take(deps, await scene.buyer(deps), at(4, 10))
        nils = await scene.host(deps, "Nils", video_link="https://video.example/nils")
        await mails.settled(deps, jobs, clock)
        office.mails.clear()
        await handing.hand_over(deps, nils, row.id, nils.user_id)
        await mails.settled(deps, jobs, clock)
        (buyers,) = mails.to(office, mails.KIM)
        assert buyers["Subject"] == "A colleague will hold your call on Wed 4 Nov, 10:00 am GMT (UTC+0)"
        assert "https://video.example/nils" in mails.text(buyers)
        assert "With Nils" in mails.text(buyers)
        (off,) = mails.to(office, mails.MARA)
        assert "a colleague holds it" in mails.text(off)
        (on,) = mails.to(office, "nils@tidewater.example")
        assert "You have a call with Kim" in mails.text(on)
        told = [(mail, *mails.entry(mail)) for mail in (buyers, on, off)]
        assert [method for _, method, _ in told] == ["REQUEST", "REQUEST", "CANCEL"]
        for _, _, event in told:
            assert (str(event["UID"]), int(event["SEQUENCE"])) == (row.uid, row.sequence + 1)
            assert event["DTSTART"].dt == row.starts_at


async def test_only_who_is_free_then_can_take_a_call_over(sqlite_deps: Deps, clock: FakeClock) -> None:
    deps = sqlite_deps
    row = await lost(deps)
    nils, olga, pia, quin = [await scene.host(deps, name) for name in ("Nils", "Olga", "Pia", "Quin")]
    await scene.take(deps, await scene.buyer(deps, "lee@buyer.example"), at(4, 10))
    (busy_one,) = [one.host_id for one in await scene.booked(deps) if one.id != row.id]
    left = [one for one in (nils, olga, pia, quin) if one.user_id != busy_one]
    async with deps.db.write() as tx:
        await hosts.replace_busy(tx, left[0].user_id, [Stretch(at(4, 9, 30), at(4, 10, 5))])
    await bookings.save(deps, left[1], scene.form(left[1], days_off=[("2026-11-04", "")], version=1))
    assert await able(deps, left[2]) == [[left[2].name]]
    for one in (busy_one, left[0].user_id, left[1].user_id):
        with pytest.raises(Taken):
            await handing.hand_over(deps, left[2], row.id, one or "")
    sales = Viewer(left[2].user_id, Role.SALES, "Sam")
    with pytest.raises(NotAllowed):
        await handing.hand_over(deps, sales, row.id, left[2].user_id)
    with pytest.raises(NotAllowed):
        await trouble(deps, sales)
    clock.present = at(4, 10, 20)
    assert await able(deps, left[2]) == []
    with pytest.raises(Overtaken):
        await handing.hand_over(deps, left[2], row.id, left[2].user_id)

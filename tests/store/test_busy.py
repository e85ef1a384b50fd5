"""Hosts' own calendars: read in time, kept as times only, and what goes wrong is for the host alone to see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import event
from sqlmodel import select

from interviewer import bookings
from interviewer.agenda import hours
from interviewer.bookings import busy
from interviewer.cli.checks import work
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFetched, Taken
from interviewer.outbound import Outbound
from interviewer.scheduling import feeds
from interviewer.scheduling.slots import LENGTH, Stretch
from interviewer.store import hosts
from interviewer.store.db import Database
from interviewer.store.tables.bookings import BusyRow, HostRow
from interviewer.store.tables.people import AuditRow
from interviewer.web.app import create_app
from tests.conftest import MakeDeps
from tests.fakes.calendars import ADDRESS, TITLE, TUESDAY, Calendars, feed, minutely
from tests.fakes.clock import FakeClock
from tests.fakes.tls_server import page, serve
from tests.store import booking_scene as scene


@pytest.fixture
def calendars() -> Calendars:
    return Calendars(feed(TUESDAY))


@pytest.fixture
async def desk(make_deps: MakeDeps, sqlite_deps: Deps, calendars: Calendars) -> Deps:
    return make_deps(sqlite_deps.db, outbound=calendars)


@pytest.fixture
async def mara(desk: Deps) -> Viewer:
    """A host on weekdays in London, which is UTC in November, whose calendar is not connected yet."""
    return await scene.host(desk, notice_hours="1")


async def connect(deps: Deps, mara: Viewer, url: str) -> str:
    """As the desk's page does. Gives what is wrong with the calendar."""
    there = await host(deps, mara)
    form = scene.form(mara, notice_hours="1", version=there.version, busy_url=await busy.accept(deps, url))
    await bookings.save(deps, mara, form)
    await busy.refresh(deps, mara.user_id)
    return (await host(deps, mara)).busy_error


async def host(deps: Deps, mara: Viewer) -> HostRow:
    async with deps.db.read() as tx:
        row = await hosts.get(tx, mara.user_id)
        assert row is not None
        return row


async def taken(deps: Deps) -> Sequence[Stretch]:
    async with deps.db.read() as tx:
        rows = (await tx.exec(select(BusyRow))).all()
    return [Stretch(row.starts_at, row.ends_at) for row in rows]


async def free(deps: Deps) -> list[datetime]:
    return await scene.starts(deps, await scene.buyer(deps))


async def test_what_is_taken_there_is_not_offered(desk: Deps, mara: Viewer) -> None:
    assert TUESDAY in await free(desk)
    assert await connect(desk, mara, ADDRESS) == ""
    assert await taken(desk) == [Stretch(TUESDAY, TUESDAY + timedelta(hours=1))]
    left = await free(desk)
    assert TUESDAY not in left
    assert TUESDAY + timedelta(hours=1) in left


async def test_times_are_kept_and_nothing_else(desk: Deps, mara: Viewer, calendars: Calendars) -> None:
    await connect(desk, mara, f"  {ADDRESS.replace('https', 'webcal')} ")
    assert calendars.asked == [ADDRESS]
    async with desk.db.read() as tx:
        kept = [*(await tx.exec(select(BusyRow))).all(), *(await tx.exec(select(AuditRow))).all()]
    said = " ".join(str(row.model_dump()) for row in kept)
    assert TITLE not in said
    assert "zirkonkey" not in said


async def test_a_calendar_that_cannot_be_read_leaves_what_was_known(
    desk: Deps, mara: Viewer, calendars: Calendars
) -> None:
    await connect(desk, mara, ADDRESS)
    read_at = (await host(desk, mara)).busy_read_at
    for trouble in (NotFetched("It took too long to answer."), ValueError(ADDRESS), b"no calendar", feed()[:40]):
        calendars.now(trouble)
        with structlog.testing.capture_logs() as logged:
            assert not await busy.refresh(desk, mara.user_id)
        row = await host(desk, mara)
        assert row.busy_error
        assert row.busy_read_at == read_at
        assert "zirkonkey" not in row.busy_error + str(logged)
        assert await taken(desk)
    calendars.now(feed())
    assert await busy.refresh(desk, mara.user_id)
    assert (await host(desk, mara)).busy_error == ""
    assert await taken(desk) == []


async def test_addresses_that_must_not_be_read_are_refused_when_they_are_given(desk: Deps, mara: Viewer) -> None:
    for url in ("http://calendar.example/a", "https://user:zirkonkey@calendar.example/", "calendar"):
        with pytest.raises(BadInput) as raised:
            await connect(desk, mara, url)
        assert [problem.where for problem in raised.value.problems] == ["busy_url"]
        assert "zirkonkey" not in str(raised.value)
    assert (await host(desk, mara)).busy_url == ""


async def test_disconnecting_forgets_what_was_known(desk: Deps, mara: Viewer, calendars: Calendars) -> None:
    await connect(desk, mara, ADDRESS)
    await connect(desk, mara, "")
    row = await host(desk, mara)
    assert (row.busy_url, row.busy_read_at, await taken(desk)) == ("", None, [])
    assert await busy.refresh_all(desk) == 0
    assert len(calendars.asked) == 1


async def test_the_sweep_reads_once_for_all_processes(
    desk: Deps, mara: Viewer, calendars: Calendars, clock: FakeClock
) -> None:
    await connect(desk, mara, ADDRESS)
    assert await busy.refresh_all(desk) == 0
    clock.advance(minutes=15)
    assert sorted(await asyncio.gather(busy.refresh_all(desk), busy.refresh_all(desk))) == [0, 1]
    assert len(calendars.asked) == 2


async def test_an_address_that_changed_meanwhile_is_not_answered_for(
    desk: Deps, mara: Viewer, calendars: Calendars
) -> None:
    await connect(desk, mara, ADDRESS)
    job = await busy._claim(desk, mara.user_id, timedelta(0))
    assert job is not None
    await connect(desk, mara, "")
    assert not await busy._keep(desk, job, [Stretch(TUESDAY, TUESDAY + timedelta(hours=1))], "")
    assert await taken(desk) == []


async def test_old_readings_are_renewed_before_times_are_offered(
    desk: Deps, mara: Viewer, calendars: Calendars, clock: FakeClock
) -> None:
    await connect(desk, mara, ADDRESS)
    calendars.now(feed(TUESDAY + timedelta(hours=4)))
    await busy.freshen(desk)
    assert len(calendars.asked) == 1
    clock.advance(minutes=16)
    await busy.freshen(desk)
    assert [one.start for one in await taken(desk)] == [TUESDAY + timedelta(hours=4)]


async def test_a_slow_calendar_is_read_while_nobody_waits(
    desk: Deps, mara: Viewer, calendars: Calendars, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy, "WAIT_S", 0.01)
    await connect(desk, mara, ADDRESS)
    clock.advance(minutes=16)
    later = TUESDAY + timedelta(hours=4)
    calendars.now(feed(later), slow=True)
    assert TUESDAY not in await free(desk), "the buyer got what was known last, without waiting"
    await busy.freshen(desk)
    assert len(calendars.asked) == 2, "the next one asks it for nothing again"
    calendars.go.set()
    await busy.drain(desk)
    assert [one.start for one in await taken(desk)] == [later]
    assert TUESDAY in await free(desk)
    assert len(calendars.asked) == 2


async def test_what_a_buyer_left_waiting_is_given_up_at_shutdown(
    desk: Deps, mara: Viewer, calendars: Calendars, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy, "WAIT_S", 0.01)
    await connect(desk, mara, ADDRESS)
    clock.advance(minutes=16)
    calendars.now(feed(), slow=True)
    app = create_app(desk)
    async with app.router.lifespan_context(app):
        await busy.freshen(desk)
        (reading,) = busy._under_way[desk.db]
    assert reading.cancelled()
    assert not busy._under_way[desk.db]


async def test_nothing_is_offered_that_was_not_read(
    desk: Deps, mara: Viewer, calendars: Calendars, clock: FakeClock
) -> None:
    """Days ahead that were added, and days that come nearer while the calendar does not answer."""
    await connect(desk, mara, ADDRESS)
    reached = (await host(desk, mara)).busy_until
    assert reached == clock() + timedelta(days=15)
    kim = await scene.buyer(desk)
    calendars.now(NotFetched("It took too long to answer."))
    there = await host(desk, mara)
    await bookings.save(desk, mara, scene.form(mara, notice_hours="1", horizon_days="30", version=there.version))
    assert max(await scene.starts(desk, kim)) + LENGTH <= reached
    clock.advance(days=5)
    seen = await scene.starts(desk, kim)
    assert seen
    assert max(seen) + LENGTH <= reached
    last = max(seen)
    assert (await bookings.pick(desk, kim, last)) is not None
    beyond = last + timedelta(days=1)
    while not (beyond.weekday() < 5 and beyond + LENGTH > reached):
        beyond += timedelta(days=1)
    assert await bookings.pick(desk, kim, beyond) is None
    with pytest.raises(Taken):
        await scene.take(desk, kim, beyond)
    clock.advance(days=12)
    assert await scene.starts(desk, kim) == []
    calendars.now(feed())
    clock.advance(minutes=10)
    assert await bookings.pick(desk, kim, beyond + timedelta(days=7)) is not None


async def test_a_calendar_that_could_never_be_read_cuts_nobody_off(
    desk: Deps, mara: Viewer, calendars: Calendars, clock: FakeClock
) -> None:
    calendars.now(NotFetched("It took too long to answer."))
    assert await connect(desk, mara, ADDRESS)
    assert TUESDAY in await free(desk)


async def test_before_the_first_reading_nothing_is_offered(
    desk: Deps, mara: Viewer, calendars: Calendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For as long as it takes: some seconds, and it ends whatever comes of it."""
    monkeypatch.setattr(busy, "WAIT_S", 0.01)
    there = await host(desk, mara)
    await bookings.save(desk, mara, scene.form(mara, notice_hours="1", version=there.version, busy_url=ADDRESS))
    calendars.now(feed(TUESDAY), slow=True)
    assert await free(desk) == []
    calendars.go.set()
    await busy.drain(desk)
    seen = await free(desk)
    assert seen
    assert TUESDAY not in seen


async def test_its_host_is_told_what_buyers_are_offered(
    desk: Deps, mara: Viewer, calendars: Calendars, clock: FakeClock
) -> None:
    async def told() -> str:
        sheet = await hours.sheet(desk, mara)
        assert not sheet.shown.why_none or sheet.calendar_says in sheet.shown.why_none
        return str(sheet.calendar_says)

    assert await told() == ""
    calendars.now(NotFetched("It took too long to answer."))
    await connect(desk, mara, ADDRESS)
    assert (await told()).startswith("It was never read so far, so it holds nothing back")
    found = await work.calendars(desk.db)
    assert found is not None
    assert "Mara's, never read: It took too long to answer." in found.detail
    calendars.now(feed())
    assert await busy.refresh(desk, mara.user_id)
    assert await told() == ""
    calendars.now(NotFetched("It took too long to answer."))
    await busy.refresh(desk, mara.user_id)
    assert await told() == "Until it is read again, it holds back what was known last."
    clock.advance(days=3)
    assert (await told()).startswith("It is known up to Tue 17 Nov, 9:00 am (GMT (UTC+0)): buyers are offered nothing")
    clock.advance(days=12)
    assert (await told()).startswith("What was read of it is used up: buyers are offered none of these hours")
    assert (await hours.sheet(desk, mara)).shown.days == ()


async def test_keeping_hours_reads_anew_what_they_need(desk: Deps, mara: Viewer, calendars: Calendars) -> None:
    await connect(desk, mara, ADDRESS)
    sheet = await hours.sheet(desk, mara)
    given = {"host": mara.user_id, "time_zone": scene.LONDON, "version": str(sheet.version), "taking": "yes",
             "mon_0_first": "09:00", "mon_0_last": "12:00", "buffer_minutes": "0", "notice_hours": "1",
             "horizon_days": "60", "daily_maximum": "4"}  # fmt: skip
    assert await hours.keep(desk, mara, given) is None
    assert (await host(desk, mara)).busy_until == desk.now() + timedelta(days=61)
    assert len(calendars.asked) == 2
    assert await hours.keep(desk, mara, given | {"version": str(sheet.version + 1)}) is None
    assert len(calendars.asked) == 2


async def test_a_calendar_taken_too_often_says_so(desk: Deps, mara: Viewer, calendars: Calendars) -> None:
    calendars.now(minutely(feeds.MOST + 1))
    trouble = await connect(desk, mara, ADDRESS)
    assert trouble.startswith("The calendar is taken 5,001 times in 16 days, and 5,000 can be kept")
    assert await taken(desk) == []
    calendars.now(minutely(feeds.MOST))
    assert await busy.refresh(desk, mara.user_id)
    assert len(await taken(desk)) == feeds.MOST


async def test_many_stretches_are_one_statement(db: Database, make_deps: MakeDeps) -> None:
    deps = make_deps(db)
    mara = await scene.host(deps)
    every = [Stretch(TUESDAY + timedelta(minutes=2 * n), TUESDAY + timedelta(minutes=2 * n + 1)) for n in range(3000)]
    written: list[str] = []

    @event.listens_for(db.writer.sync_engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        written.append(statement)

    async with db.write() as tx:
        await hosts.replace_busy(tx, mara.user_id, every)
    assert len([one for one in written if "busy_times" in one]) < 10
    async with db.read() as tx:
        kept = await hosts.busy(tx, [mara.user_id], TUESDAY, TUESDAY + timedelta(days=9))
    assert list(kept[mara.user_id]) == every


async def test_own_calls_in_the_calendar_are_not_counted_twice(desk: Deps, mara: Viewer, calendars: Calendars) -> None:
    start = TUESDAY + timedelta(days=1)
    row = await scene.take(desk, await scene.buyer(desk), start)
    calendars.now(feed(start).replace(b"0@calendar.example", row.uid.encode()))
    await connect(desk, mara, ADDRESS)
    assert await taken(desk) == []


async def test_doctor_says_which_calendar_cannot_be_read(desk: Deps, mara: Viewer, calendars: Calendars) -> None:
    assert await work.calendars(desk.db) is None
    await connect(desk, mara, ADDRESS)
    found = await work.calendars(desk.db)
    assert found is not None
    assert found.state == "ok"
    calendars.now(NotFetched("It took too long to answer."))
    await busy.refresh(desk, mara.user_id)
    found = await work.calendars(desk.db)
    assert found is not None
    assert found.state == "warn"
    assert "Mara's: It took too long to answer." in found.detail
    assert "calendar.example" not in found.detail


async def test_a_calendar_on_a_real_server(make_deps: MakeDeps, sqlite_deps: Deps, tmp_path: Path) -> None:
    async with serve(tmp_path, ["calendar.example"]) as server:
        server.answer = page(feed(TUESDAY), Content_Type="text/calendar")
        reach = Outbound(resolve=_here, public=lambda address: address.is_loopback, tls=server.trusted)
        deps = make_deps(sqlite_deps.db, outbound=reach)
        mara = await scene.host(deps, notice_hours="1")
        assert await connect(deps, mara, f"https://calendar.example:{server.port}/private-zirkonkey/basic.ics") == ""
        assert [one.start for one in await taken(deps)] == [TUESDAY]
        server.answer = page(b"", "302 Found", Location="https://calendar.example/elsewhere")
        assert not await busy.refresh(deps, mara.user_id)
        assert (await host(deps, mara)).busy_error == "It sends elsewhere; give the address that it leads to."


async def _here(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]

"""Hosts' own calendars: read in time, kept as times only, and what goes wrong is for the host alone to see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from sqlmodel import select

from interviewer import bookings
from interviewer.bookings import busy
from interviewer.cli import doctor
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFetched
from interviewer.outbound import Outbound
from interviewer.scheduling.slots import Stretch
from interviewer.store import hosts
from interviewer.store.tables.bookings import BusyRow, HostRow
from interviewer.store.tables.people import AuditRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.tls_server import page, serve
from tests.store import booking_scene as scene

ADDRESS = "https://calendar.example/private-zirkonkey/basic.ics"
TITLE = "zirkontitle"
TUESDAY = datetime(2026, 11, 3, 10, tzinfo=UTC)


def feed(*starts: datetime) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendar//EN"]
    for number, start in enumerate(starts):
        end = start + timedelta(hours=1)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{number}@calendar.example",
            f"DTSTAMP:{start:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            f"DTEND:{end:%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{TITLE}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


class Calendars(Outbound):
    """Answers with what it was given last: a feed, or what went wrong. Names are not looked up."""

    def __init__(self, answer: bytes | Exception) -> None:
        super().__init__(resolve=_public)
        object.__setattr__(self, "answer", answer)
        object.__setattr__(self, "asked", [])
        object.__setattr__(self, "slow", False)

    answer: bytes | Exception
    asked: list[str]
    slow: bool

    def now(self, answer: bytes | Exception, *, slow: bool = False) -> None:
        object.__setattr__(self, "answer", answer)
        object.__setattr__(self, "slow", slow)

    async def fetch(self, url: str, *, limit: int = 0) -> bytes:
        self.asked.append(url)
        if self.slow:
            await asyncio.sleep(60)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def _public(_host: str, _port: int) -> Sequence[str]:
    return ["93.184.215.14"]


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


async def test_buyers_do_not_wait_for_a_slow_calendar(
    desk: Deps, mara: Viewer, calendars: Calendars, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy, "WAIT_S", 0.05)
    await connect(desk, mara, ADDRESS)
    clock.advance(minutes=16)
    calendars.now(feed(), slow=True)
    async with asyncio.timeout(1):
        await busy.freshen(desk)
        await busy.freshen(desk)  # and the next one is not asked to wait for it again
    assert len(calendars.asked) == 2
    assert [one.start for one in await taken(desk)] == [TUESDAY]


async def test_own_calls_in_the_calendar_are_not_counted_twice(desk: Deps, mara: Viewer, calendars: Calendars) -> None:
    start = TUESDAY + timedelta(days=1)
    row = await scene.take(desk, await scene.buyer(desk), start)
    calendars.now(feed(start).replace(b"0@calendar.example", row.uid.encode()))
    await connect(desk, mara, ADDRESS)
    assert await taken(desk) == []


async def test_doctor_says_which_calendar_cannot_be_read(desk: Deps, mara: Viewer, calendars: Calendars) -> None:
    assert await doctor._calendars(desk.db) is None
    await connect(desk, mara, ADDRESS)
    found = await doctor._calendars(desk.db)
    assert found is not None
    assert found.state == "ok"
    calendars.now(NotFetched("It took too long to answer."))
    await busy.refresh(desk, mara.user_id)
    found = await doctor._calendars(desk.db)
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

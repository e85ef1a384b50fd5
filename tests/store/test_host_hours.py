"""Hours at the desk: who keeps whose, what cannot be, and that the preview is what buyers are offered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from interviewer import bookings, people
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotAllowed, NotFound, Overtaken
from interviewer.store import hosts
from tests.store.booking_scene import at, booked, buyer, form, host, take


async def test_hours_are_kept_and_looked_at_before(deps: Deps) -> None:
    """What the editor previews is what buyers are offered."""
    mara = Viewer(await people.add_user(deps, "mara@tidewater.example", "pmm", "Mara"), Role.PMM, "Mara")
    (before,) = await bookings.hosts(deps, mara)
    assert (before.user_id, before.name, before.row) == (mara.user_id, "Mara", None)
    given = form(mara, hours={"tue": [["13:00", "14:00"], ["", ""]]}, days_off=(("2026-11-10", ""), ("", "")))
    seen = await bookings.preview(deps, mara, given)
    assert [slot.start for slot in seen] == [at(3, 13) + n * timedelta(minutes=15) for n in range(4)]
    assert (await bookings.hosts(deps, mara))[0].row is None
    await bookings.save(deps, mara, given)
    assert await bookings.offered(deps, await buyer(deps)) == seen
    (after,) = await bookings.hosts(deps, mara)
    assert after.row is not None and after.row.version == 1
    assert [str(day) for day, _ in after.days_off] == ["2026-11-10"]
    await take(deps, await buyer(deps), at(3, 13))
    assert [slot.start for slot in await bookings.preview(deps, mara, given)] == [slot.start for slot in seen[1:]]
    assert await bookings.preview(deps, mara, form(mara, taking=False)) == []
    with pytest.raises(Overtaken):
        await bookings.save(deps, mara, given)
    await bookings.save(deps, mara, form(mara, version=1))
    ((_, changed),) = [(host.user_id, host.row) for host in await bookings.hosts(deps, mara)]
    assert changed is not None and changed.version == 2 and len(await booked(deps)) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [({"horizon_days": "30"}, False), ({"time_zone": "Europe/Berlin"}, False), ({"daily_maximum": "2"}, True)],
)
async def test_a_calendar_counts_as_unread_for_days_it_was_not_read_for(
    deps: Deps, given: dict[str, str], kept: bool
) -> None:
    mara = await host(deps)
    async with deps.db.write() as tx:
        row = await hosts.get(tx, mara.user_id, lock=True)
        assert row is not None
        row.busy_url, row.busy_read_at, row.busy_tried_at = "https://calendar.example/x.ics", deps.now(), deps.now()
    await bookings.save(deps, mara, form(mara, version=1, **given))
    async with deps.db.read() as tx:
        row = await hosts.get(tx, mara.user_id)
    assert row is not None and row.busy_url
    assert bool(row.busy_read_at) is bool(row.busy_tried_at) is kept


async def test_whose_hours_may_be_edited(sqlite_deps: Deps) -> None:
    """One's own; a colleague's by an admin. Nobody who sells hosts, and nobody gets near it who may not see calls."""
    deps = sqlite_deps
    mara = await host(deps)
    ada = Viewer(await people.add_user(deps, "ada@tidewater.example", "admin", "Ada"), Role.ADMIN, "Ada")
    sal = Viewer(await people.add_user(deps, "sal@tidewater.example", "sales", "Sal"), Role.SALES, "Sal")
    assert [one.name for one in await bookings.hosts(deps, ada)] == ["Ada", "Mara"]
    await bookings.save(deps, ada, form(mara, version=1))
    for viewer, whose, error in ((mara, ada, NotFound), (ada, sal, NotFound), (sal, sal, NotAllowed)):
        for act in (bookings.save, bookings.preview):
            with pytest.raises(error):
                await act(deps, viewer, form(whose))
    with pytest.raises(NotAllowed):
        await bookings.hosts(deps, sal)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"time_zone": "Mars/Olympus"}, ["time_zone"]),
        ({"hours": {"mon": [["17:00", "09:00"]], "fri": [["9", "10:00"]]}}, ["mon", "fri"]),
        ({"buffer_minutes": "-1", "notice_hours": "1.5", "horizon_days": "0", "daily_maximum": ""},
         ["buffer_minutes", "notice_hours", "horizon_days", "daily_maximum"]),
        ({"buffer_minutes": "١٢"}, ["buffer_minutes"]),
        ({"video_link": "javascript:alert(1)"}, ["video_link"]),
        ({"video_link": "https://video.example/a\r\nBcc: x"}, ["video_link"]),
        ({"days_off": (("2026-12-24", "2026-12-20"), ("soon", ""))}, ["days_off", "days_off"]),
    ],
)  # fmt: skip
async def test_hours_that_cannot_be(sqlite_deps: Deps, given: dict[str, object], fields: list[str]) -> None:
    mara = await host(sqlite_deps)
    with pytest.raises(BadInput) as told:
        await bookings.save(sqlite_deps, mara, form(mara, version=1, **given))
    assert [problem.where for problem in told.value.problems] == fields

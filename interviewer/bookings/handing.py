"""A call that another host takes over: at its time, so that the buyer keeps what they agreed to.

A host who left, or who may not see calls any more, still stands in calls that were booked before. Nobody would come to
them: the desk is told, and hands them to a colleague who is free then.
"""

from __future__ import annotations

from collections.abc import Sequence

from interviewer import deliveries
from interviewer.bookings import closing, offering
from interviewer.bookings.offering import Diary
from interviewer.confidentiality import Act, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotFound, Overtaken, Taken
from interviewer.store import audit, hosts
from interviewer.store.bookings import BOOKED, OWN
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow


async def unheld(deps: Deps, tx: Tx) -> Sequence[str]:
    """Ids of calls of ours that are not over and that nobody holds, the soonest first."""
    return await hosts.unheld(tx, offering.HOSTS, deps.now())


async def count_unheld(deps: Deps) -> int:
    """How many there are."""
    async with deps.db.read() as tx:
        return len(await unheld(deps, tx))


async def able(deps: Deps, tx: Tx, row: BookingRow) -> list[Diary]:
    """Who takes calls and could hold this one instead, by id: nothing else is in their way then.

    Weekly hours, notice and the daily maximum are for buyers; among colleagues one can be asked.
    """
    every = await offering.diaries(deps, tx, moving=row, at=row.starts_at)
    return [one for one in every if one.host.user_id != row.host_id and one.free(deps.now()).clear(row.starts_at)]


async def hand_over(deps: Deps, viewer: Viewer, booking_id: str, host_id: str) -> None:
    """Have `host_id` hold the call at the same time; buyer and hosts hear of it by mail. Twice is harmless.

    Raises Taken where they cannot hold it then, Overtaken where it is over, closed or off, NotAllowed, and NotFound,
    also for one that was booked elsewhere.
    """
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.write() as tx:
        await hosts.taking(tx, offering.HOSTS, lock=True)  # first, as everybody does who locks one and an invitation
        row = await closing.lock(tx, booking_id)
        if row.source != OWN:
            raise NotFound
        if row.state != BOOKED or row.ends_at <= deps.now():
            raise Overtaken
        if row.host_id == host_id:
            return
        host = next((one.host for one in await able(deps, tx, row) if one.host.user_id == host_id), None)
        if host is None:
            raise Taken
        before = BookingRow(**row.model_dump())
        row.handed_from = row.host_id or ""
        row.host_id, row.video_link = host.user_id, host.video_link
        row.sequence += 1  # and `changed_at` stays: who is reminded by it keeps their time
        await deliveries.queue_handed(deps, tx, row, before=before)
        audit.add(tx, viewer.user_id, "handed call over", f"booking:{booking_id}", deps.now())

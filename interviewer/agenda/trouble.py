"""What has to be seen to, above all calls: those that nobody holds, and a calendar of the viewer's that is not read."""

from __future__ import annotations

from interviewer.agenda import meetings, owncalendar
from interviewer.bookings import handing
from interviewer.confidentiality import Field, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.records.hours import Pick
from interviewer.records.unheld import Trouble, Unheld
from interviewer.store import agenda, hosts, users
from interviewer.store.agenda import Line
from interviewer.store.db import Tx


async def trouble(deps: Deps, viewer: Viewer) -> Seen[Trouble]:
    """Everybody who may see calls is told of every call that nobody holds."""
    viewer.require(Field.CALL)
    async with deps.db.read() as tx:
        lines = [
            await agenda.line(tx, booking_id) for booking_id in (await handing.unheld(deps, tx))[: meetings.MOST_UNHELD]
        ]
        found = tuple([await _unheld(deps, tx, viewer, line) for line in lines if line is not None])
        own = await hosts.get(tx, viewer.user_id)
    said = owncalendar.consequence(own, deps.now()) if own is not None and own.taking and own.busy_error else ""
    return see(viewer, Trouble(found, said and f"{own.busy_error} {said}" if own is not None else ""))


async def _unheld(deps: Deps, tx: Tx, viewer: Viewer, line: Line) -> Unheld:
    able = [one.host.user_id for one in await handing.able(deps, tx, line.booking)]
    names = await users.names(tx, able)
    able.sort(key=lambda user_id: (user_id != viewer.user_id, names.get(user_id, "")))
    return Unheld(await meetings.shown(deps, tx, viewer, line), tuple(Pick(one, names.get(one, "")) for one in able))

"""A call that a host books for a buyer who asked for one, at whatever time the two agreed on.

Hours, notice and the daily maximum are for buyers; what a host has at that time already is in the way all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from interviewer import store
from interviewer.bookings import offering, taking
from interviewer.bookings.offering import Diary
from interviewer.confidentiality import Act, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.scheduling import zones
from interviewer.store import audit, calls
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow


async def asked(tx: Tx, call_id: str) -> tuple[CallRequestRow, InvitationRow]:
    """What a buyer asked for, and who they are. Raises NotFound, also where a link was withdrawn or erased."""
    request = await calls.get(tx, call_id)
    if request is None:
        raise NotFound
    invitation = await offering.standing(tx, request.invitation_id)
    if invitation.preview:
        raise NotFound
    return request, invitation


async def holding(deps: Deps, tx: Tx, invitation_id: str, start: datetime) -> Sequence[Diary]:
    """Who takes calls and has nothing in their way at `start`, if that is to come."""
    moving = await store.bookings.of_invitation(tx, invitation_id)
    every = await offering.diaries(deps, tx, moving=moving, at=start)
    return [one for one in every if offering.again(every, start, deps.now(), one.host.user_id)]


async def book(deps: Deps, viewer: Viewer, call_id: str, start: datetime, host_id: str) -> BookingRow:
    """Book what was asked for; buyer and host hear of it by mail, and the request is seen to.

    Raises Taken where the host has something else then or it is no quarter of an hour to come, Overtaken where a call
    of this buyer stands, NotAllowed, and NotFound as `asked` does.
    """
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.read() as tx:
        request, invitation = await asked(tx, call_id)
    zone = zones.current(request.time_zone)
    row = await taking.arrange(
        deps, invitation.id, start, host_id=host_id, zone=zone, language=invitation.language or "en"
    )
    async with deps.db.write() as tx:
        audit.add(tx, viewer.user_id, "booked call for buyer", f"booking:{row.id}", deps.now())
    return row

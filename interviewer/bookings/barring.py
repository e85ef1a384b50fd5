"""Whoever said no has no call here, whatever a scheduler elsewhere has for them (docs/calls.md).

It cannot be called off from here, so the desk says who has to do it there.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from interviewer import store
from interviewer.store import agreement
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import ExternalCallRow
from interviewer.store.tables.invitations import InvitationRow


async def bars(tx: Tx, invitation: InvitationRow, call: ExternalCallRow, calls: Collection[ExternalCallRow]) -> bool:
    """Whether no such call can stand: the buyer no longer agrees, their link was withdrawn, or they said no after it
    was booked. Who declined, or wants no more mail, and books one later wants that one; a move is none."""
    if invitation.revoked_at or agreement.stopped(await store.interviews.of_invitation(tx, invitation.id)):
        return True
    noes = [at for at in (invitation.declined_at, invitation.opted_out_at) if at is not None]
    return bool(noes) and _booked_at(call, calls) <= max(noes)


def _booked_at(call: ExternalCallRow, calls: Collection[ExternalCallRow]) -> datetime:
    """When it was known first, under whatever name, before it was moved to where it is."""
    before, chain = {one.external_id: one for one in calls}, {call.external_id: call}
    while (call := before.get(call.replaces, call)).external_id not in chain:
        chain[call.external_id] = call
    return min(min(one.at, one.told_at or one.at) for one in chain.values())

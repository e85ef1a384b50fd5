"""Calls elsewhere are settled anew where a no came or went without a message of their scheduler (`external`)."""

from __future__ import annotations

from interviewer import store
from interviewer.bookings import external
from interviewer.deps import Deps
from interviewer.store import agenda
from interviewer.store import external as told_before
from interviewer.store.db import Tx
from interviewer.store.tables.invitations import InvitationRow


async def settle(deps: Deps, tx: Tx, invitation: InvitationRow) -> bool:
    """Make the calls to come of this invitation, which `tx` holds, say again what stands at their schedulers. False
    where that changes nothing."""
    changed = False
    for source in await told_before.to_come(tx, invitation.id, deps.now()):
        before = await _stands(tx, source, invitation)
        await external.settle(deps, tx, source, invitation)
        await tx.flush()
        changed |= await _stands(tx, source, invitation) != before
    return changed


async def settle_all(deps: Deps) -> int:
    """Bar what an earlier release let stand with who had said no, and let stand what it barred for a link that was
    revoked and is there anew. Returns of how many invitations; done again, of none."""
    async with deps.db.read() as tx:
        found = await agenda.elsewhere_with_a_no(tx, deps.now())
    changed = 0
    for invitation_id in found:
        async with deps.db.write() as tx:
            invitation = await store.invitations.get(tx, invitation_id, lock=True)
            if invitation is not None and not invitation.erased_at:
                changed += await settle(deps, tx, invitation)
    return changed


async def _stands(tx: Tx, source: str, invitation: InvitationRow) -> list[tuple[str, str, int]]:
    return [(row.id, row.state, row.sequence) for row in await told_before.bookings(tx, source, invitation.id)]

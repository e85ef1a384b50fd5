"""Erasing an interview: the buyer's right, the desk's button, and retention (trust.md 30).

Messages, what was derived from them and the person's details go; what stays is that an invitation existed, and a
keyed hash of the address so that nobody writes to it again.
"""

from datetime import timedelta

from interviewer import store
from interviewer.deps import Deps
from interviewer.errors import NotAllowed, NotFound
from interviewer.store import deals
from interviewer.store.db import Tx


async def by_buyer(deps: Deps, interview_id: str, *, browser: str) -> None:
    """The buyer deletes everything. Raises NotAllowed for a browser that has not proved itself."""
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        if row is None:
            raise NotFound
        if row.first_answer_at and not await store.interviews.is_proved(tx, row, browser):
            raise NotAllowed
    await erase(deps, interview_id)


async def erase(deps: Deps, interview_id: str, *, suppress: bool = True) -> None:
    """Erase one interview with its invitation's personal details. Erasing twice is harmless.

    With `suppress` nobody writes to the address again.
    """
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        if row is None or row.deleted_at:
            return
        await store.interviews.erase(tx, row, deps.now())
        await _forget(deps, tx, row.invitation_id, suppress=suppress)


async def erase_invitation(deps: Deps, invitation_id: str) -> None:
    """Erase an invitation that nobody has started on."""
    async with deps.db.write() as tx:
        await _forget(deps, tx, invitation_id, suppress=True)


async def _forget(deps: Deps, tx: Tx, invitation_id: str, *, suppress: bool) -> None:
    keys = deps.links.keys if suppress else ()
    await store.invitations.erase(tx, invitation_id, deps.now(), mark_under=keys)
    await deals.erase(tx, invitation_id)


async def expire_old(deps: Deps) -> int:
    """Erase interviews that are past their retention. Returns how many."""
    before = deps.now() - timedelta(days=deps.settings.retention_days)
    async with deps.db.read() as tx:
        due = await store.interviews.ended_before(tx, before)
    for interview_id in due:
        await erase(deps, interview_id, suppress=False)
    return len(due)

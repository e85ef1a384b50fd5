"""Erasing an interview: the buyer's right, the desk's button, and retention (trust.md 30).

Messages, what was derived from them and the person's details go; what stays is that an invitation existed, and a
keyed hash of the address so that nobody writes to it again.
"""

from datetime import timedelta

from interviewer import store
from interviewer.deps import Deps
from interviewer.errors import NotAllowed, NotFound


async def by_buyer(deps: Deps, interview_id: str, *, browser: str) -> None:
    """The buyer deletes everything. Raises NotAllowed for a browser that has not proved itself."""
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        if row is None:
            raise NotFound
        if row.first_answer_at and not await store.interviews.is_proved(tx, row, browser):
            raise NotAllowed
    await erase(deps, interview_id, reason="deleted by the buyer")


async def erase(deps: Deps, interview_id: str, *, reason: str = "deleted at the desk") -> None:
    """Erase one interview with its invitation's personal details. Erasing twice is harmless."""
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        if row is None or row.deleted_at:
            return
        now = deps.now()
        await store.interviews.erase(tx, row, now)
        await store.invitations.erase(tx, row.invitation_id, now, reason=reason)


async def expire_old(deps: Deps) -> int:
    """Erase interviews that are past their retention. Returns how many."""
    before = deps.now() - timedelta(days=deps.settings.retention_days)
    async with deps.db.read() as tx:
        due = await store.interviews.ended_before(tx, before)
    for interview_id in due:
        await erase(deps, interview_id, reason="retention")
    return len(due)

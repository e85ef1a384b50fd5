"""Erasing an interview: the buyer's right, the desk's button, and retention (trust.md 30).

Messages, what was derived from them and the person's details go; what stays is that an invitation existed, and a
keyed hash of the address so that nobody writes to it again.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from interviewer import deliveries, store
from interviewer.deps import Deps
from interviewer.errors import NotAllowed, NotFound
from interviewer.store import audit, deals, merges, search, views
from interviewer.store.db import Tx

log = structlog.get_logger()


@dataclass(frozen=True)
class By:
    """On whose account something is erased, as the audit log has it."""

    verb: str = "deleted"
    user_id: str = ""


DESK = By()
_RETENTION = By("deleted by retention")
_RESTORED = By("deleted again after a restore")


async def by_buyer(deps: Deps, interview_id: str, *, browser: str) -> None:
    """The buyer deletes everything. Raises NotAllowed for a browser that has not proved itself.

    Before the first answer that is every browser: a link that was forwarded or scanned is nobody's proof.
    """
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        if row is None:
            raise NotFound
        if not await store.interviews.is_proved(tx, row, browser):
            raise NotAllowed
    await erase(deps, interview_id, By("deleted by the buyer"))


async def erase(deps: Deps, interview_id: str, by: By = DESK) -> None:
    """Erase one interview with its invitation's personal details, and never write to the address again.

    Erasing twice is harmless.
    """
    await _erase(deps, interview_id, by, suppress=True)
    await _forget(deps)


async def erase_invitation(deps: Deps, invitation_id: str, by: By = DESK) -> None:
    """Erase an invitation that nobody has started on, and never write to the address again."""
    await _erase_invitation(deps, invitation_id, by, suppress=True)
    await _forget(deps)


async def erase_again(deps: Deps, invitation_ids: Collection[str]) -> int:
    """Erase what was erased once and came back with a backup. Who is never written to again is known otherwise.

    Returns how many were there to be erased; those that are unknown or erased here are left as they are.
    """
    erased = 0
    for invitation_id in sorted(invitation_ids):
        async with deps.db.read() as tx:
            invitation = await store.invitations.get(tx, invitation_id)
            interview = await store.interviews.of_invitation(tx, invitation_id)
        if invitation is None or invitation.erased_at:
            continue
        if interview is not None:
            await _erase(deps, interview.id, _RESTORED, suppress=False)
        else:
            await _erase_invitation(deps, invitation_id, _RESTORED, suppress=False)
        erased += 1
    if erased:
        await _forget(deps)
    return erased


async def expire_old(deps: Deps) -> int:
    """Erase interviews, and invitations that came to none, that are past their retention; and what a process of the
    release before left of those it erased. Returns how many."""
    before = deps.now() - timedelta(days=deps.settings.retention_days)
    async with deps.db.read() as tx:
        interviews = await store.interviews.ended_before(tx, before) + await store.interviews.half_erased(tx)
    erased = await _each(deps, _erase, interviews)
    async with deps.db.read() as tx:
        invitations = await store.invitations.idle_since(tx, before) + await store.invitations.half_erased(tx)
    erased += await _each(deps, _erase_invitation, invitations)
    if erased:
        await _forget(deps)
    return erased


async def _each(deps: Deps, erase_one: Callable[..., Awaitable[None]], ids: Iterable[str]) -> int:
    erased = 0
    for one in ids:
        try:
            await erase_one(deps, one, _RETENTION, suppress=False)
        except Exception as error:  # the others have their right too
            log.error("not erased", id=one, error=type(error).__name__)
        else:
            erased += 1
    return erased


async def forget(deps: Deps) -> int:
    """Take off the disk what was erased or taken back while somebody was reading. Returns 0: nothing is counted."""
    await deps.db.forget()
    return 0


async def _erase(deps: Deps, interview_id: str, by: By, *, suppress: bool) -> None:
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        if row is None or (row.deleted_at and interview_id not in await store.interviews.half_erased(tx)):
            return
        await merges.forget(tx, interview_id)
        await views.forget(tx, row.invitation_id, interview_id)
        await store.interviews.erase(tx, row, row.deleted_at or deps.now())
        await _drop_person(deps, tx, row.invitation_id, by, suppress=suppress)


async def _erase_invitation(deps: Deps, invitation_id: str, by: By, *, suppress: bool) -> None:
    async with deps.db.write() as tx:
        await views.forget(tx, invitation_id)
        await _drop_person(deps, tx, invitation_id, by, suppress=suppress)
        begun = await store.interviews.of_invitation(tx, invitation_id)
    if begun is not None:  # Start was pressed meanwhile
        await _erase(deps, begun.id, by, suppress=suppress)


async def _drop_person(deps: Deps, tx: Tx, invitation_id: str, by: By, *, suppress: bool) -> None:
    """Twice is harmless, and once in the log."""
    keys = deps.links.keys if suppress else ()
    row = await store.invitations.get(tx, invitation_id, lock=True)
    if row is not None and not row.erased_at and not row.preview:
        audit.add(tx, by.user_id, by.verb, f"invitation:{invitation_id}", deps.now())
    await deliveries.queue_withdrawn(deps, tx, invitation_id)  # nobody is to wait for them
    await store.invitations.erase(tx, invitation_id, deps.now(), mark_under=keys)
    await deals.erase(tx, invitation_id)


async def _forget(deps: Deps) -> None:
    """Take what was deleted off the disk: out of the search index, then out of the log."""
    while True:
        async with deps.db.write() as tx:
            if not await search.settle(tx):
                break
    await deps.db.forget()

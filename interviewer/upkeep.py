"""The desk acts: end or renew a link, erase an interview, try failed work again, tick off a call. All audited."""

from interviewer import erasure, invitations
from interviewer.confidentiality import Act, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.store import audit, desk


async def revoke_link(deps: Deps, viewer: Viewer, invitation_id: str) -> None:
    """The buyer's link stops working at once. Raises NotFound."""
    viewer.require(Act.WITHDRAW)
    await invitations.revoke(deps, invitation_id)
    await _note(deps, viewer, "revoked link", f"invitation:{invitation_id}")


async def replace_link(deps: Deps, viewer: Viewer, invitation_id: str) -> None:
    """A new link; the old one stops working. Raises NotFound."""
    viewer.require(Act.WITHDRAW)
    await invitations.replace_link(deps, invitation_id)
    await _note(deps, viewer, "replaced link", f"invitation:{invitation_id}")


async def erase(deps: Deps, viewer: Viewer, invitation_id: str) -> None:
    """Everything that was said, derived from it, or known of the person goes for good. Raises NotFound."""
    viewer.require(Act.ERASE)
    async with deps.db.read() as tx:
        line = await desk.line(tx, invitation_id, deps.now())
    if line is None:
        raise NotFound
    by = erasure.By(user_id=viewer.user_id)
    if line.interview:
        await erasure.erase(deps, line.interview.id, by)
    else:
        await erasure.erase_invitation(deps, line.invitation.id, by)


async def retry(deps: Deps, viewer: Viewer, job: str, key: str) -> bool:
    """Have failed background work run again. Harmless where it did not fail; says whether it had."""
    viewer.require(Act.RETRY)
    async with deps.db.write() as tx:
        row = await desk.job(tx, job, key)
        if row is None or row.state != "failed":
            return False
        await deps.jobs.enqueue(tx, job, key)
        audit.add(tx, viewer.user_id, f"retried {job}", f"job:{key}", deps.now())
        return True


async def handle_call(deps: Deps, viewer: Viewer, call_id: str, *, handled: bool) -> None:
    """Tick off a call, or take the tick back. Raises NotFound."""
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.write() as tx:
        row = await desk.call(tx, call_id)
        if row is None:
            raise NotFound
        row.handled_at = deps.now() if handled else None
        tx.add(row)
        audit.add(tx, viewer.user_id, "handled call" if handled else "reopened call", f"call:{call_id}", deps.now())


async def _note(deps: Deps, viewer: Viewer, verb: str, of: str) -> None:
    async with deps.db.write() as tx:
        audit.add(tx, viewer.user_id, verb, of, deps.now())

"""What became of a call, said at the desk: called off or moved for the buyer, held, missed.

Who was marked as missed hears of it some minutes later (`deliveries.calls.UNDO`), and not if that was taken back.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from interviewer import deliveries, store
from interviewer.bookings import taking
from interviewer.confidentiality import Act, Viewer
from interviewer.deps import Deps
from interviewer.errors import NoLongerAgrees, NotFound, Overtaken
from interviewer.store import agreement, audit, bookings
from interviewer.store.bookings import BOOKED, CANCELLED, HELD, MISSED, OWN
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow


async def cancel(deps: Deps, viewer: Viewer, booking_id: str) -> None:
    """Call it off on the buyer's behalf; they are told by mail. Raises NotFound, and Overtaken where it has begun."""
    viewer.require(Act.HANDLE_CALL)
    await _own(deps, booking_id)
    await taking.cancel(deps, booking_id, taking.HOST)
    await _note(deps, viewer, "cancelled call", booking_id)


async def move(deps: Deps, viewer: Viewer, booking_id: str, start: datetime, *, back: bool = False) -> None:
    """Move it on the buyer's behalf, or `back` to where it was; they hear by mail.

    Raises Taken, NotFound, and Overtaken where it has begun, or its link was withdrawn.
    """
    viewer.require(Act.HANDLE_CALL)
    await _own(deps, booking_id)
    async with deps.db.read() as tx:
        row = await bookings.get(tx, booking_id)
        invitation = await store.invitations.get(tx, row.invitation_id) if row is not None else None
    if invitation is not None and invitation.revoked_at:
        raise Overtaken
    await taking.move(deps, booking_id, start, back=back)
    await _note(deps, viewer, "moved call", booking_id)


async def held(deps: Deps, viewer: Viewer, booking_id: str) -> None:
    """It took place, also where it was taken as missed, or as called off though it was not: a scheduler said so when it
    had begun, or its host noted something. Raises NotFound, and Overtaken where it has not begun or was called off."""
    await _close(deps, viewer, booking_id, HELD, among=(BOOKED, MISSED))


async def missed(deps: Deps, viewer: Viewer, booking_id: str) -> None:
    """The buyer did not come: their chat goes on where it stood, and one kind mail says so.

    Raises NotFound, Overtaken where it has not begun, or something else was said of it, and NoLongerAgrees: there is
    no chat to go on with.
    """
    await _close(deps, viewer, booking_id, MISSED, among=(BOOKED,))


async def reopen(deps: Deps, viewer: Viewer, booking_id: str) -> None:
    """Take back what was said of a call that is over. Raises NotFound, and Overtaken where it led on already."""
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.write() as tx:
        row = await lock(tx, booking_id)
        if row.state == BOOKED:
            return
        standing = await bookings.of_invitation(tx, row.invitation_id)
        if row.state not in (HELD, MISSED) or row.interview_id or standing is not None:
            raise Overtaken
        row.state, row.closed_by, row.closed_at = CANCELLED if row.cancelled_by else BOOKED, "", None
        audit.add(tx, viewer.user_id, "reopened call", f"booking:{booking_id}", deps.now())


async def lock(tx: Tx, booking_id: str) -> BookingRow:
    """The call, with its invitation before it, as everybody holds them. Raises NotFound where that was erased."""
    row = await bookings.get(tx, booking_id)
    if row is None:
        raise NotFound
    invitation = await store.invitations.get(tx, row.invitation_id, lock=True)
    row = await bookings.get(tx, booking_id, lock=True)
    if row is None or invitation is None or invitation.erased_at or invitation.preview:
        raise NotFound
    return row


async def _close(deps: Deps, viewer: Viewer, booking_id: str, state: str, *, among: Collection[str]) -> None:
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.write() as tx:
        row = await lock(tx, booking_id)
        if row.state == state:
            return
        known = row.state in among or (state == HELD and await came_about(tx, row))
        if not known or row.starts_at > deps.now():
            raise Overtaken
        if state == MISSED and agreement.stopped(await store.interviews.of_invitation(tx, row.invitation_id)):
            raise NoLongerAgrees
        row.state, row.closed_by, row.closed_at = state, viewer.user_id, deps.now()
        if state == MISSED:
            await deliveries.queue_missed(deps, tx, row)
        audit.add(tx, viewer.user_id, f"marked call {state}", f"booking:{booking_id}", deps.now())


async def came_about(tx: Tx, row: BookingRow) -> bool:
    """Whether a call that was called off may have been held: what a host noted in it must not be lost."""
    if row.state != CANCELLED:
        return False
    noted = (await bookings.notes(tx, row.id)).values()
    return row.changed_at >= row.starts_at or any(note.text.strip() for note in noted)


async def _own(deps: Deps, booking_id: str) -> None:
    """Raises NotFound for a call that was booked elsewhere, and is changed there; Overtaken once it began."""
    async with deps.db.read() as tx:
        row = await bookings.get(tx, booking_id)
    if row is None or row.source != OWN:
        raise NotFound
    if row.state == BOOKED and row.starts_at <= deps.now():
        raise Overtaken


async def _note(deps: Deps, viewer: Viewer, verb: str, booking_id: str) -> None:
    async with deps.db.write() as tx:
        audit.add(tx, viewer.user_id, verb, f"booking:{booking_id}", deps.now())

"""The send-log. A mail is `waiting`, then `sending` before it leaves, then `sent`, `failed` or `given_up`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, delete, func, select

from interviewer.store.db import Tx, add_new
from interviewer.store.tables.deliveries import DeliveryRow
from interviewer.store.tables.interviews import ProofCodeRow
from interviewer.store.tables.people import UserRow

WAITING, SENDING, SENT, FAILED, GIVEN_UP = "waiting", "sending", "sent", "failed", "given_up"


async def add(tx: Tx, row: DeliveryRow) -> bool:
    """Keep it; False where its id is in the log already, also where another transaction adds the same one right now."""
    return await add_new(tx, row)


async def put_off(tx: Tx, delivery_id: str, at: datetime) -> None:
    """Have a mail that was not sent tried at this time."""
    waits = col(DeliveryRow.id) == delivery_id, col(DeliveryRow.state).in_((WAITING, GIVEN_UP))
    await tx.exec(update(DeliveryRow).where(*waits).values(state=WAITING, next_try_at=at))


async def get(tx: Tx, delivery_id: str) -> DeliveryRow | None:
    """The row, held against other writers until the transaction ends."""
    return await tx.get(DeliveryRow, delivery_id, with_for_update=True, populate_existing=True)


async def count(tx: Tx, event: str, invitation_id: str, *, since: datetime) -> int:
    """Mails of this kind about an invitation, made since then and not failed."""
    query = select(func.count()).where(
        DeliveryRow.event == event,
        DeliveryRow.invitation_id == invitation_id,
        DeliveryRow.created_at >= since,
        col(DeliveryRow.state).in_((WAITING, SENDING, SENT)),
    )
    return (await tx.exec(query)).one()


async def about(tx: Tx, events: Collection[str], *invitation_ids: str) -> Sequence[DeliveryRow]:
    """Every mail of these kinds about these invitations, whatever became of it, the oldest first."""
    query = select(DeliveryRow).where(
        col(DeliveryRow.event).in_(events), col(DeliveryRow.invitation_id).in_(invitation_ids)
    )
    return (await tx.exec(query.order_by(col(DeliveryRow.created_at), col(DeliveryRow.id)))).all()


async def idle(tx: Tx, delivery_ids: Collection[str]) -> set[str]:
    """Those of these ids that wait, and that nobody is sending at this moment; they wait until the transaction ends.

    Nobody is waited for: who sends holds one, and may look at others.
    """
    query = select(DeliveryRow.id).where(col(DeliveryRow.id).in_(delivery_ids), DeliveryRow.state == WAITING)
    return set((await tx.exec(query.with_for_update(skip_locked=True))).all())


async def due(tx: Tx, now: datetime) -> Sequence[str]:
    """Ids of what is to be tried again by now, oldest first."""
    query = select(DeliveryRow.id).where(DeliveryRow.state == WAITING, col(DeliveryRow.next_try_at) <= now)
    return (await tx.exec(query.order_by(col(DeliveryRow.created_at)))).all()


async def give_up_waiting(tx: Tx, *, but: Collection[str]) -> int:
    """Send nothing that waits, except these. Returns how many mails were given up."""
    query = select(DeliveryRow).where(col(DeliveryRow.state).in_((WAITING, SENDING)))
    given_up = [row for row in (await tx.exec(query)).all() if row.id not in but]
    for row in given_up:
        row.state, row.error, row.next_try_at = GIVEN_UP, "restored from a backup", None
    return len(given_up)


async def desk_users(tx: Tx) -> Sequence[UserRow]:
    """Everybody at the desk who is not disabled. What each may be told is for `confidentiality` to say."""
    return (await tx.exec(select(UserRow).where(col(UserRow.disabled_at).is_(None)))).all()


async def forget(tx: Tx, before: datetime) -> None:
    """Drop what was over by then."""
    over = col(DeliveryRow.state).in_((SENT, FAILED, GIVEN_UP))
    await tx.exec(delete(DeliveryRow).where(over, col(DeliveryRow.created_at) < before))


async def forget_codes(tx: Tx, before: datetime) -> None:
    """Drop mailed codes that ran out by then unused. A used one stays: it is the proof."""
    unused = col(ProofCodeRow.proved_at).is_(None)
    await tx.exec(delete(ProofCodeRow).where(unused, col(ProofCodeRow.expires_at) < before))

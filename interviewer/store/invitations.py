"""Who is asked: invitations, and addresses that must not be asked."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, text, update
from sqlmodel import col, func, select

from interviewer import suppression
from interviewer.store import bookings, deliveries
from interviewer.store.db import Tx, add_new
from interviewer.store.tables.deliveries import DeliveryRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow, SuppressionRow

ERASED = "answers deleted"
"""Why an address is suppressed whose answers were erased: nothing of it comes back in either."""
_CHUNK = 500
"""Values in one IN (…): SQLite and drivers limit the parameters of a statement."""
_IMPORTS = 0x696D706F7274
"""Names the lock that one import at a time holds."""


def real() -> ColumnElement[bool]:
    """Leaves previews out. Whatever lists or counts invitations, or what came of them, asks for this."""
    return ~col(InvitationRow.preview)


async def one_import(tx: Tx) -> None:
    """Let one import run at a time, so that two of the same file cannot both miss a row and both add it.

    A lock of their own: one on the table would be waited for by whoever erases an interview that the import waits for.
    """
    if tx.get_bind().dialect.name == "postgresql":
        await (await tx.connection()).execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _IMPORTS})


async def get(tx: Tx, invitation_id: str, *, lock: bool = False) -> InvitationRow | None:
    """The invitation, or None. `lock` where a write follows in this transaction."""
    return await tx.get(InvitationRow, invitation_id, with_for_update=lock or None, populate_existing=lock)


async def by_addresses(tx: Tx, addresses: Collection[str], *, lock: bool = False) -> list[InvitationRow]:
    """Every invitation of these (lowered) addresses. `lock` where a write follows in this transaction."""
    found: list[InvitationRow] = []
    for chunk in _chunks(sorted(set(addresses))):
        query = select(InvitationRow).where(col(InvitationRow.email).in_(chunk)).order_by(col(InvitationRow.id))
        found += (await tx.exec(query.with_for_update() if lock else query)).all()
    return found


async def begun(tx: Tx, invitation_ids: Collection[str]) -> set[str]:
    """Those of `invitation_ids` whose interview is there."""
    found: set[str] = set()
    for chunk in _chunks(sorted(invitation_ids)):
        query = select(InterviewRow.invitation_id).where(col(InterviewRow.invitation_id).in_(chunk))
        found.update((await tx.exec(query)).all())
    return found


def add(tx: Tx, row: InvitationRow) -> None:
    tx.add(row)


async def erase(tx: Tx, invitation_id: str, at: datetime, *, mark_under: Sequence[str] = ()) -> None:
    """Drop who was asked, their calls, mail that is due and the number to call; `store.deals` drops what the CRM has.

    That it existed stays. With `mark_under`, the signing keys, the address is suppressed as well.
    """
    row = await get(tx, invitation_id, lock=True)
    if row is None:
        return
    await bookings.erase(tx, row.id)  # also where it was erased by a process of a release that had no calls
    if row.erased_at:
        return
    if mark_under and row.email:  # a preview has none
        await suppress_erased(tx, suppression.mark(mark_under, row.email), at)
    row.email = row.name = row.company = row.segment = ""
    if not row.preview:  # whose role is a choice of the desk's, to begin again with
        row.role = ""
    row.deal_id = f"erased:{row.id}"  # address and deal together are unique
    row.erased_at = at
    await tx.exec(delete(CallRequestRow).where(col(CallRequestRow.invitation_id) == row.id))
    due = col(DeliveryRow.invitation_id) == row.id, col(DeliveryRow.state) == deliveries.WAITING
    await tx.exec(delete(DeliveryRow).where(*due))


async def idle_since(tx: Tx, moment: datetime) -> list[str]:
    """Ids of those that nobody started on and that were over by `moment`: by a no, a revoked link, or its expiry."""
    over = func.coalesce(
        col(InvitationRow.opted_out_at),
        col(InvitationRow.declined_at),
        col(InvitationRow.revoked_at),
        col(InvitationRow.expires_at),
    )
    started = select(InterviewRow.id).where(InterviewRow.invitation_id == InvitationRow.id).exists()
    calling = bookings.call_after(col(InvitationRow.id), moment)
    query = select(InvitationRow.id).where(real(), over < moment, col(InvitationRow.erased_at).is_(None))
    query = query.where(~started, ~calling)
    return list((await tx.exec(query)).all())


async def half_erased(tx: Tx) -> list[str]:
    """Ids of those that were erased by a process of a release that had no calls, and have some."""
    query = select(InvitationRow.id).where(col(InvitationRow.erased_at).is_not(None), bookings.any_of(InvitationRow.id))
    return list((await tx.exec(query)).all())


async def suppress(tx: Tx, mark: str, reason: str, at: datetime) -> None:
    """Keep `mark` (see `suppression.py`). Doing it again keeps the first reason and time."""
    await add_new(tx, SuppressionRow(address_hash=mark, reason=reason, at=at))


async def suppress_erased(tx: Tx, mark: str, at: datetime) -> None:
    """Keep `mark` for somebody who was erased, whatever the reason was before."""
    await suppress(tx, mark, ERASED, at)
    await tx.exec(update(SuppressionRow).where(col(SuppressionRow.address_hash) == mark).values(reason=ERASED, at=at))


async def suppressed(tx: Tx, marks: Collection[str]) -> dict[str, SuppressionRow]:
    """Those of `marks` that were kept, by mark."""
    found: dict[str, SuppressionRow] = {}
    for chunk in _chunks(sorted(set(marks))):
        query = select(SuppressionRow).where(col(SuppressionRow.address_hash).in_(chunk))
        found.update({row.address_hash: row for row in (await tx.exec(query)).all()})
    return found


async def erased_ids(tx: Tx) -> list[str]:
    """Invitations of which nothing but that they were is kept."""
    return list((await tx.exec(select(InvitationRow.id).where(col(InvitationRow.erased_at).is_not(None)))).all())


async def marks_with_reasons(tx: Tx) -> dict[str, str]:
    return dict((await tx.exec(select(SuppressionRow.address_hash, SuppressionRow.reason))).all())


async def all_marks(tx: Tx) -> list[str]:
    return list((await tx.exec(select(SuppressionRow.address_hash))).all())


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]

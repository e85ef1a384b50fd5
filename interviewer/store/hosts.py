"""Who takes calls, and when: weekly hours, days off, and when their own calendar is taken."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import insert
from sqlmodel import col, delete, or_, select

from interviewer.scheduling.slots import Stretch
from interviewer.store.bookings import BOOKED, OWN
from interviewer.store.db import Tx, add_new, columns
from interviewer.store.invitations import real
from interviewer.store.tables.bookings import BookingRow, BusyRow, DayOffRow, HostRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.people import UserRow


async def add(tx: Tx, row: HostRow) -> HostRow | None:
    """Keep the first hours of somebody; gives them as they are kept. None where another transaction did so first."""
    return await get(tx, row.user_id, lock=True) if await add_new(tx, row) else None


async def get(tx: Tx, user_id: str, *, lock: bool = False) -> HostRow | None:
    """`lock` where a write follows in this transaction."""
    return await tx.get(HostRow, user_id, with_for_update=lock or None, populate_existing=lock)


async def every(tx: Tx) -> Sequence[tuple[HostRow, UserRow]]:
    """Everybody who has hours, with who they are; also who takes no calls now or left."""
    query = select(HostRow, UserRow).where(HostRow.user_id == UserRow.id).order_by(col(HostRow.user_id))
    return (await tx.exec(query)).all()


async def taking(tx: Tx, roles: Collection[str], *, lock: bool = False) -> Sequence[HostRow]:
    """Hosts of these roles whom buyers are offered, by id. `lock` holds them all, so that one buyer books at a time."""
    query = (
        select(HostRow)
        .join(UserRow, col(UserRow.id) == col(HostRow.user_id))
        .where(col(HostRow.taking), col(UserRow.role).in_(roles), col(UserRow.disabled_at).is_(None))
        .order_by(col(HostRow.user_id))
    )
    if lock:  # what this transaction read before it waited for the lock may be old
        query = query.with_for_update(of=HostRow).execution_options(populate_existing=True)
    return (await tx.exec(query)).all()


async def unheld(tx: Tx, roles: Collection[str], now: datetime) -> Sequence[str]:
    """Ids of calls of ours that are not over and whose host left, or is of none of these roles; the soonest first."""
    gone = or_(col(UserRow.id).is_(None), col(UserRow.disabled_at).is_not(None), col(UserRow.role).not_in(roles))
    query = (
        select(BookingRow.id)
        .join(InvitationRow, col(InvitationRow.id) == col(BookingRow.invitation_id))
        .join(UserRow, col(UserRow.id) == col(BookingRow.host_id), isouter=True)
        .where(BookingRow.state == BOOKED, BookingRow.source == OWN, col(BookingRow.ends_at) > now, gone)
        .where(real(), col(InvitationRow.erased_at).is_(None))
        .order_by(col(BookingRow.starts_at), col(BookingRow.id))
    )
    return (await tx.exec(query)).all()


async def days_off(tx: Tx, user_ids: Collection[str]) -> Mapping[str, Sequence[DayOffRow]]:
    """Days off of each of these hosts, in order."""
    query = select(DayOffRow).where(col(DayOffRow.user_id).in_(user_ids)).order_by(col(DayOffRow.first))
    found: dict[str, list[DayOffRow]] = defaultdict(list)
    for row in (await tx.exec(query)).all():
        found[row.user_id].append(row)
    return found


async def replace_days_off(tx: Tx, user_id: str, days: Collection[tuple[str, date, date]]) -> None:
    """Keep these days off (id, first, last), and no others."""
    await tx.exec(delete(DayOffRow).where(col(DayOffRow.user_id) == user_id))
    tx.add_all(DayOffRow(id=key, user_id=user_id, first=first, last=last) for key, first, last in days)


async def busy(tx: Tx, user_ids: Collection[str], since: datetime, until: datetime) -> Mapping[str, Sequence[Stretch]]:
    """When the own calendar of each of these hosts is taken between these moments."""
    query = select(*columns(BusyRow)).where(
        col(BusyRow.user_id).in_(user_ids), BusyRow.starts_at < until, BusyRow.ends_at > since
    )
    found: dict[str, list[Stretch]] = defaultdict(list)
    for row in (await tx.exec(query.order_by(col(BusyRow.starts_at)))).all():
        found[row.user_id].append(Stretch(row.starts_at, row.ends_at))
    return found


async def replace_busy(tx: Tx, user_id: str, stretches: Collection[Stretch]) -> None:
    """Keep these stretches as taken, and no others."""
    await tx.exec(delete(BusyRow).where(col(BusyRow.user_id) == user_id))
    if stretches:
        rows = [{"user_id": user_id, "starts_at": one.start, "ends_at": one.end} for one in stretches]
        await (await tx.connection()).execute(insert(BusyRow), rows)


async def with_calendars(tx: Tx) -> Sequence[HostRow]:
    """Hosts whose own calendar is read."""
    return (await tx.exec(select(HostRow).where(HostRow.busy_url != "").order_by(col(HostRow.user_id)))).all()

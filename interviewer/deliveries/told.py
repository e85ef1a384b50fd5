"""What a buyer and hosts were told of a call last, by the send-log: no mail says again what they know, nor takes out
of a calendar what was never in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from interviewer.store import deliveries
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.deliveries import DeliveryRow

TO_HOST = "host_call"
BOOKED, MOVED = "booked", "moved"
CANCELLED, HANDED_ON, WITHDRAWN = "cancelled", "handed_on", "withdrawn"
"""What a host is told has happened. `handed_on`: a colleague holds it; `withdrawn`: erased with its buyer."""
_OFF = "call_cancelled"
_TO_BUYER = ("call_booked", "call_moved", "call_handed", _OFF)


@dataclass(frozen=True)
class Told:
    """What somebody's calendar has by the last mail."""

    start: datetime
    host_id: str
    """Who holds it; empty where an earlier release did not keep that."""
    on: bool
    """Whether it is to take place, and with them."""


async def to_buyer(tx: Tx, row: BookingRow) -> Told | None:
    """None where no mail reached them. Where the log has forgotten, that it is on as it is."""
    mails = await deliveries.about(tx, _TO_BUYER, row.invitation_id)
    return _last([mail for mail in mails if mail.payload["booking_id"] == row.id], row.starts_at)


async def to_host(tx: Tx, row: BookingRow, user_id: str, start: datetime, *, leaving: bool = False) -> Told | None:
    """None where no mail reached them. Where the log has forgotten, that it is on at `start`.

    `leaving` counts what another process is sending at this moment, too.
    """
    mine = [mail for mail in await _to_hosts(tx, row) if mail.payload["user_id"] == user_id]
    waiting = {mail.id for mail in mine if leaving and _says_on(mail) and mail.state == deliveries.WAITING}
    return _last(mine, start, waiting - await deliveries.idle(tx, waiting) if waiting else frozenset())


async def hosts(tx: Tx, row: BookingRow) -> set[str]:
    """Everybody who was, or is, to be told of this call as a host."""
    return {mail.payload["user_id"] for mail in await _to_hosts(tx, row)}


async def _to_hosts(tx: Tx, row: BookingRow) -> list[DeliveryRow]:
    kinds = (BOOKED, MOVED, CANCELLED, HANDED_ON)
    mails = await deliveries.about(tx, (TO_HOST,), row.invitation_id)
    return [mail for mail in mails if mail.payload["booking_id"] == row.id and mail.payload["kind"] in kinds]


def _last(mails: Sequence[DeliveryRow], start: datetime, leaving: Collection[str] = ()) -> Told | None:
    if not any(map(_says_on, mails)):
        return Told(start, "", True)
    sent = (deliveries.SENDING, deliveries.SENT)
    told = [mail for mail in mails if mail.state in sent or mail.id in leaving]
    if not told:
        return None
    last = max(told, key=lambda mail: int(mail.payload["sequence"]))
    said = last.payload.get("starts_at")
    return Told(datetime.fromisoformat(said) if said else start, last.payload.get("host_id", ""), _says_on(last))


def _says_on(mail: DeliveryRow) -> bool:
    return mail.payload["kind"] in (BOOKED, MOVED) if mail.event == TO_HOST else mail.event != _OFF

"""Rows of the send-log. A row holds ids and times; address and words are found when it is sent, so what was erased or
withdrawn meanwhile is not sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from interviewer.deps import Deps
from interviewer.store import deliveries
from interviewer.store.db import Tx
from interviewer.store.tables.deliveries import DeliveryRow

NO_DELAY = timedelta(0)


@dataclass(frozen=True)
class Draft:
    """Who is written to about what, in which language, with which values."""

    to: str
    language: str
    values: Mapping[str, object]
    calendar: bytes = b""
    """A calendar entry that goes along."""
    calendar_method: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    unasked: bool = False
    """Whether nobody waits for it: it is then not sent to an address that asked for no more mail."""


async def queue(
    deps: Deps,
    tx: Tx,
    event: str,
    payload: Mapping[str, Any],
    invitation_id: str | None,
    *,
    key: str = "",
    delay: timedelta = NO_DELAY,
) -> bool:
    """Mail it once `tx` commits, or after `delay`. False where a mail of the same `key` is in the log already."""
    row = DeliveryRow(
        id=key or deps.new_id(),
        event=event,
        payload=dict(payload),
        invitation_id=invitation_id,
        state=deliveries.WAITING,
        message_id=message_id(deps),
        created_at=deps.now(),
        next_try_at=deps.now() + delay,
    )
    if not await deliveries.add(tx, row):
        return False
    if not delay:  # else the sweep finds it when it is due
        await deps.jobs.enqueue(tx, "deliver", row.id)
    return True


def message_id(deps: Deps) -> str:
    return f"<{deps.new_id()}@{urlsplit(deps.settings.base_url).hostname or 'localhost'}>"

"""Rows of the send-log become mails.

A mail whose sending was cut off by a crash counts as sent: better one too few than the same one twice. Codes and
sign-in links must not lie in the database, so those go out at once and are asked for again when they fail.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog

from interviewer import suppression
from interviewer.deliveries import calls, copies, hosts, people, requests
from interviewer.deliveries.queueing import Draft, message_id
from interviewer.deps import Deps
from interviewer.errors import MailFailed
from interviewer.notify import events
from interviewer.notify.base import Mail
from interviewer.store import deliveries, invitations
from interviewer.store.db import Tx
from interviewer.store.tables.deliveries import DeliveryRow

KEEP_TRYING = timedelta(hours=72)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
UNKNOWN = "outcome unknown"
"""Stands as the error of what counts as sent although nobody heard how its sending ended."""
UNDELIVERABLE = "undeliverable"
"""Why an address is suppressed that a server refused for good."""

log = structlog.get_logger()


async def send_now(deps: Deps, event: str, *, to: str, language: str, **values: object) -> None:
    """Send what must not be kept: a code, a sign-in link. Raises MailFailed; does nothing without mail."""
    if deps.mail is not None:
        await deps.mail.send(_mail(deps, event, Draft(to, language, values), message_id=message_id(deps)))


async def deliver(deps: Deps, delivery_id: str) -> None:
    """Send one mail of the log, if it is due. Done twice it is sent once."""
    async with deps.db.write() as tx:
        row = await deliveries.get(tx, delivery_id)
        if row is None or deps.mail is None:
            return
        if row.state == deliveries.SENDING:
            row.state, row.error, row.sent_at = deliveries.SENT, UNKNOWN, deps.now()
        if row.state != deliveries.WAITING:
            return
        draft = await DRAFTS[row.event](deps, tx, row.payload)
        if draft is None or await _refused(deps, tx, draft):
            row.state, row.error, row.next_try_at = deliveries.GIVEN_UP, "nobody to send it to", None
            return
        row.state, row.attempts, row.next_try_at = deliveries.SENDING, row.attempts + 1, None
        mail = _mail(deps, row.event, draft, message_id=row.message_id)
    try:
        await deps.mail.send(mail)
    except MailFailed as error:
        await _failed(deps, delivery_id, mail.to, error)
    else:
        async with deps.db.write() as tx:
            row = await deliveries.get(tx, delivery_id)
            if row is not None and _is_open(row):
                row.state, row.error, row.sent_at = deliveries.SENT, "", deps.now()


async def queue_due(deps: Deps) -> int:
    """Have everything tried again whose time has come. Returns how many."""
    if deps.mail is None:
        return 0
    async with deps.db.read() as tx:
        due = await deliveries.due(tx, deps.now())
    for delivery_id in due:
        async with deps.db.write() as tx:
            await deps.jobs.enqueue(tx, "deliver", delivery_id)
    return len(due)


def _is_open(row: DeliveryRow) -> bool:
    """Whether how a sending ends is still to be noted: also where another worker took its sender for dead."""
    return row.state == deliveries.SENDING or (row.state == deliveries.SENT and row.error == UNKNOWN)


async def _failed(deps: Deps, delivery_id: str, to: str, error: MailFailed) -> None:
    now = deps.now()
    async with deps.db.write() as tx:
        row = await deliveries.get(tx, delivery_id)
        if row is None or not _is_open(row):
            return
        row.error, row.sent_at = error.reason, None
        pause: timedelta = min(FIRST_PAUSE * 2 ** (row.attempts - 1), LONGEST_PAUSE)
        if error.permanent:
            row.state = deliveries.FAILED
            await invitations.suppress(tx, suppression.mark(_keys(deps), to), UNDELIVERABLE, now)
        elif now + pause - row.created_at > KEEP_TRYING:
            row.state = deliveries.GIVEN_UP
        else:
            row.state, row.next_try_at = deliveries.WAITING, now + pause
        log.warning("mail failed", delivery=delivery_id, error=error.reason, state=row.state)


DRAFTS: Mapping[str, Callable[[Deps, Tx, Mapping[str, Any]], Awaitable[Draft | None]]] = {
    "copy_of_answers": copies.draft,
    "call_requested": requests.draft,
    "call_booked": calls.booked,
    "call_moved": calls.moved,
    "call_handed": calls.handed,
    "call_cancelled": calls.cancelled,
    "call_reminder": calls.reminder,
    "call_missed": calls.missed,
    "host_call": hosts.draft,
    "desk_invitation": people.invitation,
    "link_made": people.link_made,
}
"""How a row's ids become a mail; None where there is nobody to write to, or nothing to say."""


async def _refused(deps: Deps, tx: Tx, draft: Draft) -> bool:
    """Whether a server refused this address for good. An opt-out counts only for what nobody asked for or waits for."""
    found = await invitations.suppressed(tx, suppression.marks(_keys(deps), draft.to))
    return any(draft.unasked or row.reason == UNDELIVERABLE for row in found.values())


def _mail(deps: Deps, event: str, draft: Draft, *, message_id: str) -> Mail:
    settings = deps.settings
    common = {"organisation": settings.organisation, "asker": settings.asker, "contact": settings.contact}
    letter = events.render(event, draft.language, {**common, **draft.values})
    return Mail(
        to=draft.to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=message_id,
        headers=dict(draft.headers),
        calendar=draft.calendar,
        calendar_method=draft.calendar_method,
    )


def _keys(deps: Deps) -> list[str]:
    return [key.get_secret_value() for key in deps.settings.secret_keys]

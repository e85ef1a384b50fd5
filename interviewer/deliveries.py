"""Mail to people: a row in the send-log first, then the mail (trust.md 41).

A row holds ids; address and words are found when it is sent, so what was erased or withdrawn meanwhile is not sent.
A mail whose sending was cut off by a crash counts as sent: better one too few than the same one twice. Codes and
sign-in links must not lie in the database, so those go out at once and are asked for again when they fail.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

import structlog

from interviewer import suppression
from interviewer.confidentiality import Field, Role, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import MailFailed
from interviewer.notify import events
from interviewer.notify.base import Mail
from interviewer.store import calls, deliveries, interviews, invitations, turns, users
from interviewer.store.db import Tx
from interviewer.store.tables.deliveries import DeliveryRow

KEEP_TRYING = timedelta(hours=72)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
UNDELIVERABLE = "undeliverable"
"""Why an address is suppressed that a server refused for good."""
_PAUSE = timedelta(minutes=10)
"""Asked for again within it, one mail is enough."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Draft:
    """Who is written to about what, in which language, with which values."""

    to: str
    language: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class CallNotice:
    """That a buyer asked for a person. Times and number stay at the desk."""

    name: Annotated[str, Field.PERSON]
    company: Annotated[str, Field.COMPANY]
    scheduler: Annotated[bool, Field.CALL]
    link: Annotated[str, Field.CALL]


@dataclass(frozen=True)
class Answer:
    """A buyer's own answer, under the name that the check page gave its topic."""

    label: str
    text: str


async def send_now(deps: Deps, event: str, *, to: str, language: str, **values: object) -> None:
    """Send what must not be kept: a code, a sign-in link. Raises MailFailed; does nothing without mail."""
    if deps.mail is not None:
        await deps.mail.send(_mail(deps, event, Draft(to, language, values), message_id=_message_id(deps)))


async def queue_copy(deps: Deps, tx: Tx, interview_id: str) -> bool:
    """Mail the buyer a copy of their answers once `tx` commits. False without mail or without an address.

    A preview goes on as if it had been mailed.
    """
    interview = await interviews.get(tx, interview_id)
    if deps.mail is None or interview is None or interview.deleted_at:
        return False
    if await interviews.is_preview(tx, interview):
        return True
    if not await deliveries.count(tx, "copy_of_answers", interview.invitation_id, since=deps.now() - _PAUSE):
        await _queue(deps, tx, "copy_of_answers", {"interview_id": interview_id}, interview.invitation_id)
    return True


async def queue_call_notice(deps: Deps, tx: Tx, invitation_id: str) -> None:
    """Tell everybody at the desk who sees calls, once `tx` commits, that this buyer wants one."""
    if deps.mail is None or await deliveries.count(tx, "call_requested", invitation_id, since=deps.now() - _PAUSE):
        return
    for user in await deliveries.desk_users(tx):
        if user.role in set(Role) and Viewer(user.id, Role(user.role)).sees(Field.CALL):
            payload = {"invitation_id": invitation_id, "user_id": user.id}
            await _queue(deps, tx, "call_requested", payload, invitation_id)


async def deliver(deps: Deps, delivery_id: str) -> None:
    """Send one mail of the log, if it is due. Done twice it is sent once."""
    async with deps.db.write() as tx:
        row = await deliveries.get(tx, delivery_id)
        if row is None or deps.mail is None:
            return
        if row.state == deliveries.SENDING:
            row.state, row.error, row.sent_at = deliveries.SENT, "outcome unknown", deps.now()
        if row.state != deliveries.WAITING:
            return
        draft = await DRAFTS[row.event](deps, tx, row.payload)
        if draft is None or await _undeliverable(deps, tx, draft.to):
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
            if row is not None and row.state == deliveries.SENDING:
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


async def _failed(deps: Deps, delivery_id: str, to: str, error: MailFailed) -> None:
    now = deps.now()
    async with deps.db.write() as tx:
        row = await deliveries.get(tx, delivery_id)
        if row is None or row.state != deliveries.SENDING:
            return
        row.error = error.reason
        pause: timedelta = min(FIRST_PAUSE * 2 ** (row.attempts - 1), LONGEST_PAUSE)
        if error.permanent:
            row.state = deliveries.FAILED
            await invitations.suppress(tx, suppression.mark(_keys(deps), to), UNDELIVERABLE, now)
        elif now + pause - row.created_at > KEEP_TRYING:
            row.state = deliveries.GIVEN_UP
        else:
            row.state, row.next_try_at = deliveries.WAITING, now + pause
        log.warning("mail failed", delivery=delivery_id, error=error.reason, state=row.state)


async def _queue(deps: Deps, tx: Tx, event: str, payload: dict[str, Any], invitation_id: str) -> None:
    row = DeliveryRow(
        id=deps.new_id(),
        event=event,
        payload=payload,
        invitation_id=invitation_id,
        state=deliveries.WAITING,
        message_id=_message_id(deps),
        created_at=deps.now(),
        next_try_at=deps.now(),
    )
    deliveries.add(tx, row)
    await deps.jobs.enqueue(tx, "deliver", row.id)


async def _copy_of_answers(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    interview = await interviews.get(tx, payload["interview_id"])
    if interview is None or interview.deleted_at:
        return None
    invitation = await invitations.get(tx, interview.invitation_id)
    if invitation is None or invitation.erased_at:
        return None
    flow = await interviews.flow(tx, interview)
    labels = {topic.id: topic.label.get(interview.language, topic.label["en"]) for topic in flow.topics}
    transcript = await turns.transcript(tx, interview.id)
    answers = tuple(Answer(labels.get(turn.topic, ""), turn.text) for turn in transcript.answers)
    if not answers:
        return None
    values = {"product": invitation.product or deps.settings.product, "answers": answers}
    return Draft(invitation.email, interview.language, values)


async def _call_requested(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    user = await users.get(tx, payload["user_id"])
    call = await calls.of_invitation(tx, payload["invitation_id"])
    invitation = await invitations.get(tx, payload["invitation_id"])
    if user is None or user.disabled_at or call is None or invitation is None or invitation.erased_at:
        return None
    viewer = Viewer(user.id, Role(user.role))
    if call.handled_at or not viewer.sees(Field.CALL):
        return None
    notice = CallNotice(
        name=invitation.name,
        company=invitation.company,
        scheduler=call.channel == "scheduler",
        link=f"{deps.settings.base_url.rstrip('/')}/desk/calls",
    )
    return Draft(user.email, "en", {"call": see(viewer, notice)})


DRAFTS: Mapping[str, Callable[[Deps, Tx, Mapping[str, Any]], Awaitable[Draft | None]]] = {
    "copy_of_answers": _copy_of_answers,
    "call_requested": _call_requested,
}
"""How a row's ids become a mail; None where there is nobody to write to, or nothing to say."""


async def _undeliverable(deps: Deps, tx: Tx, address: str) -> bool:
    """Whether a server refused this address for good. An opt-out does not count: these mails were asked for."""
    found = await invitations.suppressed(tx, suppression.marks(_keys(deps), address))
    return any(row.reason == UNDELIVERABLE for row in found.values())


def _mail(deps: Deps, event: str, draft: Draft, *, message_id: str) -> Mail:
    settings = deps.settings
    common = {"organisation": settings.organisation, "asker": settings.asker, "contact": settings.contact}
    letter = events.render(event, draft.language, {**common, **draft.values})
    return Mail(draft.to, letter.subject, letter.text, letter.html, message_id=message_id)


def _message_id(deps: Deps) -> str:
    return f"<{deps.new_id()}@{urlsplit(deps.settings.base_url).hostname or 'localhost'}>"


def _keys(deps: Deps) -> list[str]:
    return [key.get_secret_value() for key in deps.settings.secret_keys]

"""A copy of their answers, for a buyer who asked for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from interviewer.deliveries.queueing import Draft, queue
from interviewer.deps import Deps
from interviewer.store import deliveries, interviews, invitations, turns
from interviewer.store.db import Tx
from interviewer.transcript import Act

PAUSE = timedelta(minutes=10)
"""Asked for again within it, one mail is enough."""


@dataclass(frozen=True)
class Answer:
    """A buyer's answer, under the name that the check page gave its topic."""

    label: str
    text: str
    noted: bool
    """In the words of who held the call."""


async def queue_copy(deps: Deps, tx: Tx, interview_id: str) -> bool:
    """Mail the buyer a copy of their answers once `tx` commits. False without mail or without an address.

    A preview goes on as if it had been mailed.
    """
    interview = await interviews.get(tx, interview_id)
    if deps.mail is None or interview is None or interview.deleted_at:
        return False
    if await interviews.is_preview(tx, interview):
        return True
    if not await deliveries.count(tx, "copy_of_answers", interview.invitation_id, since=deps.now() - PAUSE):
        await queue(deps, tx, "copy_of_answers", {"interview_id": interview_id}, interview.invitation_id)
    return True


async def draft(deps: Deps, tx: Tx, payload: Mapping[str, Any]) -> Draft | None:
    """Also of who no longer agrees: the words are theirs, and they asked for them."""
    interview = await interviews.get(tx, payload["interview_id"])
    if interview is None or interview.deleted_at:
        return None
    invitation = await invitations.get(tx, interview.invitation_id)
    if invitation is None or invitation.erased_at:
        return None
    flow = await interviews.flow(tx, interview)
    labels = {topic.id: topic.label.get(interview.language, topic.label["en"]) for topic in flow.topics}
    transcript = await turns.transcript(tx, interview.id)
    answers = tuple(Answer(labels.get(turn.topic, ""), turn.text, turn.act is Act.NOTED) for turn in transcript.answers)
    if not answers:
        return None
    values = {
        "product": invitation.product or deps.settings.product,
        "answers": answers,
        "host": interview.conducted_by,
    }
    return Draft(invitation.email, interview.language, values)

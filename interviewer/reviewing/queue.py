"""What is to be reviewed, and what comes next."""

from __future__ import annotations

from datetime import datetime

from interviewer import dossier, records
from interviewer.analysis import standing
from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.store import desk
from interviewer.store import queue as store
from interviewer.store.analysis import State

SHOWN = 50
"""Interviews on the page; the rest moves up."""


async def queue(deps: Deps, viewer: Viewer, now: datetime) -> Seen[records.Queue]:
    """Ended interviews that nobody reviewed, those with most doubt first, and why each stands there."""
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        doubts = await store.waiting(tx, SHOWN)
        lines = await desk.of(tx, [doubt.invitation_id for doubt in doubts], now)
        heads = {head.id: head for head in await dossier.heads(deps, tx, lines)}
        suggestions = await store.suggestions(tx, [doubt.interview_id for doubt in doubts])
        found, reviewed = await store.found(tx), await store.reviewed(tx)
    waiting = tuple(
        records.Waiting(
            head=heads[doubt.invitation_id],
            contradictions=doubt.contradictions,
            unsure=doubt.unsure,
            big=doubt.big,
            unexplained=doubt.unexplained,
            failed=doubt.failed,
            suggestions=suggestions[doubt.interview_id],
            amount=doubt.amount,
            currency=doubt.currency,
        )
        for doubt in doubts
    )
    ready = sorted(waiting, key=_being_read)  # those with most doubt first, but nobody can begin with one of these
    return see(viewer, records.Queue(waiting=tuple(ready), found=found, reviewed=reviewed))


async def waiting(deps: Deps, viewer: Viewer) -> int:
    """The number beside "Review"; 0 for who does not review."""
    if not viewer.may(Act.REVIEW):
        return 0
    async with deps.db.read() as tx:
        return await store.found(tx)


async def next_after(deps: Deps, viewer: Viewer, interview_id: str) -> str:
    """The page to review after this one: what stands behind it in the queue, else the first; empty where none waits
    that was read.

    `interview_id` may be its invitation's, as on pages, and so is what comes back.
    """
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        doubts = await store.waiting(tx)
        places = (place for place, one in enumerate(doubts) if interview_id in (one.interview_id, one.invitation_id))
        here = next(places, None)
        others = doubts if here is None else doubts[here + 1 :] + doubts[:here]
        reading = await standing.being_read(tx)
    return next((doubt.invitation_id for doubt in others if doubt.interview_id not in reading), "")


async def being_read(deps: Deps, viewer: Viewer) -> int:
    """How many on the page of what waits are being read."""
    viewer.require(Act.REVIEW)
    async with deps.db.read() as tx:
        shown = {doubt.interview_id for doubt in await store.waiting(tx, SHOWN)}
        return len(shown & await standing.being_read(tx))


def _being_read(one: records.Waiting) -> bool:
    return one.head.analysis == State.WAITING

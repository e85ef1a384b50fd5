"""Have the analysis of interviews made anew, after a prompt or a model changed; and for those that were missed.

The work itself is background work. What a person confirmed, reworded or turned down stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from interviewer import store
from interviewer.analysis.pipeline import FEWEST_ANSWERS
from interviewer.analysis.steps import STEPS
from interviewer.confidentiality import Act, Viewer
from interviewer.deps import Deps
from interviewer.errors import NoLongerAgrees, NotFound
from interviewer.store import agreement, audit, desk
from interviewer.store.analysis import Maker
from interviewer.store.db import Tx

JOB = "analyse"
OVERDUE = timedelta(minutes=15)
"""After the end of an interview: by then its notes are there, or something went wrong."""
GIVEN_UP = timedelta(days=2)
"""After which notes that failed are left to people."""

_AT_ONCE = 100
"""Interviews that one transaction asks for."""


@dataclass(frozen=True)
class Wanted:
    """Which of the ended interviews; all of them where nothing is said."""

    flow: str = ""
    since: datetime | None = None
    """Ended then or later."""
    stale: bool = False
    """Only where a step is missing, failed, or was made by another prompt or model than those of today."""
    ids: tuple[str, ...] = ()
    """Of interviews, or of their invitations."""


async def one(deps: Deps, viewer: Viewer, some_id: str) -> None:
    """Have one interview analysed anew, by its own id or its invitation's. Audited.

    Raises NotFound, NotAllowed; NoLongerAgrees where the buyer took their word back.
    """
    viewer.require(Act.RERUN)
    async with deps.db.write() as tx:
        line = await desk.line(tx, some_id, deps.now())
        if line is None or line.interview is None or line.interview.deleted_at:
            raise NotFound
        if agreement.stopped(line.interview):
            raise NoLongerAgrees
        await _reopen(deps, tx, line.interview.id)
        audit.add(tx, viewer.user_id, "reran analysis", f"interview:{line.interview.id}", deps.now())


async def many(deps: Deps, viewer: Viewer, wanted: Wanted) -> int:
    """Have these analysed anew, and say how many they are. Audited. Raises NotAllowed, NotFound for an unknown id."""
    viewer.require(Act.RERUN)
    found = await chosen(deps, wanted)
    await queue(deps, found)
    async with deps.db.write() as tx:
        audit.add(tx, viewer.user_id, "reran analysis", f"interviews:{len(found)}", deps.now())
    return len(found)


async def chosen(deps: Deps, wanted: Wanted) -> tuple[str, ...]:
    """Ids of the ended interviews that are meant. Raises NotFound for an id that is none of theirs."""
    async with deps.db.read() as tx:
        found = await store.analysis.ended(
            tx, flow=wanted.flow, since=wanted.since, ids=wanted.ids, least_answers=FEWEST_ANSWERS
        )
        if wanted.ids and len(found) < len(set(wanted.ids)):
            raise NotFound
        if wanted.stale:
            fresh = await store.analysis.fresh(tx, makers(deps))
            found = [interview_id for interview_id in found if interview_id not in fresh]
    return tuple(found)


async def queue(deps: Deps, interview_ids: Sequence[str]) -> None:
    """Have these analysed anew, in the background."""
    for interview_id in interview_ids:
        async with deps.db.write() as tx:
            await _reopen(deps, tx, interview_id)


async def ask(deps: Deps, interview_ids: Sequence[str]) -> None:
    """Have what is missing of these made, in the background. Some at a time, so that buyers who answer meanwhile need
    not wait."""
    for start in range(0, len(interview_ids), _AT_ONCE):
        async with deps.db.write() as tx:
            for interview_id in interview_ids[start : start + _AT_ONCE]:
                await deps.jobs.enqueue(tx, JOB, interview_id)


async def unread(deps: Deps, interview_ids: Sequence[str]) -> tuple[str, ...]:
    """Those of these interviews that can be analysed and lack a step, whoever would make it."""
    found: list[str] = []
    async with deps.db.read() as tx:
        whole = await store.analysis.fresh(tx, {step.name: None for step in STEPS})
        wanted = sorted(set(interview_ids) - whole)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            found += await store.analysis.ended(tx, ids=some, least_answers=FEWEST_ANSWERS)
    return tuple(found)


async def queue_missed(deps: Deps) -> int:
    """Ask again for the notes of interviews that ended and lack some (domain.md: within two hours). Says how many."""
    now = deps.now()
    async with deps.db.read() as tx:
        missed = await store.analysis.without(
            tx, STEPS[-1].name, before=now - OVERDUE, failed_since=now - GIVEN_UP, least_answers=FEWEST_ANSWERS
        )
    for interview_id in missed:
        async with deps.db.write() as tx:
            await deps.jobs.enqueue(tx, JOB, interview_id)
    return len(missed)


def makers(deps: Deps) -> Mapping[str, Maker | None]:
    """By step: which prompt and model it would be made by now; None where rules make it, or would stay."""
    if deps.llm.scripted:
        return {step.name: None for step in STEPS}
    return {step.name: Maker(deps.prompts.id(step.prompt), deps.llm.name) if step.prompt else None for step in STEPS}


async def _reopen(deps: Deps, tx: Tx, interview_id: str) -> None:
    await store.analysis.reopen(tx, interview_id, [step.name for step in STEPS], forget_tries=True)
    await deps.jobs.enqueue(tx, JOB, interview_id)

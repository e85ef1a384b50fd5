"""Where the reading of an interview stands: only what was read can be reviewed (ux.md, "The PMM's desk")."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from interviewer.analysis.pipeline import FEWEST_ANSWERS
from interviewer.analysis.steps import STEPS
from interviewer.store import agreement, analysis, jobs
from interviewer.store.analysis import State
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import AnalysisStepRow
from interviewer.store.tables.interviews import InterviewRow

JOB = "analyse"
_LAST = STEPS[-1].name
"""Steps are made in their order: once this one was, an interview is read."""


def of(row: InterviewRow, answers: int, steps: Sequence[AnalysisStepRow], *, job: str) -> str:
    """`waiting` while it is being read, `failed`, `done`; empty where there is nothing to read, or not yet.

    `job` is where the work on it stands: what nobody is at work on is not being read, whatever is missing.
    """
    if not agreement.stands(row):
        return ""
    states = {step.state for step in steps}
    if State.FAILED in states:
        return State.FAILED
    ended = row.completed_at is not None or (row.abandoned_at is not None and answers >= FEWEST_ANSWERS)
    due = ended and _LAST not in {step.step for step in steps}
    if due or State.WAITING in states:
        return State.WAITING if job in jobs.AT_WORK else State.FAILED
    return State.DONE if states else ""


async def work_on(tx: Tx, interview_ids: Collection[str]) -> Mapping[str, str]:
    """Where the work on each of these stands that was asked for."""
    return await jobs.by_key(tx, JOB, interview_ids)


async def being_read(tx: Tx, interview_id: str = "") -> set[str]:
    """Of which interviews the analysis is on its way, asked at once; of one, whether it is."""
    ids = [interview_id] if interview_id else None
    return await analysis.under_way(tx, JOB, _LAST, ids=ids, least_answers=FEWEST_ANSWERS)

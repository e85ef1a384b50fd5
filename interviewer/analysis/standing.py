"""Where the reading of an interview stands: only what was read can be reviewed (ux.md, "The PMM's desk")."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from interviewer import store
from interviewer.analysis.pipeline import FEWEST_ANSWERS
from interviewer.analysis.steps import STEPS
from interviewer.store import jobs
from interviewer.store.analysis import State
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import AnalysisStepRow
from interviewer.store.tables.interviews import InterviewRow

JOB = "analyse"
_LAST = STEPS[-1].name
"""Steps are made in their order: once this one was, an interview is read."""


def of(row: InterviewRow, answers: int, steps: Sequence[AnalysisStepRow], *, gave_up: bool) -> str:
    """`waiting` while it is being read, `failed`, `done`; empty where there is nothing to read, or not yet.

    `gave_up`: nobody is at work on it any more.
    """
    states = {step.state for step in steps}
    if State.FAILED in states:
        return State.FAILED
    ended = row.completed_at is not None or (row.abandoned_at is not None and answers >= FEWEST_ANSWERS)
    due = ended and not row.deleted_at and _LAST not in {step.step for step in steps}
    if due or State.WAITING in states:
        return State.FAILED if gave_up else State.WAITING
    return State.DONE if states else ""


async def gave_up(tx: Tx, interview_ids: Collection[str]) -> set[str]:
    """Those of these interviews at which the background work tried as often as it does."""
    return await jobs.failed(tx, JOB, interview_ids)


async def being_read(tx: Tx, row: InterviewRow) -> bool:
    """Whether the analysis is on its way."""
    said = await store.turns.transcript(tx, row.id)
    steps = await store.analysis.steps(tx, row.id)
    return of(row, len(said.answers), steps, gave_up=row.id in await gave_up(tx, [row.id])) == State.WAITING

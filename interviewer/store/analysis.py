"""The steps of an interview's analysis: where each stands, who made it, what it read (trust.md 44)."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import col, select

from interviewer.store.changes import Changes, from_values
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import AnalysisStepRow
from interviewer.store.tables.interviews import InterviewRow


class State(StrEnum):
    WAITING = "waiting"
    """Due, or made by rules until the model can be reached again."""
    DONE = "done"
    FAILED = "failed"


async def steps(tx: Tx, interview_id: str) -> list[AnalysisStepRow]:
    """The steps that were run so far, in the order in which they last were."""
    found = await tx.exec(
        select(AnalysisStepRow)
        .where(AnalysisStepRow.interview_id == interview_id)
        .order_by(col(AnalysisStepRow.at), col(AnalysisStepRow.step))
    )
    return list(found.all())


async def get(tx: Tx, interview_id: str, step: str) -> AnalysisStepRow | None:
    return await tx.get(AnalysisStepRow, (interview_id, step))


async def mark(
    tx: Tx,
    interview_id: str,
    step: str,
    state: State,
    now: datetime,
    *,
    transcript_digest: str,
    attempts: int,
    made_by: str = "",
    prompt_id: str = "",
    error: str = "",
    changes: Changes | None = None,
) -> None:
    """Say where a step stands, in place of what was said before.

    `changes` is what this run changed; None where it made nothing, which leaves what earlier runs made as it is.
    """
    known = await get(tx, interview_id, step)
    if changes is None and known is not None:
        made_by, prompt_id = known.made_by, known.prompt_id
    await tx.merge(
        AnalysisStepRow(
            interview_id=interview_id,
            step=step,
            state=state,
            made_by=made_by,
            prompt_id=prompt_id,
            attempts=attempts,
            error=error,
            transcript_digest=transcript_digest,
            at=now,
            changes=(await _since_review(tx, known, changes)).as_values(),
        )
    )
    await tx.flush()


async def _since_review(tx: Tx, known: AnalysisStepRow | None, changes: Changes | None) -> Changes:
    """What the desk is to show as new: nothing of a first run, and all that came since a person reviewed it."""
    if known is None or not known.transcript_digest:
        return Changes()
    before = from_values(known.changes)
    if changes is None:
        return before
    interview = await tx.get(InterviewRow, known.interview_id)
    seen = interview.reviewed_at if interview else None
    return before.then(changes) if seen and known.at >= seen else changes


async def reopen(tx: Tx, interview_id: str, names: Iterable[str], *, forget_tries: bool = False) -> None:
    """Have these steps run again. What they made stays until then."""
    values: dict[str, str | int] = {"state": State.WAITING}
    if forget_tries:
        values |= {"attempts": 0, "error": ""}
    await tx.exec(
        update(AnalysisStepRow)
        .where(col(AnalysisStepRow.interview_id) == interview_id, col(AnalysisStepRow.step).in_(list(names)))
        .values(**values)
    )

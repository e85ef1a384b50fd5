"""The steps of an interview's analysis: where each stands, who made it, what it read (trust.md 44)."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import col, select

from interviewer.store.changes import Changes
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import AnalysisStepRow


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
    """Say where a step stands, in place of what was said before."""
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
            changes=(changes or Changes()).as_values(),
        )
    )
    await tx.flush()


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

"""The steps of an interview's analysis: where each stands, who made it, what it read (trust.md 44)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, update
from sqlmodel import and_, col, exists, or_, select

from interviewer.store import agreement
from interviewer.store.changes import Changes, from_values
from interviewer.store.db import Tx
from interviewer.store.invitations import real
from interviewer.store.jobs import AT_WORK
from interviewer.store.tables.analysis import AnalysisStepRow, JobRunRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Speaker


class State(StrEnum):
    WAITING = "waiting"
    """Due, or made by rules until the model can be reached again."""
    DONE = "done"
    FAILED = "failed"


_IS_FAILED = col(AnalysisStepRow.state) == State.FAILED


@dataclass(frozen=True)
class Maker:
    """What a step's row is marked with when it is made today: the prompt's id, and the model's name."""

    prompt_id: str
    made_by: str


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


async def ended(
    tx: Tx, *, flow: str = "", since: datetime | None = None, ids: Collection[str] = (), least_answers: int
) -> list[str]:
    """Ids of interviews that can be analysed, the oldest first; `ids` are their own or their invitations'."""
    query = (
        select(InterviewRow.id).join(InvitationRow).where(*_analysable(least_answers)).order_by(_end(), InterviewRow.id)
    )
    if flow:
        query = query.where(InterviewRow.flow == flow)
    if since is not None:
        query = query.where(_end() >= since)
    if ids:
        query = query.where(or_(col(InterviewRow.id).in_(ids), col(InterviewRow.invitation_id).in_(ids)))
    return list((await tx.exec(query)).all())


async def fresh(tx: Tx, makers: Mapping[str, Maker | None]) -> set[str]:
    """Ids of interviews of which every step was made as it would be made today; None: by whatever made it."""
    current = or_(*(_made_by(step, maker) for step, maker in makers.items()))
    query = (
        select(AnalysisStepRow.interview_id)
        .where(current, AnalysisStepRow.state != State.FAILED)
        .group_by(col(AnalysisStepRow.interview_id))
        .having(func.count() == len(makers))
    )
    return set((await tx.exec(query)).all())


async def without(
    tx: Tx, step: str, *, before: datetime, failed_since: datetime, least_answers: int, limit: int = 200
) -> list[str]:
    """Ids of interviews that ended by `before` and lack `step`, or of which a step failed; the latter if they
    ended since then."""
    any_step = exists().where(col(AnalysisStepRow.interview_id) == col(InterviewRow.id))
    row, failed = any_step.where(col(AnalysisStepRow.step) == step), any_step.where(_IS_FAILED)
    query = (
        select(InterviewRow.id)
        .join(InvitationRow)
        .where(*_analysable(least_answers), _end() <= before, or_(~row, failed), or_(~failed, _end() >= failed_since))
        .order_by(_end())
        .limit(limit)
    )
    return list((await tx.exec(query)).all())


async def under_way(tx: Tx, job: str, last: str, *, ids: Collection[str] | None = None, least_answers: int) -> set[str]:
    """Ids of ended interviews that `job` is at work on: the step `last` is missing, or one waits, and none failed."""
    step = exists().where(col(AnalysisStepRow.interview_id) == col(InterviewRow.id))
    waits = step.where(col(AnalysisStepRow.state) == State.WAITING)
    query = (
        select(InterviewRow.id)
        .join(InvitationRow)
        .join(JobRunRow, and_(col(JobRunRow.key) == col(InterviewRow.id), col(JobRunRow.job) == job))
        .where(
            *_analysable(least_answers),
            col(JobRunRow.state).in_(AT_WORK),
            ~step.where(_IS_FAILED),
            or_(~step.where(col(AnalysisStepRow.step) == last), waits),
        )
    )
    return set((await tx.exec(query if ids is None else query.where(col(InterviewRow.id).in_(ids)))).all())


def _analysable(least_answers: int) -> list[ColumnElement[bool]]:
    """Real, ended, not deleted and still agreed to; an abandoned one with so many answers."""
    answers = (
        select(func.count())
        .where(
            col(TurnRow.interview_id) == col(InterviewRow.id),
            TurnRow.speaker == Speaker.BUYER,
            TurnRow.text != "",
            ~col(TurnRow.removed),
        )
        .scalar_subquery()
    )
    return [
        real(),
        agreement.standing(),
        or_(
            col(InterviewRow.completed_at).is_not(None),
            and_(col(InterviewRow.abandoned_at).is_not(None), answers >= least_answers),
        ),
    ]


def _end() -> ColumnElement[datetime]:
    return func.coalesce(col(InterviewRow.completed_at), col(InterviewRow.abandoned_at))


def _made_by(step: str, maker: Maker | None) -> ColumnElement[bool]:
    """With the prompt of today rules may still have made it: what the model said fell, or there was nothing to say."""
    if maker is None:
        return col(AnalysisStepRow.step) == step
    return and_(
        col(AnalysisStepRow.step) == step,
        col(AnalysisStepRow.prompt_id) == maker.prompt_id,
        col(AnalysisStepRow.made_by).in_((maker.made_by, "rules", "")),
    )

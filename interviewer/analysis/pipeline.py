"""An ended interview becomes notes, quotes and a summary: a step at a time, each kept on its own (domain.md).

A step reads in one short transaction, thinks with none open, and writes in another that replaces what it made before
and says who made it. So a crash costs the step it fell into, and running the pipeline again does only what is missing:
a step whose digest says that it has read the same before is done.
While a model gives nothing usable the rules stand in at once and the job tries again; after `MODEL_TRIES` they stay.
Once the model's budget of the day is used up they do all of it, and the step says so.
"""

import asyncio
from dataclasses import dataclass

from interviewer import budget, store
from interviewer.analysis import loading
from interviewer.analysis.case import Case, Result, digest
from interviewer.analysis.steps import QUOTES, STEPS, TRANSLATION, Step, holding
from interviewer.deps import Deps
from interviewer.errors import LLMUnavailable
from interviewer.store import agreement, search, translations
from interviewer.store.analysis import State
from interviewer.transcript import Speaker

MODEL_TRIES = 3
FEWEST_ANSWERS = 2
"""Answers from which an abandoned interview is worth analysing."""
LONGEST_ERROR = 200


@dataclass(frozen=True)
class Due:
    """A step to run: what it reads, and how often a model was tried for it."""

    step: Step
    case: Case
    digest: str
    tries: int
    by_model: bool
    """There is a model for it, and the day's budget of it is not used up."""
    over_budget: bool


@dataclass(frozen=True)
class Made:
    """What a step came to, and the trouble with the model, if there was any."""

    result: Result
    tries: int
    trouble: LLMUnavailable | None = None

    @property
    def state(self) -> State:
        again = self.trouble is not None and not self.trouble.permanent and self.tries < MODEL_TRIES
        return State.WAITING if again else State.DONE


async def analyse(deps: Deps, interview_id: str, *, again: bool = False) -> None:
    """Bring the analysis of an ended interview up to date. Harmless where it is, or where there is nothing to analyse.

    `again` makes every step anew. A step that fails is left marked as failed, and costs only those that read it; its
    error is raised at the end. Else raises LLMUnavailable where the model should be tried again later; by then the
    rules have said what they can.
    """
    if again:
        async with deps.db.write() as tx:
            await store.analysis.reopen(tx, interview_id, [step.name for step in STEPS], forget_tries=True)
    trouble: LLMUnavailable | None = None
    failed: dict[str, Exception] = {}
    for step in STEPS:
        if cause := next((failed[name] for name in step.reads if name in failed), None):
            failed[step.name] = cause
            continue
        try:
            trouble = await _run(deps, interview_id, step) or trouble
        except Exception as error:
            failed[step.name] = error
    if failed:
        raise next(iter(failed.values()))
    if trouble is not None:
        raise trouble


async def _run(deps: Deps, interview_id: str, step: Step) -> LLMUnavailable | None:
    """Do what is due of a step, anew where what it read was changed meanwhile. Gives the trouble to try again after."""
    while due := await _due(deps, interview_id, step):
        made = await _make(deps, interview_id, due)
        if await _keep(deps, interview_id, due, made):
            return made.trouble if made.state is State.WAITING else None
    return None


async def _due(deps: Deps, interview_id: str, step: Step) -> Due | None:
    """What the step is to read; None where it has nothing to do."""
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        if row is None or not agreement.stands(row) or not (row.completed_at or row.abandoned_at):
            return None
        case = await loading.case(deps, tx, row, step)
        known = await store.analysis.get(tx, interview_id, step.name)
        model = step.by_model is not None and not deps.llm.scripted
        spent = model and await budget.used_up(deps, tx, for_interviews=False)
    if not row.completed_at and len(case.transcript.answers) < FEWEST_ANSWERS:
        return None
    read = digest(case)
    if known is None or known.transcript_digest != read:
        tries = 0
    elif known.state == State.DONE:
        return None
    else:
        tries = known.attempts
    return Due(step, case, read, tries, by_model=model and not spent, over_budget=spent)


async def _make(deps: Deps, interview_id: str, due: Due) -> Made:
    """Ask the model where there is one, else or instead go by the rules."""
    step = due.step
    try:
        if step.by_model is None or not due.by_model:
            return Made(await asyncio.to_thread(step.by_rules, due.case), due.tries)
        try:
            async with budget.within(deps, budget.ANALYSIS) as counted:
                return Made(await step.by_model(counted, due.case), due.tries + 1)
        except LLMUnavailable as trouble:
            return Made(await asyncio.to_thread(step.by_rules, due.case), due.tries + 1, trouble)
    except Exception as error:
        await _fail(deps, interview_id, due, error)
        raise


async def _keep(deps: Deps, interview_id: str, due: Due, made: Made) -> bool:
    """Put what a step made in place of what it made before. False where what it had read was changed meanwhile."""
    name = due.step.name
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        if row is None or not agreement.stands(row):
            return True
        if digest(await loading.case(deps, tx, row, due.step)) != due.digest:
            return False
        turns = {
            turn.number: turn for turn in await store.turns.rows(tx, interview_id) if turn.speaker == Speaker.BUYER
        }
        result = holding(due.case, made.result)
        changes = await store.statements.replace(tx, interview_id, name, turns, result.claims)
        if name == QUOTES:
            changes += await store.quotes.tag(tx, interview_id, name, turns, result.marks)
        if name == TRANSLATION:
            await translations.replace(
                tx, interview_id, "en", result.translations, made_by=result.made_by, prompt_id=result.prompt_id
            )
        await store.quotes.sweep(tx, interview_id)
        await search.index(tx, interview_id)
        await store.analysis.mark(
            tx,
            interview_id,
            name,
            made.state,
            deps.now(),
            transcript_digest=due.digest,
            attempts=made.tries,
            made_by=result.made_by,
            prompt_id=result.prompt_id,
            error=_why(due, made),
            changes=changes,
        )
    return True


def _why(due: Due, made: Made) -> str:
    """Why rules did what a model was there for."""
    if due.over_budget:
        return budget.OVER
    return f"LLMUnavailable: {made.trouble.reason}"[:LONGEST_ERROR] if made.trouble else ""


async def _fail(deps: Deps, interview_id: str, due: Due, error: Exception) -> None:
    """Leave the step marked as failed. Only the error's kind is kept: its words may be a buyer's."""
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        if row is None or not agreement.stands(row):
            return
        await store.analysis.mark(
            tx,
            interview_id,
            due.step.name,
            State.FAILED,
            deps.now(),
            transcript_digest=due.digest,
            attempts=due.tries + 1,
            error=type(error).__name__,
        )

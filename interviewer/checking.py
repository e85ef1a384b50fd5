"""Check the answers before they go: change, remove, send; and what becomes of an interview that falls silent."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from interviewer import deliveries, interviews, store
from interviewer.bookings import call_off, requests
from interviewer.deps import Deps
from interviewer.errors import EmptyAnswer, NotAllowed, NotFound, TooLong
from interviewer.flows import engine, plain, reading
from interviewer.flows.model import Flow
from interviewer.store import audit, bookings, releases, search
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.transcript import Act, Speaker

SILENT_COMPLETE = timedelta(minutes=30)
SILENT_ABANDONED = timedelta(hours=24)
ANSWERS_WORTH_ANALYSING = 2
_WORDED = frozenset({"ask", "probe", "one_more"})
"""Moves whose words may pick up what the buyer said."""


async def change(deps: Deps, interview_id: str, *, browser: str, number: int, text: str) -> None:
    """Put new words in place of an answer. Raises as `interviews.answer` does, NotAllowed for another's answer."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise EmptyAnswer
    if len(text) > interviews.LONGEST_ANSWER:
        raise TooLong(length=len(text), limit=interviews.LONGEST_ANSWER)
    await _revise(deps, interview_id, browser, number, text)


async def remove(deps: Deps, interview_id: str, *, browser: str, number: int) -> None:
    """Take an answer out: an empty revision."""
    await _revise(deps, interview_id, browser, number, "")


async def restore(deps: Deps, interview_id: str, *, browser: str, number: int) -> None:
    """Put a removed answer back as it was."""
    async with deps.db.read() as tx:
        turn = await store.turns.get(tx, interview_id, number)
        text = await store.turns.last_words(tx, turn) if turn is not None and turn.removed else ""
    if text:
        await _revise(deps, interview_id, browser, number, text)


async def _revise(deps: Deps, interview_id: str, browser: str, number: int, text: str) -> None:
    async with deps.db.write() as tx:
        row = await interviews.open_interview(tx, interview_id)
        turn = await store.turns.get(tx, interview_id, number, lock=True)
        if turn is None or turn.speaker != Speaker.BUYER or turn.act != Act.ANSWER:
            raise NotFound
        if turn.browser != browser and not await store.interviews.is_proved(tx, row, browser):
            raise NotAllowed
        if turn.text == text:
            return
        flow = await store.interviews.flow(tx, row)
        await _unquote(deps, tx, row, flow, turn, text)
        await store.turns.revise(tx, turn, text, deps.now(), removed=not text)
        await _reassess(tx, row, flow, turn)
        interviews.reopen(row, deps.now())
        tx.add(row)


async def _unquote(deps: Deps, tx: Tx, row: InterviewRow, flow: Flow, changed: TurnRow, text: str) -> None:
    """Take words that the buyer takes back out of the questions that picked them up."""
    taken_back = _words(changed.text) - _words(text)
    invitation = await store.invitations.get(tx, row.invitation_id)
    context, phrases = interviews.known_to(deps, flow, invitation), deps.phrases.get(row.language)
    for turn in await store.turns.rows(tx, row.id):
        if turn.number < changed.number or turn.move.partition(":")[0] not in _WORDED:
            continue
        question = plain.same_question(flow, turn.move, turn.topic, context, phrases)
        if taken_back & _words(turn.text) - _words(question):
            turn.text = question
            tx.add(turn)


def _words(text: str) -> set[str]:
    """Words that can give something away: long ones, figures, and whatever is written like a name."""
    found = re.findall(r"\w+", text)
    return {word.lower() for word in found if len(word) > 3 or word.isdigit() or word[0].isupper()}


async def _reassess(tx: Tx, row: InterviewRow, flow: Flow, changed: TurnRow) -> None:
    """Judge the new words by the rules: what is covered follows the latest text."""
    if not changed.text:
        changed.assessment = None
        return
    whole = await store.turns.transcript(tx, row.id)
    until = tuple(turn for turn in whole.turns if turn.number <= changed.number)
    changed.assessment = store.turns.assessment_data(reading.assess(flow, replace(whole, turns=until)))


async def send(deps: Deps, interview_id: str, *, browser: str) -> None:
    """The buyer sends: the interview is complete and its analysis is due (not a preview's). Twice is harmless.

    Raises EmptyAnswer with nothing to send, NotAllowed for a browser that has not proved itself, InterviewClosed.
    """
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        if row is not None and row.completed_by == "buyer":
            return
        row = await interviews.open_interview(tx, interview_id)
        if not (await store.turns.transcript(tx, interview_id)).answers:
            raise EmptyAnswer
        if not await store.interviews.is_proved(tx, row, browser):
            raise NotAllowed  # it would send what it may not read
        now = deps.now()
        row.completed_at, row.completed_by, row.abandoned_at, row.last_active_at = now, "buyer", None, now
        tx.add(row)
        await store.turns.drop_pending(tx, interview_id)
        await store.turns.drop_revisions(tx, interview_id)
        if not await store.interviews.is_preview(tx, row):
            await deps.jobs.enqueue(tx, "analyse", interview_id)


async def withdraw(deps: Deps, interview_id: str, *, browser: str) -> None:
    """The buyer no longer agrees, and lets what was said be kept: nothing more is asked, and nothing of it is released
    or goes back to the CRM any more. What was released is taken back, and a call to come called off. Twice is harmless.

    Raises NotAllowed for a browser that has not proved itself, before the first answer every one; NotFound.
    """
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        if row is None or row.deleted_at:
            raise NotFound
        if not await store.interviews.is_proved(tx, row, browser):
            raise NotAllowed
        if row.withdrawn_at:
            return
        now, preview = deps.now(), await store.interviews.is_preview(tx, row)
        row.withdrawn_at, row.audiences, row.crm_consent = now, [], False
        if not row.completed_at:
            row.abandoned_at = row.abandoned_at or now
        tx.add(row)
        await store.turns.drop_pending(tx, interview_id)
        await releases.drop(tx, interview_id)
        await search.index(tx, interview_id)
        await store.invitations.get(tx, row.invitation_id, lock=True)
        await call_off(deps, tx, row.invitation_id)
        await requests.forget(tx, row.invitation_id)
        if not preview:
            audit.add(tx, "", "no longer agreed, by the buyer", f"interview:{interview_id}", now)


async def mail_copy(deps: Deps, interview_id: str, *, browser: str) -> None:
    """Mail the answers to the invited address. Raises NotAllowed for a browser that may not read them, NotFound."""
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id)
        if row is None or row.completed_by != "buyer" or row.deleted_at:
            raise NotFound
        if not await store.interviews.is_proved(tx, row, browser):
            raise NotAllowed
        if not await deliveries.queue_copy(deps, tx, interview_id):
            raise NotFound


async def consent_to_crm(deps: Deps, interview_id: str, *, browser: str, agreed: bool) -> None:
    """Keep whether the reason may go back to the CRM. Asked once, after sending; the first answer stands."""
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        if row is None or row.completed_by != "buyer" or row.deleted_at:
            raise NotFound
        if not await store.interviews.is_proved(tx, row, browser):
            raise NotAllowed
        if row.crm_consent is None:
            row.crm_consent = agreed
            tx.add(row)


async def settle_silent(deps: Deps) -> int:
    """End what fell silent: all core topics answered, complete after 30 minutes; else abandoned after 24 hours.

    Either is analysed, an abandoned one from two answers on. Returns how many were ended.
    """
    now = deps.now()
    async with deps.db.read() as tx:
        silent = await store.interviews.silent_since(tx, now - SILENT_COMPLETE)
        due = [row.id for row in silent if await _how_it_ended(tx, row, now)]
    ended = 0
    for interview_id in due:
        async with deps.db.write() as tx:
            row = await store.interviews.get(tx, interview_id, lock=True)
            how = await _how_it_ended(tx, row, now) if row is not None else ""
            if row is None or not how:
                continue
            if how == "completed":
                row.completed_at, row.completed_by = now, "silence"
            else:
                row.abandoned_at = now
            tx.add(row)
            ended += 1
            answers = (await store.turns.transcript(tx, interview_id)).answers
            if how == "completed" or len(answers) >= ANSWERS_WORTH_ANALYSING:
                await deps.jobs.enqueue(tx, "analyse", interview_id)
    return ended


async def _how_it_ended(tx: Tx, row: InterviewRow, now: datetime) -> str:
    """`completed` or `abandoned` where silence has ended it, else empty."""
    called = await bookings.over_at(tx, row.invitation_id)
    silence = now - max(row.last_active_at, called or row.last_active_at)  # who has a call to come did not fall silent
    if row.completed_at or row.abandoned_at or row.deleted_at or silence < SILENT_COMPLETE:
        return ""
    transcript = await store.turns.transcript(tx, row.id)
    done, total = engine.progress(await store.interviews.flow(tx, row), transcript)
    if done >= total and transcript.answers:
        return "completed"
    return "abandoned" if silence >= SILENT_ABANDONED else ""

"""The turn loop: start, keep the answer, produce the reply (architecture.md, "One turn").

An answer is on disk before any model is asked. The next message depends only on kept turns, so a crash, a reload and
a retry are all the same `reply`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from interviewer import budget, metrics, notice, store, tracing, wording
from interviewer.confidentiality import IN_FORCE, promise_version
from interviewer.deps import Deps
from interviewer.errors import (
    EmptyAnswer,
    InterviewClosed,
    KeyReused,
    LinkInvalid,
    NotFound,
    NotSaved,
    OutOfTurn,
    TooLong,
)
from interviewer.flows import speech
from interviewer.flows.model import Flow
from interviewer.flows.moves import Close, CloseReason, Move, Reply
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Act, AnswerKind, Assessment, Context, Speaker, Transcript
from interviewer.wording import Spoken

LONGEST_ANSWER = 4000
"""Characters of one message (trust.md 19)."""
LEASE = timedelta(seconds=15)
AT_ONCE = 32
"""Stale replies taken up together, so that a dead worker's are back within 40 s (trust.md 33)."""
TRIES = 3
"""After so many failures at one reply, the interview closes politely instead of trying for ever."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Known:
    """What a reply is made from, as it stood when the answer to it was kept."""

    row: InterviewRow
    invitation: InvitationRow
    flow: Flow
    before: list[TurnRow]
    """The turns up to that answer."""
    failures: int = 0
    """Tries at this reply that failed."""
    calls: int = 0
    """Of a model for this reply already, whose words came too late: it is not asked again."""


@dataclass(frozen=True)
class Receipt:
    """An answer is on disk; the reply to it will stand at `reply_number`."""

    number: int
    reply_number: int
    lease: str = ""
    """Of who kept the answer, to produce the reply with; empty where somebody else already may be at it."""
    known: Known | None = None
    """With the lease, so that the reply need not read again what the answer has just read."""


async def start(deps: Deps, invitation_id: str) -> str:
    """Open the interview, or find the open one. Returns its public id. Starting twice is harmless.

    Raises LinkInvalid where the invitation was withdrawn or erased meanwhile.
    """
    async with deps.db.write() as tx:
        invitation = await store.invitations.get(tx, invitation_id, lock=True)
        if invitation is None or invitation.erased_at or invitation.revoked_at:
            raise LinkInvalid
        if row := await store.interviews.of_invitation(tx, invitation_id):
            await _rewind(tx, row)
            return row.id
        flow = deps.flows.get(invitation.flow)
        now = deps.now()
        shown = notice.of(deps, invitation.language, product=invitation.product)
        await store.interviews.keep_notice(tx, shown.digest, shown.text, now)
        row = InterviewRow(
            id=deps.new_id(),
            invitation_id=invitation_id,
            flow=flow.id,
            flow_digest=await store.interviews.keep_flow(tx, flow, now),
            language=invitation.language.lower().partition("-")[0],  # wordings know no regions
            notice_digest=shown.digest,
            audiences=sorted(IN_FORCE.hearers),
            promise_version=promise_version(IN_FORCE, invitation.language.lower().partition("-")[0]),
            started_at=now,
            last_active_at=now,
        )
        tx.add(row)
        await tx.flush()
        opening = wording.open_with(
            deps, flow, Transcript(language=row.language, context=known_to(deps, flow, invitation))
        )
        first = TurnRow(interview_id=row.id, number=1, speaker=Speaker.INTERVIEWER, at=now)
        _speak(first, opening)
        tx.add(first)
        return row.id


async def begin_again(deps: Deps, interview_id: str) -> None:
    """Back to the first question, where every question was skipped and nothing was typed. Else nothing happens."""
    async with deps.db.write() as tx:
        await _rewind(tx, await open_interview(tx, interview_id))


async def _rewind(tx: Tx, row: InterviewRow) -> None:
    """Whoever skipped to the end without a word (a mail scanner may) must not have used up the interview."""
    if not row.first_answer_at and not row.deleted_at:
        turns = await store.turns.rows(tx, row.id)
        if turns and _closed(turns[-1]):
            await store.turns.drop_after(tx, row.id, 1)


async def answer(deps: Deps, interview_id: str, *, browser: str, key: str, number: int, text: str) -> Receipt:
    """Keep the answer; its reply becomes due. Posting the same `key` twice is harmless.

    Raises EmptyAnswer, TooLong, KeyReused, OutOfTurn, InterviewClosed, NotFound, or NotSaved.
    """
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise EmptyAnswer
    if len(text) > LONGEST_ANSWER:
        raise TooLong(length=len(text), limit=LONGEST_ANSWER)
    return await _keep(deps, interview_id, browser, key, number, text, Act.ANSWER)


async def skip(deps: Deps, interview_id: str, *, browser: str, key: str, number: int) -> Receipt:
    """Leave the open question. Raises as `answer` does."""
    return await _keep(deps, interview_id, browser, key, number, "", Act.SKIP)


async def _keep(deps: Deps, interview_id: str, browser: str, key: str, number: int, text: str, act: Act) -> Receipt:
    if not key or len(key) > 64:
        raise OutOfTurn(expected=0)
    async with deps.db.write() as tx:
        row, invitation = await _open(tx, interview_id)
        text_hash = hashlib.sha256(f"{act}:{text}".encode()).hexdigest()
        turns = await store.turns.rows(tx, interview_id)
        if kept := next((turn for turn in turns if turn.client_key == key), None):
            if kept.text_hash != text_hash:
                raise KeyReused
            return Receipt(kept.number, kept.number + 1)
        last = turns[-1]
        if last.pending or last.number + 1 != number or _closed(last):
            raise OutOfTurn(expected=last.number + 1)
        now, lease = deps.now(), deps.new_id()
        if text and not row.first_answer_at:
            row.first_answer_at, row.proved_browser = now, browser
        reopen(row, now)
        said = TurnRow(
            interview_id=interview_id,
            number=number,
            speaker=Speaker.BUYER,
            act=act,
            topic=last.topic,
            text=text,
            at=now,
            client_key=key,
            text_hash=text_hash,
            browser=browser,
            proved=await store.interviews.is_proved(tx, row, browser),
        )
        due = TurnRow(
            interview_id=interview_id,
            number=number + 1,
            speaker=Speaker.INTERVIEWER,
            at=now,
            reply_to=number,
            pending=True,
            lease_owner=lease,
            lease_until=now + LEASE,
        )
        tx.add_all((row, said, due))
        known = Known(row, invitation, await store.interviews.flow(tx, row), [*turns, said])
        return Receipt(number, number + 1, lease, known)


async def reply(deps: Deps, interview_id: str, number: int, *, lease: str = "", known: Known | None = None) -> bool:
    """Produce the reply that is due at `number`. Called by any number of workers, exactly one of them speaks: True.

    Whoever kept the answer holds the `lease` already, with what is `known`; others take it when it has run out.
    """
    owner = lease or deps.new_id()
    if not lease:
        async with deps.db.write() as tx:
            if not await store.turns.claim(tx, interview_id, number, owner, deps.now(), LEASE):
                return False
    try:
        with tracing.span("turn"):
            return await _produce(deps, interview_id, number, owner, known)
    except (Exception, asyncio.CancelledError) as error:
        # Whoever asks next may try at once, rather than wait for the lease to run out.
        with contextlib.suppress(Exception):
            async with deps.db.write() as tx:
                failed = not isinstance(error, asyncio.CancelledError)  # told to stop
                await store.turns.give_back(tx, interview_id, number, owner, failed=failed)
        raise


async def _produce(deps: Deps, interview_id: str, number: int, owner: str, known: Known | None) -> bool:
    """Find the words for the reply at `number` and keep them, unless `owner` holds it no more."""
    async with _holding(deps, interview_id, number, owner):
        known = known or await _known(deps, interview_id, number, owner)
        if known is None:
            return False
        spoken = await _respond(deps, known, over_budget=await budget.gone(deps))
    async with deps.db.write() as tx:
        await store.interviews.get(tx, interview_id, lock=True)  # first, as everybody does who writes to it
        turns = await store.turns.rows(tx, interview_id)
        before = [turn for turn in turns if turn.number < number]
        kept = next((turn for turn in turns if turn.number == number), None)
        if kept is None or not kept.pending or kept.lease_owner != owner:
            return False
        tx.add(kept)
        if list(map(_words, before)) != list(map(_words, known.before)):
            kept.lease_until = None  # the buyer changed an answer meanwhile, and these words may rest on the old one
            _charge(deps, kept, spoken)
            return False
        _speak(kept, spoken)
        _charge(deps, kept, spoken)
        kept.at, kept.pending, kept.lease_until = deps.now(), False, None
        if spoken.assessment is not None:
            before[-1].assessment = store.turns.assessment_data(spoken.assessment)
            tx.add(before[-1])
    if not known.invitation.preview:
        metrics.said(spoken.source, spoken.verdicts)
    return True


async def _known(deps: Deps, interview_id: str, number: int, owner: str) -> Known | None:
    """What the reply at `number` is made from; None where it is not due any more, or not from `owner`."""
    async with deps.db.read() as tx:
        found = await store.interviews.with_invitation(tx, interview_id)
        turns = await store.turns.rows(tx, interview_id)
        due = next((turn for turn in turns if turn.number == number), None)
        if found is None or found[0].deleted_at or due is None or not due.pending or due.lease_owner != owner:
            return None
        row, invitation = found
        before = [turn for turn in turns if turn.number < number]
        return Known(row, invitation, await store.interviews.flow(tx, row), before, due.failures, due.calls)


def _words(turn: TurnRow) -> tuple[int, str, bool]:
    return turn.number, turn.text, turn.removed


async def _respond(deps: Deps, known: Known, *, over_budget: bool) -> Spoken:
    """The next message. A defect on the way costs tries; then the interview closes, with every answer kept."""
    flow, before, answered = known.flow, known.before, known.before[-1]
    transcript = replace(
        store.turns.as_transcript(before, language=known.row.language), context=known_to(deps, flow, known.invitation)
    )
    try:
        return await wording.respond(
            deps,
            flow,
            transcript,
            # A browser that has not proved itself gets scripted words: a model might repeat earlier answers to it.
            alone=not answered.proved or known.calls > 0,
            model_turns=sum(1 for turn in before if turn.calls),
            tokens_spent=sum(turn.tokens for turn in before),
            over_budget=over_budget,
        )
    except Exception:
        if known.failures + 1 < TRIES:
            raise
        log.exception("reply given up", interview=answered.interview_id, number=answered.number + 1)
        move = Close(CloseReason.CAPPED, why="The reply failed several times; closed with every answer kept.")
        words = speech.say(flow, move, transcript, deps.phrases.get(transcript.language))
        return Spoken(
            move=move, text=words, source="fallback", assessment=Assessment(AnswerKind.SPECIFIC, (answered.topic,))
        )


async def resume_stale(deps: Deps) -> int:
    """Produce replies that nobody is working on any more (a worker died). Returns how many were taken up."""
    async with deps.db.read() as tx:
        due = await store.turns.stale(tx, deps.now())
    room = asyncio.Semaphore(AT_ONCE)

    async def resume(interview_id: str, number: int) -> None:
        async with room:
            try:
                await reply(deps, interview_id, number)
            except Exception as error:
                log.error("reply failed", interview=interview_id, number=number, error=type(error).__name__)

    await asyncio.gather(*(resume(interview_id, number) for interview_id, number in due))
    return len(due)


async def open_interview(tx: Tx, interview_id: str) -> InterviewRow:
    """The interview, locked, if something may still be added. Raises NotFound or InterviewClosed."""
    return (await _open(tx, interview_id))[0]


async def _open(tx: Tx, interview_id: str) -> tuple[InterviewRow, InvitationRow]:
    """As `open_interview`, with its invitation."""
    found = await store.interviews.with_invitation(tx, interview_id, lock=True)
    if found is None:
        raise NotFound
    row, invitation = found
    withdrawn = invitation.revoked_at or invitation.erased_at
    if row.deleted_at or row.withdrawn_at or row.completed_by == "buyer" or withdrawn:
        raise InterviewClosed
    return row, invitation


def reopen(row: InterviewRow, now: datetime) -> None:
    """The buyer is back: an interview that silence had ended goes on, and is analysed anew when it ends again."""
    row.last_active_at, row.abandoned_at = now, None
    row.completed_at, row.completed_by = None, ""


@contextlib.asynccontextmanager
async def _holding(deps: Deps, interview_id: str, number: int, owner: str) -> AsyncIterator[None]:
    """Renew the lease while the model thinks, so that nobody else answers meanwhile."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with contextlib.suppress(NotSaved):  # the next one may be; the lease is longer than that
                async with deps.db.write() as tx:
                    await store.turns.renew(tx, interview_id, number, owner, deps.now() + LEASE)

    task = asyncio.create_task(renew())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task


def known_to(deps: Deps, flow: Flow, invitation: InvitationRow | None) -> Context:
    """What the interviewer may know beforehand, and nothing else (trust.md 15)."""
    return Context(
        vendor=deps.settings.organisation,
        product=(invitation.product if invitation else "") or deps.settings.product,
        outcome=flow.outcome,
        role=invitation.role if invitation else "",
    )


def _speak(row: TurnRow, spoken: Spoken) -> None:
    row.text, row.move, row.why = spoken.text, spoken.move.key, spoken.move.why
    row.topic = _asked(spoken.move)
    row.source, row.model, row.prompt_id = spoken.source, spoken.model, spoken.prompt_id
    row.latency_ms, row.verdicts = spoken.latency_ms, list(spoken.verdicts)


def _charge(deps: Deps, row: TurnRow, spoken: Spoken) -> None:
    """Put down what a model took, whether its words are kept or came too late."""
    tokens = spoken.input_tokens + spoken.output_tokens
    row.calls, row.tokens = row.calls + spoken.calls, row.tokens + tokens
    budget.took(deps, tokens)


def _asked(move: Move) -> str:
    """The topic that the buyer's next answer is about."""
    return move.then.topic if isinstance(move, Reply) and move.then else move.topic


def _closed(last: TurnRow) -> bool:
    return last.move.startswith("close:")

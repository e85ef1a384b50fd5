"""The turn loop on both databases: one answer, one reply, whatever is repeated, raced or cut off."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from interviewer import checking, interviews, invitations, store
from interviewer.deps import Deps
from interviewer.errors import KeyReused, LLMUnavailable, OutOfTurn
from interviewer.invitees import Invitee
from interviewer.llm.scripted import ScriptedLLM
from interviewer.store.db import Database
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.web.buyer.replies import Replies
from interviewer.wording import Spoken
from tests.fakes.clock import FakeClock

SAID = "We missed two delivery windows in June and the ops director asked for a plan"


@pytest.fixture
async def interview_id(deps: Deps) -> str:
    [invited] = await invitations.invite(deps, [Invitee(email="kim@buyer.example")])
    return await interviews.start(deps, invited.invitation_id)


async def _turns(deps: Deps, interview_id: str) -> list[TurnRow]:
    async with deps.db.read() as tx:
        return await store.turns.rows(tx, interview_id)


async def _say(deps: Deps, interview_id: str, text: str = SAID, key: str = "k1", number: int = 2) -> str:
    """Keep an answer, and give the lease on its reply."""
    kept = await interviews.answer(deps, interview_id, browser="browser-1", key=key, number=number, text=text)
    return kept.lease


async def test_an_answer_is_kept_before_anyone_thinks_about_it(deps: Deps, interview_id: str) -> None:
    lease = await _say(deps, interview_id)
    first, said, due = await _turns(deps, interview_id)
    assert (said.text, said.topic) == (SAID, first.topic)
    assert due.pending and due.reply_to == said.number and due.text == ""
    await interviews.reply(deps, interview_id, due.number, lease=lease)
    _, said, reply = await _turns(deps, interview_id)
    assert reply.text and reply.move and reply.why and not reply.pending
    assert said.assessment


async def test_the_same_key_is_one_answer(deps: Deps, interview_id: str) -> None:
    said = [_say(deps, interview_id) for _ in range(50)]
    assert not any(isinstance(outcome, BaseException) for outcome in await asyncio.gather(*said))
    assert len(await _turns(deps, interview_id)) == 3
    with pytest.raises(KeyReused):
        await _say(deps, interview_id, text="other words")


async def test_fifty_keys_for_one_turn_are_one_answer(deps: Deps, interview_id: str) -> None:
    said = [_say(deps, interview_id, key=f"k{number}") for number in range(50)]
    outcomes = await asyncio.gather(*said, return_exceptions=True)
    assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, OutOfTurn) for outcome in outcomes) == 49
    assert len(await _turns(deps, interview_id)) == 3


async def test_many_workers_one_reply(deps: Deps, interview_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    respond = interviews.wording.respond

    async def counted(*given: object, **more: object) -> Spoken:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.05)
        return await respond(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(interviews.wording, "respond", counted)
    lease = await _say(deps, interview_id)
    others = [interviews.reply(deps, interview_id, 3) for _ in range(20)]
    await asyncio.gather(interviews.reply(deps, interview_id, 3, lease=lease), *others)
    await interviews.reply(deps, interview_id, 3)
    assert asked == 1
    assert len(await _turns(deps, interview_id)) == 3


class _Crash(BaseException):
    """The process is gone: nothing catches this."""


@pytest.mark.parametrize("boundary", range(1, 4))
async def test_a_crash_at_every_commit(
    deps: Deps, interview_id: str, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, boundary: int
) -> None:
    """Answer and reply commit some transactions; the process dies right before the n-th of them, then comes back."""
    commits = 0
    write = Database.write

    class _Dying:
        def __init__(self) -> None:
            self._real = write(deps.db)

        async def __aenter__(self) -> object:
            return await self._real.__aenter__()

        async def __aexit__(self, kind: object, error: object, trace: object) -> object:
            nonlocal commits
            commits += 1
            if commits == boundary:
                crash = _Crash()
                await self._real.__aexit__(_Crash, crash, None)
                raise crash
            return await self._real.__aexit__(kind, error, trace)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "write", lambda _self: _Dying())
    try:
        lease = await _say(deps, interview_id)
        await interviews.reply(deps, interview_id, 3, lease=lease)
    except _Crash:
        pass
    monkeypatch.setattr(Database, "write", write)

    clock.advance(seconds=16)  # the dead worker's lease runs out
    if boundary == 1:  # the answer itself was not kept: the phone still has it and sends it again
        assert len(await _turns(deps, interview_id)) == 1
        await _say(deps, interview_id)
        clock.advance(seconds=16)
    await interviews.resume_stale(deps)
    await interviews.resume_stale(deps)
    _, said, reply = await _turns(deps, interview_id)
    assert said.text == SAID
    assert reply.text and not reply.pending


async def test_a_living_worker_keeps_its_lease(deps: Deps, interview_id: str, clock: FakeClock) -> None:
    lease = await _say(deps, interview_id)
    async with deps.db.write() as tx:
        assert not await store.turns.claim(tx, interview_id, 3, "two", clock(), interviews.LEASE)
        await store.turns.renew(tx, interview_id, 3, lease, clock() + timedelta(seconds=30))
    clock.advance(seconds=16)
    assert await interviews.resume_stale(deps) == 0
    clock.advance(seconds=16)
    assert await interviews.resume_stale(deps) == 1
    assert not (await _turns(deps, interview_id))[-1].pending


async def test_words_removed_while_the_reply_is_made_do_not_come_back(
    deps: Deps, interview_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go = asyncio.Event(), asyncio.Event()
    plain = interviews.wording.respond

    async def thinking(*given: Any, **more: Any) -> Spoken:
        spoken = await plain(*given, **more)
        asked.set()
        await go.wait()
        return replace(spoken, calls=1, input_tokens=700, output_tokens=30)

    said = "Our Zirkon contract was just bad"
    with monkeypatch.context() as patched:
        patched.setattr(interviews.wording, "respond", thinking)
        kept = await interviews.answer(deps, interview_id, browser="browser-1", key="k", number=2, text=said)
        replying = asyncio.create_task(interviews.reply(deps, interview_id, 3, lease=kept.lease, known=kept.known))
        await asyncio.wait_for(asked.wait(), 30)
        await checking.remove(deps, interview_id, browser="browser-1", number=2)
        go.set()
        assert await replying is False, "these words rest on what is gone"
    due = (await _turns(deps, interview_id))[-1]
    assert (due.pending, due.lease_until, due.failures, due.text) == (True, None, 0, "")
    assert (due.calls, due.tokens) == (1, 730), "what the model took counts, or changing answers would be a way round"
    alone: list[bool] = []

    async def listening(*given: Any, **more: Any) -> Spoken:
        alone.append(more["alone"])
        return await plain(*given, **more)

    monkeypatch.setattr(interviews.wording, "respond", listening)
    assert await interviews.reply(deps, interview_id, 3)
    assert alone == [True], "and it is not asked twice for one reply"
    _, removed, spoken = await _turns(deps, interview_id)
    assert "Zirkon" not in spoken.text and spoken.text
    assert "Zirkon" not in str(removed.assessment)


async def test_who_is_told_to_stop_hands_the_reply_over_at_once(
    deps: Deps, interview_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def thinking(*_given: object, **_more: object) -> Spoken:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    with monkeypatch.context() as patched:
        patched.setattr(interviews.wording, "respond", thinking)
        replies = Replies(deps)
        kept = await interviews.answer(deps, interview_id, browser="browser-1", key="k", number=2, text=SAID)
        waiting = asyncio.create_task(replies.ready(interview_id, 3, 30, kept=kept))
        await asyncio.wait_for(asked.wait(), 30)
        await replies.drain(seconds=0)
        waiting.cancel()
    due = (await _turns(deps, interview_id))[-1]
    assert (due.pending, due.lease_until, due.failures) == (True, None, 0)
    assert await interviews.resume_stale(deps) == 1, "no lease is waited for"
    assert not (await _turns(deps, interview_id))[-1].pending


async def test_a_defect_never_ends_in_silence(deps: Deps, interview_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_given: object, **_more: object) -> Spoken:
        raise RuntimeError("a defect")

    monkeypatch.setattr(interviews.wording, "respond", broken)
    lease = await _say(deps, interview_id)
    for _ in range(interviews.TRIES - 1):
        with pytest.raises(RuntimeError):
            await interviews.reply(deps, interview_id, 3, lease=lease)
        lease = ""
    await interviews.reply(deps, interview_id, 3)
    last = (await _turns(deps, interview_id))[-1]
    assert last.move.startswith("close:") and last.source == "fallback" and last.text


async def test_an_interview_keeps_the_flow_it_began_with(deps: Deps, interview_id: str) -> None:
    async with deps.db.read() as tx:
        row = (await tx.exec(select(InterviewRow))).one()
        kept = await store.interviews.flow(tx, row)
    assert kept == deps.flows.get("loss")


async def test_what_a_dead_worker_left_is_taken_up_together_and_each_once(deps: Deps, clock: FakeClock) -> None:
    """A hundred buyers wait when two others sweep at the same moment."""
    invited = await invitations.invite(deps, [Invitee(email=f"b{number}@buyer.example") for number in range(100)])
    ids = [await interviews.start(deps, one.invitation_id) for one in invited]
    for one in ids:
        await _say(deps, one)
    clock.advance(seconds=16)
    model = _Crowd()
    sweeping = replace(deps, llm=model)
    async with asyncio.timeout(120):
        await asyncio.gather(interviews.resume_stale(sweeping), interviews.resume_stale(sweeping))
    assert model.asked == 100
    for one in ids:
        *_, reply = await _turns(deps, one)
        assert (reply.number, reply.pending, bool(reply.text)) == (3, False, True)
    assert await interviews.resume_stale(deps) == 0


class _Crowd(ScriptedLLM):
    """Answers nobody before a crowd has asked at the same time."""

    scripted = False

    def __init__(self) -> None:
        super().__init__()
        self.asked, self._enough = 0, asyncio.Event()

    async def complete(self, *given: Any, **more: Any) -> Any:
        self.asked += 1
        if self.asked == 32:
            self._enough.set()
        await self._enough.wait()
        raise LLMUnavailable("status 500")

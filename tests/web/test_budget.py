"""The day's budget of the model: over it interviews go on in the flow's own words, and the desk and `doctor` say so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest

from interviewer import budget, quality
from interviewer.cli.checks import work
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.llm.openai import OpenAILLM
from interviewer.store.db import Database
from interviewer.store.tables.interviews import TurnRow
from tests.fakes.clock import FakeClock
from tests.fakes.model_server import ModelServer
from tests.web.test_llm_wire import interviewed

A_TURN = 1_000
"""Fewer tokens than a turn takes."""


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
async def modelled(deps: Deps, server: ModelServer) -> AsyncIterator[Deps]:
    model = OpenAILLM(model="fake-1", api_key="k", base_url=server.url)
    yield replace(deps, llm=model)
    await model.close()


def buyer(name: str) -> Invitee:
    return Invitee(email=f"{name}@buyer.example", flow="loss")


def allowing(deps: Deps, tokens: int) -> Deps:
    return replace(deps, settings=deps.settings.model_copy(update={"model_daily_tokens": tokens}))


def sources(turns: list[TurnRow]) -> list[str]:
    return [turn.source for turn in turns if turn.reply_to]


async def test_over_the_days_budget_the_flows_own_words_carry_on(modelled: Deps, server: ModelServer) -> None:
    few = allowing(modelled, A_TURN)
    first = await interviewed(few, buyer("one"))
    assert sources(first) == ["model", "flow", "flow"], "the turn that uses it up is still the model's"
    assert all(turn.text for turn in first)
    assert [turn.why.endswith("The model's budget for the day is used up.") for turn in first if turn.reply_to] == [
        False, True, True,
    ]  # fmt: skip
    assert sources(await interviewed(few, buyer("two"))) == ["flow"] * 3, "it is one budget for all interviews"
    assert len(server.requests) == 1
    seen = await quality.report(few, Viewer("u", Role.PMM), quality.Wanted())
    assert seen.used_up


async def test_the_last_fifth_of_the_day_is_for_interviews(modelled: Deps) -> None:
    await interviewed(modelled, buyer("one"))
    async with modelled.db.read() as tx:
        spent = (await budget.today(tx, 0, modelled.now())).spent
        for allowed, analyses, asks in (
            (spent * 5 // 4, False, True),
            (spent * 5 // 4 + 2, True, True),
            (spent, False, False),
        ):
            some = allowing(modelled, allowed)
            assert await budget.used_up(some, tx, for_interviews=False) is not analyses
            assert await budget.used_up(some, tx, for_interviews=True) is not asks


async def test_turns_at_once_count_the_day_once_and_see_what_others_took_soon(
    modelled: Deps, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, counted, plain = allowing(modelled, A_TURN), 0, budget.today

    async def counting(*given: Any) -> budget.Budget:
        nonlocal counted
        counted += 1
        return await plain(*given)

    monkeypatch.setattr(budget, "today", counting)
    assert set(await asyncio.gather(*(budget.gone(few) for _ in range(40)))) == {False}
    assert counted == 1
    other = replace(few, db=Database(few.db.url))  # a process beside this one
    try:
        await interviewed(other, buyer("one"))
        assert await budget.gone(other)
    finally:
        await other.db.close()
    assert not await budget.gone(few)
    clock.advance(seconds=budget.RECOUNTED.total_seconds())
    assert await budget.gone(few)


async def test_the_next_day_has_a_budget_of_its_own(modelled: Deps, server: ModelServer, clock: FakeClock) -> None:
    few = allowing(modelled, A_TURN)
    await interviewed(few, buyer("one"))
    clock.advance(days=1)
    assert not (await quality.report(few, Viewer("u", Role.PMM), quality.Wanted())).used_up
    assert sources(await interviewed(few, buyer("two")))[0] == "model"


async def test_without_a_limit_everybody_gets_the_model(modelled: Deps) -> None:
    unlimited = allowing(modelled, 0)
    assert sources(await interviewed(unlimited, buyer("one"))) == ["model"] * 3
    async with modelled.db.read() as tx:
        spent = await budget.today(tx, 0, modelled.now())
        assert not await budget.used_up(unlimited, tx, for_interviews=True)
    assert spent.spent > 3 * A_TURN
    assert not spent.used_up


async def test_doctor_says_what_the_day_took(modelled: Deps, clock: FakeClock) -> None:
    assert await work.tokens(modelled.settings, modelled.db, clock()) is None
    await interviewed(modelled, buyer("one"))
    for allowed, state, words in ((0, "ok", "no limit"), (5_000_000, "ok", "of 5,000,000"), (9, "warn", "used up")):
        found = await work.tokens(allowing(modelled, allowed).settings, modelled.db, clock())
        assert found is not None
        assert (found.state, words in found.detail) == (state, True), found

"""The day's budget of the model counts what the analysis and the library take, and over it both go on by rules."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import structlog

from interviewer import budget, store
from interviewer.analysis import pipeline
from interviewer.deps import Deps
from interviewer.errors import LLMUnavailable, NotSaved
from interviewer.jobs import sweeps
from interviewer.library.answers import Reply
from interviewer.llm.openai import OpenAILLM
from interviewer.llm.scripted import ScriptedLLM
from interviewer.store import spending
from interviewer.store.db import Database, Tx
from interviewer.web.app import create_app
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.model_plays import stream
from tests.fakes.model_replies import REPLIES, good
from tests.fakes.model_server import ModelServer
from tests.store.talks import ended
from tests.web.desk_scene import Browser, analysed
from tests.web.test_budget import allowing

ASKED = "/desk/library/answer?q=what+did+buyers+say+about+the+night+desk%3F"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(brain=good) as running:
        yield running


@pytest.fixture
async def modelled(deps: Deps, server: ModelServer) -> AsyncIterator[Deps]:
    model = OpenAILLM(model="fake-1", api_key="k", base_url=server.url)
    yield replace(deps, llm=model, jobs=RecordingJobs())
    await model.close()


async def spent(deps: Deps) -> int:
    async with deps.db.read() as tx:
        return (await budget.today(tx, 0, deps.now())).spent


async def test_the_analysis_counts_and_goes_on_by_rules(modelled: Deps, server: ModelServer) -> None:
    interview_id = await ended(modelled)
    few = allowing(modelled, 1)
    await pipeline.analyse(few, interview_id)
    assert len(server.requests) == 1, "the step that uses it up is still the model's"
    assert await spent(few) > 1
    async with modelled.db.read() as tx:
        first, *others = [await store.analysis.get(tx, interview_id, name) for name in ("notes", "quotes", "summary")]
    assert first is not None and first.made_by == modelled.llm.name and not first.error
    assert [(row.made_by, row.state, row.error) for row in others if row] == [("rules", "done", budget.OVER)] * 2

    await pipeline.analyse(few, interview_id)
    assert len(server.requests) == 1, "what the rules did stays"
    await pipeline.analyse(modelled, interview_id, again=True)
    assert len(server.requests) == 1 + len(REPLIES), "until somebody has it made anew"


async def test_the_next_day_has_a_budget_of_its_own(modelled: Deps, clock: FakeClock) -> None:
    await pipeline.analyse(modelled, await ended(modelled))
    assert await spent(modelled) > 0
    clock.advance(days=1)
    assert await spent(modelled) == 0
    clock.advance(days=1)
    await sweeps.purge(modelled)
    async with modelled.db.read() as tx:
        assert await spending.since(tx, clock().replace(year=2000)) == 0


async def test_what_came_to_nothing_counts_as_well(modelled: Deps, server: ModelServer) -> None:
    server.script(*[stream("{")] * 3)
    with pytest.raises(LLMUnavailable):
        async with budget.within(modelled, budget.LIBRARY) as counted:
            prompt = modelled.prompts.load("answer_question", vendor="V", product="P")
            await counted.llm.complete(prompt, [], Reply, deadline_s=5)
    assert await spent(modelled) > 0


class Busy(Database):
    """A database that somebody else is writing to for too long."""

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        raise NotSaved("OperationalError")
        yield


async def test_an_answer_is_kept_though_its_tokens_cannot_be_put_down(modelled: Deps, server: ModelServer) -> None:
    server.brain = lambda _body: {"sentences": [{"text": "The desk closes at six.", "quotes": [1]}]}
    busy = Busy(modelled.db.url)
    prompt = modelled.prompts.load("answer_question", vendor="V", product="P")
    with structlog.testing.capture_logs() as logs:
        async with budget.within(replace(modelled, db=busy), budget.LIBRARY) as counted:
            done = await counted.llm.complete(prompt, [], Reply, deadline_s=5)
        server.script(*[stream("{")] * 3)
        with pytest.raises(LLMUnavailable):
            async with budget.within(replace(modelled, db=busy), budget.LIBRARY) as counted:
                await counted.llm.complete(prompt, [], Reply, deadline_s=5)
    assert done.value.sentences
    assert [(line["event"], line["use"], line["tokens"] > 0) for line in logs if "use" in line] == [
        ("tokens not counted", budget.LIBRARY, True)
    ] * 2
    assert not await spent(modelled)
    await busy.close()


async def test_the_desk_says_so_in_plain_words(modelled: Deps, server: ModelServer) -> None:
    interview_id = await ended(modelled)
    few = allowing(modelled, 1)
    await pipeline.analyse(few, interview_id)
    asked = len(server.requests)
    async with Browser(create_app(few), script=True) as browser:
        await browser.sign_in(few)
        answer = (await browser.get(ASKED)).text
        assert "budget for today is used up, so search answers" in answer
        page = (await browser.get(f"/desk/interviews/to-{interview_id}")).text
        assert "by rules, as the model’s budget of that day was used up" in page
    assert len(server.requests) == asked, "nobody asked the model"


async def test_a_question_to_the_library_counts(modelled: Deps, server: ModelServer) -> None:
    jobs = RecordingJobs()
    by_rules = replace(modelled, llm=ScriptedLLM(), jobs=jobs)
    await analysed(by_rules, jobs)
    server.brain = lambda _body: {"sentences": [{"text": "The desk closes at six.", "quotes": [1]}]}
    async with Browser(create_app(modelled), script=True) as browser:
        await browser.sign_in(modelled)
        await browser.get(ASKED)
    assert len(server.requests) == 1
    assert await spent(modelled) > 0

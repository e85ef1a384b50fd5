"""What is said when the model fails, dawdles, oversteps or slips: trouble is never the buyer's."""

from __future__ import annotations

import asyncio

import pytest

from interviewer.flows import lint
from interviewer.llm.openai import OpenAILLM
from interviewer.llm.scripted import ScriptedLLM
from interviewer.transcript import AnswerKind
from tests.core.wording_scene import (
    RICH,
    answered,
    opened,
    reply,
)
from tests.fakes.model_plays import changed, tokens
from tests.fakes.model_server import ModelServer

FAILURES = [
    "429", "quota", "401", "404", "500", "html", "cut", "ended_early", "malformed", "odd_chunk", "error_event",
    "empty", "refusal", "length", "content_filter", "filtered_prompt", "drifted", "endless", "no_choices",
    "null_choices", "tool_calls", "tool_calls_stop", "wrong_kind", "no_kind", "null_kind", "odd_message",
    "two_messages", "whole",
]  # fmt: skip


REFUSED = ["429", "quota", "401", "404", "500", "filtered_prompt"]


@pytest.mark.parametrize("scenario", FAILURES)
async def test_every_failure_ends_in_the_flows_own_next_question(
    server: ModelServer, model: OpenAILLM, scenario: str
) -> None:
    server.script(scenario, scenario)
    transcript = answered(opened(), RICH)
    spoken = await reply(model, transcript)
    alone = await reply(ScriptedLLM(), transcript)
    assert spoken.source == "fallback"
    assert (spoken.text, spoken.move, spoken.assessment) == (alone.text, alone.move, alone.assessment)
    assert spoken.calls == len(server.requests) <= 2
    answered_at_all = scenario not in REFUSED
    assert bool(spoken.input_tokens) is answered_at_all, "what was spent counts, whatever came of it"


@pytest.mark.parametrize("scenario", ["thinks_aloud", "in_parts", "listed", "slips"])
async def test_an_answer_in_odd_clothes_is_taken(server: ModelServer, model: OpenAILLM, scenario: str) -> None:
    server.script(scenario)
    spoken = await reply(model, answered(opened(), RICH))
    assert (spoken.source, spoken.calls, spoken.verdicts) == ("model", 1, ("passed",))
    assert spoken.text == "What happened around that, as you remember it?"
    assert spoken.assessment is not None
    assert spoken.assessment.kind is AnswerKind.SPECIFIC


async def test_an_answer_without_words_is_asked_for_once_more(server: ModelServer, model: OpenAILLM) -> None:
    server.script("no_message")
    spoken = await reply(model, answered(opened(), RICH))
    assert (spoken.source, spoken.calls, spoken.verdicts) == ("model", 2, ("empty", "passed"))


@pytest.mark.parametrize("scenario", ["slow_first_byte", "slow_trickle"])
async def test_a_slow_model_is_left_behind_at_the_deadline(
    server: ModelServer, model: OpenAILLM, scenario: str
) -> None:
    server.script(scenario)
    async with asyncio.timeout(25):  # the answer would take longer, or be a good one
        spoken = await reply(model, answered(opened(), RICH), deadline_s=0.5)
    assert spoken.source == "fallback"


async def test_nobody_there_to_ask() -> None:
    gone = OpenAILLM(model="m", api_key="k", base_url="http://127.0.0.1:9/v1")
    assert (await reply(gone, answered(opened(), RICH))).source == "fallback"
    await gone.close()


async def test_words_that_fail_the_lint_are_asked_for_once_more(server: ModelServer, model: OpenAILLM) -> None:
    server.script("leading")
    spoken = await reply(model, answered(opened(), RICH))
    assert (spoken.source, spoken.calls, len(server.requests)) == ("model", 2, 2)
    assert spoken.verdicts == ("leading", "passed")
    first, second = (request.body["messages"] for request in server.requests)
    assert f"leading: {lint.RULES['leading']}" in second[-1]["content"]
    assert first[:-1] == second[:-1]
    assert "worst part" not in server.requests[1].said
    assert spoken.input_tokens == sum(tokens(request.body) for request in server.requests)


@pytest.mark.parametrize("second", ["leading", "injected", "wrong_option", "empty", "500"])
async def test_a_second_failure_is_the_last(server: ModelServer, model: OpenAILLM, second: str) -> None:
    server.script("leading", second, *(["500"] if second == "500" else []))
    spoken = await reply(model, answered(opened(), RICH))
    assert (spoken.source, spoken.assessment and spoken.assessment.by) == ("fallback", "model")
    assert len(server.requests) == spoken.calls
    assert "?" in spoken.text


async def test_the_second_try_shares_the_deadline(server: ModelServer, model: OpenAILLM) -> None:
    server.script("leading", "slow_first_byte")
    async with asyncio.timeout(25):
        spoken = await reply(model, answered(opened(), RICH), deadline_s=1.6)
    assert spoken.source == "fallback"


async def test_what_the_model_judges_is_checked(server: ModelServer, model: OpenAILLM) -> None:
    told = {"covers": ["trigger", "nonsense"], "signals": ["made_up"], "hook": "our CEO saw", "about": "bot"}
    server.script(changed(lambda value: value | told))
    spoken = await reply(model, answered(opened(), RICH))
    assert spoken.assessment is not None
    assert spoken.assessment.covers == ("trigger",)
    assert (spoken.assessment.signals, spoken.assessment.hook, spoken.assessment.about) == ((), "", "")


async def test_markup_and_rules_told_by_the_model_are_not_shown(server: ModelServer, model: OpenAILLM) -> None:
    server.script("injected", "injected")
    spoken = await reply(model, answered(opened(), RICH))
    assert spoken.source == "fallback"
    assert "script" not in spoken.text

"""Every provider of `PROVIDERS` keeps the promise of `LLM`; `openai` does so against a server that misbehaves."""

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from interviewer import llm
from interviewer.errors import BadInput, LLMUnavailable
from interviewer.llm import PROVIDERS, conformance
from interviewer.llm.base import Message, Prompt
from interviewer.llm.openai import OpenAILLM
from tests.fakes.model_plays import answering, good, status, stream, tokens
from tests.fakes.model_server import ModelServer

PROMPT = Prompt("judge@00000000", "Judge the answer. Reply as JSON.")
SAID = [Message("user", "It was the price, mostly.")]
PATIENCE_S = 60.0
"""Never waited for where all is well: a machine may be slow."""
GOOD = {"kind": "vague", "topics": ["decision"], "message": "What about the price?"}


class Judged(BaseModel):
    kind: Literal["vague", "specific"]
    topics: list[str]
    message: str = ""


class Ticks:
    """Monotonic seconds that move when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(brain=lambda body: GOOD) as running:
        yield running


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
async def model(server: ModelServer, ticks: Ticks) -> AsyncIterator[OpenAILLM]:
    made = OpenAILLM(model="fake-1", api_key="secret-key", base_url=server.url, clock=ticks)
    yield made
    await made.close()


async def ask(model: OpenAILLM, deadline_s: float = PATIENCE_S, **more: Any) -> Any:
    return await model.complete(PROMPT, SAID, Judged, deadline_s=deadline_s, **more)


async def asked(server: ModelServer, times: int) -> None:
    """Wait until it has been."""
    async with asyncio.timeout(PATIENCE_S):
        while len(server.requests) < times:  # noqa: ASYNC110 - what is waited for happens in a thread
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_every_provider_gives_a_reply_or_says_that_it_cannot(name: str, server: ModelServer) -> None:
    made = PROVIDERS[name].from_env("fake-1", {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k"})
    assert made.name.partition(":")[0] == name
    await made.warm()
    if made.scripted:
        with pytest.raises(LLMUnavailable) as refused:
            await made.complete(PROMPT, SAID, Judged, deadline_s=PATIENCE_S)
        assert refused.value.permanent
    else:
        done = await made.complete(PROMPT, SAID, Judged, deadline_s=PATIENCE_S)
        assert done.value.message == "What about the price?"
    await made.close()


@pytest.mark.parametrize(
    ("given", "env", "name"),
    [
        ("", {}, "scripted"),
        ("", {"OPENAI_API_KEY": "k"}, "openai:m"),
        ("", {"OPENAI_BASE_URL": "http://localhost:1/v1"}, "openai:m"),
        ("scripted", {"OPENAI_API_KEY": "k"}, "scripted"),
    ],
)
def test_the_provider_follows_from_the_environment(given: str, env: dict[str, str], name: str) -> None:
    assert llm.choose(given, "m", env).name == name


@pytest.mark.parametrize(
    ("given", "env"),
    [("other", {}), ("openai", {"OPENAI_BASE_URL": "localhost:8000"}), ("openai", {"OPENAI_BASE_URL": "http://[x"})],
)
def test_a_wrong_setting_is_told_at_start(given: str, env: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        llm.choose(given, "m", env)


async def test_one_call_with_schema_streamed_and_not_stored(server: ModelServer, model: OpenAILLM) -> None:
    done = await ask(model)
    assert (done.value, done.calls, done.model) == (Judged.model_validate(GOOD), 1, "openai:fake-1")
    (request,) = server.requests
    assert (done.input_tokens, done.output_tokens) == (tokens(request.body), 60)
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == "Bearer secret-key"
    body = request.body
    assert body["model"] == "fake-1"
    assert body["stream"] is True
    assert body["store"] is False
    assert body["messages"] == [
        {"role": "system", "content": PROMPT.text},
        {"role": "user", "content": SAID[0].text},
    ]
    shape = body["response_format"]["json_schema"]
    assert shape["strict"] is True
    assert shape["schema"]["required"] == ["kind", "topics", "message"]
    assert shape["schema"]["additionalProperties"] is False


UNUSABLE = ["empty", "refusal", "length", "content_filter", "filtered_prompt", "endless"]
BROKEN = ["500", "cut", "ended_early", "malformed", "odd_chunk", "error_event", "html"]


@pytest.mark.parametrize("scenario", [*UNUSABLE, *BROKEN])
async def test_anything_but_a_whole_answer_is_unavailable(server: ModelServer, model: OpenAILLM, scenario: str) -> None:
    tries = 2 if scenario == "500" else 1
    server.script(*[scenario] * tries)
    with pytest.raises(LLMUnavailable) as caught:
        await ask(model)
    assert not caught.value.permanent
    assert caught.value.calls == len(server.requests) == tries
    assert "price" not in caught.value.reason
    assert (await ask(model)).value.kind == "vague", "the next question is asked as ever"


@pytest.mark.parametrize("scenario", ["401", "404", "quota"])
async def test_what_cannot_get_better_is_permanent_and_not_tried_again(
    server: ModelServer, model: OpenAILLM, ticks: Ticks, scenario: str
) -> None:
    server.script(scenario)
    for _ in range(3):
        with pytest.raises(LLMUnavailable) as caught:
            await ask(model)
        assert caught.value.permanent
    assert len(server.requests) == 1
    assert caught.value.calls == 0
    ticks.seconds += 299
    with pytest.raises(LLMUnavailable):
        await ask(model)
    ticks.seconds += 2
    assert (await ask(model)).value.kind == "vague"


@pytest.mark.parametrize("scenario", ["slow_first_byte", "slow_trickle"])
async def test_the_deadline_holds_over_the_whole_answer(server: ModelServer, model: OpenAILLM, scenario: str) -> None:
    await model.warm()
    server.script(scenario)
    async with asyncio.timeout(25):  # the answer would take longer, or be a good one
        with pytest.raises(LLMUnavailable):
            await ask(model, deadline_s=0.4)


async def test_a_refused_connection_is_unavailable() -> None:
    gone = OpenAILLM(model="m", api_key="k", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(LLMUnavailable) as caught:
        await ask(gone)
    assert caught.value.calls == 2
    await gone.close()


async def test_a_busy_server_is_asked_once_more(server: ModelServer, model: OpenAILLM) -> None:
    server.script(status(503, retry_after="0"))
    assert (await ask(model)).calls == 2
    assert len(server.requests) == 2


async def test_a_long_retry_after_is_not_waited_for_but_kept(
    server: ModelServer, model: OpenAILLM, ticks: Ticks
) -> None:
    server.script("429")
    for _ in range(3):
        with pytest.raises(LLMUnavailable) as caught:
            await ask(model)
        assert not caught.value.permanent
    assert len(server.requests) == 1
    ticks.seconds += 31
    await ask(model)
    assert len(server.requests) == 2


async def test_after_a_run_of_failures_nobody_waits_until_one_call_has_tried(
    server: ModelServer, model: OpenAILLM, ticks: Ticks
) -> None:
    server.script(*["malformed"] * 4)
    for _ in range(6):
        with pytest.raises(LLMUnavailable):
            await ask(model)
    assert len(server.requests) == 4
    ticks.seconds += 21
    speaks = threading.Event()
    server.script(lambda server, body: good(server, body) if speaks.wait(PATIENCE_S) else status(500))
    first = asyncio.create_task(ask(model))
    await asked(server, 5)
    with pytest.raises(LLMUnavailable):
        await ask(model)
    speaks.set()
    await first
    assert (await ask(model)).calls == 1
    assert len(server.requests) == 6


async def test_a_cancelled_trial_leaves_the_way_free(server: ModelServer, model: OpenAILLM, ticks: Ticks) -> None:
    server.script("401", stream(json.dumps(GOOD), first_s=PATIENCE_S))
    with pytest.raises(LLMUnavailable):
        await ask(model)
    ticks.seconds += 301
    trial = asyncio.create_task(ask(model))
    await asked(server, 2)
    trial.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trial
    assert (await ask(model)).value.kind == "vague"


async def test_refused_answers_do_not_stop_others_from_asking(server: ModelServer, model: OpenAILLM) -> None:
    server.script(*["refusal"] * 9)
    for _ in range(9):
        with pytest.raises(LLMUnavailable):
            await ask(model)
    await ask(model)
    assert len(server.requests) == 10


FORMATS = {
    "schema_unsupported": ["json_schema", "json_object"],
    "plain_only": ["json_schema", "json_object", None],
    "format_ignored": ["json_schema", "json_object", None],
}


@pytest.mark.parametrize("scenario", FORMATS)
async def test_formats_step_down_and_are_remembered(server: ModelServer, scenario: str) -> None:
    made = OpenAILLM(model=f"fake:{scenario}", api_key="k", base_url=server.url)
    assert (await ask(made)).calls == len(FORMATS[scenario])
    assert (await ask(made)).calls == 1
    asked = [request.body.get("response_format", {}).get("type") for request in server.requests]
    assert asked == [*FORMATS[scenario], FORMATS[scenario][-1]]
    assert "JSON Schema" in server.requests[-1].body["messages"][0]["content"]
    await made.close()


@pytest.mark.parametrize(
    ("scenario", "dropped"),
    [
        ("store_unknown", "store"),
        ("options_unknown", "stream_options"),
        ("effort_unknown", "reasoning_effort"),
        ("limit_unknown", "max_completion_tokens"),
    ],
)
async def test_a_parameter_that_is_not_known_is_left_out_from_then_on(
    server: ModelServer, scenario: str, dropped: str
) -> None:
    made = OpenAILLM(model=f"fake:{scenario}", api_key="k", base_url=server.url)
    await ask(made)
    before = len(server.requests)
    assert (await ask(made)).calls == 1
    assert len(server.requests) == before + 1
    assert dropped not in server.requests[-1].body
    assert server.requests[-1].body["response_format"]["type"] == "json_schema"
    await made.close()


@pytest.mark.parametrize(
    ("message", "sent_next"),
    [
        ("Your input 'We tried their store app' was not taken", True),
        ("extra characters in: I went to an extra store. Unknown to us, the store was shut", True),
        ("Unrecognized request argument supplied: store", False),
        ("store: Extra inputs are not permitted", False),
        ("{'type': 'extra_forbidden', 'loc': ('body', 'store'), 'msg': 'Extra inputs are not permitted'}", False),
        ('Invalid JSON payload received. Unknown name "store": Cannot find field.', False),
        ("property 'store' is unsupported", False),
        ("Parameter `store` is not supported by this model", False),
    ],
)
async def test_only_a_refusal_of_store_turns_it_off(
    server: ModelServer, model: OpenAILLM, message: str, sent_next: bool
) -> None:
    """A server that repeats the buyer's words must not talk us into having them stored (trust.md 20)."""
    server.script(status(400, message))
    with contextlib.suppress(LLMUnavailable):
        await ask(model)
    await ask(model)
    assert ("store" in server.requests[-1].body) is sent_next


async def test_an_answer_of_another_shape_costs_one_step_down_and_no_more(
    server: ModelServer, model: OpenAILLM
) -> None:
    server.script("drifted", "drifted")
    with pytest.raises(LLMUnavailable) as caught:
        await ask(model)
    assert caught.value.calls == 2
    assert model.accepted.now.format == "json_object"


async def test_a_wrong_value_in_the_right_shape_keeps_the_schema(server: ModelServer, model: OpenAILLM) -> None:
    server.script(answering(GOOD | {"kind": "unheard_of"}))
    with pytest.raises(LLMUnavailable):
        await ask(model)
    assert model.accepted.now.format == "json_schema"


async def test_a_400_that_names_nothing_is_not_repeated(server: ModelServer, model: OpenAILLM) -> None:
    server.script(status(400, "bad request"))
    with pytest.raises(LLMUnavailable) as caught:
        await ask(model)
    assert caught.value.calls == 1


async def test_a_call_ends_early_when_enough_is_known(server: ModelServer, model: OpenAILLM) -> None:
    await model.warm()
    server.script("slow_trickle")
    seen: list[dict[str, Any]] = []

    def enough(fields: Any) -> bool:
        seen.append(dict(fields))
        return "topics" in fields

    server.brain = lambda body: GOOD | {"message": "x" * 2000}
    done = await ask(model, enough=enough)
    assert done.value == Judged(kind="vague", topics=["decision"]), "its message was not waited for"
    assert done.output_tokens > 0, "estimated, as no usage was reported"
    assert seen[-1] == {"kind": "vague", "topics": ["decision"]}


async def test_the_check_says_what_the_server_can_do(server: ModelServer) -> None:
    server.brain = lambda body: {"mood": "happy", "message": "What made it lovely?"}
    for scenario, ok, words in (
        ("good", True, "answers by schema"),
        ("plain_only", True, "plain text"),
        ("401", False, "check the key"),
        ("500", False, "try again"),
    ):
        made = OpenAILLM(model=f"fake:{scenario}", api_key="k", base_url=server.url)
        checks = await conformance.check(made)
        assert all(check.ok for check in checks) is ok
        assert any(words in check.detail for check in checks)
        await made.close()
    (only,) = await conformance.check(llm.choose("scripted", "m", {}))
    assert only.ok

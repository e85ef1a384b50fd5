"""A model to word with: a real `openai` client against a local server that speaks the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from interviewer.llm.openai import OpenAILLM
from tests.fakes.model_server import ModelServer


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
async def model(server: ModelServer) -> AsyncIterator[OpenAILLM]:
    made = OpenAILLM(model="fake-1", api_key="k", base_url=server.url)
    await made.warm()
    yield made
    await made.close()

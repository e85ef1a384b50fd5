"""A model answers from the quotes that the search chose, and is taken at its word only where they carry it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from interviewer.deps import Deps
from interviewer.llm.openai import OpenAILLM
from interviewer.web.app import create_app
from tests.fakes.jobs import RecordingJobs
from tests.fakes.model_plays import Play, status, stream
from tests.fakes.model_server import ModelServer
from tests.web.desk_scene import Browser, play

QUESTION = "what+did+Brightwater+say+about+the+night+desk%3F"
ASKED = f"/desk/library/answer?q={QUESTION}"


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
async def desk(sqlite_deps: Deps, jobs: RecordingJobs, model: ModelServer) -> AsyncIterator[Browser]:
    said = ("The desk at Brightwater Leisure closes at six, says Marsh, and Shiftwell picked up at 4am", "Nothing else")
    await play(sqlite_deps, said=said)
    await jobs.run(sqlite_deps)
    llm = OpenAILLM(model="fake", api_key="k", base_url=model.url)
    deps = replace(sqlite_deps, llm=llm)
    async with Browser(create_app(deps), script=True) as browser:
        await browser.sign_in(deps)
        yield browser
    await llm.close()


def saying(*sentences: tuple[str, list[int]]) -> str:
    return json.dumps({"sentences": [{"text": text, "quotes": quotes} for text, quotes in sentences]})


async def test_sentences_that_cite_are_shown_others_are_not(desk: Browser, model: ModelServer) -> None:
    model.script(
        stream(saying(("The desk closes too early.", [1]), ("Globex was cheaper.", [1]), ("They loved it.", [])))
    )
    page = (await desk.get(ASKED)).text
    assert "The desk closes too early." in page and 'href="#hit1"' in page and "Answered by" in page
    assert "Globex" not in page and "loved" not in page


async def test_the_model_reads_quotes_without_whose_they_are(desk: Browser, model: ModelServer) -> None:
    await desk.get(ASKED)
    (request,) = model.requests
    said = json.loads(request.body["messages"][-1]["content"])
    assert said["quotes"] and all(set(quote) == {"number", "outcome", "words"} for quote in said["quotes"])
    assert not re.search("Brightwater|Marsh|jo@", json.dumps(said["quotes"]))
    assert "Brightwater" not in request.body["messages"][0]["content"]


@pytest.mark.parametrize("answer", [status(500), stream("{"), stream(saying(("Made up by Globex in 1999.", [1])))])
async def test_without_a_usable_answer_the_quotes_are_it(desk: Browser, model: ModelServer, answer: Play) -> None:
    model.script(*[answer] * 6)
    page = (await desk.get(ASKED)).text
    assert "Answered by search" in page and "Globex" not in page


async def test_words_are_not_put_to_the_model(desk: Browser, model: ModelServer) -> None:
    await desk.get("/desk/library/answer?q=shiftwell")
    assert model.requests == []


async def test_without_script_the_answer_is_a_page_away(desk: Browser, model: ModelServer) -> None:
    model.script(stream(saying(("The desk closes too early.", [1]))))
    del desk.http.headers["HX-Request"]
    page = (await desk.get(f"/desk/library?q={QUESTION}")).text
    (link,) = re.findall(r'<a href="(/desk/library/answer[^"]+)"', page)
    went = await desk.get(link)
    assert went.status_code == 303
    assert "The desk closes too early." in (await desk.get(went.headers["location"])).text

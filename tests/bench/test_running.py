"""Buyers over the real application: pages, database and engine; and the plain forms beside it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from interviewer.bench import page, report, running, score, session
from interviewer.bench.buyers import TopicAnswer
from interviewer.bench.talk import Played
from interviewer.deps import Deps
from interviewer.errors import BadInput
from interviewer.llm.openai import OpenAILLM
from tests.bench.cast import CAROL, JONAS
from tests.fakes.model_plays import answering
from tests.fakes.model_server import ModelServer

PRICES = report.Prices(read=0.25, written=2.0)


@pytest.fixture
async def deps() -> AsyncIterator[Deps]:
    async with session.stage() as staged:
        yield staged


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running_server:
        yield running_server


async def test_every_buyer_meets_every_interviewer(deps: Deps) -> None:
    told: list[None] = []
    plays = await running.run(deps, [CAROL, JONAS], done=lambda: told.append(None))
    assert [(play.interviewer, play.buyer.id) for play in plays] == [
        (name, buyer)
        for name in ("scripted", "static form", "probe after every answer", "probe after short answers")
        for buyer in ("carol", "jonas")
    ]
    assert len(told) == len(plays) == running.plays([CAROL, JONAS], model=False)
    for play in plays:
        assert play.exchanges[-1].answer is None and play.exchanges[-1].message.move.startswith("close:")
        assert all(exchange.answer for exchange in play.exchanges[:-1])
        assert play.usage.calls == 0


async def test_a_static_form_gets_what_is_volunteered_and_a_fixed_probe_gets_more(deps: Deps) -> None:
    standings = {one.name: one for one in score.standings(await running.run(deps, [CAROL, JONAS]))}
    static, every = standings["static form"], standings["probe after every answer"]
    assert static.at_depth(0) == (2, 2) and static.at_depth(1) == (0, 4)
    assert static.questions == 5 and every.questions == 10
    assert every.driver_share > static.driver_share
    assert static.faults["asked_again"] == every.faults["asked_again"] == 1
    assert static.faults["pressed"] == 0 and every.faults["pressed"] == 1


async def test_the_application_answers_by_its_own_pages(deps: Deps) -> None:
    application = session.Application(deps, CAROL, deps.llm)
    transcript = await application.begin()
    assert transcript.turns[-1].move == "ask:trigger"
    assert transcript.context.product == "Routely" and transcript.context.vendor == "Routely Inc"
    transcript = await application.hear("Two drivers quit in March <b>and</b> & so on.")
    assert [turn.text for turn in transcript.turns[1:2]] == ["Two drivers quit in March <b>and</b> & so on."]
    transcript = await application.hear("")
    assert transcript.turns[-2].act == "skip"
    assert all(turn.at is not None for turn in transcript)
    assert (transcript.turns[1].at or session.BEGIN) > session.BEGIN, "the clock is set, not waited for"
    await application.end()


async def test_a_buyer_of_any_manner_comes_to_an_end(deps: Deps) -> None:
    rude = {
        topic: TopicAnswer(says=says)
        for topic, says in zip(CAROL.topics, ("", "🙂", "<b>x</b>", "stop", "?"), strict=False)
    }
    buyer = CAROL.model_copy(update={"id": "rude", "topics": {**CAROL.topics, **rude}})
    plays = await running.run(deps, [buyer])
    assert all(len(play.exchanges) < 20 for play in plays)


async def test_an_unknown_flow_and_a_missing_model_are_refused(deps: Deps) -> None:
    with pytest.raises(BadInput, match=r"carol\.toml: flow: there is no flow 'lost'"):
        await running.run(deps, [CAROL.model_copy(update={"flow": "lost"})])
    with pytest.raises(BadInput, match="model: none is configured"):
        await running.run(deps, [CAROL], model=True)


async def test_a_model_is_played_beside_the_script_and_counted(deps: Deps, server: ModelServer) -> None:
    model = OpenAILLM(model="fake-1", api_key="k", base_url=server.url)
    plays = await running.run(replace(deps, llm=model), [CAROL], model=True)
    await model.close()
    scripted, asked, *_ = score.standings(plays)
    assert (scripted.name, asked.name) == ("scripted", "openai:fake-1")
    assert scripted.usage.calls == 0
    assert asked.usage.calls == len(server.requests)
    assert asked.usage.input_tokens >= 900 * len(server.requests)
    assert 0 < asked.usage.worded <= asked.usage.turns
    assert asked.cost(PRICES.read, PRICES.written) > 0
    shown = _printed(plays)
    assert "input tokens a turn" in shown and "cost of an interview" in shown


async def test_a_model_words_the_buyer_and_code_decides_what_comes_out(deps: Deps, server: ModelServer) -> None:
    server.script(*[answering({"message": "put my own way"})] * 200)
    model = OpenAILLM(model="fake-1", api_key="k", base_url=server.url)
    (play, *_) = await running.run(replace(deps, llm=model), [CAROL], buyer_model=True)
    await model.close()
    answers = [exchange.answer for exchange in play.exchanges if exchange.answer]
    assert all(answer.text == "put my own way" for answer in answers)
    assert {fact for answer in answers for fact in answer.facts} >= {"drivers_quit", "unreadable_quote"}
    assert play.usage.calls == 0, "the buyer's words are not the interviewer's cost"
    assert "Two drivers quit in March" in "".join(request.said for request in server.requests)


async def test_a_buyer_without_words_from_the_model_says_those_of_the_file(deps: Deps, server: ModelServer) -> None:
    server.script(*["401"] * 200)
    model = OpenAILLM(model="fake-1", api_key="k", base_url=server.url)
    (play, *_) = await running.run(replace(deps, llm=model), [CAROL], buyer_model=True)
    await model.close()
    assert play.exchanges[0].answer and play.exchanges[0].answer.text == CAROL.topics["trigger"].says


async def test_reports_say_the_same_in_every_form(deps: Deps) -> None:
    hostile = CAROL.model_copy(update={"market": "<script>alert(1)</script> & Sons"})
    plays = await running.run(deps, [hostile, JONAS])
    standings = score.standings(plays)
    shown, html = _printed(plays), page.write(standings, deps.flows)
    read = json.loads(report.as_json(standings, report.Prices()))
    assert [one["name"] for one in read["interviewers"]] == [standing.name for standing in standings]
    assert f"{read['interviewers'][0]['driver_share']:.2f}" in shown
    assert read["interviewers"][0]["cost_of_an_interview"] is None and "cost" not in shown
    first = read["interviewers"][0]["interviews"][0]
    assert {*first["drivers_reached"], *first["drivers_missed"]} == {"map_demo", "unreadable_quote", "board_rule"}
    assert "<script>" not in html and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in html
    assert "Moment, bist du ein Bot?" in html and "The board signs nothing" in html
    assert "pressed" in html and 'class="missed"' in html
    assert "What tipped it, follow-up: " in html and not re.search(r"\b(probe|ask):\w", html)
    assert "Averages" in html and "<td>all <small>2 buyers</small></td>" in html and "<td>win <small>1 buyer" in html
    assert f"<b>{standings[0].driver_share:.0%}</b> of drivers" in html and "Buyers are promised three" in html
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    for text in (html, shown, json.dumps(read)):
        assert str(Path.cwd()) not in text and "interviewer-bench-" not in text and "/tmp" not in text


def _printed(plays: list[Played]) -> str:
    console = Console(width=160, highlight=False)
    standings = score.standings(plays)
    with console.capture() as captured:
        console.print(report.table(standings, PRICES))
        console.print(report.each(standings[0]))
    return captured.get()

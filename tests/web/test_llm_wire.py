"""What leaves for the model in a real interview: one request a turn, and nothing that the CRM or the rep knows."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import fields, replace

import pytest

from interviewer import interviews, invitations, store
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.llm.openai import OpenAILLM
from interviewer.store.tables.interviews import TurnRow
from tests.fakes.model_server import ModelServer

BROWSER = "browser-1"
ANSWERS = (
    "In March our CFO saw the audit report and asked why two systems disagreed, so we set up a project that week.",
    "Price.",
    "Our security lead signed off on Northwind in a week, and nobody wanted another quarter of review meetings.",
)
PLANTED = Invitee(
    email="canary-address@buyer.example",
    name="Canary-name Person",
    role="economic buyer",
    company="Canary-company",
    flow="loss",
    product="Tidewater Flow",
    segment="canary-segment",
    amount="987654",
    currency="CHF",
    closed_on="2026-10-19",
    deal_id="canary-deal",
    owner="canary-rep",
    rep_reason="canary-reason: too expensive, said the rep",
    rep_competitor="canary-rival",
    reason_category="pricing",
    reason_driver="canary-driver",
    reason_explanation="canary-explanation",
    primary_competitor="canary-primary",
    incumbent="canary-incumbent",
    selected_competitor="canary-selected",
)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
async def deps(sqlite_deps: Deps, server: ModelServer) -> AsyncIterator[Deps]:
    model = OpenAILLM(model="fake-1", api_key="k", base_url=server.url)
    yield replace(sqlite_deps, llm=model)
    await model.close()


async def interviewed(deps: Deps, invitee: Invitee) -> list[TurnRow]:
    (invited,) = await invitations.invite(deps, [invitee])
    interview = await interviews.start(deps, invited.invitation_id)
    for number, text in enumerate(ANSWERS):
        kept = await interviews.answer(
            deps, interview, browser=BROWSER, key=f"key-{number}", number=2 * number + 2, text=text
        )
        await interviews.reply(deps, interview, kept.reply_number, lease=kept.lease)
    async with deps.db.read() as tx:
        return list(await store.turns.rows(tx, interview))


async def test_nothing_of_the_deal_reaches_the_model(deps: Deps, server: ModelServer) -> None:
    assert all(getattr(PLANTED, field.name) for field in fields(Invitee) if field.name not in ("language", "where"))
    await interviewed(deps, PLANTED)
    assert server.requests
    for request in server.requests:
        wire = f"{request.raw}{request.headers}".lower()
        for planted in ("canary", "987654", "chf", "2026-10-19", "too expensive", "mara", "research@"):
            assert planted not in wire
        assert "economic buyer" in request.said


async def test_one_request_a_turn_and_the_cost_is_kept(deps: Deps, server: ModelServer) -> None:
    turns = await interviewed(deps, PLANTED)
    replies = [turn for turn in turns if turn.reply_to]
    assert [turn.calls for turn in replies] == [1, 1, 1]
    assert len(server.requests) == 3
    assert all(turn.source == "model" and turn.model == "openai:fake-1" for turn in replies)
    assert all(turn.prompt_id.startswith("ask_buyer@") and turn.verdicts == ["passed"] for turn in replies)


async def test_a_model_that_is_down_costs_the_buyer_nothing(deps: Deps, server: ModelServer) -> None:
    server.script(*["401"] * 9)
    turns = await interviewed(deps, PLANTED)
    replies = [turn for turn in turns if turn.reply_to]
    assert [turn.source for turn in replies] == ["fallback"] * 3
    assert all(turn.text for turn in replies)
    assert len(server.requests) == 1, "a wrong key is not tried at every turn"

"""The quality page, and the verdicts on the page of an interview, over what a fake model really said on the wire."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from interviewer import quality
from interviewer.confidentiality import HIDDEN, Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotAllowed
from interviewer.llm.openai import OpenAILLM
from interviewer.quality import Outcome, Wanted
from interviewer.store.quality import Asked
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.invitations import InvitationRow
from tests.fakes.clock import FakeClock
from tests.fakes.model_server import ModelServer
from tests.web.desk_scene import Browser, play

PMM = Viewer("u", Role.PMM)
SAID = ("It was time", "You and Shiftwell, and leaving it on paper honestly", "The price", "Better product")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
async def modelled(sqlite_deps: Deps, server: ModelServer) -> AsyncIterator[Deps]:
    """As the application, with a model behind it."""
    model = OpenAILLM(model="fake-1", api_key="k", base_url=server.url)
    yield replace(sqlite_deps, llm=model)
    await model.close()


@pytest.fixture(params=["plain", "htmx"])
async def desk(app: FastAPI, sqlite_deps: Deps, request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    async with Browser(app, script=request.param == "htmx") as one:
        await one.sign_in(sqlite_deps)
        yield one


async def counted(deps: Deps, wanted: Wanted | None = None) -> dict[str, int]:
    report = await quality.report(deps, PMM, wanted or Wanted())
    return {share.value: share.number for share in report.outcomes if share.number}


async def kept(deps: Deps, *turns: tuple[str, list[str], int], **given: str) -> str:
    """An interview whose replies came about so: source, verdicts, calls. Gives the invitation's id."""
    invitation_id, interview_id = await play(deps, said=SAID[: len(turns)], send=False, **given)
    async with deps.db.write() as tx:
        query = select(TurnRow).where(TurnRow.interview_id == interview_id, col(TurnRow.reply_to).is_not(None))
        rows = (await tx.exec(query.order_by(col(TurnRow.number)))).all()
        for row, (source, verdicts, calls) in zip(rows, turns, strict=True):
            row.source, row.verdicts, row.calls = source, verdicts, calls
            tx.add(row)
    return invitation_id


@pytest.mark.parametrize(
    ("source", "verdicts", "outcome"),
    [
        ("model", ("passed",), Outcome.FIRST),
        ("model", ("leading, praise", "passed"), Outcome.AGAIN),
        ("fallback", ("leading",), Outcome.TURNED_DOWN),
        ("fallback", ("leading", "open"), Outcome.TURNED_DOWN),
        ("fallback", (), Outcome.FAILED),
        ("flow", (), Outcome.ELSEWHERE),
    ],
)
def test_outcomes(source: str, verdicts: tuple[str, ...], outcome: Outcome, clock: FakeClock) -> None:
    turn = Asked("i", 3, clock(), "loss", "almost", source, verdicts, "", "", "")
    assert quality.outcome(turn) is outcome


async def test_what_the_model_said_is_counted(modelled: Deps, server: ModelServer) -> None:
    server.script("leading")
    await play(modelled, said=("It was time",), send=False)
    assert await counted(modelled) == {"again": 1}
    server.script("leading", "leading")
    await play(modelled, said=("It was time",), send=False, email="b@x.example")
    server.script("401")
    await play(modelled, said=("It was time",), send=False, email="c@x.example")
    assert await counted(modelled) == {"again": 1, "turned_down": 1, "failed": 1}
    report = await quality.report(modelled, PMM, Wanted(rule="leading"))
    (leading,) = (one for one in report.rules if one.rule == "leading")
    assert (leading.times, leading.interviews) == (3, 2)
    assert {turn.outcome for turn in report.behind} == {"again", "turned_down"}


async def test_a_count_opens_the_turns_behind_it(desk: Browser, sqlite_deps: Deps) -> None:
    one = await kept(sqlite_deps, ("model", ["passed"], 1), ("model", ["leading, praise", "passed"], 2))
    other = await kept(
        sqlite_deps, ("fallback", ["leading", "open"], 2), ("fallback", [], 1), email="b@x.example", company="Vela <b>"
    )
    page = (await desk.get("/desk/quality")).text
    assert "4 turns with a model" in page and "2 interviews, anecdotal" in page
    address = next(found for found in re.findall(r'href="(/desk/quality\?[^"]*rule=leading[^"]*)"', page))
    behind = (await desk.get(address.replace("&amp;", "&"))).text
    listed = behind[behind.index('id="behind"') : behind.index("</ol>")]
    assert re.findall(r'href="/desk/interviews/([^"]+)#t(\d+)"', listed) == [(other, "3"), (one, "5")]
    assert "Vela &lt;b&gt;" in listed
    assert "First words turned down: leading, praise; asked again: passed." in listed
    assert "First words turned down: leading; asked again: turned down: open." in listed
    failed = (await desk.get("/desk/quality?outcome=failed")).text
    assert f"/desk/interviews/{other}#t5" in failed and f"/desk/interviews/{one}" not in failed


async def test_every_link_of_the_page_leads_to_as_many_turns_as_it_says(desk: Browser, sqlite_deps: Deps) -> None:
    await kept(sqlite_deps, ("model", ["passed"], 1), ("flow", [], 1), ("fallback", ["open"], 1), ("fallback", [], 1))
    await kept(sqlite_deps, ("model", ["open", "passed"], 2), ("model", ["passed"], 1), flow="win", email="b@x.example")
    page = (await desk.get("/desk/quality")).text
    links = re.findall(r'class="count" href="([^"]+)">(\d+)<', page)
    assert len(links) > 15
    for address, number in links:
        behind = (await desk.get(address.replace("&amp;", "&"))).text
        listed = behind[behind.index('id="behind"') :]
        assert len(re.findall(r'href="/desk/interviews/', listed[: listed.index("</ol>")])) == int(number), address


async def test_the_period(desk: Browser, sqlite_deps: Deps, clock: FakeClock) -> None:
    await kept(sqlite_deps, ("model", ["passed"], 1))
    day = clock().date()
    assert await counted(sqlite_deps, Wanted(first=day, last=day)) == {"first": 1}
    assert await counted(sqlite_deps, Wanted(last=day - timedelta(days=1))) == {}
    assert await counted(sqlite_deps, Wanted(first=day + timedelta(days=9), last=day)) == {"first": 1}, "turned round"
    clock.advance(days=91)
    assert await counted(sqlite_deps) == {}
    await desk.sign_in(sqlite_deps)
    assert "No model was asked in these days" in (await desk.get("/desk/quality")).text
    assert "1 turn with a model" in (await desk.get(f"/desk/quality?from={day}&to={day}")).text
    for nonsense in ("from=x", "to=9999-12-31", "from=0001-01-01", "outcome=x", "rule=%3Cb%3E", "topic=&flow="):
        answer = await desk.get(f"/desk/quality?{nonsense}")
        assert answer.status_code == 200 and "<b>”" not in answer.text


async def test_an_empty_page_names_the_next_step(desk: Browser, sqlite_deps: Deps) -> None:
    await play(sqlite_deps)  # no model was asked
    text = (await desk.get("/desk/quality")).text
    assert "No model was asked" in text and "interviewer doctor" in text
    assert 'href="/desk/quality" aria-current="page"' in text


async def test_previews_do_not_count(sqlite_deps: Deps) -> None:
    invitation_id = await kept(sqlite_deps, ("model", ["passed"], 1))
    async with sqlite_deps.db.write() as tx:
        row = await tx.get(InvitationRow, invitation_id)
        assert row is not None
        row.preview = True
        tx.add(row)
    assert await counted(sqlite_deps) == {}


async def test_only_who_may_see_the_reasons_sees_the_page(sqlite_deps: Deps) -> None:
    for role in set(Role) - {Role.ADMIN, Role.PMM}:
        with pytest.raises(NotAllowed):
            await quality.report(sqlite_deps, Viewer("u", role), Wanted())


async def test_turns_are_counted_alike_on_every_database(deps: Deps) -> None:
    await kept(deps, ("model", ["passed"], 1), ("fallback", ["open, leading"], 1))
    report = await quality.report(deps, PMM, Wanted(outcome="turned_down"))
    assert [(one.rule, one.times) for one in report.rules] == [("leading", 1), ("open", 1)]
    assert (report.turns, report.found, report.behind[0].company) == (2, 1, "Brightwater Leisure")
    assert report.behind[0].company is not HIDDEN


async def test_the_interview_tells_how_its_words_came_about(desk: Browser, sqlite_deps: Deps) -> None:
    page = await kept(
        sqlite_deps,
        ("model", ["leading", "passed"], 2),
        ("fallback", ["open", "unsaid_name"], 2),
        ("fallback", [], 1),
        ("flow", [], 1),
    )
    text = " ".join((await desk.get(f"/desk/interviews/{page}")).text.split())
    assert "first words turned down: leading; asked again: passed</dd>" in text
    assert "first words turned down: open; asked again: turned down: unsaid name; the flow's own words stood in" in text
    assert "the model's did not pass" in text and "the model gave nothing usable" in text
    assert "the model had worded another step" in text

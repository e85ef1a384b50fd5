"""The queue and the page under review: what stands there, and that nothing stands there without its quotes."""

import re
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from sqlmodel import select

from interviewer import checking
from interviewer.deps import Deps
from interviewer.store import translations
from interviewer.store.tables.analysis import CitationRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web import review_scene as scene
from tests.web.desk_scene import SAID, Browser, play, request_call

CARDS = (
    "Three notes",
    "Three answers",
    "Drivers",
    "One deal, three points of view",
    "Competitors by role",
    "Product insights",
    "Story",
    "What follows",
    "Summary",
    "Tagged quotes",
    "How this was read",
)
ITEM = re.compile(r'data-item="((?:tag|statement):\d+)"')


@pytest.fixture
async def pmm(app: FastAPI, sqlite_deps: Deps) -> AsyncIterator[Browser]:
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps)
        yield one


async def test_the_queue_says_why_each_stands_there_and_opens_the_first(pmm: Browser, sqlite_deps: Deps) -> None:
    page, _ = await scene.suggested(sqlite_deps)
    await play(sqlite_deps, email="half@x.example", company="Orchard Clinics", send=False)
    text = (await pmm.get("/desk/review")).text
    assert "1 interview waits" in text and f'href="/desk/interviews/{page}"' in text
    assert "unsure" not in text  # of 30 %, the doubtful driver is not the main one
    for reason in ("1 contradiction", "Lost to support hours", "18,400 EUR"):
        assert reason in text
    assert "Orchard" not in text  # it has not ended
    assert re.search(r'href="/desk/review"[^>]*>Review <span class="badge">1<', text)


async def test_what_waits_can_be_marked_as_reviewed_though_its_buyer_wants_a_call(
    pmm: Browser, sqlite_deps: Deps, clock: FakeClock, jobs: RecordingJobs
) -> None:
    page, interview_id = await play(sqlite_deps, said=SAID[:2], send=False)
    await request_call(sqlite_deps, page)
    clock.advance(hours=25)
    await checking.settle_silent(sqlite_deps)
    await jobs.run(sqlite_deps)
    await pmm.sign_in(sqlite_deps)
    assert f'href="/desk/interviews/{page}"' in (await pmm.get("/desk/review")).text
    text = (await pmm.get(f"/desk/interviews/{page}")).text
    assert 'data-status="wants_a_call"' in text and f'action="/desk/interviews/{interview_id}/finish"' in text


async def test_an_empty_queue_says_what_will_stand_there(pmm: Browser) -> None:
    text = (await pmm.get("/desk/review")).text
    assert "Nothing to review yet" in text and "two minutes" in text


async def test_every_card_stands_on_the_page_and_every_statement_opens_its_words(
    pmm: Browser, sqlite_deps: Deps
) -> None:
    page, _ = await scene.suggested(sqlite_deps)
    text = (await pmm.get(f"/desk/interviews/{page}")).text
    at = [text.index(f">{card}</h2>") for card in CARDS]
    assert len(set(at)) == len(CARDS)
    items = ITEM.findall(text)
    assert len(items) == len(set(items)) == scene.SUGGESTED
    assert f"of {scene.SUGGESTED} looked at" in text and f">{scene.SUGGESTED}</span>)</button>" in text
    places = set(re.findall(r' id="(q\d+)"', text))
    cited = set(re.findall(r'class="cite num" href="#(q\d+)"', text))
    assert cited and cited <= places
    for words in (
        "70 %",
        "unsure: do the words carry it?",
        "Had before",
        "a trigger we aim at",
        "lived in the sales process",
    ):
        assert words in text
    assert text.count("unsure:") == 1 and "medium" not in text  # only where there is something to decide
    assert "For sales leadership" in text and 'href="#t8">where it turned' in text


async def test_what_lost_its_quotes_is_not_shown(pmm: Browser, sqlite_deps: Deps) -> None:
    page, _ = await scene.suggested(sqlite_deps)
    driver = (await scene.said(sqlite_deps))["Support was closed when pools open."]
    async with sqlite_deps.db.write() as tx:
        for row in (await tx.exec(select(CitationRow).where(CitationRow.statement_id == driver.id))).all():
            await tx.delete(row)
    text = (await pmm.get(f"/desk/interviews/{page}")).text
    assert driver.text not in text and "100 %" in text  # the other driver is all that is left


async def test_a_contradiction_is_marked_in_the_comparison(pmm: Browser, sqlite_deps: Deps) -> None:
    page, _ = await scene.suggested(sqlite_deps)
    text = (await pmm.get(f"/desk/interviews/{page}")).text
    row = re.search(r'<tr><th scope="row">Reason</th>.*?</tr>', text, re.S)
    assert row and "offline mode" in row.group() and "missing feature" in row.group()
    assert 'class="warn"' in row.group() and "(contradicts)" in row.group() and 'class="cite num"' in row.group()


async def test_a_translation_stands_beside_the_original(pmm: Browser, sqlite_deps: Deps) -> None:
    page, interview_id = await scene.suggested(sqlite_deps, language="de")
    async with sqlite_deps.db.write() as tx:
        number = min(await scene.buyer_turns(tx, interview_id))
        await translations.replace(tx, interview_id, "en", [(number, "In English")], made_by="a model", prompt_id="")
    text = (await pmm.get(f"/desk/interviews/{page}")).text
    assert 'class="english" lang="en">In English</p>' in text and "English beside it" in text


async def test_a_selection_is_measured_in_the_buyers_words_alone(pmm: Browser, sqlite_deps: Deps) -> None:
    """Whatever stands in a turn besides them is marked, so that the script leaves it out."""
    page, interview_id = await scene.suggested(sqlite_deps)
    text = (await pmm.get(f"/desk/interviews/{page}")).text
    async with sqlite_deps.db.read() as tx:
        turns = await scene.buyer_turns(tx, interview_id)
    for number, turn in turns.items():
        found = re.search(rf'<p class="said"[^>]*data-turn="{number}">(.*?)</p>', text, re.S)
        assert found
        plain = re.sub(r"<(a|small)[^>]*data-label.*?</\1>|<[^>]+>", "", found.group(1), flags=re.S)
        assert plain == turn.text

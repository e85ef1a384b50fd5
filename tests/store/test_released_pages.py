"""However many statements a team was let read, it reads every one of them, a page at a time (both databases)."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from interviewer import exporting, released, reviewing
from interviewer.confidentiality import AUDIENCES, Role, Viewer
from interviewer.deps import Deps
from interviewer.evidence import Span
from interviewer.exports import What
from interviewer.store import quotes
from interviewer.store import released as shelves
from interviewer.store.quotes import DESK
from interviewer.store.tables.analysis import TagRow
from interviewer.store.tables.review import ReleaseRow
from tests.fakes.counting import calls
from tests.web import desk_scene
from tests.web import review_scene as scene

PMM = Viewer("pmm-1", Role.PMM)
PRODUCT = Viewer("p-1", Role.PRODUCT)
MANY = 2 * released.PAGE + 7
PRAISED = released.PAGE + 1
FEW = 10
"""Releases that may be looked at in vain."""


@pytest.fixture
async def shelved(deps: Deps) -> list[str]:
    """Words that were released to product, the last first: on one in two pages a statement that is held back."""
    _, interview_id = await desk_scene.play(deps)
    await desk_scene.as_read(deps, interview_id)
    await reviewing.finish(deps, PMM, interview_id)
    said = []
    async with deps.db.write() as tx:
        turns = await scene.buyer_turns(tx, interview_id)
        number, text = max(((row.number, row.text) for row in turns.values()), key=lambda one: len(one[1]))
        spans = [(start, end) for start in range(len(text)) for end in range(start + 20, len(text))][: MANY + 1]
        for place, (start, end) in enumerate(spans):
            quote = await quotes.keep(tx, interview_id, DESK, turns, Span(number, start, end))
            held_back = place == MANY - 3
            theme = "criticism" if held_back else "praise" if place < PRAISED else "pricing"
            tx.add(TagRow(quote_id=quote.id or 0, theme=theme))
            given = {"interview_id": interview_id, "quote_id": quote.id, "user_id": "u", "at": deps.now()}
            tx.add(ReleaseRow(audience="product", wording="Jo Marsh said so." if held_back else "", **given))
            await tx.flush()
            said += [] if held_back else [text[start:end]]
    return said[::-1]


async def walk(deps: Deps, theme: str = "") -> list[list[str]]:
    shelf = await released.shelf(deps, PRODUCT, theme=theme)
    pages = [[one.text for one in shelf.statements]]
    while shelf.older:
        shelf = await released.shelf(deps, PRODUCT, theme=theme, before=shelf.older)
        pages.append([one.text for one in shelf.statements])
    return pages


async def test_the_pages_of_a_shelf_hold_everything_once(deps: Deps, shelved: list[str]) -> None:
    pages = await walk(deps)
    assert [len(page) for page in pages] == [released.PAGE, released.PAGE, 7]
    assert [text for page in pages for text in page] == shelved
    praised = await walk(deps, theme="praise")
    assert [len(page) for page in praised] == [released.PAGE, 1]
    assert (await released.shelf(deps, PRODUCT)).themes == ("pricing", "praise"), "none of what is held back"
    assert not (await released.shelf(deps, PRODUCT, theme="no such")).statements


async def test_a_page_looks_at_few_releases_beyond_its_own(deps: Deps, shelved: list[str]) -> None:
    assert shelved
    with calls() as counted:
        assert len((await released.shelf(deps, PRODUCT)).statements) == released.PAGE
    themes = 3
    assert counted["_let"] <= released.PAGE + 1 + FEW + themes * (1 + FEW) < MANY
    with calls() as counted:
        assert len(await exporting.released_after(deps, PRODUCT, "", 0, 26)) == 26
    assert counted["_let"] <= 26 + FEW


async def test_a_file_and_the_api_hold_everything_too(deps: Deps, shelved: list[str]) -> None:
    wanted = exporting.Wanted(what=What.RELEASED)
    pieces = [piece async for piece in await exporting.stream(deps, PRODUCT, wanted, "csv")]
    rows = list(csv.DictReader(StringIO(b"".join(pieces).decode("utf-8-sig"))))
    assert [row["text"] for row in rows] == shelved
    found = await exporting.released_after(deps, PRODUCT, "", 0, MANY + 5)
    assert [one.text for one in found] == shelved[::-1]
    rest = await exporting.released_after(deps, PRODUCT, "", found[4].id, 3)
    assert [one.text for one in rest] == shelved[::-1][5:8]
    assert {one.audience for one in await exporting.released_after(deps, PMM, "", 0, 5)} == {"product"}


async def test_what_was_let_to_one_team_is_on_no_other_shelf(deps: Deps, shelved: list[str]) -> None:
    assert shelved
    async with deps.db.read() as tx:
        for other in set(AUDIENCES) - {Role.PRODUCT}:
            assert not await shelves.latest(tx, other, limit=5)

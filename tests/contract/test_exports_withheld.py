"""What no export may hold: words under a bar, what is gone or no buyer's, and what a role may not have."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import product

import openpyxl
import pytest
from sqlmodel import select

from interviewer import erasure, exporting, interviews, previews, reviewing, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotAllowed, NotFound
from interviewer.evidence import StatementKind
from interviewer.exporting import Wanted
from interviewer.exports import EXPORTS, What
from interviewer.masks import BAR
from interviewer.store.tables.analysis import AnalysisStepRow
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.review import RedactionRow
from tests.contract.export_scene import PMM, TABLES, agree, table, taken
from tests.web.desk_scene import SAID, play


async def redact(deps: Deps, interview_id: str, words: str) -> None:
    async with deps.db.write() as tx:
        turns = (await tx.exec(select(TurnRow).where(TurnRow.interview_id == interview_id))).all()
        turn = next(turn for turn in turns if words in turn.text)
        start = turn.text.index(words)
        tx.add(
            RedactionRow(
                interview_id=interview_id,
                turn_id=turn.id or 0,
                start=start,
                end=start + len(words),
                user_id="mara",
                at=deps.now(),
            )
        )


def _unzipped(data: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return "\n".join(str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row)


READ: dict[str, Callable[[bytes], str]] = {"xlsx": _unzipped}


@pytest.mark.parametrize("ending", EXPORTS)
async def test_redacted_words_are_under_bars(sqlite_deps: Deps, interview_id: str, ending: str) -> None:
    await agree(sqlite_deps, interview_id)
    await redact(sqlite_deps, interview_id, "Shiftwell picked up at 4am")
    for what in TABLES:
        text = READ.get(ending, bytes.decode)(await taken(sqlite_deps, Wanted(what), ending))
        assert "picked up at 4am" not in text, what
        if what is What.INTERVIEWS and ending in ("json", "md"):
            assert BAR * 9 in text


async def test_what_is_gone_or_not_over_is_not_exported(sqlite_deps: Deps, interview_id: str) -> None:
    await play(sqlite_deps, send=False, email="open@zirkonfeld.example", company="Zirkonfeld")
    await erasure.erase(sqlite_deps, interview_id)
    for what, ending in product(TABLES, EXPORTS):
        text = READ.get(ending, bytes.decode)(await taken(sqlite_deps, Wanted(what), ending))
        assert "Zirkonfeld" not in text and "Brightwater" not in text and interview_id not in text
        assert await exporting.count(sqlite_deps, PMM, Wanted(what)) == 0


async def test_previews_are_not_exported(sqlite_deps: Deps) -> None:
    wanted = previews.Wanted(flow="loss", language="en", product="", role="champion")
    started = await interviews.start(sqlite_deps, await previews.begin(sqlite_deps, PMM, wanted))
    async with sqlite_deps.db.write() as tx:
        row = await store.interviews.get(tx, started, lock=True)
        assert row is not None
        row.first_answer_at = row.completed_at = sqlite_deps.now()
        tx.add(row)
    for what in TABLES:
        assert await exporting.count(sqlite_deps, PMM, Wanted(what)) == 0


async def test_corrections_need_the_buyers_yes_and_hold_no_words(sqlite_deps: Deps, interview_id: str) -> None:
    revops = Viewer("rev", Role.REVOPS)
    wanted = Wanted(What.CORRECTIONS)
    assert table(await taken(sqlite_deps, wanted, "csv", revops), "csv") == []
    await agree(sqlite_deps, interview_id)
    rows = table(await taken(sqlite_deps, wanted, "csv", revops), "csv")
    assert {"reason_driver", "primary_competitor"} & {row["field"] for row in rows}
    assert {row["deal_id"] for row in rows} == {"D-77"}
    assert not any(row["company"] or row["interview_id"] for row in rows)
    said = " ".join(SAID)
    assert not [row for row in rows if len(row["buyer"].split()) > 4 and row["buyer"] in said]


async def test_corrections_wait_for_review_and_for_what_came_since(sqlite_deps: Deps, interview_id: str) -> None:
    revops, wanted = Viewer("rev", Role.REVOPS), Wanted(What.CORRECTIONS)

    async def fields() -> set[str]:
        rows, after = await exporting.agreed(sqlite_deps, revops, wanted, after=None, limit=25)
        assert after is None and len(table(await taken(sqlite_deps, wanted, "csv", revops), "csv")) == len(rows)
        return {row.field for row in rows}

    async def offered(of: Wanted = wanted) -> tuple[int, int]:
        exports = await exporting.offers(sqlite_deps, revops, of)
        offer = next(one for one in exports.offers if one.what == What.CORRECTIONS)
        return offer.records, offer.waiting

    async with sqlite_deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        assert row is not None
        row.crm_consent = True
        tx.add(row)
    assert (await fields(), await offered()) == (set(), (0, 1))
    await reviewing.finish(sqlite_deps, PMM, interview_id)
    before = await fields()
    assert "reason_driver" in before and await offered() == (1, 0)
    assert await offered(Wanted(What.CORRECTIONS, reviewed=False)) == (0, 0)
    async with sqlite_deps.db.write() as tx:
        step = await tx.get(AnalysisStepRow, (interview_id, "drivers"), with_for_update=True)
        assert step is not None
        step.at, step.changes = sqlite_deps.now(), {"added": [["driver", "Something new"]], "gone": [], "kept": 0}
        tx.add(step)
    assert await fields() == before - {"reason_category", "reason_driver"}
    async with sqlite_deps.db.read() as tx:
        drivers = [one for one in await store.statements.of(tx, interview_id) if one.kind == StatementKind.DRIVER]
    for one in drivers:
        await reviewing.confirm(sqlite_deps, PMM, interview_id, "statement", one.id, one.version)
    assert await fields() == before


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.ADMIN, set(What)),
        (Role.PMM, set(What)),
        (Role.REVOPS, {What.CORRECTIONS, What.RELEASED}),
        (Role.PRODUCT, {What.RELEASED}),
        (Role.LEADERSHIP, {What.RELEASED}),
        (Role.SALES, {What.RELEASED}),
    ],
)
async def test_who_exports_what(sqlite_deps: Deps, role: Role, allowed: set[What]) -> None:
    viewer = Viewer("somebody", role)
    for what in What:
        if what in allowed:
            await taken(sqlite_deps, Wanted(what), "csv", viewer)
        else:
            with pytest.raises(NotAllowed):
                await exporting.stream(sqlite_deps, viewer, Wanted(what), "csv")
    offered = await exporting.offers(sqlite_deps, viewer, Wanted())
    assert {offer.what for offer in offered.offers} == allowed


async def test_what_is_not_there_is_refused_at_once(sqlite_deps: Deps) -> None:
    for wanted, ending in ((Wanted(), "docx"), (Wanted(only="nothing"), "csv")):
        with pytest.raises(NotFound):
            await exporting.stream(sqlite_deps, PMM, wanted, ending)

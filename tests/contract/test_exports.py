"""What holds for every export format: whole, guarded, masked, and read again where that is promised."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import openpyxl
import pytest
from markdown_it import MarkdownIt
from sqlmodel import select

from interviewer import dossier, erasure, exporting, interchange, interviews, previews, reviewing, store
from interviewer.confidentiality import Role, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import NotAllowed, NotFound
from interviewer.evidence import StatementKind
from interviewer.exporting import Wanted
from interviewer.exports import EXPORTS, About, What, sheets
from interviewer.masks import BAR
from interviewer.records import Head, Interview
from interviewer.store import extracts
from interviewer.store.tables.analysis import AnalysisStepRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.people import AuditRow
from interviewer.store.tables.review import RedactionRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import SAID, analysed, play

PMM = Viewer("mara", Role.PMM, "Mara")
TABLES = (What.INTERVIEWS, What.QUOTES, What.DEALS, What.CORRECTIONS, What.RELEASED)
DEAL = {
    "deal_id": "D-77",
    "amount": "18400",
    "currency": "EUR",
    "closed_on": "2026-10-30",
    "rep_reason": "price",
    "reason_category": "pricing",
    "primary_competitor": "Rosterly",
}


async def taken(deps: Deps, wanted: Wanted, ending: str, viewer: Viewer = PMM) -> bytes:
    return b"".join([piece async for piece in await exporting.stream(deps, viewer, wanted, ending)])


def table(data: bytes, ending: str) -> list[dict[str, Any]]:
    """The rows of a CSV, XLSX or JSON export."""
    if ending == "csv":
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    if ending == "json":
        document = json.loads(data)
        rows: list[dict[str, Any]] = next(value for value in document.values() if isinstance(value, list))
        return rows
    first, *rest = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows(values_only=True)
    return [dict(zip([str(name) for name in first], row, strict=True)) for row in rest]


async def agree(deps: Deps, interview_id: str) -> None:
    """The buyer agrees that the reason goes back to the CRM, and a person has reviewed the interview."""
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        assert row is not None
        row.crm_consent, row.reviewed_at = True, deps.now()
        tx.add(row)


@pytest.fixture
async def interview_id(sqlite_deps: Deps, jobs: RecordingJobs) -> str:
    _, made = await analysed(sqlite_deps, jobs, **DEAL)
    return made


@pytest.mark.parametrize("ending", EXPORTS)
@pytest.mark.parametrize("what", TABLES)
async def test_every_export_is_whole_with_nothing_in_it(sqlite_deps: Deps, what: What, ending: str) -> None:
    data = await taken(sqlite_deps, Wanted(what), ending)
    if ending == "md":
        assert data.decode().startswith("# ")
    elif ending == "csv":
        assert data.decode("utf-8-sig").splitlines()[0].split(",") == list(sheets.SHEETS[what].columns)
    else:
        assert table(data, ending) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
async def test_tables_say_the_same_in_every_format(sqlite_deps: Deps, interview_id: str, ending: str) -> None:
    quotes = table(await taken(sqlite_deps, Wanted(What.QUOTES), ending), ending)
    assert quotes and all(any(str(row["words"]) in said for said in SAID) for row in quotes)
    assert {row["interview"] for row in quotes} == {interview_id}
    assert all(row["theme"] and row["link"].endswith(f"#q{row['quote']}") for row in quotes)
    (deal,) = table(await taken(sqlite_deps, Wanted(What.DEALS), ending), ending)
    assert (deal["deal_id"], deal["crm_reason_category"], deal["crm_primary_competitor"]) == (
        "D-77",
        "pricing",
        "Rosterly",
    )
    assert float(deal["amount"]) == 18400 and str(deal["closed_on"]).startswith("2026-10-30")
    assert "Shiftwell" in " ".join(str(value) for name, value in deal.items() if name.startswith("buyer_"))


async def test_cells_of_a_workbook_have_types(sqlite_deps: Deps, interview_id: str) -> None:
    (row,) = table(await taken(sqlite_deps, Wanted(What.INTERVIEWS), "xlsx"), "xlsx")
    assert row["amount"] == 18400 and isinstance(row["answered"], int)
    assert row["ended_at"].date() == date(2026, 11, 2)
    assert row["headline"] and row["phrase"]


async def test_the_json_of_interviews_can_be_imported_again(sqlite_deps: Deps, interview_id: str) -> None:
    reading = interchange.read(await taken(sqlite_deps, Wanted(What.INTERVIEWS), "json"))
    assert reading.notes == ()
    (made,) = reading.interviews
    assert (made.id, made.mode, made.deal.deal_id) == (interview_id, "ai", "D-77")
    turns = {turn.number: turn.text for turn in made.turns}
    assert [text for text in turns.values() if text in SAID] == list(SAID)
    assert made.quotes and all(turns[one.turn][one.start : one.end] == one.text for one in made.quotes)
    assert made.statements and all(one.quotes and max(one.quotes) < len(made.quotes) for one in made.statements)


async def test_a_dossier_cites_every_sentence(sqlite_deps: Deps, interview_id: str) -> None:
    text = (await taken(sqlite_deps, Wanted(only=interview_id), "md")).decode()
    head, _, tail = text.partition("### Quotes")
    quoted = tail.partition("### Conversation")[0]
    for line in head.splitlines():
        if line.startswith("- **"):
            numbers = [part.partition("\\]")[0] for part in line.split("\\[")[1:]]
            assert numbers and all(f"\n{number}. “" in quoted for number in numbers), line


# what a buyer writes stays text

HOSTILE = (
    "=HYPERLINK(1)",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
)


async def seen_by(viewer: Viewer, deps: Deps, **changes: str) -> Seen[Interview]:
    """An interview of which the head says what is given."""
    async with deps.db.read() as tx:
        (line,) = await extracts.lines(tx, extracts.Filter(), after=None, limit=1)
        page = await dossier.page(deps, tx, line)
    head: Head = replace(page.head, **changes)
    return see(viewer, replace(page, head=head))


async def written(ending: str, *interviews: Seen[Interview], what: What = What.INTERVIEWS) -> bytes:
    async def records() -> AsyncIterator[Seen[Any]]:
        for interview in interviews:
            yield interview

    about = About(what, FakeClock()(), "https://desk.example")
    return b"".join([piece async for piece in EXPORTS[ending].write(about, records())])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
async def test_no_cell_is_a_formula(sqlite_deps: Deps, interview_id: str, ending: str) -> None:
    data = await written(ending, *[await seen_by(PMM, sqlite_deps, company=text, headline=text) for text in HOSTILE])
    rows = table(data, ending)
    assert len(rows) == len(HOSTILE)
    assert all(str(row["company"]).startswith("'") and str(row["headline"]).startswith("'") for row in rows)
    if ending == "xlsx":
        cells = [cell for line in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows() for cell in line]
        assert not [cell for cell in cells if cell.data_type == "f"]


ODD = ("\x00\x01\x0b", "\ufffe", "😀" * 40_000, "a\u202eb", "']]>&<b>", "\\")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
async def test_no_text_breaks_a_file(sqlite_deps: Deps, interview_id: str, ending: str) -> None:
    data = await written(ending, *[await seen_by(PMM, sqlite_deps, company=text) for text in ODD])
    assert len(table(data, ending)) == len(ODD)


MARKUP = (
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](https://a.example/p.png)",
    "# big",
    "1. one",
    "---",
    "*a* _b_ `c`",
)


def shape(source: str) -> list[str]:
    """What Markdown makes of a text, but for the words themselves."""
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    kinds = [token.type for token in tokens] + [child.type for token in tokens for child in token.children or ()]
    return [kind for kind in kinds if kind not in ("text", "text_special")]


async def test_markdown_shows_words_and_no_markup(sqlite_deps: Deps, interview_id: str) -> None:
    plain = shape((await written("md", await seen_by(PMM, sqlite_deps, company="Brightwater"))).decode())
    for text in MARKUP:
        made = (await written("md", await seen_by(PMM, sqlite_deps, company=text, headline=text))).decode()
        assert shape(made) == plain, text


# what must not be in it


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


async def test_an_export_is_audited_without_content(sqlite_deps: Deps, interview_id: str) -> None:
    await taken(sqlite_deps, Wanted(What.QUOTES), "csv")
    await taken(sqlite_deps, Wanted(only=interview_id), "md")
    async with sqlite_deps.db.read() as tx:
        rows = (await tx.exec(select(AuditRow).where(AuditRow.user_id == "mara"))).all()
    assert [(row.verb, row.object) for row in rows] == [
        ("exported quotes", "export:quotes.csv"),
        ("exported interviews", f"interview:{interview_id}"),
    ]


async def test_filters_and_counts_agree(
    sqlite_deps: Deps, jobs: RecordingJobs, interview_id: str, clock: FakeClock
) -> None:
    clock.advance(days=3)
    _, won = await analysed(sqlite_deps, jobs, email="ann@harbour.example", flow="win")
    async with sqlite_deps.db.write() as tx:
        row = await tx.get(InterviewRow, won)
        assert row is not None
        row.reviewed_at = clock()
        tx.add(row)
    both = {interview_id, won}
    for wanted, expected in (
        (Wanted(), both),
        (Wanted(flow="win"), {won}),
        (Wanted(outcome="chose the product"), {won}),
        (Wanted(reviewed=True), {won}),
        (Wanted(reviewed=False), {interview_id}),
        (Wanted(first=date(2026, 11, 5)), {won}),
        (Wanted(last=date(2026, 11, 2)), {interview_id}),
        (Wanted(first=date(2026, 11, 2), last=date(2026, 11, 5)), both),
        (Wanted(mode="human"), set()),
    ):
        rows = table(await taken(sqlite_deps, wanted, "csv"), "csv")
        assert {row["interview"] for row in rows} == expected
        assert await exporting.count(sqlite_deps, PMM, wanted) == len(expected)


async def test_more_than_one_chunk(sqlite_deps: Deps, jobs: RecordingJobs, clock: FakeClock) -> None:
    made = []
    for place in range(exporting.CHUNK + 2):
        clock.advance(minutes=1)
        made.append((await play(sqlite_deps, said=SAID[:2], email=f"jo@b{place}.example"))[1])
    rows = table(await taken(sqlite_deps, Wanted(), "csv"), "csv")
    assert [row["interview"] for row in rows] == made


async def test_spreadsheets_open_well(sqlite_deps: Deps, interview_id: str) -> None:
    muller = await seen_by(PMM, sqlite_deps, company="Müller")
    assert (await written("csv", muller)).startswith(b"\xef\xbb\xbf")
    page = openpyxl.load_workbook(io.BytesIO(await written("xlsx", muller))).worksheets[0]
    assert page.freeze_panes == "A2" and page.auto_filter.ref and all(cell.font.bold for cell in page[1])
    for what in (What.INTERVIEWS, What.QUOTES, What.DEALS):
        assert sheets.SHEETS[what].columns[0] == "company" and "interview" in sheets.SHEETS[what].columns[-2:]


async def test_markdown_of_quotes_and_deals_is_to_be_read(sqlite_deps: Deps, interview_id: str) -> None:
    quotes = (await taken(sqlite_deps, Wanted(What.QUOTES), "md")).decode()
    said = [line[2:] for line in quotes.splitlines() if line.startswith("> ")]
    assert said and all(any(words[:20] in one for one in SAID) for words in said)
    assert interview_id not in quotes and "made by" not in quotes
    deals = (await taken(sqlite_deps, Wanted(What.DEALS), "md")).decode()
    assert "|  | CRM | Rep | Buyer |  |" in deals and "18,400 EUR" in deals


async def test_the_offer_of_quotes_counts_quotes(sqlite_deps: Deps, interview_id: str) -> None:
    rows = table(await taken(sqlite_deps, Wanted(What.QUOTES), "csv"), "csv")
    offers = {offer.what: offer for offer in (await exporting.offers(sqlite_deps, PMM, Wanted())).offers}
    assert offers[What.QUOTES].records == len({row["quote"] for row in rows}) > 1
    choices = (await exporting.offers(sqlite_deps, PMM, Wanted())).outcomes
    assert {choice.label for choice in choices} == {"Lost", "Won", "No decision", "Churned", "Midpoint"}

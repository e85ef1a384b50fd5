"""What holds for every export format: whole, guarded, and read again where that is promised."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from markdown_it import MarkdownIt
from sqlmodel import select

from interviewer import exporting, interchange
from interviewer.deps import Deps
from interviewer.exporting import Wanted
from interviewer.exports import EXPORTS, What, sheets
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.people import AuditRow
from tests.contract.export_scene import PMM, TABLES, seen_by, table, taken, written
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import SAID, analysed, play


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

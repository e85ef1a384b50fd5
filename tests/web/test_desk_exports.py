"""Exports, the page for print and API keys, as they are used at the desk and on the command line."""

import csv
import io
import re
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from interviewer import keys
from interviewer.deps import Deps
from tests.fakes.jobs import RecordingJobs
from tests.web.api_scene import CONSOLE, Program
from tests.web.desk_scene import SAID, Browser, analysed


@pytest.fixture
async def pmm(app: FastAPI, sqlite_deps: Deps) -> AsyncIterator[Browser]:
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps)
        yield one


@pytest.fixture
async def admin(app: FastAPI, sqlite_deps: Deps) -> AsyncIterator[Browser]:
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps, "admin")
        yield one


async def test_the_page_counts_before_anything_is_taken(sqlite_deps: Deps, jobs: RecordingJobs, pmm: Browser) -> None:
    assert "No interview fits" in (await pmm.get("/desk/exports")).text
    await analysed(sqlite_deps, jobs)
    await analysed(sqlite_deps, jobs, email="ann@harbour.example", flow="win")
    page = (await pmm.get("/desk/exports")).text
    assert len(re.findall(r"<b>2</b> interviews", page)) == 2
    narrowed = (await pmm.get("/desk/exports?flow=win")).text
    assert len(re.findall(r"<b>1</b> interview\b", narrowed)) == 2
    (address,) = re.findall(r'href="(/desk/exports/quotes\.csv\?[^"]*)"', narrowed)
    rows = list(csv.DictReader(io.StringIO((await pmm.get(address)).text)))
    assert {row["flow"] for row in rows} == {"win"}


async def test_with_htmx_only_the_offers_come(sqlite_deps: Deps, pmm: Browser) -> None:
    pmm.http.headers["HX-Request"] = "true"
    part = (await pmm.get("/desk/exports?flow=win")).text
    assert part.lstrip().startswith('<section id="exports"') and "<html" not in part


async def test_a_download_says_what_it_is_and_names_nobody(
    sqlite_deps: Deps, jobs: RecordingJobs, pmm: Browser
) -> None:
    page_id, _ = await analysed(sqlite_deps, jobs)
    answer = await pmm.get(f"/desk/interviews/{page_id}/export.xlsx")
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert answer.headers["content-disposition"] == 'attachment; filename="interviewer-interview-2026-11-02.xlsx"'
    assert answer.headers["cache-control"] == "no-store"
    for address in ("/desk/exports/quotes.docx", "/desk/exports/secrets.csv", f"/desk/interviews/{page_id}/export.exe"):
        assert (await pmm.get(address)).status_code == 404
    assert (await pmm.get("/desk/interviews/none/export.csv")).status_code == 404
    assert (await pmm.get("/desk/interviews/none/print")).status_code == 404


async def test_on_paper_every_note_is_a_quote_and_nothing_leads_away(
    sqlite_deps: Deps, jobs: RecordingJobs, pmm: Browser
) -> None:
    page_id, _ = await analysed(sqlite_deps, jobs, reason_category="pricing", amount="18400", currency="EUR")
    page = (await pmm.get(f"/desk/interviews/{page_id}/print")).text
    cited = set(re.findall(r'href="#(n\d+)"', page))
    assert cited and cited <= set(re.findall(r'<li id="(n\d+)">', page))
    for words in re.findall(r"<q [^>]*>([^<]*)</q>", page):
        assert any(words in said for said in SAID)
    assert "<nav" not in page and "<script" not in page and "<form" not in page
    assert not re.search(r'<a href="(?!#)', page)


async def test_a_key_is_made_shown_once_used_and_revoked(app: FastAPI, sqlite_deps: Deps, admin: Browser) -> None:
    fields = {"name": "warehouse", "role": "pmm", "days": "30", "quotes:read": "yes"}
    page = (await admin.post("/desk/keys", **fields)).text
    (secret,) = set(re.findall(r"ivk_[\w-]+", page))
    assert secret not in (await admin.get("/desk/keys")).text
    async with Program(app, secret) as program:
        assert (await program.get("quotes")).status_code == 200
        assert (await program.get("interviews")).status_code == 403
        (address,) = re.findall(r'action="(/desk/keys/[^"]+/revoke)"', page)
        assert (await admin.post(address)).status_code == 303
        assert (await program.get("quotes")).status_code == 401


async def test_a_key_that_cannot_be_says_why_and_keeps_what_was_typed(admin: Browser) -> None:
    answer = await admin.post("/desk/keys", name="Data <b>", role="sales", days="x", **{"quotes:read": "yes"})
    assert answer.status_code == 422
    assert "Tick at least one thing that it may read." in answer.text and "good for 1 to 3,650 days" in answer.text
    assert "quotes:read," not in answer.text and "days:" not in answer.text
    assert 'value="Data &lt;b&gt;"' in answer.text and 'name="quotes:read" value="yes" checked' in answer.text
    assert 'name="interviews:read" value="yes">' in answer.text


async def test_a_tick_that_is_hidden_for_the_role_counts_for_nothing(sqlite_deps: Deps, admin: Browser) -> None:
    page = (await admin.get("/desk/keys")).text
    assert 'data-roles="admin pmm"><input type="checkbox" name="quotes:read"' in page
    assert 'data-roles="admin pmm revops"><input type="checkbox" name="deals:read"' in page
    ticked = {"quotes:read": "yes", "released:read": "yes"}
    made = await admin.post("/desk/keys", name="shelf", role="sales", days="30", **ticked)
    assert made.status_code == 200 and "ivk_" in made.text and 'data-copy="secret"' in made.text
    (key,) = (await keys.listing(sqlite_deps, CONSOLE)).keys
    assert (key.role, key.scopes) == ("sales", ("released:read",))


async def test_only_admins_come_to_the_keys(sqlite_deps: Deps, pmm: Browser, admin: Browser) -> None:
    made = await keys.make(sqlite_deps, CONSOLE, "warehouse", role="pmm", scopes=["quotes:read"])
    assert 'href="/desk/keys"' in (await admin.get("/desk")).text
    assert 'href="/desk/keys"' not in (await pmm.get("/desk")).text
    assert (await pmm.get("/desk/keys")).status_code == 403
    assert (await pmm.post(f"/desk/keys/{made.id}/revoke")).status_code == 403

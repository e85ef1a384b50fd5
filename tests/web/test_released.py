"""What a PMM released, as each team reads it (trust.md 9-12)."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from interviewer import released
from interviewer.confidentiality import AUDIENCES, Role
from interviewer.deps import Deps
from interviewer.store.tables.analysis import QuoteRow, TagRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.review import RedactionRow, ReleaseRow
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import Browser, analysed

WORDS = "your desk closes at six and our pools open at five in the morning"
PARAPHRASE = "They need somebody to answer before dawn."
DEAL = {"amount": "18400", "currency": "EUR", "segment": "Public leisure", "closed_on": "2026-10-30"}


async def release(deps: Deps, interview_id: str, audience: str, *, wording: str = "", hide: str = "") -> None:
    """Rows as the review desk leaves them: the words in the trial, let to `audience`, with `hide` under a bar."""
    async with deps.db.write() as tx:
        turns = (await tx.exec(select(TurnRow).where(TurnRow.interview_id == interview_id))).all()
        turn = next(turn for turn in turns if WORDS in turn.text)
        quote = (await tx.exec(select(QuoteRow).where(QuoteRow.turn_id == turn.id))).first()
        assert quote is not None
        now = deps.now()
        given = {"interview_id": interview_id, "user_id": "u", "at": now}
        tx.add(ReleaseRow(quote_id=quote.id, audience=audience, wording=wording, **given))
        if hide:
            start = turn.text.index(hide)
            tx.add(RedactionRow(turn_id=turn.id, start=start, end=start + len(hide), **given))


async def shelf(app: FastAPI, deps: Deps, role: Role, query: str = "") -> str:
    async with Browser(app) as one:
        await one.sign_in(deps, role)
        answer = await one.get(f"/desk/released{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("role", AUDIENCES)
async def test_a_team_reads_what_was_released_to_it_and_nothing_else(
    app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs, role: Role
) -> None:
    _, interview_id = await analysed(sqlite_deps, jobs, **DEAL)
    assert "Nothing has been released yet" in await shelf(app, sqlite_deps, role)
    other = next(one for one in AUDIENCES if one is not role)
    await release(sqlite_deps, interview_id, other)
    assert WORDS not in await shelf(app, sqlite_deps, role)
    await release(sqlite_deps, interview_id, role, wording=PARAPHRASE if role is Role.SALES else "")
    read = await shelf(app, sqlite_deps, role)
    assert (PARAPHRASE if role is Role.SALES else "pools open at five") in read
    assert ("18,400" in read) is (role is not Role.SALES)
    assert ("Public leisure" in read) is (role is not Role.SALES)
    assert "2026 Q4" in read
    for secret in ("Jo Marsh", "Brightwater", "jo@brightwater", interview_id):
        assert secret not in read


async def test_redacted_words_stay_under_their_bar(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    _, interview_id = await analysed(sqlite_deps, jobs)
    await release(sqlite_deps, interview_id, Role.PRODUCT, hide="our pools")
    read = await shelf(app, sqlite_deps, Role.PRODUCT)
    assert "our pools" not in read and "███ █████ open at five" in read


async def test_nobody_reads_another_teams_shelf(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps, Role.SALES)
        assert (await one.get("/desk/released?audience=product")).status_code == 403
        assert (await one.get("/desk")).headers["location"] == "/desk/released"


async def test_a_pmm_looks_at_every_teams_shelf(app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    _, interview_id = await analysed(sqlite_deps, jobs)
    await release(sqlite_deps, interview_id, Role.REVOPS)
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps)
        assert "pools open at five" in (await one.get("/desk/released?audience=revops")).text
        assert "Nothing has been released yet" in (await one.get("/desk/released?audience=sales")).text
        narrowed = (await one.get("/desk/released?audience=revops&theme=no+such")).text
    assert "pools open at five" not in narrowed and "Show all<" in narrowed


async def test_words_that_were_changed_since_and_deleted_interviews_are_gone(
    app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    _, interview_id = await analysed(sqlite_deps, jobs)
    await release(sqlite_deps, interview_id, Role.PRODUCT)
    async with sqlite_deps.db.write() as tx:
        turn = (await tx.exec(select(TurnRow).where(col(TurnRow.text).contains(WORDS)))).one()
        turn.text = "I would rather not say."
        tx.add(turn)
    assert "Nothing has been released yet" in await shelf(app, sqlite_deps, Role.PRODUCT)


async def test_however_it_came_about_nothing_is_read_that_the_rules_forbid(
    app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    _, interview_id = await analysed(sqlite_deps, jobs)
    await release(sqlite_deps, interview_id, Role.SALES)  # without a paraphrase, as an import might bring it
    assert "Nothing has been released yet" in await shelf(app, sqlite_deps, Role.SALES)
    await release(sqlite_deps, interview_id, Role.LEADERSHIP, wording="Jo Marsh wants somebody at night.")
    assert "Jo Marsh" not in await shelf(app, sqlite_deps, Role.LEADERSHIP)
    await release(sqlite_deps, interview_id, Role.REVOPS, wording="Our pools open before dawn.", hide="our pools")
    read = await shelf(app, sqlite_deps, Role.REVOPS)
    assert "open before dawn" in read and "pools open before" not in read
    await release(sqlite_deps, interview_id, Role.PRODUCT)
    async with sqlite_deps.db.write() as tx:
        row = await tx.get(InterviewRow, interview_id)
        assert row is not None
        row.audiences = [Role.LEADERSHIP]
        tx.add(row)
    assert "Nothing has been released yet" in await shelf(app, sqlite_deps, Role.PRODUCT)


async def test_an_interview_keeps_whom_its_buyer_was_promised(sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    _, interview_id = await analysed(sqlite_deps, jobs)
    async with sqlite_deps.db.read() as tx:
        row = await tx.get(InterviewRow, interview_id)
    assert row is not None and row.audiences == sorted(AUDIENCES)


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.REVOPS])
async def test_the_page_says_what_a_team_can_take_along_and_what_waits(
    app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs, role: Role
) -> None:
    _, interview_id = await analysed(sqlite_deps, jobs, **DEAL)
    assert "Released statements: none yet" in await shelf(app, sqlite_deps, role)
    async with sqlite_deps.db.write() as tx:
        row = await tx.get(InterviewRow, interview_id)
        assert row is not None
        row.crm_consent = True
        tx.add(row)
    await release(sqlite_deps, interview_id, role)
    read = await shelf(app, sqlite_deps, role)
    assert 'href="/desk/exports#released">Released statements</a>: 1 statement, as files' in read
    assert ("CRM corrections: none yet; 1 waits for product marketing's review" in read) is (role is Role.REVOPS)


async def test_sales_read_which_competitor_it_is_about_but_nothing_that_tells_the_buyer(
    app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    _, interview_id = await analysed(sqlite_deps, jobs, **DEAL)
    await release(sqlite_deps, interview_id, Role.SALES, wording=PARAPHRASE)
    async with sqlite_deps.db.write() as tx:
        given = (await tx.exec(select(ReleaseRow))).one()
        tags = (await tx.exec(select(TagRow).where(TagRow.quote_id == given.quote_id))).all()
        for tag in tags:
            tag.subject = "Brightwater's desk"
            tx.add(tag)
        known = {tag.theme for tag in tags}
        if "competitor_mention" not in known:
            tx.add(TagRow(quote_id=given.quote_id, theme="competitor_mention", subject="Shiftwell"))
    read = await shelf(app, sqlite_deps, Role.SALES)
    assert ": Shiftwell" in read and "Brightwater" not in read


async def test_a_long_shelf_has_pages(
    app: FastAPI, sqlite_deps: Deps, jobs: RecordingJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(released, "PAGE", 1)
    for number, company in enumerate(("Alder", "Birch")):
        _, interview_id = await analysed(sqlite_deps, jobs, email=f"{number}@x.example", company=company)
        await release(sqlite_deps, interview_id, Role.SALES, wording=f"Reason number {number}.")
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps, Role.SALES)
        first = (await one.get("/desk/released")).text
        older = re.search(r'rel="next" href="([^"]+)"', first)
        assert "Reason number 1." in first and "Reason number 0." not in first and older
        second = (await one.get(f"/desk/released{older.group(1).replace('&amp;', '&')}")).text
        assert "Reason number 0." in second and "Reason number 1." not in second and 'rel="next"' not in second
        assert 'rel="first" href="?audience=sales"' in second
        assert (await one.get("/desk/released?before=x")).status_code == 404

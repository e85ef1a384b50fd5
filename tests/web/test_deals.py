"""What the CRM and the rep say of a deal, typed at the desk."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from interviewer import checking, upkeep
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.evidence import StatementKind
from interviewer.store import analysis, deals, statements
from interviewer.store.tables.deals import DealRow
from tests.fakes import audit_log
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import Browser, analysed, invite

TYPED = {
    "deal_id": "D-9",
    "amount": "18,400.50",
    "currency": "eur",
    "closed_on": "2026-09-01",
    "owner": "Sam",
    "reason_category": "pricing",
    "reason_driver": "list price",
    "reason_explanation": "too dear,\r\nthey said",
    "primary_competitor": "Shiftwell",
    "incumbent": "spreadsheet",
    "selected_competitor": "in-house build",
    "rep_reason": "price",
    "rep_competitor": "unknown",
}


@pytest.fixture
async def desk(app: FastAPI, sqlite_deps: Deps) -> AsyncIterator[Browser]:
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps)
        yield browser


async def deal_of(deps: Deps, invitation_id: str) -> DealRow | None:
    async with deps.db.read() as tx:
        return await deals.get(tx, invitation_id)


async def seen(desk: Browser, invitation_id: str) -> str:
    """Which version the form was made from."""
    page = (await desk.get(f"/desk/interviews/{invitation_id}/deal")).text
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found
    return found[1].replace("&#43;", "+")


async def test_what_was_typed_is_kept_and_compared_anew(desk: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, interview_id = await analysed(sqlite_deps, jobs)
    answer = await desk.post(f"/desk/interviews/{invitation_id}/deal", **TYPED, seen=await seen(desk, invitation_id))
    assert answer.headers["location"] == f"/desk/interviews/{invitation_id}?done=deal_kept"
    deal = await deal_of(sqlite_deps, invitation_id)
    assert deal and (deal.amount, deal.currency, str(deal.closed_on)) == (18400.5, "EUR", "2026-09-01")
    assert (deal.incumbent, deal.selected_competitor, deal.rep_competitor) == (
        "spreadsheet",
        "in-house build",
        "unknown",
    )
    assert deal.reason_explanation == "too dear,\nthey said"
    assert jobs.queued == [("analyse", interview_id)]
    await jobs.run(sqlite_deps)
    async with sqlite_deps.db.read() as tx:
        kinds = {one.kind for one in await statements.of(tx, interview_id)}
        assert StatementKind.CONTRADICTION in kinds, "the buyer tells of support hours"
        assert [entry.verb for entry in await audit_log.entries(tx, f"invitation:{invitation_id}")] == ["edited deal"]
    shown = await desk.get(f"/desk/interviews/{invitation_id}/deal")
    assert 'value="18400.50"' in shown.text and '<option value="pricing" selected>' in shown.text


async def test_nothing_is_compared_of_who_no_longer_agrees(
    desk: Browser, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    invitation_id, interview_id = await analysed(sqlite_deps, jobs)
    await checking.withdraw(sqlite_deps, interview_id, browser="phone")
    async with sqlite_deps.db.read() as tx:
        before = await analysis.steps(tx, interview_id)
    await desk.post(f"/desk/interviews/{invitation_id}/deal", **TYPED, seen=await seen(desk, invitation_id))
    deal = await deal_of(sqlite_deps, invitation_id)
    assert deal and deal.amount == 18400.5 and jobs.queued == []
    async with sqlite_deps.db.read() as tx:
        assert await analysis.steps(tx, interview_id) == before != []


async def test_keeping_it_as_it_is_changes_nothing(desk: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, _ = await analysed(sqlite_deps, jobs)
    path = f"/desk/interviews/{invitation_id}/deal"
    for _ in "ab":
        await desk.post(path, **TYPED, seen=await seen(desk, invitation_id))
        await jobs.run(sqlite_deps)
    async with sqlite_deps.db.read() as tx:
        assert len(await audit_log.entries(tx, f"invitation:{invitation_id}")) == 1


async def test_a_blank_that_was_emptied_is_empty(desk: Browser, sqlite_deps: Deps) -> None:
    invitation_id = await invite(sqlite_deps, rep_reason="price", amount="7", reason_category="Too expensive")
    path = f"/desk/interviews/{invitation_id}/deal"
    assert '<option value="Too expensive" selected>' in (await desk.get(path)).text, "the CRM's own word can stay"
    await desk.post(
        path, rep_reason="", amount="", reason_category="Too expensive", seen=await seen(desk, invitation_id)
    )
    deal = await deal_of(sqlite_deps, invitation_id)
    assert deal and (deal.rep_reason, deal.amount, deal.reason_category) == ("", None, "Too expensive")


async def test_names_that_are_known_are_suggested(desk: Browser, sqlite_deps: Deps) -> None:
    await invite(sqlite_deps, email="a@x.example", primary_competitor="Shiftwell")
    invitation_id = await invite(sqlite_deps)
    page = (await desk.get(f"/desk/interviews/{invitation_id}/deal")).text
    for name in ("in-house build", "spreadsheet", "nothing", "unknown", "Shiftwell"):
        assert f'<option value="{name}"></option>' in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"amount": "lots"}, "is not a number"),
        ({"closed_on": "soon"}, "is not a date"),
        ({"currency": "E1"}, "three letters"),
        ({"rep_reason": "x" * 4001}, "the limit is 4,000"),
        ({"incumbent": "x" * 201}, "the limit is 200"),
    ],
)
async def test_what_is_wrong_is_said_beside_it(
    desk: Browser, sqlite_deps: Deps, change: dict[str, str], told: str
) -> None:
    invitation_id = await invite(sqlite_deps, owner="Ann")
    fields = TYPED | change | {"seen": await seen(desk, invitation_id)}
    answer = await desk.post(f"/desk/interviews/{invitation_id}/deal", **fields)
    assert answer.status_code == 422
    assert told in answer.text and "list price" in answer.text
    deal = await deal_of(sqlite_deps, invitation_id)
    assert deal and (deal.owner, deal.reason_driver) == ("Ann", "")


async def test_two_at_once_do_not_overwrite_each_other(desk: Browser, sqlite_deps: Deps, clock: FakeClock) -> None:
    invitation_id = await invite(sqlite_deps, owner="Ann")
    path, mine = f"/desk/interviews/{invitation_id}/deal", await seen(desk, invitation_id)
    clock.advance(seconds=5)
    await desk.post(path, owner="Bob", seen=mine)
    late = await desk.post(path, owner="Cid", seen=mine)
    assert late.status_code == 409 and "was changed while you typed" in late.text and 'value="Cid"' in late.text
    deal = await deal_of(sqlite_deps, invitation_id)
    assert deal and deal.owner == "Bob"
    clock.advance(seconds=5)
    await desk.post(
        path, owner="Cid", seen=re.findall(r'name="seen" value="([^"]*)"', late.text)[0].replace("&#43;", "+")
    )
    deal = await deal_of(sqlite_deps, invitation_id)
    assert deal and deal.owner == "Cid"


async def test_a_deleted_one_refuses(desk: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    invitation_id, _ = await analysed(sqlite_deps, jobs)
    await upkeep.erase(sqlite_deps, Viewer("u", Role.ADMIN), invitation_id)
    path = f"/desk/interviews/{invitation_id}/deal"
    assert (await desk.get(path)).status_code == 404
    assert (await desk.post(path, **TYPED, seen="")).status_code == 404
    assert await deal_of(sqlite_deps, invitation_id) is None


@pytest.mark.parametrize("role", ["product", "leadership", "revops", "sales"])
async def test_others_may_not(app: FastAPI, sqlite_deps: Deps, role: str) -> None:
    invitation_id = await invite(sqlite_deps, owner="Ann")
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps, role)
        path = f"/desk/interviews/{invitation_id}/deal"
        assert (await browser.get(path)).status_code == 403
        assert (await browser.post(path, **TYPED)).status_code == 403

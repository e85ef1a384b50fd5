"""What buyers wish of their own words, at the desk: who asked for deletion is found and counted, and of who no longer
agrees nothing more is made."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI

from interviewer import checking, erasure, exporting, reruns, review, store
from interviewer.analysis import pipeline
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import SAID, Browser, analysed, play

PMM = Viewer("m", Role.PMM)
FILTER = "/desk?status=asked_for_deletion"
BADGE = r'href="/desk/person"[^>]*>Requests <span class="badge">(\d+)<'


def _badge(page: str) -> list[str]:
    return re.findall(BADGE, page)


async def test_who_asked_for_deletion_is_found_and_counted(desk: Browser, sqlite_deps: Deps) -> None:
    asked, interview_id = await play(sqlite_deps, said=("Delete everything please", *SAID[1:]), send=False)
    await play(sqlite_deps, email="else@x.example", company="Elsewhere")
    desk.http.headers.pop("HX-Request", None)
    page = (await desk.get(FILTER)).text
    assert re.findall(r'href="/desk/interviews/([^"]+)"', page) == [asked] and "Elsewhere" not in page
    assert "Asked for deletion <b>1</b>" in page and _badge(page) == ["1"]
    assert "1 buyer wants their answers deleted, or not used." in (await desk.get("/desk/person")).text
    shown = (await desk.get(f"/desk/interviews/{asked}")).text
    assert 'action="/desk/person"' in shown and 'value="jo@brightwater.example"' in shown
    await checking.remove(sqlite_deps, interview_id, browser="phone", number=2)
    assert _badge((await desk.get("/desk")).text) == []


async def test_it_is_found_on_both_databases_and_goes_with_the_interview(deps: Deps) -> None:
    _, interview_id = await play(deps, said=("Delete everything please", *SAID[1:]))
    assert await review.asking_deletion(deps, PMM) == 1
    assert await review.asking_deletion(deps, Viewer("s", Role.SALES)) == 0
    found = await review.interviews(deps, PMM, review.Wanted(status="asked_for_deletion"))
    assert found.found == 1
    await erasure.erase(deps, interview_id)
    assert await review.asking_deletion(deps, PMM) == 0


async def _withdrawn(deps: Deps, jobs: RecordingJobs) -> tuple[str, str]:
    page, interview_id = await analysed(deps, jobs)
    await checking.withdraw(deps, interview_id, browser="phone")
    return page, interview_id


async def test_who_no_longer_agrees_is_named_so_and_nothing_more_is_made_of_it(
    pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    page, interview_id = await _withdrawn(sqlite_deps, jobs)
    assert "No longer agrees <b>1</b>" in (await pmm.get("/desk?status=no_longer_agrees")).text
    shown = (await pmm.get(f"/desk/interviews/{page}")).text
    assert 'data-status="no_longer_agrees"' in shown
    assert "No longer agrees, since" in shown and "2 Nov" in shown and all(words in shown for words in SAID)
    offered = set(re.findall(r'action="(/desk/(?!search)[^"]*)"', re.sub(r"(?s)<nav.*?</nav>", "", shown)))
    assert offered - {"/desk/sign-out"} == {"/desk/person"}, "only what a request of theirs needs"
    assert f'href="/desk/interviews/{page}/delete"' in shown and "review-words" not in shown
    for act in ("rerun", "accept", "finish", "export.csv", "print", "deal", "quotes", "redactions"):
        assert f"/{page}/{act}" not in shown and f"/{interview_id}/{act}" not in shown, act
    for beside in ("/desk/review", "/desk/library?q=Shiftwell"):
        assert page not in (await pmm.get(beside)).text


async def test_nothing_is_analysed_of_who_no_longer_agrees(deps: Deps) -> None:
    """Neither what was asked for before, nor what a sweep or the command line would find."""
    _, interview_id = await play(deps, said=("Delete everything please", *SAID[1:]))
    async with deps.db.write() as tx:
        await deps.jobs.enqueue(tx, "analyse", interview_id)
    await checking.withdraw(deps, interview_id, browser="phone")
    assert await review.asking_deletion(deps, PMM) == 0, "they have said what is to become of it"
    await pipeline.analyse(deps, interview_id)
    async with deps.db.read() as tx:
        assert await store.analysis.steps(tx, interview_id) == []
    assert await reruns.chosen(deps, reruns.Wanted()) == ()


@pytest.mark.parametrize("act", ["rerun", "accept", "finish", "export.csv", "export.json", "print"])
async def test_the_server_refuses_it_with_the_reason(
    pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs, act: str
) -> None:
    """Also where the page was loaded before they took their word back."""
    page, interview_id = await analysed(sqlite_deps, jobs)
    found = await review.interview(sqlite_deps, PMM, page)
    await checking.withdraw(sqlite_deps, interview_id, browser="phone")
    jobs.queued.clear()
    if act in ("rerun", "accept", "finish"):
        fields = {f"{one.target}:{one.id}": str(one.version) for one in found.suggestions}
        answer = await pmm.post(f"/desk/interviews/{interview_id}/{act}", **fields)
    else:
        answer = await pmm.get(f"/desk/interviews/{page}/{act}")
    assert answer.status_code == 409 and "They no longer agree" in answer.text and jobs.queued == []


async def test_exports_of_all_leave_it_out(sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    await _withdrawn(sqlite_deps, jobs)
    for what in (exporting.What.INTERVIEWS, exporting.What.QUOTES, exporting.What.DEALS):
        assert await exporting.count(sqlite_deps, PMM, exporting.Wanted(what=what)) == 0


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("/desk/people", "Only admins manage people"),
        ("/desk/keys", "Only admins make API keys"),
        ("/desk/audit", "Only admins read the audit log"),
    ],
)
async def test_a_refusal_speaks_of_the_page_and_keeps_the_numbers(
    app: FastAPI, sqlite_deps: Deps, page: str, told: str
) -> None:
    await play(sqlite_deps, said=("Delete everything please", *SAID[1:]))
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps, "pmm")
        refused = await browser.get(page)
        assert refused.status_code == 403 and told in refused.text and "promised" not in refused.text
        assert _badge(refused.text) == ["1"] == _badge((await browser.get("/desk/nothing")).text)
        await browser.sign_in(sqlite_deps, "sales")
        assert "Buyers were promised" in (await browser.get("/desk/status")).text
        assert _badge((await browser.get("/desk/status")).text) == []

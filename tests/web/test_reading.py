"""While an interview is being read: the page and the queue say so, and nobody marks it as reviewed before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from sqlalchemy import event
from sqlmodel import col, delete

from interviewer import checking, reruns, reviewing
from interviewer.analysis.steps import STEPS
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.store import analysis
from interviewer.store.analysis import State
from interviewer.store.jobs import FAILED
from interviewer.store.tables.analysis import AnalysisStepRow, JobRunRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web import review_scene as scene
from tests.web.desk_scene import SAID, Browser, play

REFRESH = '<noscript><meta http-equiv="refresh"'


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
async def pmm(app: FastAPI, sqlite_deps: Deps, request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    async with Browser(app, script=request.param) as one:
        await one.sign_in(sqlite_deps)
        yield one


async def test_nothing_is_marked_as_reviewed_before_it_was_read(
    pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    page, interview_id = await play(sqlite_deps)
    address, finish = f"/desk/interviews/{page}", f"/desk/interviews/{interview_id}/finish"
    text = (await pmm.get(address)).text
    assert 'data-status="being_read"' in text and f'action="{finish}"' not in text and REFRESH in text
    assert "then it can be reviewed" in text and "Nothing was read out of this one" not in text
    assert (await pmm.get(f"{address}/analysis")).status_code == 204
    refused = await pmm.post(finish)
    assert refused.status_code == 422 and "The reading is not over yet" in refused.text
    assert (await scene.interview(sqlite_deps, interview_id)).reviewed_at is None

    await jobs.run(sqlite_deps)
    assert (await pmm.get(f"{address}/analysis")).headers["hx-refresh"] == "true"
    text = (await pmm.get(address)).text
    assert 'data-status="being_read"' not in text and f'action="{finish}"' in text and REFRESH not in text
    assert (await pmm.post(finish)).status_code == 303


async def test_read_by_half_is_being_read(pmm: Browser, sqlite_deps: Deps) -> None:
    page, interview_id = await play(sqlite_deps)
    async with sqlite_deps.db.write() as tx:
        await analysis.mark(
            tx, interview_id, STEPS[0].name, State.DONE, sqlite_deps.now(), transcript_digest="", attempts=1
        )
    assert 'data-status="being_read"' in (await pmm.get(f"/desk/interviews/{page}")).text


async def test_what_nobody_is_at_work_on_is_not_being_read(
    pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs, clock: FakeClock
) -> None:
    page, interview_id = await play(sqlite_deps)
    await jobs.run(sqlite_deps)
    async with sqlite_deps.db.write() as tx:
        await tx.exec(delete(AnalysisStepRow).where(col(AnalysisStepRow.step) == STEPS[-1].name))
    text = (await pmm.get(f"/desk/interviews/{page}")).text
    assert 'data-status="being_read"' not in text and "The analysis did not finish" in text
    assert f'action="/desk/interviews/{interview_id}/finish"' in text
    clock.advance(minutes=16)
    assert await reruns.queue_missed(sqlite_deps) == 1
    await pmm.sign_in(sqlite_deps)
    assert 'data-status="being_read"' in (await pmm.get(f"/desk/interviews/{page}")).text
    await jobs.run(sqlite_deps)
    assert await reruns.queue_missed(sqlite_deps) == 0
    assert 'data-status="being_read"' not in (await pmm.get(f"/desk/interviews/{page}")).text
    assert (await pmm.post(f"/desk/interviews/{interview_id}/finish")).status_code == 303


async def test_what_failed_for_good_is_not_asked_for_for_ever(
    sqlite_deps: Deps, jobs: RecordingJobs, clock: FakeClock
) -> None:
    _, interview_id = await play(sqlite_deps)
    async with sqlite_deps.db.write() as tx:
        now = sqlite_deps.now()
        await analysis.mark(tx, interview_id, STEPS[0].name, State.FAILED, now, transcript_digest="", attempts=1)
    clock.advance(minutes=16)
    assert await reruns.queue_missed(sqlite_deps) == 1
    clock.advance(days=3)
    assert await reruns.queue_missed(sqlite_deps) == 0


async def test_what_comes_next_is_asked_at_once_however_many_wait(sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    pmm = Viewer("pmm-1", Role.PMM, "Mara")
    numbers: list[tuple[int, int]] = []
    for some in (2, 4):
        for number in range(some):
            await play(sqlite_deps, email=f"p{some}-{number}@x.example")
        with statements(sqlite_deps) as asked:
            assert await reviewing.next_after(sqlite_deps, pmm, "none") == ""
        with statements(sqlite_deps) as polled:
            assert await reviewing.being_read(sqlite_deps, pmm) in (2, 6)
        numbers.append((len(asked), len(polled)))
    assert numbers[0] == numbers[1] and max(numbers[0]) <= 4, numbers
    await jobs.run(sqlite_deps)
    assert await reviewing.next_after(sqlite_deps, pmm, "none") and not await reviewing.being_read(sqlite_deps, pmm)


@contextmanager
def statements(deps: Deps) -> Iterator[list[str]]:
    """What the database is asked until the block ends."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engines = {id(engine): engine for engine in (deps.db.reader.sync_engine, deps.db.writer.sync_engine)}.values()
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("step", ["quotes", ""])
async def test_what_could_not_be_read_says_so_and_can_be_tried_again_or_reviewed(
    pmm: Browser, sqlite_deps: Deps, step: str
) -> None:
    page, interview_id = await play(sqlite_deps)
    async with sqlite_deps.db.write() as tx:
        if step:
            now = sqlite_deps.now()
            await analysis.mark(tx, interview_id, step, State.FAILED, now, transcript_digest="", attempts=1, error="X")
        else:
            row = JobRunRow(job="analyse", key=interview_id, run=1, state=FAILED, queued_at=sqlite_deps.now())
            await tx.merge(row)
    text = (await pmm.get(f"/desk/interviews/{page}")).text
    assert f"The analysis did not finish{': quotes' if step else ''}." in text and REFRESH not in text
    assert 'action="/desk/retry"' in text and f'action="/desk/interviews/{interview_id}/finish"' in text
    assert (await pmm.post(f"/desk/interviews/{interview_id}/finish")).status_code == 303


async def test_one_that_left_after_a_word_has_nothing_to_be_read(
    pmm: Browser, sqlite_deps: Deps, clock: FakeClock
) -> None:
    page, interview_id = await play(sqlite_deps, said=SAID[:1], send=False)
    clock.advance(hours=25)
    await checking.settle_silent(sqlite_deps)
    await pmm.sign_in(sqlite_deps)
    text = (await pmm.get(f"/desk/interviews/{page}")).text
    assert "Nothing was read out of this one" in text and f'action="/desk/interviews/{interview_id}/finish"' in text


async def test_the_queue_begins_with_what_was_read(pmm: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    fresh, _ = await play(sqlite_deps, email="fresh@x.example", amount="900000", currency="EUR")
    text = (await pmm.get("/desk/review")).text
    assert "1 is being read now" in text and "Start with the first" not in text and REFRESH in text
    assert (await pmm.get("/desk/review/reading?left=1")).status_code == 204
    page, interview_id = await scene.suggested(sqlite_deps)
    text = (await pmm.get("/desk/review")).text
    assert f'href="/desk/interviews/{page}">Start with the first' in text
    assert text.index(f'href="/desk/interviews/{page}" data-row') < text.index(f'"/desk/interviews/{fresh}" data-row')
    assert (await pmm.get(f"/desk/interviews/{interview_id}/next")).headers["location"] == "/desk/review"

    await jobs.run(sqlite_deps)
    assert (await pmm.get("/desk/review/reading?left=1")).headers["hx-refresh"] == "true"
    assert (await pmm.get(f"/desk/interviews/{interview_id}/next")).headers["location"] == f"/desk/interviews/{fresh}"

"""The analysis made anew: for one, for many, for those that were missed; and what a person said of it stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from interviewer import reruns, store
from interviewer.analysis import pipeline
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import LLMUnavailable, NotAllowed, NotFound
from interviewer.evidence import Review, StatementKind
from interviewer.llm.base import Message
from interviewer.reruns import Wanted
from interviewer.store.tables.analysis import AnalysisStepRow, StatementRow, TagRow
from interviewer.store.tables.people import AuditRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.model_replies import Model, plain
from tests.store.talks import ANSWERS, ended, found

PMM = Viewer("u1", Role.PMM)


async def review(deps: Deps, kind: StatementKind, verdict: Review, text: str = "") -> str:
    """Somebody at the desk decides on the first statement of a kind. Gives what it says by then."""
    async with deps.db.write() as tx:
        row = (
            await tx.exec(select(StatementRow).where(StatementRow.kind == kind).order_by(col(StatementRow.id)))
        ).first()
        assert row is not None
        row.review, row.machine_text, row.text = verdict, row.text if text else "", text or row.text
        tx.add(row)
        return row.text


async def step(deps: Deps, name: str) -> AnalysisStepRow:
    async with deps.db.read() as tx:
        row = await store.analysis.get(tx, "talk", name)
    assert row is not None
    return row


async def test_what_a_person_said_outlives_another_model(make_deps: MakeDeps, deps: Deps) -> None:
    await pipeline.analyse(deps, await ended(deps))
    headline = await review(deps, StatementKind.HEADLINE, Review.CONFIRMED, "Lost at four in the morning")
    rejected = await review(deps, StatementKind.COMPETITOR, Review.REJECTED)
    async with deps.db.write() as tx:
        confirmed, turned_down = (await tx.exec(select(TagRow).order_by(col(TagRow.id)))).all()[:2]
        confirmed.review, turned_down.review = Review.CONFIRMED, Review.REJECTED
        tx.add_all([confirmed, turned_down])
    modelled = replace(deps, llm=Model(plain))
    await pipeline.analyse(modelled, "talk", again=True)
    _, statements, _ = await found(modelled)
    assert statements["headline"] == [headline]
    assert rejected not in statements["competitor"]
    async with deps.db.read() as tx:
        kept = {row.id: row.review for row in (await tx.exec(select(TagRow))).all()}
    assert kept[confirmed.id] == Review.CONFIRMED
    assert kept[turned_down.id] == Review.REJECTED
    assert (await step(deps, "summary")).changes["kept"] == 1  # type: ignore[index]


async def test_what_was_confirmed_of_other_words_does_not_stand_in_the_way(deps: Deps) -> None:
    await pipeline.analyse(deps, await ended(deps))
    async with deps.db.write() as tx:
        for row in (await tx.exec(select(StatementRow))).all():
            row.review = Review.CONFIRMED
            tx.add(row)
        answers = [turn for turn in await store.turns.rows(tx, "talk") if turn.speaker == "buyer"]
        for turn in answers:  # the same story with other words: not one quote stands
            turn.text = f"Well: {turn.text}"
            tx.add(turn)
    await pipeline.analyse(deps, "talk", again=True)
    async with deps.db.read() as tx:
        shown = await store.statements.of(tx, "talk")
    kinds = {one.kind for one in shown}
    assert {StatementKind.HEADLINE, StatementKind.SURPRISE, StatementKind.WHY, StatementKind.DRIVER} <= kinds


async def test_a_first_run_changes_nothing_and_another_one_says_what(deps: Deps) -> None:
    await pipeline.analyse(deps, await ended(deps))
    assert (await step(deps, "summary")).changes == {"added": [], "gone": [], "kept": 0}
    await pipeline.analyse(replace(deps, llm=Model(plain)), "talk", again=True)
    changes = (await step(deps, "summary")).changes
    assert changes is not None
    assert ["headline", "Lost to support hours, not to a missing feature"] in changes["added"]
    assert changes["gone"]


async def test_what_came_since_a_review_adds_up(deps: Deps, clock: FakeClock) -> None:
    await pipeline.analyse(deps, await ended(deps))
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, "talk", lock=True)
        assert row is not None
        row.reviewed_at = clock() + timedelta(seconds=1)
        tx.add(row)
    clock.advance(hours=1)
    await pipeline.analyse(replace(deps, llm=Model(plain)), "talk", again=True)
    came = (await step(deps, "summary")).changes
    await pipeline.analyse(replace(deps, llm=Model(plain)), "talk", again=True)
    assert came is not None
    assert came["added"]
    assert (await step(deps, "summary")).changes == came
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, "talk")
    assert row is not None
    assert row.reviewed_at is not None


async def test_a_failure_leaves_what_was_made(deps: Deps) -> None:
    async def broken(kind: str, messages: Sequence[Message]) -> dict[str, Any]:
        raise RuntimeError

    await pipeline.analyse(deps, await ended(deps))
    before = await found(deps)
    with pytest.raises(RuntimeError):
        await pipeline.analyse(replace(deps, llm=Model(broken)), "talk", again=True)
    assert (await found(deps))[:2] == before[:2]
    failed = await step(deps, "notes")
    assert (failed.state, failed.made_by, failed.error) == ("failed", "rules", "RuntimeError")


async def test_one_is_queued_by_whoever_may_and_audited(deps: Deps, jobs: RecordingJobs) -> None:
    await pipeline.analyse(deps, await ended(deps))
    await reruns.one(deps, PMM, "to-talk")
    assert jobs.keys("analyse") == ["talk"]
    assert (await step(deps, "notes")).state == "waiting"
    async with deps.db.read() as tx:
        (noted,) = (await tx.exec(select(AuditRow))).all()
    assert (noted.verb, noted.object) == ("reran analysis", "interview:talk")
    await jobs.run(deps)
    assert (await step(deps, "notes")).state == "done"
    with pytest.raises(NotAllowed):
        await reruns.one(deps, Viewer("u2", Role.PRODUCT), "to-talk")
    with pytest.raises(NotFound):
        await reruns.one(deps, PMM, "nowhere")


async def test_many_are_chosen_by_flow_day_and_id(deps: Deps, jobs: RecordingJobs, clock: FakeClock) -> None:
    for name, abandoned, answers in (("a", False, 4), ("b", False, 4), ("c", True, 4), ("d", True, 1), ("e", False, 1)):
        done = not abandoned and name != "e"
        await ended(deps, ANSWERS[:answers], interview_id=name, completed=done, abandoned=abandoned)
        clock.advance(days=1)
    begin = clock() - timedelta(days=5)
    assert set(await reruns.chosen(deps, Wanted())) == {"a", "b", "c"}
    assert set(await reruns.chosen(deps, Wanted(since=begin + timedelta(hours=1)))) == {"b", "c"}
    assert await reruns.chosen(deps, Wanted(flow="win")) == ()
    assert await reruns.chosen(deps, Wanted(ids=("to-b",))) == ("b",)
    with pytest.raises(NotFound):
        await reruns.chosen(deps, Wanted(ids=("a", "e")))
    assert await reruns.many(deps, PMM, Wanted()) == 3
    assert sorted(jobs.keys("analyse")) == ["a", "b", "c"]


async def test_stale_is_what_would_be_made_otherwise_today(make_deps: MakeDeps, deps: Deps) -> None:
    await ended(deps)
    await ended(deps, interview_id="other")
    stale = Wanted(stale=True)
    assert len(await reruns.chosen(deps, stale)) == 2  # never analysed
    await pipeline.analyse(deps, "talk")
    assert await reruns.chosen(deps, stale) == ("other",)
    modelled = replace(deps, llm=Model(plain))
    assert len(await reruns.chosen(modelled, stale)) == 2  # by rules, while there is a model
    await pipeline.analyse(modelled, "talk", again=True)
    assert await reruns.chosen(modelled, stale) == ("other",)
    assert await reruns.chosen(deps, stale) == ("other",)  # a model's stays good without one
    renamed = replace(deps, llm=Model(plain, name="fake:2"))
    assert len(await reruns.chosen(renamed, stale)) == 2


async def test_notes_that_were_missed_are_asked_for_again(deps: Deps, jobs: RecordingJobs, clock: FakeClock) -> None:
    await ended(deps)
    await ended(deps, ANSWERS[:1], interview_id="short", completed=False, abandoned=True)
    await ended(deps, interview_id="open", completed=False)
    assert await reruns.queue_missed(deps) == 0  # it has only just ended
    clock.advance(minutes=20)
    assert await reruns.queue_missed(deps) == 1
    assert jobs.keys("analyse") == ["talk"]
    await jobs.run(deps)
    assert await reruns.queue_missed(deps) == 0


async def test_notes_that_failed_are_tried_for_two_days(make_deps: MakeDeps, deps: Deps, clock: FakeClock) -> None:
    async def broken(kind: str, messages: Sequence[Message]) -> dict[str, Any]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await pipeline.analyse(replace(deps, llm=Model(broken)), await ended(deps))
    clock.advance(hours=1)
    assert await reruns.queue_missed(deps) == 1
    clock.advance(days=2)
    assert await reruns.queue_missed(deps) == 0


async def test_a_model_that_stays_away_does_not_keep_notes_back(deps: Deps, clock: FakeClock) -> None:
    async def away(kind: str, messages: Sequence[Message]) -> dict[str, Any]:
        raise LLMUnavailable("away")

    with pytest.raises(LLMUnavailable):
        await pipeline.analyse(replace(deps, llm=Model(away)), await ended(deps))
    assert set((await found(deps))[1]) >= {"surprise", "phrase", "gap"}
    clock.advance(hours=1)
    assert await reruns.queue_missed(deps) == 0

"""Two reviewers at once: nobody overwrites what the other did, and who came late is told (both databases)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest
from sqlmodel import select

from interviewer import erasure, reviewing
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotFound, Overtaken
from interviewer.reviewing import Retag
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import StatementRow, TagRow
from interviewer.store.tables.review import ChangeRow, RedactionRow, ReleaseRow
from tests.web import desk_scene
from tests.web import review_scene as scene

REVIEWERS = [Viewer(f"pmm-{number}", Role.PMM) for number in range(8)]
FEE = "pricing: import fee"


async def at_once(*acts: Coroutine[Any, Any, Any]) -> tuple[list[Any], list[BaseException]]:
    """What came back, and what was raised."""
    done: Sequence[Any] = await asyncio.gather(*acts, return_exceptions=True)
    raised = [one for one in done if isinstance(one, BaseException)]
    return [one for one in done if not isinstance(one, BaseException)], raised


async def tag_now(tx: Tx, tag_id: int | None) -> TagRow:
    row = await tx.get(TagRow, tag_id)
    assert row is not None
    return row


async def test_one_of_many_who_decide_on_a_tag_wins(deps: Deps) -> None:
    _, interview_id = await scene.suggested(deps)
    row = (await scene.tags(deps))[FEE]
    acts = [reviewing.confirm, reviewing.reject]
    done, raised = await at_once(
        *(
            acts[place % 2](deps, viewer, interview_id, "tag", row.id or 0, row.version)
            for place, viewer in enumerate(REVIEWERS)
        )
    )
    assert len(done) == 1 and {type(error) for error in raised} == {Overtaken}
    async with deps.db.read() as tx:
        now = await tag_now(tx, row.id)
        (change,) = (await tx.exec(select(ChangeRow))).all()
    assert (now.version, now.reviewed_by) == (2, change.user_id)
    assert now.review == {"confirm": "confirmed", "reject": "rejected"}[change.verb]


async def test_of_several_who_accept_all_at_once_one_does(deps: Deps) -> None:
    """Each suggestion is decided once, in one change; the others are told and leave no trace, in whichever order they
    name them."""
    _, interview_id = await scene.suggested(deps)
    async with deps.db.read() as tx:
        tags = [("tag", row.id or 0, row.version) for row in (await tx.exec(select(TagRow))).all()]
        said = [("statement", row.id or 0, row.version) for row in (await tx.exec(select(StatementRow))).all()]
    every = [*tags, *said]
    done, raised = await at_once(
        *(
            reviewing.confirm_these(deps, viewer, interview_id, every if place % 2 else every[::-1])
            for place, viewer in enumerate(REVIEWERS)
        )
    )
    assert len(done) == 1 and [type(error) for error in raised] == [Overtaken] * (len(REVIEWERS) - 1)
    async with deps.db.read() as tx:
        (change,) = (await tx.exec(select(ChangeRow))).all()
        rows = [*(await tx.exec(select(TagRow))).all(), *(await tx.exec(select(StatementRow))).all()]
    assert {(row.version, row.review, row.reviewed_by) for row in rows} == {(2, "confirmed", change.user_id)}
    assert sorted((entry["table"], *entry["id"]) for entry in change.rows) == sorted(
        (f"{target}s", ref) for target, ref, _ in every
    )


async def test_who_accepts_all_and_who_turns_one_down_do_not_mix(deps: Deps) -> None:
    _, interview_id = await scene.suggested(deps)
    rows = await scene.tags(deps)
    every = [("tag", row.id or 0, row.version) for row in rows.values()]
    done, raised = await at_once(
        reviewing.confirm_these(deps, REVIEWERS[0], interview_id, every),
        reviewing.reject(deps, REVIEWERS[1], interview_id, "tag", rows[FEE].id or 0, rows[FEE].version),
    )
    assert len(done) == 1 and [type(error) for error in raised] == [Overtaken]
    now = {name: (row.review, row.version) for name, row in (await scene.tags(deps)).items()}
    left = [entry for name, entry in now.items() if name != FEE]
    if now[FEE] == ("confirmed", 2):
        assert set(left) == {("confirmed", 2)}
    else:
        assert now[FEE] == ("rejected", 2) and set(left) == {("", 1)}


async def test_acts_on_different_things_all_stand(deps: Deps) -> None:
    _, interview_id = await scene.suggested(deps)
    tags = list((await scene.tags(deps)).values())
    done, raised = await at_once(
        *(
            reviewing.confirm(deps, REVIEWERS[place % 2], interview_id, "tag", row.id or 0, row.version)
            for place, row in enumerate(tags)
        )
    )
    assert len(done) == len(tags) and not raised
    assert all(row.review == "confirmed" for row in (await scene.tags(deps)).values())


async def test_a_merge_and_what_others_do_meanwhile_both_stand(deps: Deps) -> None:
    _, one = await scene.suggested(deps)
    _, two = await scene.suggested(deps, email="kim@other.example", deal_id="D-2")
    async with deps.db.read() as tx:
        rows = [row for row in (await tx.exec(select(TagRow))).all() if row.subject == "support hours"]
    _, raised = await at_once(
        reviewing.merge(deps, REVIEWERS[0], "support hours", "support at night"),
        reviewing.merge(deps, REVIEWERS[1], "Shiftwell", "Shift well"),
        *(
            reviewing.confirm(deps, REVIEWERS[2], interview_id, "tag", row.id or 0, row.version)
            for row in rows
            for interview_id in (one, two)
        ),
    )
    assert {type(error) for error in raised} <= {Overtaken, NotFound}
    async with deps.db.read() as tx:
        subjects = {row.subject for row in (await tx.exec(select(TagRow))).all()}
        confirmed = [change for change in (await tx.exec(select(ChangeRow))).all() if change.verb == "confirm"]
        after = [await tag_now(tx, row.id) for row in rows]
    assert "support hours" not in subjects and "Shiftwell" not in subjects
    assert sum(row.review == "confirmed" for row in after) == len(confirmed)


@pytest.mark.parametrize("act", ["finish", "redact", "release", "undo", "mark"])
async def test_what_happens_once_happens_once(deps: Deps, act: str) -> None:
    _, interview_id = await scene.suggested(deps)
    viewer, row = REVIEWERS[0], (await scene.tags(deps))[FEE]
    change = await reviewing.confirm(deps, viewer, interview_id, "tag", row.id or 0, row.version)

    def again() -> Coroutine[Any, Any, Any]:
        match act:
            case "finish":
                return reviewing.finish(deps, viewer, interview_id)
            case "redact":
                return reviewing.redact(deps, viewer, interview_id, 2, 0, 8)
            case "release":
                return reviewing.release(deps, viewer, interview_id, row.quote_id, "product")
            case "mark":
                return reviewing.mark(deps, viewer, interview_id, 2, 0, 8, "Our rota", Retag("praise"))
        return reviewing.undo(deps, viewer, change)

    done, raised = await at_once(*(again() for _ in range(6)))
    assert len(done) == 1 and len(raised) == 5


async def test_a_stale_page_does_not_undo_what_came_after(deps: Deps) -> None:
    """Versions only rise: one that was seen before a change and its undoing is not the present one."""
    _, interview_id = await scene.suggested(deps)
    row = (await scene.tags(deps))[FEE]
    change = await reviewing.confirm(deps, REVIEWERS[0], interview_id, "tag", row.id or 0, row.version)
    await reviewing.undo(deps, REVIEWERS[0], change)
    for seen in (row.version, row.version + 1):
        with pytest.raises(Overtaken):
            await reviewing.reject(deps, REVIEWERS[1], interview_id, "tag", row.id or 0, seen)
    await reviewing.reject(deps, REVIEWERS[1], interview_id, "tag", row.id or 0, row.version + 2)


async def test_erasing_takes_changes_redactions_and_releases_along(deps: Deps) -> None:
    _, interview_id = await scene.suggested(deps)
    viewer, tags, said = REVIEWERS[0], await scene.tags(deps), await scene.said(deps)
    row, summary = tags[FEE], said["The import was quoted at nine days."]
    await reviewing.confirm(deps, viewer, interview_id, "tag", row.id or 0, row.version)
    await reviewing.release(deps, viewer, interview_id, row.quote_id, "sales", "CANARY of the PMM")
    await reviewing.redact(deps, viewer, interview_id, 2, 0, 8)
    for text in ("First CANARY", "Second CANARY"):
        summary = next(one for one in (await scene.said(deps)).values() if one.id == summary.id)
        await reviewing.reword(deps, viewer, interview_id, summary.id or 0, summary.version, text, [tags[FEE].quote_id])
    await reviewing.merge(deps, viewer, "import", "CANARY")
    await erasure.erase(deps, interview_id)
    async with deps.db.read() as tx:
        for table in (ChangeRow, RedactionRow, ReleaseRow, TagRow, StatementRow):
            assert not (await tx.exec(select(table))).all(), table.__name__
    with pytest.raises(NotFound):
        await reviewing.finish(deps, viewer, interview_id)
    if deps.db.file:
        for file in deps.db.file.parent.glob(f"{deps.db.file.name}*"):
            assert b"CANARY of" not in file.read_bytes() and b"First CANARY" not in file.read_bytes(), file


async def test_a_deleted_interview_does_not_hold_up_the_undoing_of_a_merge(deps: Deps) -> None:
    _, one = await scene.suggested(deps)
    _, two = await scene.suggested(deps, email="kim@other.example", deal_id="D-2")
    change = await reviewing.merge(deps, REVIEWERS[0], "Shiftwell", "Shift well", two)
    await erasure.erase(deps, one)
    assert (await reviewing.undo(deps, REVIEWERS[0], change)).interview_id == two
    assert "Shiftwell" in [subject.name for subject in (await reviewing.subjects(deps, REVIEWERS[0])).subjects]


async def test_the_queue_puts_doubt_first_and_leads_on(deps: Deps) -> None:
    viewer, said = REVIEWERS[0], desk_scene.SAID
    plain, plain_id = await desk_scene.play(deps, said=said, email="plain@one.example", company="Plain")
    doubtful, interview_id = await scene.suggested(deps)
    big, big_id = await desk_scene.play(deps, said=said, email="big@two.example", amount="250000", deal_id="D-3")
    for read in (plain_id, big_id):
        await desk_scene.as_read(deps, read)
    await desk_scene.play(deps, said=said[:1], send=False, email="open@three.example")
    await desk_scene.play(deps, said=("", "", ""), send=False, email="skips@four.example")
    found = await reviewing.queue(deps, viewer, deps.now())
    assert [one.head.id for one in found.waiting] == [doubtful, big, plain]
    first, second, _ = found.waiting
    assert (first.contradictions, first.unsure, first.big, first.suggestions) == (1, False, False, scene.SUGGESTED)
    assert (second.big, second.unexplained, second.suggestions) == (True, True, 0)
    assert (found.found, found.reviewed, await reviewing.waiting(deps, viewer)) == (3, 0, 3)
    assert await reviewing.next_after(deps, viewer, doubtful) == big
    assert await reviewing.next_after(deps, viewer, plain) == doubtful
    change = await reviewing.finish(deps, viewer, interview_id)
    assert await reviewing.next_after(deps, viewer, interview_id) == big
    found = await reviewing.queue(deps, viewer, deps.now())
    assert ([one.head.id for one in found.waiting], found.reviewed) == ([big, plain], 1)
    row = await scene.interview(deps, interview_id)
    assert (row.reviewed_by, row.reviewed_at) == (viewer.user_id, deps.now())
    await reviewing.undo(deps, viewer, change)
    assert await reviewing.waiting(deps, viewer) == 3


@pytest.mark.parametrize(("share", "unsure"), [(49, False), (50, True)])
async def test_the_queue_doubts_what_hangs_on_an_unsure_main_driver(deps: Deps, share: int, unsure: bool) -> None:
    await scene.suggested(deps)
    async with deps.db.write() as tx:
        row = await tx.get(StatementRow, (await scene.said(deps))["The import cost too much work."].id)
        assert row is not None and row.body is not None
        row.body = {**row.body, "share": share}
        tx.add(row)
    (waiting,) = (await reviewing.queue(deps, REVIEWERS[0], deps.now())).waiting
    assert waiting.unsure is unsure


async def test_a_page_stays_good_while_the_analysis_runs_again(deps: Deps) -> None:
    _, interview_id = await scene.suggested(deps)
    tags, said = await scene.tags(deps), await scene.said(deps)
    await scene.suggest(deps, interview_id)
    assert {row.id: row.version for row in tags.values()} == {
        row.id: row.version for row in (await scene.tags(deps)).values()
    }
    assert {text: row.id for text, row in said.items()} == {
        text: row.id for text, row in (await scene.said(deps)).items()
    }

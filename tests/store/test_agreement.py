"""Nothing of who no longer agrees is evidence anywhere; what they said is read on its own page (docs/privacy.md)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import col, select, update

from interviewer import bookings, checking, exporting, interviews, released, review, reviewing, store
from interviewer.agenda import brief, meetings
from interviewer.analysis import pipeline
from interviewer.bookings import closing, finishing, noting
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import NoLongerAgrees
from interviewer.evidence import Review
from interviewer.library import pages, upkeep
from interviewer.library.wanted import Wanted
from interviewer.reviewing import TAG, Retag
from interviewer.store import subjects
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.library import HoldingRow, MentionRow, RivalRow
from interviewer.store.tables.review import ChangeRow, DocumentRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store import booking_scene
from tests.web import review_scene as scene
from tests.web.desk_scene import SAID, invite, play, say

PMM = Viewer("pmm-1", Role.PMM)


async def withdrawn(deps: Deps) -> tuple[str, str]:
    """An interview with suggestions of every kind, one of them accepted, and a buyer who took their word back."""
    page, interview_id = await scene.suggested(deps)
    pricing = (await scene.tags(deps))["pricing: import fee"]
    await reviewing.confirm(deps, PMM, interview_id, TAG, pricing.id or 0, pricing.version)
    await checking.withdraw(deps, interview_id, browser="phone")
    return page, interview_id


async def left(deps: Deps) -> dict[str, int]:
    """How much of the library's own tables is left."""
    async with deps.db.read() as tx:
        tables = (DocumentRow, HoldingRow, MentionRow, RivalRow)
        return {table.__tablename__: len((await tx.exec(select(table))).all()) for table in tables}


async def test_it_is_evidence_nowhere(deps: Deps) -> None:
    await withdrawn(deps)
    assert set((await left(deps)).values()) == {0}
    looked = await pages.page(deps, PMM, Wanted(q="Shiftwell"))
    assert looked.everything == 0 and sum(group.number for group in looked.groups) == 0
    queue = await reviewing.queue(deps, PMM, deps.now())
    assert (queue.found, queue.waiting, await reviewing.waiting(deps, PMM)) == (0, (), 0)
    assert (await reviewing.subjects(deps, PMM)).subjects == ()
    for what in (exporting.What.INTERVIEWS, exporting.What.QUOTES, exporting.What.DEALS):
        assert await exporting.count(deps, PMM, exporting.Wanted(what=what)) == 0
    listing = await review.interviews(deps, PMM, review.Wanted())
    assert [(head.headline, head.excerpt, head.analysis) for head in listing.heads] == [("", (), "")]
    for words, found in (("Shiftwell picked", 0), ("Brightwater", 1)):
        assert (await review.interviews(deps, PMM, review.Wanted(text=words))).found == found, words


async def test_one_that_others_hold_beside_it_stays(deps: Deps) -> None:
    await scene.suggested(deps, email="b@x.example", deal_id="D-2")
    before = await left(deps)
    await withdrawn(deps)
    assert await left(deps) == before and min(before.values()) > 0
    assert await reviewing.waiting(deps, PMM) == 1


async def test_its_page_holds_what_was_said_and_nothing_that_was_made_of_it(deps: Deps) -> None:
    page, _ = await withdrawn(deps)
    found = await review.interview(deps, PMM, page)
    assert found.withdrawn_at == deps.now() and found.undoable is None
    text = " ".join(part.text for turn in found.exchanges for part in turn.segments)
    assert all(said in text for said in SAID)
    made = (found.headline, found.story.trigger, found.notes, found.answers, found.summary, found.drivers, found.quotes)
    assert not any((*made, found.findings, found.insights, found.competitors, found.contradictions, found.steps))
    assert not any((found.rejected.quotes, found.rejected.statements, found.suggestions, found.unfounded))


Do = Callable[[Deps, str], Awaitable[object]]
RETAG = Retag("pricing", "fee", "negative", "strategic", "")


async def _tag(deps: Deps) -> tuple[int, int]:
    row = (await scene.tags(deps))["process_friction: import"]
    return row.id or 0, row.version


async def _statement(deps: Deps) -> tuple[int, int]:
    row = (await scene.said(deps))["They bought Shiftwell."]
    return row.id or 0, row.version


async def _accept(deps: Deps, of: str) -> None:
    await reviewing.confirm(deps, PMM, of, TAG, *await _tag(deps))


async def _turn_down(deps: Deps, of: str) -> None:
    await reviewing.reject(deps, PMM, of, reviewing.STATEMENT, *await _statement(deps))


async def _accept_several(deps: Deps, of: str) -> None:
    await reviewing.confirm_these(deps, PMM, of, await scene.left(deps))


async def _retag(deps: Deps, of: str) -> None:
    await reviewing.retag(deps, PMM, of, *await _tag(deps), RETAG)


async def _mark(deps: Deps, of: str) -> None:
    await reviewing.mark(deps, PMM, of, 2, 0, 14, "Our rota person", RETAG)


async def _reword(deps: Deps, of: str) -> None:
    quote = (await scene.tags(deps))["process_friction: import"].quote_id
    await reviewing.reword(deps, PMM, of, *await _statement(deps), "They chose another.", [quote])


async def _redact(deps: Deps, of: str) -> None:
    await reviewing.redact(deps, PMM, of, 2, 0, 3)


async def _release(deps: Deps, of: str) -> None:
    quote = (await scene.tags(deps))["pricing: import fee"].quote_id
    await reviewing.release(deps, PMM, of, quote, "product")


async def _finish(deps: Deps, of: str) -> None:
    await reviewing.finish(deps, PMM, of)


async def _undo(deps: Deps, _of: str) -> None:
    async with deps.db.read() as tx:
        (change,) = (await tx.exec(select(ChangeRow.id))).all()
    await reviewing.undo(deps, PMM, change or 0)


@pytest.mark.parametrize(
    "act", [_accept, _turn_down, _accept_several, _retag, _mark, _reword, _redact, _release, _finish, _undo]
)
async def test_nothing_is_done_to_it_one_by_one(deps: Deps, act: Do) -> None:
    page, interview_id = await withdrawn(deps)
    before = {key: row.version for key, row in (await scene.tags(deps)).items()}
    for of in (page, interview_id):
        with pytest.raises(NoLongerAgrees):
            await act(deps, of)
    assert {key: row.version for key, row in (await scene.tags(deps)).items()} == before
    assert {row.review for row in (await scene.said(deps)).values()} == {Review.OPEN}


async def test_a_release_of_a_process_of_the_release_before_is_on_no_shelf(deps: Deps) -> None:
    """One that took its word back there after a quote was released by it, both at once."""
    _, interview_id = await scene.suggested(deps)
    await reviewing.confirm_these(deps, PMM, interview_id, await scene.left(deps))
    quote = (await scene.tags(deps))["pricing: import fee"].quote_id
    await reviewing.release(deps, PMM, interview_id, quote, "product")
    shelf = Viewer("p", Role.PRODUCT)
    assert len(await released.after(deps, shelf, [Role.PRODUCT], 0, 10)) == 1
    async with deps.db.write() as tx:
        await tx.exec(update(InterviewRow).values(withdrawn_at=deps.now()))
    assert len(await released.after(deps, shelf, [Role.PRODUCT], 0, 10)) == 0
    assert await exporting.count(deps, shelf, exporting.Wanted(what=exporting.What.RELEASED)) == 0


async def test_what_was_found_of_who_stopped_before_is_taken_out_by_the_sweep(deps: Deps) -> None:
    """As the release before left it: still in the index."""
    _, interview_id = await scene.suggested(deps)
    async with deps.db.write() as tx:
        await tx.exec(update(InterviewRow).where(col(InterviewRow.id) == interview_id).values(withdrawn_at=deps.now()))
    assert (await left(deps))["documents"] > 0
    assert await upkeep.catch_up(deps) == 1 and set((await left(deps)).values()) == {0}
    assert await upkeep.catch_up(deps) == 0


async def test_an_unsent_one_is_no_evidence_either(deps: Deps) -> None:
    """Whoever stops in the middle has left early by that, and is not analysed, indexed or reviewed."""
    page, interview_id = await play(deps, said=SAID[:3], send=False)
    await checking.withdraw(deps, interview_id, browser="phone")
    await upkeep.catch_up(deps)
    await pipeline.analyse(deps, interview_id)
    assert set((await left(deps)).values()) == {0} and await reviewing.waiting(deps, PMM) == 0
    found = await review.interview(deps, PMM, page)
    assert found.head.analysis == "" and found.steps == () and found.withdrawn_at is not None


async def test_what_a_step_had_read_before_is_not_kept_after(deps: Deps) -> None:
    """The buyer takes their word back while the analysis of what they sent is under way."""
    _, interview_id = await play(deps)
    due = await pipeline._due(deps, interview_id, pipeline.STEPS[0])
    assert due is not None
    made = await pipeline._make(deps, interview_id, due)
    await checking.withdraw(deps, interview_id, browser="phone")
    assert await pipeline._keep(deps, interview_id, due, made)
    async with deps.db.read() as tx:
        assert await store.analysis.steps(tx, interview_id) == []


async def test_names_are_merged_without_it(deps: Deps) -> None:
    await withdrawn(deps)
    async with deps.db.read() as tx:
        assert await subjects.holders(tx, ["Shiftwell"]) == []


async def test_no_call_adds_to_it(deps: Deps, clock: FakeClock) -> None:
    """It had begun when they took their word back, so it could not be called off."""
    await booking_scene.host(deps)
    invitation_id = await invite(deps)
    interview_id = await interviews.start(deps, invitation_id)
    await say(deps, interview_id, SAID[0])
    start = (await booking_scene.starts(deps, invitation_id))[0]
    row = await booking_scene.take(deps, invitation_id, start)
    clock.present = start
    await noting.save(deps, PMM, row.id, [noting.Given("almost", "nine days", 0)])
    await checking.withdraw(deps, interview_id, browser="phone")
    with pytest.raises(NoLongerAgrees):
        await noting.save(deps, PMM, row.id, [noting.Given("almost", "nine days, they said", 1)])
    with pytest.raises(NoLongerAgrees):
        await finishing.finish(deps, PMM, row.id)
    clock.advance(hours=1)
    page = await meetings.agenda_of(deps, PMM)
    assert page.to_note == page.to_come == () and await review.open_calls(deps, PMM) == 0
    assert (await brief.of(deps, PMM, row.id)).stopped_at is not None
    assert [(one.id, one.stopped) for one in page.done] == [(row.id, True)]
    assert (await review.interviews(deps, PMM, review.Wanted(status="call_booked"))).found == 0
    await closing.held(deps, PMM, row.id)
    page = await meetings.agenda_of(deps, PMM)
    assert [one.id for one in page.done] == [row.id] and page.to_note == ()


async def test_a_call_that_was_asked_for_is_no_news_of_who_no_longer_agrees(
    deps: Deps, make_deps: MakeDeps, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    """They went to the booking page, and took their word back before anybody at the desk was written to."""
    await booking_scene.host(deps)
    elsewhere = make_deps(deps.db, settings=deps.settings.model_copy(update={"scheduling_url": "https://cal.com/m"}))
    invitation_id = await invite(deps)
    interview_id = await interviews.start(deps, invitation_id)
    await say(deps, interview_id, SAID[0])
    await bookings.choose_scheduler(elsewhere, invitation_id, prefilled=True)
    await checking.withdraw(deps, interview_id, browser="phone")
    await jobs.run(deps)
    assert mailbox.sent == []

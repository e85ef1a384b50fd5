"""A decision, and the way back from one, hit what was looked at or nothing: an id is never given twice (both
databases)."""

from __future__ import annotations

import pytest
from sqlmodel import select

from interviewer import reviewing
from interviewer.analysis import pipeline
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotFound, Overtaken
from interviewer.evidence import Marked, Tag
from interviewer.reviewing import Retag
from interviewer.store import quotes, statements
from interviewer.store.tables.analysis import QuoteRow, TagRow
from interviewer.store.tables.review import ReleaseRow
from tests.store import talks
from tests.web import desk_scene
from tests.web import review_scene as scene

PMM = Viewer("pmm-1", Role.PMM, "Mara")
FEE, NIGHT = "The price of the import", "Shiftwell picked up at 4am"


async def suggested_alone(deps: Deps, interview_id: str, words: str, theme: str) -> TagRow:
    """What is there when a run of the analysis suggests this tag and no other."""
    async with deps.db.write() as tx:
        turns = await scene.buyer_turns(tx, interview_id)
        marked = Marked(scene.span(turns, words), words, (Tag(theme, "", "negative"),))
        await quotes.tag(tx, interview_id, "quotes", turns, [marked])
        await quotes.sweep(tx, interview_id)
    async with deps.db.read() as tx:
        return (await tx.exec(select(TagRow))).one()


async def marked(deps: Deps, interview_id: str, words: str, theme: str) -> tuple[int, int]:
    """Let a person tag these words. Gives the change and the quote."""
    async with deps.db.read() as tx:
        place = scene.span(await scene.buyer_turns(tx, interview_id), words)
    change = await reviewing.mark(
        deps, PMM, interview_id, place.turn_number, place.start, place.end, words, Retag(theme)
    )
    async with deps.db.read() as tx:
        found = [quote.id for quote in await quotes.of(tx, interview_id) if quote.text == words]
    return change, found[0]


async def test_a_decision_on_a_tag_that_is_gone_hits_no_other(deps: Deps) -> None:
    _, interview_id = await desk_scene.play(deps)
    seen = await suggested_alone(deps, interview_id, FEE, "pricing")
    other = await suggested_alone(deps, interview_id, NIGHT, "praise")
    assert (other.id, other.quote_id) > (seen.id, seen.quote_id)
    with pytest.raises(NotFound):
        await reviewing.confirm(deps, PMM, interview_id, "tag", seen.id or 0, seen.version)
    assert [row.review for row in (await scene.tags(deps)).values()] == [""]


async def test_a_statement_that_a_rerun_made_has_an_id_of_its_own(deps: Deps) -> None:
    interview_id = await talks.ended(deps)
    await pipeline.analyse(deps, interview_id)
    async with deps.db.read() as tx:
        before = {one.id: (one.kind, one.text) for one in await statements.of(tx, interview_id)}
    await talks.change(deps, 8, "actually the price was the reason, far too expensive for us")
    await pipeline.analyse(deps, interview_id)
    async with deps.db.read() as tx:
        after = {one.id: (one.kind, one.text) for one in await statements.of(tx, interview_id)}
    assert set(after) - set(before)
    assert all(before[one] == after[one] for one in before.keys() & after.keys())


async def test_no_release_comes_back_on_other_words(deps: Deps) -> None:
    _, interview_id = await desk_scene.play(deps)
    await desk_scene.as_read(deps, interview_id)
    await reviewing.finish(deps, PMM, interview_id)
    mark, quote = await marked(deps, interview_id, FEE, "pricing")
    await reviewing.release(deps, PMM, interview_id, quote, "product")
    gone = await reviewing.withdraw(deps, PMM, interview_id, quote, "product")
    await reviewing.undo(deps, PMM, mark)
    _, fresh = await marked(deps, interview_id, NIGHT, "praise")
    assert fresh > quote
    with pytest.raises(Overtaken):
        await reviewing.undo(deps, PMM, gone)
    async with deps.db.read() as tx:
        assert not (await tx.exec(select(ReleaseRow))).all()


async def test_no_release_comes_back_where_the_answer_was_changed(deps: Deps) -> None:
    """The same place of the same answer, but other words: they are another quote."""
    _, interview_id = await desk_scene.play(deps)
    await desk_scene.as_read(deps, interview_id)
    await reviewing.finish(deps, PMM, interview_id)
    _, quote = await marked(deps, interview_id, FEE, "pricing")
    await reviewing.release(deps, PMM, interview_id, quote, "product")
    gone = await reviewing.withdraw(deps, PMM, interview_id, quote, "product")
    other = "The price of our import"
    async with deps.db.write() as tx:
        turns = await scene.buyer_turns(tx, interview_id)
        turn = next(row for row in turns.values() if FEE in row.text)
        turn.text = turn.text.replace(FEE, other)
        tx.add(turn)
    await marked(deps, interview_id, other, "pricing")
    with pytest.raises(Overtaken):
        await reviewing.undo(deps, PMM, gone)
    async with deps.db.read() as tx:
        assert quote not in (await tx.exec(select(QuoteRow.id))).all()

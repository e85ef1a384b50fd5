"""Every act of a reviewer there and back: what it did stands in the rows, and taking it back leaves none of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from interviewer import reviewing, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotAllowed, NotFound, Overtaken
from interviewer.reviewing import Retag
from interviewer.store import quotes, search
from interviewer.store.tables.analysis import CitationRow, QuoteRow, StatementRow, TagRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.library import MentionRow, RivalRow
from interviewer.store.tables.people import AuditRow
from interviewer.store.tables.review import ChangeRow, DocumentRow, RedactionRow, ReleaseRow, SubjectRow
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.web import desk_scene
from tests.web import review_scene as scene

PMM = Viewer("pmm-1", Role.PMM, "Mara")
OTHER = Viewer("pmm-2", Role.PMM, "Noor")
ADMIN = Viewer("admin-1", Role.ADMIN, "Ida")
KEPT: tuple[type[SQLModel], ...] = (
    TagRow,
    StatementRow,
    CitationRow,
    QuoteRow,
    RedactionRow,
    ReleaseRow,
    SubjectRow,
    InterviewRow,
    DocumentRow,
    MentionRow,
    RivalRow,
)

Act = Callable[[Deps, str], Awaitable[int]]


async def tables(deps: Deps) -> dict[str, list[str]]:
    """Every row that an act may touch, without versions (they rise) and without ids of the search's own."""
    found = {}
    async with deps.db.read() as tx:
        for table in KEPT:
            exclude = {"version"} | ({"id"} if table is DocumentRow else set())
            rows = (await tx.exec(select(table))).all()
            found[table.__name__] = sorted(str(sorted(row.model_dump(exclude=exclude).items())) for row in rows)
    return found


async def indexed(deps: Deps) -> tuple[str, str]:
    page, interview_id = await scene.suggested(deps)
    async with deps.db.write() as tx:
        await search.index(tx, interview_id)
    return page, interview_id


async def tag(deps: Deps, name: str = "pricing: import fee") -> TagRow:
    return (await scene.tags(deps))[name]


async def sentence(deps: Deps, start: str) -> StatementRow:
    return next(row for text, row in (await scene.said(deps)).items() if text.startswith(start))


async def a_quote(deps: Deps, name: str = "pricing: import fee") -> int:
    return (await tag(deps, name)).quote_id


async def confirm_tag(deps: Deps, of: str) -> int:
    row = await tag(deps)
    return await reviewing.confirm(deps, PMM, of, "tag", row.id or 0, row.version)


async def reject_tag(deps: Deps, of: str) -> int:
    row = await tag(deps)
    return await reviewing.reject(deps, PMM, of, "tag", row.id or 0, row.version)


async def confirm_statement(deps: Deps, of: str) -> int:
    row = await sentence(deps, "One night call")
    return await reviewing.confirm(deps, PMM, of, "statement", row.id or 0, row.version)


async def reject_driver(deps: Deps, of: str) -> int:
    row = await sentence(deps, "Support was closed")
    return await reviewing.reject(deps, PMM, of, "statement", row.id or 0, row.version)


async def retag_other_theme(deps: Deps, of: str) -> int:
    row = await tag(deps)
    wanted = Retag("feature_gap", "import  tool", "negative", horizon="long")
    return await reviewing.retag(deps, PMM, of, row.id or 0, row.version, wanted)


async def retag_same_theme(deps: Deps, of: str) -> int:
    row = await tag(deps)
    return await reviewing.retag(deps, PMM, of, row.id or 0, row.version, Retag("pricing", "price of the import"))


async def mark_new(deps: Deps, of: str) -> int:
    return await reviewing.mark(deps, PMM, of, 4, 5, 9, "council", Retag("praise", "friends", "positive"))


async def mark_known(deps: Deps, of: str) -> int:
    words = "The price of the import"
    return await reviewing.mark(deps, PMM, of, 6, 0, len(words), words, Retag("pricing", "the fee", "negative"))


async def merge(deps: Deps, of: str) -> int:
    return await reviewing.merge(deps, PMM, "SUPPORT  hours", "support at night", of)


async def reword_headline(deps: Deps, of: str) -> int:
    row = await sentence(deps, "Lost to support")
    quotes = [await a_quote(deps), await a_quote(deps, "trigger: rota person left")]
    return await reviewing.reword(deps, PMM, of, row.id or 0, row.version, " Lost at  night ", quotes)


async def redact(deps: Deps, of: str) -> int:
    return await reviewing.redact(deps, PMM, of, 4, 8, 17)


async def release(deps: Deps, of: str) -> int:
    await confirm_tag(deps, of)
    return await reviewing.release(deps, PMM, of, await a_quote(deps), "product")


async def finish(deps: Deps, of: str) -> int:
    return await reviewing.finish(deps, PMM, of)


async def confirm_all(deps: Deps, of: str) -> int:
    return await reviewing.confirm_these(deps, PMM, of, await scene.left(deps))


ACTS: tuple[Act, ...] = (
    confirm_tag,
    reject_tag,
    confirm_statement,
    reject_driver,
    retag_other_theme,
    retag_same_theme,
    mark_new,
    mark_known,
    merge,
    reword_headline,
    redact,
    finish,
    confirm_all,
)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
async def test_an_act_taken_back_leaves_the_tables_as_they_were(deps: Deps, clock: FakeClock, act: Act) -> None:
    page, interview_id = await indexed(deps)
    clock.advance(minutes=1)
    before = await tables(deps)
    change = await act(deps, page)
    assert await tables(deps) != before
    clock.advance(minutes=1)
    assert (await reviewing.undo(deps, PMM, change)).interview_id == interview_id
    assert await tables(deps) == before
    with pytest.raises(Overtaken):
        await reviewing.undo(deps, PMM, change)


async def test_several_acts_are_taken_back_one_by_one(deps: Deps, clock: FakeClock) -> None:
    _, interview_id = await indexed(deps)
    seen: list[Any] = []
    for act in (confirm_tag, retag_other_theme, mark_new, reword_headline, reword_headline_again, redact, finish):
        seen.append(await tables(deps))
        clock.advance(minutes=1)
        await act(deps, interview_id)
    while seen:
        latest = await reviewing.last(deps, PMM, interview_id)
        assert latest is not None
        await reviewing.undo(deps, PMM, latest.id)
        assert await tables(deps) == seen.pop()
    assert await reviewing.last(deps, PMM, interview_id) is None


async def reword_headline_again(deps: Deps, of: str) -> int:
    row = await sentence(deps, "Lost at night")
    assert row.machine_text.startswith("Lost to support")
    return await reviewing.reword(deps, PMM, of, row.id or 0, row.version, "Lost in the dark", [await a_quote(deps)])


async def test_a_release_and_its_withdrawal_are_taken_back(deps: Deps) -> None:
    _, interview_id = await indexed(deps)
    await confirm_tag(deps, interview_id)
    private = await tables(deps)
    let = await reviewing.release(deps, PMM, interview_id, await a_quote(deps), "product")
    public = await tables(deps)
    out = await reviewing.withdraw(deps, PMM, interview_id, await a_quote(deps), "product")
    assert await tables(deps) == private
    await reviewing.undo(deps, PMM, out)
    assert await tables(deps) == public
    await reviewing.undo(deps, PMM, let)
    assert await tables(deps) == private


async def test_what_somebody_changed_since_is_not_taken_back(deps: Deps, clock: FakeClock) -> None:
    _, interview_id = await indexed(deps)
    change = await confirm_tag(deps, interview_id)
    clock.advance(minutes=1)
    row = await tag(deps)
    await reviewing.reject(deps, OTHER, interview_id, "tag", row.id or 0, row.version)
    before = await tables(deps)
    with pytest.raises(Overtaken):
        await reviewing.undo(deps, PMM, change)
    assert await tables(deps) == before


async def test_only_an_admin_takes_back_what_others_did(deps: Deps) -> None:
    _, interview_id = await indexed(deps)
    change = await confirm_tag(deps, interview_id)
    assert await reviewing.last(deps, OTHER, interview_id) is None
    with pytest.raises(NotAllowed):
        await reviewing.undo(deps, OTHER, change)
    assert (await reviewing.undo(deps, ADMIN, change)).interview_id == interview_id
    with pytest.raises(NotFound):
        await reviewing.undo(deps, PMM, 4711)


async def test_changes_and_the_log_hold_no_words_of_the_buyer(deps: Deps, jobs: RecordingJobs) -> None:
    _, interview_id = await indexed(deps)
    for act in ACTS[:-1]:
        change = await act(deps, interview_id)
        async with deps.db.read() as tx:
            row = await tx.get(ChangeRow, change)
            assert row is not None
            log = [entry.verb + entry.object for entry in (await tx.exec(select(AuditRow))).all()]
        for words in ("council", "lifeguard", "nine days", "picked up", "Lost to support", "One night call"):
            assert words not in str(row.rows) and words not in str(log), act.__name__
        await reviewing.undo(deps, PMM, change)


async def test_a_driver_turned_down_has_the_comparison_made_anew(deps: Deps, jobs: RecordingJobs) -> None:
    _, interview_id = await indexed(deps)
    await confirm_tag(deps, interview_id)
    await confirm_statement(deps, interview_id)
    assert not jobs.keys("analyse")
    change = await reject_driver(deps, interview_id)
    assert jobs.keys("analyse") == [interview_id]
    jobs.queued.clear()
    await reviewing.undo(deps, PMM, change)
    assert jobs.keys("analyse") == [interview_id]


async def test_the_way_back_tells_what_it_restored(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    tag = (await scene.tags(deps))["pricing: import fee"]
    said = next(iter((await scene.said(deps)).values()))
    for kind, row in (("tag", tag), ("statement", said)):
        change = await reviewing.reject(deps, PMM, interview_id, kind, row.id or 0, row.version)
        assert (await reviewing.undo(deps, PMM, change)).restored == f"{kind}:{row.id}"
    change = await reviewing.redact(deps, PMM, interview_id, 6, 0, 3)
    assert (await reviewing.undo(deps, PMM, change)).restored == ""


async def released_to(deps: Deps) -> list[str]:
    async with deps.db.read() as tx:
        return list((await tx.exec(select(ReleaseRow.audience))).all())


async def test_a_release_comes_back_only_by_the_rules_for_one(deps: Deps) -> None:
    """Names that were under bars when it was withdrawn may be bare by now."""
    said = "Brightwater would not pay for this"
    _, interview_id = await desk_scene.play(deps, said=(said, *desk_scene.SAID[1:]))
    await reviewing.mark(deps, PMM, interview_id, 2, 0, len(said), said, Retag("pricing"))
    async with deps.db.read() as tx:
        (quote,) = await quotes.of(tx, interview_id)
    hidden = await reviewing.redact(deps, PMM, interview_id, 2, 0, 11)
    await reviewing.release(deps, PMM, interview_id, quote.id, "product")
    gone = await reviewing.withdraw(deps, PMM, interview_id, quote.id, "product")
    await reviewing.undo(deps, PMM, hidden)
    with pytest.raises(BadInput, match="rightwater"):
        await reviewing.undo(deps, PMM, gone)
    assert not await released_to(deps)
    await reviewing.redact(deps, PMM, interview_id, 2, 0, 11)
    await reviewing.undo(deps, PMM, gone)
    assert await released_to(deps) == ["product"]


async def test_a_release_whose_audience_was_never_promised_does_not_come_back(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    _, interview_id = await scene.suggested(deps)
    await confirm_tag(deps, interview_id)
    quote = await a_quote(deps)
    await reviewing.release(deps, PMM, interview_id, quote, "product")
    gone = await reviewing.withdraw(deps, PMM, interview_id, quote, "product")
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        assert row is not None
        row.audiences = ["leadership"]
    with pytest.raises(BadInput, match="promised"):
        await reviewing.undo(deps, PMM, gone)
    assert not await released_to(deps)

"""What is said can be found on both databases, by any words a person may type, and no longer than it stands."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, delete, func, select

from interviewer import erasure, masks, reviewing, searching, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.importing import deals
from interviewer.library import upkeep
from interviewer.store import library, search
from interviewer.store.tables.analysis import StatementRow
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.library import HoldingRow, MentionRow, RivalRow
from interviewer.store.tables.review import DocumentRow, RedactionRow
from tests.fakes.jobs import RecordingJobs
from tests.store.test_erasure import holding
from tests.web import review_scene as scene
from tests.web.desk_scene import analysed, play

PMM = Viewer("pmm-1", Role.PMM)

FOLDED = (
    "Señor Müller fragte nach Größe und Preis",
    "Shiftwell était là 😀",
    "the list price was 1.200 €",
    "it broke",
    "ask",
)


async def refs(deps: Deps, text: str) -> set[tuple[str, str]]:
    """Kind and text of what a search finds."""
    async with deps.db.read() as tx:
        hits = search.matches(tx, searching.parse(text))
        query = select(DocumentRow.kind, DocumentRow.search_text).join(hits, hits.c.id == col(DocumentRow.id))
        return set((await tx.exec(query)).all())


async def indexed(deps: Deps, interview_id: str) -> None:
    async with deps.db.write() as tx:
        await search.index(tx, interview_id)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("muller", True),
        ("MÜLLER grosse", True),
        ('"preis"', True),
        ('"größe und preis"', True),
        ('"preis und größe"', False),
        ("mul", True),
        ("mul fragte", False),
        ("shiftwell 😀", True),
        ("jo@brightwater.example", True),
        ("nothing of the kind", False),
    ],
)
async def test_words_are_found_however_they_are_written(deps: Deps, text: str, found: bool) -> None:
    _, interview_id = await play(deps, said=FOLDED)
    await indexed(deps, interview_id)
    assert bool(await refs(deps, text)) is found


async def test_a_rerun_keeps_the_index_in_step(deps: Deps, jobs: RecordingJobs) -> None:
    _, interview_id = await analysed(deps, jobs)
    async with deps.db.read() as tx:
        before = {row.id for row in (await tx.exec(select(DocumentRow))).all()}
        kinds = set((await tx.exec(select(DocumentRow.kind))).all())
        assert (await tx.exec(select(MentionRow))).first() and (await tx.exec(select(RivalRow))).first()
    assert kinds == {search.ABOUT, search.ANSWER, search.QUOTE, search.STATEMENT}
    await indexed(deps, interview_id)
    async with deps.db.read() as tx:
        assert {row.id for row in (await tx.exec(select(DocumentRow))).all()} == before


async def test_what_a_tag_carries_is_counted_as_it_is_listed(deps: Deps, jobs: RecordingJobs) -> None:
    _, interview_id = await analysed(deps, jobs)
    async with deps.db.write() as tx:
        turned_down = (await tx.exec(select(StatementRow).limit(1))).one()
        turned_down.review = "rejected"
        await tx.flush()
        await search.index(tx, interview_id)
    async with deps.db.read() as tx:
        marks = (await tx.exec(select(MentionRow))).all()
        every = [library.Tagged(mark.theme, mark.subject_key, mark.polarity) for mark in marks]
        every += [library.Tagged(theme=mark.theme) for mark in marks] + [library.Tagged(theme="reasons")]
        for tagged in every:
            listed = [
                len(await library.of_interviews(tx, tagged, kind, [interview_id])) if kind != search.ABOUT else 0
                for kind in search.KINDS
            ]
            counted = await library.holding(tx, searching.parse(""), tagged)
            assert list(counted.get(interview_id, (0,) * len(search.KINDS))) == listed


async def test_what_is_redacted_is_not_found(deps: Deps, jobs: RecordingJobs) -> None:
    _, interview_id = await analysed(deps, jobs)
    assert {kind for kind, _ in await refs(deps, "4am")} >= {search.ANSWER}
    async with deps.db.write() as tx:
        turn = (await tx.exec(select(TurnRow).where(col(TurnRow.text).contains("4am")))).one()
        at = turn.text.index("4am")
        tx.add(
            RedactionRow(
                interview_id=interview_id, turn_id=turn.id or 0, start=at, end=at + 3, user_id="u", at=deps.now()
            )
        )
        await tx.flush()
        await search.index(tx, interview_id)
    assert await refs(deps, "4am") == set()


async def test_an_interview_is_found_once_it_ended(deps: Deps) -> None:
    _, open_id = await play(deps, send=False)
    await indexed(deps, open_id)
    assert await refs(deps, "shiftwell") == set()
    _, ended_id = await play(deps, email="b@x.example")
    async with deps.db.read() as tx:
        assert await search.missing(tx, 10) == [ended_id]


async def test_erased_words_leave_the_index_and_the_disk(deps: Deps) -> None:
    kept = [(await play(deps, email=f"{n}@x.example"))[1] for n in range(3)]
    _, interview_id = await play(deps, said=("Zebracanary was there", "and Zebracanary again"), company="Okapicanary")
    for one in (kept[0], interview_id, *kept[1:]):
        await indexed(deps, one)
    assert await holding(deps.db, "zebracanary")
    await erasure.erase(deps, interview_id)
    assert await refs(deps, "zebracanary") == set()
    for words in ("zebracanary", "ebracanary", "okapicanary"):
        assert await holding(deps.db, words) == []
    assert await refs(deps, "shiftwell")
    async with deps.db.read() as tx:
        assert await store.interviews.get(tx, interview_id)


async def test_who_indexes_and_who_erases_follow_each_other(deps: Deps) -> None:
    """Whichever comes first, no erased word can be found (a write begins, and the other starts before it is kept)."""
    _, first = await play(deps)
    _, second = await play(deps, email="b@x.example")
    async with deps.db.write() as tx:
        await search.index(tx, first)
        erasing = asyncio.create_task(erasure.erase(deps, first))
        await asyncio.sleep(0.3)
    await erasing
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, second, lock=True)
        assert row is not None
        await store.interviews.erase(tx, row, deps.now())
        await tx.flush()
        indexing = asyncio.create_task(indexed(deps, second))
        await asyncio.sleep(0.3)
    await indexing
    async with deps.db.read() as tx:
        assert (await tx.exec(select(DocumentRow))).all() == (await tx.exec(select(HoldingRow))).all() == []


async def test_many_who_index_an_interview_at_once_make_one_index(deps: Deps) -> None:
    _, interview_id = await scene.suggested(deps)
    async with deps.db.write() as tx:
        await tx.exec(delete(DocumentRow))
    indexers = [indexed(deps, interview_id) for _ in range(5)]
    await asyncio.gather(*indexers, upkeep.catch_up(deps), reviewing.finish(deps, PMM, interview_id))
    async with deps.db.read() as tx:
        documents = {(row.kind, row.ref) for row in (await tx.exec(select(DocumentRow))).all()}
        assert (await tx.exec(select(func.count()).select_from(DocumentRow))).one() == len(documents) > 0


async def test_a_deal_is_edited_while_its_interview_is_held(deps: Deps) -> None:
    """Reviewers hold the interview and then look at its invitation: who edits the deal must not come the other way."""
    invitation_id, interview_id = await scene.suggested(deps)
    sheet = await deals.look(deps, PMM, invitation_id)
    async with deps.db.write() as tx:
        await store.interviews.get(tx, interview_id, lock=True)
        editing = asyncio.create_task(deals.keep(deps, PMM, invitation_id, {"owner": "Ann", "seen": sheet.seen}))
        await asyncio.sleep(0.3)
        await store.invitations.get(tx, invitation_id, lock=True)
    assert await editing is None
    assert await refs(deps, "ann")


async def test_what_was_deleted_and_can_still_be_found_is_taken_out(deps: Deps) -> None:
    """A process of a release that knew no index deletes an interview and leaves its words in there."""
    _, interview_id = await scene.suggested(deps)
    _, other = await scene.suggested(deps, email="b@x.example", deal_id="D-2")
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        assert row is not None
        row.deleted_at = deps.now()
        await tx.exec(delete(TurnRow).where(col(TurnRow.interview_id) == interview_id))
    assert await upkeep.catch_up(deps) == 1
    async with deps.db.read() as tx:
        for table in (DocumentRow, HoldingRow, MentionRow, RivalRow):
            assert set((await tx.exec(select(table.interview_id))).all()) == {other}
    assert await upkeep.catch_up(deps) == 0


async def test_a_redacted_name_is_no_subject_and_no_competitor_whatever_is_merged(deps: Deps) -> None:
    _, interview_id = await scene.suggested(deps)
    _, other = await scene.suggested(deps, email="b@x.example", deal_id="D-2")
    async with deps.db.read() as tx:
        place = scene.span(await scene.buyer_turns(tx, interview_id), "Shiftwell")
    await reviewing.redact(deps, PMM, interview_id, place.turn_number, place.start, place.end)
    assert await called(deps, other) == ({"shiftwell", "paper"}, {"shiftwell"})
    assert await called(deps, interview_id) == ({"paper"}, set())
    for was, into in (("import fee", "fee"), ("fee", "Shiftwell"), ("Shiftwell", "Shift well")):
        await reviewing.merge(deps, PMM, was, into)
        assert await called(deps, interview_id) == ({"paper"}, {"shift well"} if into == "Shift well" else set())
    names = {one.name: one.interviews for one in (await reviewing.subjects(deps, PMM)).subjects}
    assert names["Shift well"] == 2 and not [name for name in names if masks.BAR in name or name == "Shiftwell"]


async def called(deps: Deps, interview_id: str) -> tuple[set[str], set[str]]:
    """The competitors, and the subjects that are called like one, by which an interview can be found."""
    async with deps.db.read() as tx:
        rivals = (await tx.exec(select(RivalRow.key).where(RivalRow.interview_id == interview_id))).all()
        subjects = (await tx.exec(select(MentionRow.subject_key).where(MentionRow.interview_id == interview_id))).all()
    return set(rivals), {key for key in subjects if key.startswith("shift") or masks.BAR in key}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.text(alphabet="\"'*:^-+()&|!<>\\%_ ab1\0", max_size=30))
async def test_nothing_that_is_typed_breaks_a_search(deps: Deps, text: str) -> None:
    if query := searching.parse(text):
        async with deps.db.read() as tx:
            await tx.exec(select(search.matches(tx, query).c.id))


async def test_whose_deal_a_rival_took_is_the_buyers_word_on_both_databases(deps: Deps) -> None:
    made = {}
    for number, roles in enumerate(("selected", "primary", "primary selected:globex", "considered")):
        _, made[roles] = await play(deps, said=FOLDED, email=f"jo{number}@x.example")
        await indexed(deps, made[roles])
        async with deps.db.write() as tx:
            tx.add(RivalRow(interview_id=made[roles], key="shiftwell", name="Shiftwell"))
            for part in roles.split():
                role, _, name = part.partition(":")
                key = f"{role}: {name or 'shiftwell'}"
                tx.add(StatementRow(interview_id=made[roles], kind="competitor", text=key, step="competitors", key=key))
    async with deps.db.read() as tx:
        assert await library.taken(tx, "shiftwell") == {made["selected"], made["primary"]}
        assert await library.taken(tx, "globex") == set(), "nobody's rival by the index"
        assert await library.taken(tx, "anybody") == {made["selected"], made["primary selected:globex"]}
        assert "preis" in await library.vocabulary(tx)

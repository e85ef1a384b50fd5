"""What is said can be found on both databases, by any words a person may type, and no longer than it stands."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from interviewer import erasure, searching, store
from interviewer.deps import Deps
from interviewer.store import library, search
from interviewer.store.tables.analysis import StatementRow
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.library import MentionRow, RivalRow
from interviewer.store.tables.review import DocumentRow, RedactionRow
from tests.fakes.jobs import RecordingJobs
from tests.store.test_erasure import holding
from tests.web.desk_scene import analysed, play

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

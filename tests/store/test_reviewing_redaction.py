"""A redaction reaches what the buyer repeats, the parts of a name, and what the analysis made of the words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlmodel import select

from interviewer import exporting, interchange, masks, review, reviewing, store
from interviewer.analysis import loading, pipeline
from interviewer.analysis.steps import STEPS
from interviewer.confidentiality import Role, Seen, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, Overtaken
from interviewer.evidence import Review
from interviewer.exports import What
from interviewer.library import pages
from interviewer.library.wanted import Wanted
from interviewer.reviewing import Retag
from interviewer.store import quotes, redactions, translations
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.review import DocumentRow
from tests.fakes.counting import calls
from tests.fakes.jobs import RecordingJobs
from tests.store import talks
from tests.web import desk_scene

PMM = Viewer("pmm-1", Role.PMM, "Mara")
SAID = (
    "Our rota fell over in May, so Kim Larsen asked for something better and we looked around",
    "You and Shiftwell. Larsen knew them from another council",
    "The price of the import. Kim could not find the money, LARSEN'S budget was gone",
    "In the trial your desk closes at six. Shiftwell picked up at 4am, and kim was convinced",
    "Ask who answers the phone at night, Larsen would say",
)
KIM = (30, 40)
TOLD = ("kim", "larsen")


async def talked(deps: Deps, said: Sequence[str] = SAID) -> str:
    _, interview_id = await desk_scene.play(replace(deps, jobs=RecordingJobs()), said=said)
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id)
        assert row is not None
        row.audiences = ["product", "sales"]
        tx.add(row)
    return interview_id


async def quoted(deps: Deps, of: str, turn: int, words: str) -> int:
    """A quote that a person marked."""
    async with deps.db.read() as tx:
        row = await store.turns.get(tx, of, turn)
    assert row is not None
    start = row.text.index(words)
    await reviewing.mark(deps, PMM, of, turn, start, start + len(words), words, Retag("pricing", words[:20]))
    async with deps.db.read() as tx:
        return next(quote.id for quote in await quotes.of(tx, of) if quote.text == words)


def told(text: str) -> list[str]:
    return [name for name in TOLD if name in text.casefold()]


def shown(seen: object) -> str:
    """All text in what somebody may see."""
    if isinstance(seen, Seen):
        return shown(tuple(seen._values.values()))
    return " ".join(map(shown, seen)) if isinstance(seen, tuple | list) else str(seen)


async def test_a_full_name_is_hidden_wherever_it_or_a_part_of_it_stands(deps: Deps) -> None:
    interview_id = await talked(deps)
    await quoted(deps, interview_id, 4, "Larsen knew them from another council")
    await quoted(deps, interview_id, 8, "kim was convinced")
    await pipeline.analyse(deps, interview_id)
    async with deps.db.write() as tx:
        made = [(2, "Kim Larsen asked"), (4, "Larsen knew")]
        await translations.replace(tx, interview_id, "en", made, made_by="m", prompt_id="")
        asked = await store.turns.get(tx, interview_id, 3)
        assert asked is not None
        asked.text, asked.why, asked.verdicts = "What did Larsen look for?", "Kim was named", ["says Larsen"]
        tx.add(asked)
    change = await reviewing.redact(deps, PMM, interview_id, 2, *KIM)

    page = await review.interview(deps, PMM, interview_id)
    assert not told(shown(page)), "nowhere on the page or in print"
    assert not told(shown(await review.interviews(deps, PMM, review.Wanted(text="council"))))
    assert not told(shown(await reviewing.queue(deps, PMM, deps.now())))
    assert not told(shown(await reviewing.subjects(deps, PMM)))
    found = await pages.page(deps, PMM, Wanted(q="convinced"))
    assert found.groups and not told(shown(found))
    for kind in ("csv", "json", "md"):
        for what in (What.INTERVIEWS, What.QUOTES):
            if kind == "json" and what is What.QUOTES:
                continue
            file = await exporting.stream(deps, PMM, exporting.Wanted(what=what), kind)
            assert not told("".join([part.decode() async for part in file])), (kind, what)
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        assert row is not None
        documents = [one.search_text for one in (await tx.exec(select(DocumentRow))).all() if one.kind != "about"]
        cases = [await loading.case(deps, tx, row, step) for step in STEPS]
    assert documents and not told(" ".join(documents))
    bare = [turn for case in cases for turn in case.transcript if told(repr(turn))]
    assert not bare, "neither the rules nor a model read it"
    texts = ["".join(part.text for part in turn.segments) for turn in page.exchanges if turn.buyer]
    assert all(len(text) == len(said) for text, said in zip(texts, SAID, strict=True)), "places hold"

    await reviewing.undo(deps, PMM, change)
    assert told(shown(await review.interview(deps, PMM, interview_id))) == [*TOLD]


async def test_what_is_hidden_as_a_repeat_is_not_redacted_again(sqlite_deps: Deps) -> None:
    interview_id = await talked(sqlite_deps)
    await reviewing.redact(sqlite_deps, PMM, interview_id, 2, *KIM)
    with pytest.raises(Overtaken):
        await reviewing.redact(sqlite_deps, PMM, interview_id, 4, 19, 25)
    async with sqlite_deps.db.read() as tx:
        hidden = await redactions.of(tx, interview_id)
        rows = (await tx.exec(select(TurnRow).where(TurnRow.speaker == "buyer"))).all()
    assert {number: len(spans) for number, spans in hidden.items()} == {2: 1, 4: 1, 6: 2, 8: 1, 10: 1}
    assert [masks.masked(row.text, hidden[row.number]).count(masks.BAR) for row in rows] == [9, 6, 11, 3, 6]


async def test_after_the_review_the_analysis_is_made_anew_without_the_words(
    sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    deps = sqlite_deps
    interview_id = await talks.ended(deps)
    await pipeline.analyse(deps, interview_id)
    page = await review.interview(deps, PMM, interview_id)
    decided = next(one for one in page.competitors if one.name == "Shiftwell")
    await reviewing.confirm(deps, PMM, interview_id, "statement", decided.statement.id, decided.statement.version)
    before = jobs.queued.copy()
    early = await reviewing.redact(deps, PMM, interview_id, 2, 0, 15)
    await reviewing.undo(deps, PMM, early)
    await reviewing.finish(deps, PMM, interview_id)
    jobs.queued[:] = before
    change = await reviewing.redact(deps, PMM, interview_id, 6, 0, 60)
    assert ("analyse", interview_id) in jobs.queued
    await jobs.run(deps)
    async with deps.db.read() as tx:
        said = await store.statements.of(tx, interview_id)
        cited = {quote.id: quote for quote in await quotes.of(tx, interview_id)}
    assert said, "there is more than was hidden"
    assert any(one.id == decided.statement.id and one.review is Review.CONFIRMED for one in said)
    assert not [one.text for one in said if not one.review and any(masks.BAR in cited[ref].text for ref in one.quotes)]
    hidden = {one.text for one in said}
    jobs.queued.clear()
    await reviewing.undo(deps, PMM, change)
    assert ("analyse", interview_id) in jobs.queued
    await jobs.run(deps)
    async with deps.db.read() as tx:
        assert {one.text for one in await store.statements.of(tx, interview_id)} != hidden


async def test_a_bar_is_not_lifted_from_words_that_another_team_reads_elsewhere(sqlite_deps: Deps) -> None:
    deps = sqlite_deps
    interview_id = await talked(deps)
    quote = await quoted(deps, interview_id, 4, "Larsen knew them from another council")
    change = await reviewing.redact(deps, PMM, interview_id, 2, *KIM)
    await reviewing.release(deps, PMM, interview_id, quote, "product")
    with pytest.raises(BadInput, match="released"):
        await reviewing.undo(deps, PMM, change)
    await reviewing.withdraw(deps, PMM, interview_id, quote, "product")
    await reviewing.undo(deps, PMM, change)


async def test_an_export_that_comes_in_again_hides_the_same(sqlite_deps: Deps) -> None:
    interview_id = await talked(sqlite_deps)
    await reviewing.redact(sqlite_deps, PMM, interview_id, 2, *KIM)
    file = await exporting.stream(sqlite_deps, PMM, exporting.Wanted(what=What.INTERVIEWS), "json")
    document = json.loads("".join([part.decode() async for part in file]))
    (one,) = document["interviews"]
    interchange.Interview.model_validate(one)
    assert len(one["redactions"]) == 6
    assert not told(json.dumps(one["turns"]))


async def test_each_answer_is_searched_once_in_a_transaction(sqlite_deps: Deps) -> None:
    interview_id = await talked(sqlite_deps)
    await reviewing.redact(sqlite_deps, PMM, interview_id, 2, *KIM)
    with calls() as counted:
        await reviewing.redact(sqlite_deps, PMM, interview_id, 4, 0, 0, "Shiftwell")
    assert counted["among"] > 3, "many ask"
    assert counted["places"] == 2 * len(SAID), "once for what was hidden before, and once with what is new"


async def test_a_long_call_is_searched_beside_the_event_loop(sqlite_deps: Deps) -> None:
    interview_id = await talked(sqlite_deps)
    await reviewing.redact(sqlite_deps, PMM, interview_id, 2, *KIM)
    async with sqlite_deps.db.write() as tx:
        row = await store.turns.get(tx, interview_id, 4)
        assert row is not None
        row.text = "so and so " * 120_000 + "said Larsen"
        tx.add(row)
    async with sqlite_deps.db.read() as tx:
        with calls() as counted:
            hidden = await redactions.of(tx, interview_id)
    assert hidden[4] == [(1_200_005, 1_200_011)]
    assert not counted["places"], "not in this thread"

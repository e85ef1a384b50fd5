"""An ended interview becomes rows, by rules: once, again, after a change, and not after it was erased."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from interviewer import store
from interviewer.analysis import pipeline
from interviewer.deps import Deps
from interviewer.evidence import Claim, Span, StatementKind
from tests.store.talks import ANSWERS, change, ended, every, found, rows


async def test_every_step_is_made_by_rules(deps: Deps) -> None:
    await pipeline.analyse(deps, await ended(deps))
    quotes, statements, steps = await found(deps)
    assert steps == every("done", "rules")
    assert {"headline", "surprise", "phrase", "gap", "summary", "competitor"} <= set(statements)
    assert list(statements) == [kind.value for kind in StatementKind if kind in statements]
    assert any("they picked up at 4am 👩‍🚒" in quote.text for quote in quotes)
    assert statements["summary"][-1].startswith("To a colleague")


async def test_what_is_done_is_left_alone(deps: Deps) -> None:
    await pipeline.analyse(deps, await ended(deps))
    before = await rows(deps)
    await pipeline.analyse(deps, "talk")
    assert await rows(deps) == before


async def test_what_comes_out_the_same_again_stays_the_rows_it_was(deps: Deps) -> None:
    await pipeline.analyse(deps, await ended(deps))
    before = await rows(deps)
    await pipeline.analyse(deps, "talk", again=True)
    after = await rows(deps)
    for table in ("QuoteRow", "StatementRow", "TagRow"):
        assert after[table] == before[table]


@pytest.mark.parametrize(
    ("how", "answers", "analysed"),
    [
        ({"completed": False}, ANSWERS, False),
        ({"completed": False, "abandoned": True}, ANSWERS[:1], False),
        ({"completed": False, "abandoned": True}, ANSWERS[:2], True),
        ({"completed": True}, ANSWERS[:1], True),
    ],
)
async def test_an_interview_is_analysed_when_it_has_ended(
    sqlite_deps: Deps, how: dict[str, bool], answers: Sequence[tuple[str, str]], analysed: bool
) -> None:
    await pipeline.analyse(sqlite_deps, await ended(sqlite_deps, answers, **how))
    quotes, _, steps = await found(sqlite_deps)
    assert bool(quotes) is bool(steps) is analysed


async def test_deleted_and_unknown_interviews_are_passed_over(deps: Deps) -> None:
    await ended(deps)
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, "talk", lock=True)
        assert row is not None
        await store.interviews.erase(tx, row, deps.now())
    await pipeline.analyse(deps, "talk", again=True)
    await pipeline.analyse(deps, "nowhere")
    assert not any((await rows(deps)).values())


async def test_erasing_leaves_nothing_of_the_analysis(deps: Deps) -> None:
    await pipeline.analyse(deps, await ended(deps))
    async with deps.db.write() as tx:
        row = await store.interviews.get(tx, "talk", lock=True)
        assert row is not None
        await store.interviews.erase(tx, row, deps.now())
    assert not any((await rows(deps)).values())


async def test_two_at_once_leave_one_analysis(deps: Deps) -> None:
    await ended(deps)
    await asyncio.gather(*(pipeline.analyse(deps, "talk") for _ in range(4)))
    _, statements, _ = await found(deps)
    assert all(len(texts) == len(set(texts)) for texts in statements.values())
    assert [len(statements[kind]) for kind in ("headline", "surprise", "phrase", "gap")] == [1, 1, 1, 1]
    kept = await rows(deps)
    assert len({(row["quote_id"], row["theme"]) for row in kept["TagRow"]}) == len(kept["TagRow"])


async def test_other_interviews_are_not_touched(deps: Deps) -> None:
    await pipeline.analyse(deps, await ended(deps))
    await pipeline.analyse(deps, await ended(deps, interview_id="other"))
    before = await found(deps)
    await pipeline.analyse(deps, "other", again=True)
    assert await found(deps) == before


async def test_a_statement_names_each_turn_once(sqlite_deps: Deps) -> None:
    await ended(sqlite_deps)
    spans = (Span(6, 14, 36), Span(2, 0, 24), Span(6, 64, 83))
    async with sqlite_deps.db.write() as tx:
        turns = {turn.number: turn for turn in await store.turns.rows(tx, "talk")}
        claim = Claim(StatementKind.SUMMARY, "What tipped it", spans)
        await store.statements.replace(tx, "talk", "summary", turns, [claim])
    async with sqlite_deps.db.read() as tx:
        (statement,) = await store.statements.of(tx, "talk")
        quotes = {quote.id: quote for quote in await store.quotes.of(tx, "talk")}
    assert [quotes[quote].span for quote in statement.quotes] == [spans[0], spans[1]]


async def test_a_changed_answer_voids_its_quotes_at_once(deps: Deps) -> None:
    await pipeline.analyse(deps, await ended(deps))
    await change(deps, 6, "support, your desk closes at six and theirs does not")
    quotes, statements, _ = await found(deps)
    assert 6 not in {quote.turn_number for quote in quotes}
    assert not [text for texts in statements.values() for text in texts if "4am" in text and "What tipped" in text]
    await pipeline.analyse(deps, "talk")
    quotes, statements, _ = await found(deps)
    assert [quote.text for quote in quotes if quote.turn_number == 6]
    assert not [row for row in (await rows(deps))["StatementRow"] if "4am" in row["text"]]


async def test_the_same_words_in_the_same_place_stay_quoted(deps: Deps) -> None:
    await pipeline.analyse(deps, await ended(deps))
    await change(deps, 2, f"{ANSWERS[0][1]} at all")
    quotes, _, _ = await found(deps)
    assert ANSWERS[0][1] in [quote.text for quote in quotes]


async def test_a_removed_answer_takes_its_quotes_along(deps: Deps) -> None:
    await pipeline.analyse(deps, await ended(deps))
    await change(deps, 6, "")
    await pipeline.analyse(deps, "talk")
    async with deps.db.read() as tx:
        turn = await store.turns.get(tx, "talk", 6)
        assert turn is not None
    assert turn.id not in {row["turn_id"] for row in (await rows(deps))["QuoteRow"]}
    assert (await found(deps))[2] == every("done", "rules")


async def test_an_angry_buyer_is_heard(sqlite_deps: Deps) -> None:
    angry = (
        "decision",
        "Are you kidding? Your bloody sales guy never got back to us. Three emails. What a fucking joke",
    )
    await pipeline.analyse(sqlite_deps, await ended(sqlite_deps, (*ANSWERS[:2], angry)))
    quotes, statements, _ = await found(sqlite_deps)
    assert "Your bloody sales guy never got back to us" in [quote.text for quote in quotes]
    assert "never got back to us" in statements["gap"][0]

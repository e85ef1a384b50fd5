"""Whatever buyers write and models claim: a quote is a slice of its turn, and a statement stands on such quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from interviewer.analysis import pipeline
from interviewer.deps import Deps
from interviewer.evidence import Review
from interviewer.llm.base import Message
from interviewer.masks import BAR, masked
from interviewer.store import redactions
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import QuoteRow, StatementRow, TagRow
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.review import RedactionRow
from tests.fakes.model_replies import Model
from tests.store.talks import change, ended, found

QUICK = settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a database is behind each example: no long search for less
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TOPICS = ("trigger", "alternatives", "decision", "peer")
PIECES = (
    "your desk closes at six",
    "they picked up at 4am 👩‍🚒",
    "we went with Shiftwell",
    "too expensive for us 💸🏽",
    "no single sign-on",
    "הם ענו לנו בארבע בבוקר",
    "كان الدعم بطيئًا جدًا",
    "the price was n̈o̊t̃ the issue",
    "Preis war zu hoch für uns",
    "サポートが遅かった",
    "🇩🇪🇫🇷 hosting was missing",
    "\u202eright to left\u202c after all",
    "a spread\u00adsheet before",
    "ﬁne, but sloooow…",
)
ODD = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
ANSWER = st.lists(st.sampled_from(PIECES) | ODD, min_size=1, max_size=5).map(". ".join).filter(str.strip)
ANSWERS = st.lists(ANSWER, min_size=4, max_size=4)
NUMBERS = count(1)


async def talk(deps: Deps, answers: Sequence[str]) -> str:
    return await ended(deps, tuple(zip(TOPICS, answers, strict=True)), interview_id=f"talk-{next(NUMBERS)}")


@st.composite
def misquoted(draw: st.DrawFn) -> tuple[list[str], list[dict[str, Any]]]:
    """Answers, and what a model takes from them: letter by letter, nearly, or not at all."""
    answers = draw(ANSWERS)
    claimed = []
    for number, answer in enumerate(answers, start=1):
        start = draw(st.integers(0, len(answer)))
        words = answer[start : draw(st.integers(start, len(answer)))]
        bent = draw(st.sampled_from((str, str.upper, str.title, lambda text: f"“{text}…”", lambda text: text[::-1])))
        claimed.append({"turn": draw(st.sampled_from((2 * number, 2 * number - 1, 99))), "words": bent(words)})
    return answers, claimed


def misquoting(claimed: list[dict[str, Any]]) -> Model:
    """A model that rests everything on these claims, and cites quotes that there may not be."""
    tag = {"theme": "pricing", "subject": "", "polarity": "negative", "scope": "deal", "horizon": "none"}
    cited = {"text": "They say so.", "quotes": [1, 2, 40]}

    async def think(kind: str, messages: Sequence[Message]) -> dict[str, Any]:
        told = {"text": "They say so.", "quotes": claimed}
        weighed = {"category": "pricing", "driver": "price", "share": 7, "confidence": "high", "towards": "negative"}
        filed = {"theme": "pricing", "subject": "price", "owner": "pmm", "scope": "deal", "horizon": "none"}
        return {
            "ThreeNotes": {"surprise": told, "phrase": claimed[0], "gap": told},
            "MarkedUp": {"quotes": [one | {"tags": [tag]} for one in claimed]},
            "Competitors": {"competitors": [{"name": "nothing", "role": "primary", "quotes": claimed}]},
            "Drivers": {"drivers": [weighed | {"quotes": [1, 40]}]},
            "Insights": {"insights": [{"area": "price", "kind": "gap", "seen": "none", "quotes": [40]}]},
            "Story": {
                "trigger": told | {"event": "growth"},
                "stalled": told | {"at": "legal"},
                "tone": told | {"mood": "angry", "turned_at": 99},
            },
            "ThreeAnswers": {"decided": cited, "why": cited, "versus": cited},
            "SummedUp": {"headline": cited, "summary": [cited]},
            "Findings": {"findings": [filed | {"towards": "negative", "text": "", "quotes": [1]}]},
        }[kind]

    return Model(think)


@QUICK
@given(answers=ANSWERS)
async def test_by_rules_every_quote_is_a_slice_of_its_turn(deps: Deps, answers: list[str]) -> None:
    interview_id = await talk(deps, answers)
    await pipeline.analyse(deps, interview_id)
    await found(deps, interview_id)  # holds each quote against its turn, and each statement against the quotes


@QUICK
@given(made=misquoted())
async def test_by_a_model_every_quote_is_a_slice_of_its_turn(
    deps: Deps, made: tuple[list[str], list[dict[str, Any]]]
) -> None:
    answers, claimed = made
    interview_id = await talk(deps, answers)
    await pipeline.analyse(replace(deps, llm=misquoting(claimed)), interview_id)
    await found(deps, interview_id)


@QUICK
@given(answers=ANSWERS, number=st.integers(1, 4), changed=ANSWER | st.just(""))
async def test_a_statement_goes_with_the_words_that_carried_it(
    deps: Deps, answers: list[str], number: int, changed: str
) -> None:
    interview_id = await talk(deps, answers)
    await pipeline.analyse(deps, interview_id)
    await change(deps, 2 * number, changed, interview_id=interview_id)
    quotes, _, _ = await found(deps, interview_id)
    assert all(quote.turn_number != 2 * number or quote.text in changed for quote in quotes)
    await pipeline.analyse(deps, interview_id)
    await found(deps, interview_id)


@QUICK
@given(answers=ANSWERS, number=st.integers(1, 4), cut=st.tuples(st.integers(0, 30), st.integers(1, 40)))
async def test_nothing_is_quoted_from_under_a_bar(
    deps: Deps, answers: list[str], number: int, cut: tuple[int, int]
) -> None:
    interview_id = await talk(deps, answers)
    async with deps.db.write() as tx:
        query = select(TurnRow).where(TurnRow.interview_id == interview_id, TurnRow.number == 2 * number)
        turn = (await tx.exec(query)).one()
        start, end = min(cut[0], len(turn.text) - 1), min(sum(cut), len(turn.text))
        placed = {"turn_id": turn.id or 0, "start": start, "end": end}
        tx.add(RedactionRow(interview_id=interview_id, user_id="u1", at=deps.now(), **placed))
        hidden = turn.text[start:end]
    claimed = [{"turn": 2 * number, "words": answers[number - 1]}, {"turn": 2 * number, "words": hidden}]
    for model in (deps.llm, misquoting(claimed)):
        await pipeline.analyse(replace(deps, llm=model), interview_id, again=True)
        async with deps.db.read() as tx:
            rows = (await tx.exec(select(QuoteRow).where(QuoteRow.turn_id == turn.id))).all()
            bars = await redactions.of(tx, interview_id)
        seen = masked(turn.text, bars[2 * number])
        assert not [row for row in rows if BAR in seen[row.start : row.end]]


@QUICK
@given(answers=ANSWERS, verdicts=st.lists(st.sampled_from(list(Review)), min_size=1, max_size=9), model=st.booleans())
async def test_what_a_person_decided_outlives_a_rerun(
    deps: Deps, answers: list[str], verdicts: list[Review], model: bool
) -> None:
    interview_id = await talk(deps, answers)
    await pipeline.analyse(deps, interview_id)
    async with deps.db.write() as tx:
        for place, row in enumerate((*await tags(tx, interview_id), *await statements(tx, interview_id))):
            row.review = verdicts[place % len(verdicts)]
            tx.add(row)
    async with deps.db.read() as tx:
        decided = [row.model_dump() for row in await tags(tx, interview_id) if row.review]
        decided += [row.model_dump() for row in await statements(tx, interview_id) if row.review]
    other = misquoting([{"turn": 2, "words": answers[0]}])
    await pipeline.analyse(replace(deps, llm=other) if model else deps, interview_id, again=True)
    async with deps.db.read() as tx:
        now = [row.model_dump() for row in (*await tags(tx, interview_id), *await statements(tx, interview_id))]
    assert [row for row in decided if row not in now] == []
    turned_down = {(row["kind"], row["text"]) for row in decided if "kind" in row and row["review"] == Review.REJECTED}
    _, shown, _ = await found(deps, interview_id)
    again = [row for row in now if "kind" in row and not row["review"] and (row["kind"], row["text"]) in turned_down]
    assert again == []
    assert shown is not None


async def tags(tx: Tx, interview_id: str) -> Sequence[TagRow]:
    query = select(TagRow).join(QuoteRow, col(QuoteRow.id) == col(TagRow.quote_id))
    return (await tx.exec(query.where(QuoteRow.interview_id == interview_id).order_by(col(TagRow.id)))).all()


async def statements(tx: Tx, interview_id: str) -> Sequence[StatementRow]:
    query = select(StatementRow).where(StatementRow.interview_id == interview_id)
    return (await tx.exec(query.order_by(col(StatementRow.id)))).all()

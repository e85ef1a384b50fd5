"""An interview with everything that a review can meet, kept through the store as the pipeline would keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import col, select

from interviewer import bodies, store
from interviewer.deps import Deps
from interviewer.evidence import Claim, Marked, Span, StatementKind, Tag
from interviewer.store import quotes, search, statements, translations
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import QuoteRow, StatementRow, TagRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.transcript import Speaker
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import mark_read, play

DEAL = {
    "deal_id": "D-1",
    "amount": "18400",
    "currency": "EUR",
    "closed_on": "2026-10-30",
    "owner": "Rik Jansen",
    "rep_reason": "missing feature",
    "rep_competitor": "unknown",
    "reason_category": "product",
    "reason_driver": "offline mode",
    "primary_competitor": "Rotahub",
}

_TAGS: tuple[tuple[str, Tag], ...] = (
    ("Our rota person left in May", Tag("trigger", "rota person left", "neutral", "strategic", confidence=0.8)),
    ("You and Shiftwell", Tag("competitor_mention", "Shiftwell", "neutral", "strategic")),
    ("Shiftwell came from a friend at another council", Tag("referral_language", "Shiftwell", "negative", "strategic")),
    ("The price of the import", Tag("pricing", "import fee", "negative", "strategic", "long")),
    ("Your consultant quoted nine days", Tag("process_friction", "import", "negative", "deal", "short")),
    ("In the trial your desk closes at six", Tag("process_friction", "support hours", "negative", "deal", "short")),
    ("Shiftwell picked up at 4am", Tag("decision_factor", "support at night", "negative", "strategic")),
    ("Shiftwell picked up at 4am", Tag("competitor_mention", "Shiftwell", "negative", "strategic")),
    ("Ask who answers the phone at night", Tag("peer_recommendation", "support at night", "negative", "strategic")),
)

_CLAIMS: tuple[tuple[StatementKind, str, str, bodies.Body | None], ...] = (
    (StatementKind.HEADLINE, "Lost to support hours, not to a missing feature", "Shiftwell picked up at 4am", None),
    (StatementKind.SURPRISE, "One night call in the trial decided it.", "Shiftwell picked up at 4am", None),
    (StatementKind.PHRASE, "our pools open at five in the morning", "our pools open at five in the morning", None),
    (
        StatementKind.GAP,
        "No support when the buyer’s work begins.",
        "In the trial your desk closes at six",
        None,
    ),
    (StatementKind.DECIDED, "They bought Shiftwell.", "Shiftwell picked up at 4am", None),
    (StatementKind.WHY, "Shiftwell answered at night and we did not.", "Shiftwell picked up at 4am", None),
    (StatementKind.VERSUS, "Against Shiftwell and paper.", "You and Shiftwell", None),
    (
        StatementKind.SUMMARY,
        "They started looking when the person who kept the rota left in May.",
        "Our rota person left in May",
        None,
    ),
    (StatementKind.SUMMARY, "The import was quoted at nine days.", "Your consultant quoted nine days", None),
    (
        StatementKind.DRIVER,
        "Support was closed when pools open.",
        "In the trial your desk closes at six",
        bodies.Driver(bodies.Category.RELATIONSHIP, "support hours", 70, bodies.Confidence.MEDIUM, "negative"),
    ),
    (
        StatementKind.DRIVER,
        "The import cost too much work.",
        "Your consultant quoted nine days",
        bodies.Driver(bodies.Category.IMPLEMENTATION, "import effort", 30, bodies.Confidence.LOW, "negative"),
    ),
    (
        StatementKind.COMPETITOR,
        "Shiftwell was chosen.",
        "Shiftwell picked up at 4am",
        bodies.Competitor("Shiftwell", bodies.CompetitorRole.SELECTED),
    ),
    (
        StatementKind.COMPETITOR,
        "They had it on paper.",
        "just leaving it on paper",
        bodies.Competitor("Paper", bodies.CompetitorRole.INCUMBENT),
    ),
    (
        StatementKind.TRIGGER,
        "The person who kept the rota left.",
        "Our rota person left in May",
        bodies.Trigger("key_person_left", bodies.Fit.YES),
    ),
    (
        StatementKind.STALLED,
        "It stood still at the import.",
        "we had two people who could help",
        bodies.Stalled("data import"),
    ),
    (
        StatementKind.TONE,
        "Calm, and disappointed from the trial on.",
        "In the trial your desk closes at six",
        bodies.Tone(bodies.Mood.DISAPPOINTED, 8),
    ),
    (
        StatementKind.INSIGHT,
        "Support at night is missing.",
        "In the trial your desk closes at six",
        bodies.Insight("support hours", bodies.InsightKind.GAP, bodies.Seen.SALES),
    ),
    (
        StatementKind.CONTRADICTION,
        "The CRM says product: offline mode; the buyer says support hours.",
        "Shiftwell picked up at 4am",
        bodies.Contradiction("reason", "crm", "product: offline mode", "support hours"),
    ),
    (
        StatementKind.FINDING,
        "Nobody answers when customers open.",
        "In the trial your desk closes at six",
        bodies.Finding("process_friction", "support hours", bodies.Owner.SALES, "strategic", "short", "negative"),
    ),
)

SUGGESTED = len(_TAGS) + len(_CLAIMS)
"""Tags and statements that wait for a word of a person."""


FOREMOST = 12
"""Of these, what a reviewer is led through first: the headline, notes, answers, drivers, contradiction, competitors."""


async def suggested(deps: Deps, **given: str) -> tuple[str, str]:
    """A finished interview with suggestions of every kind, all open. Gives the invitation's and the interview's id."""
    page, interview_id = await play(
        replace(deps, jobs=RecordingJobs(shown=False)), **(DEAL | given)
    )  # no analysis of its own
    await suggest(deps, interview_id)
    return page, interview_id


async def suggest(deps: Deps, interview_id: str) -> None:
    """Keep the suggestions for an interview that was played with `desk_scene.SAID`."""
    async with deps.db.write() as tx:
        turns = await buyer_turns(tx, interview_id)
        claims = [
            Claim(kind, text, (span(turns, words),), "rules", body, bodies.key(body) if body else "")
            for kind, text, words, body in _CLAIMS
        ]
        marks = [Marked(span(turns, words), words, (tag,)) for words, tag in _TAGS]
        await statements.replace(tx, interview_id, "summary", turns, claims)
        await quotes.tag(tx, interview_id, "quotes", turns, marks)
        await mark_read(deps, tx, interview_id)
        row = await store.interviews.get(tx, interview_id)
        assert row is not None
        row.audiences = ["product", "leadership", "sales"]
        tx.add(row)
        await search.index(tx, interview_id)


async def buyer_turns(tx: Tx, interview_id: str) -> dict[int, TurnRow]:
    rows = await store.turns.rows(tx, interview_id)
    return {row.number: row for row in rows if row.speaker == Speaker.BUYER}


async def says(deps: Deps, interview_id: str, number: int, text: str, english: str = "") -> None:
    """Let a turn of the buyer say something else; what was quoted from it stands no more."""
    async with deps.db.write() as tx:
        row = (await buyer_turns(tx, interview_id))[number]
        row.text = text
        tx.add(row)
        if english:
            await translations.replace(tx, interview_id, "en", [(number, english)], made_by="a model", prompt_id="")


async def marked_by_hand(deps: Deps, interview_id: str) -> list[tuple[int, int, int, str]]:
    """Turn, start, end and words of the quotes that a person marked."""
    async with deps.db.read() as tx:
        rows = (
            await tx.exec(select(QuoteRow).where(QuoteRow.interview_id == interview_id, QuoteRow.step == "desk"))
        ).all()
        ids = {row.id for row in rows}
        found = [quote for quote in await quotes.of(tx, interview_id) if quote.id in ids]
    return [(quote.turn_number, quote.start, quote.end, quote.text) for quote in found]


def span(turns: Mapping[int, TurnRow], words: str) -> Span:
    """Where `words` stand."""
    number, start = next((row.number, row.text.index(words)) for row in turns.values() if words in row.text)
    return Span(number, start, start + len(words))


async def tags(deps: Deps, interview_id: str = "") -> dict[str, TagRow]:
    """By theme and subject: "pricing: import fee"."""
    query = select(TagRow).join(QuoteRow, col(QuoteRow.id) == col(TagRow.quote_id))
    if interview_id:
        query = query.where(QuoteRow.interview_id == interview_id)
    async with deps.db.read() as tx:
        return {f"{row.theme}: {row.subject}": row for row in (await tx.exec(query)).all()}


async def left(deps: Deps, interview_id: str = "") -> list[tuple[str, int, int]]:
    """What nobody decided on, each as a target, its id and its version."""
    open_tags = [
        ("tag", row.id or 0, row.version) for row in (await tags(deps, interview_id)).values() if not row.review
    ]
    rows = (await said(deps, interview_id)).values()
    return open_tags + [("statement", row.id or 0, row.version) for row in rows if not row.review]


async def said(deps: Deps, interview_id: str = "") -> dict[str, StatementRow]:
    """Statements by their words."""
    query = select(StatementRow)
    if interview_id:
        query = query.where(StatementRow.interview_id == interview_id)
    async with deps.db.read() as tx:
        return {row.text: row for row in (await tx.exec(query)).all()}


async def interview(deps: Deps, interview_id: str) -> InterviewRow:
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
    assert row is not None
    return row

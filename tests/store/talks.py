"""Ended interviews for tests of the analysis: how one is made, changed, and what was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from interviewer import store
from interviewer.analysis.codebook import Theme
from interviewer.analysis.steps import STEPS, TRANSLATION
from interviewer.bodies import Body
from interviewer.deps import Deps
from interviewer.evidence import Quote
from interviewer.flows.catalogue import digest
from interviewer.store.tables.analysis import CitationRow, QuoteRow, StatementRow, TagRow
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import FlowVersionRow, InterviewRow, NoticeRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow

ANSWERS = (
    ("trigger", "our rota person left in may and nobody could read her sheet"),
    ("alternatives", "you and Shiftwell. or just leaving it on paper"),
    (
        "decision",
        "in the trial. your desk closes at six, our pools open at five. they picked up at 4am 👩‍🚒, that was it",
    ),
    ("peer", "nice app, but ask what happens when it breaks at night"),
)
CANARY = "canary-7f3a"


async def ended(
    deps: Deps,
    answers: Sequence[tuple[str, str]] = ANSWERS,
    *,
    interview_id: str = "talk",
    completed: bool = True,
    abandoned: bool = False,
    language: str = "en",
) -> str:
    """An interview of a question and an answer each, with a deal that nothing of the analysis may see."""
    flow, now = deps.flows.get("loss"), deps.now()
    async with deps.db.write() as tx:
        invitation = InvitationRow(
            id=f"to-{interview_id}",
            email=f"{CANARY}-{interview_id}@buyer.example",
            name=f"{CANARY} name",
            role="champion",
            company=f"{CANARY} company",
            flow="loss",
            created_at=now,
            expires_at=now + timedelta(days=180),
        )
        version = FlowVersionRow(
            digest=digest(flow), flow="loss", version=1, body=flow.model_dump(mode="json"), first_used_at=now
        )
        await tx.merge(version)
        await tx.merge(NoticeRow(digest="notice", text="", first_shown_at=now))
        tx.add(invitation)
        await tx.flush()
        tx.add(DealRow(invitation_id=invitation.id, rep_reason=CANARY, reason_explanation=CANARY, updated_at=now))
        tx.add(
            InterviewRow(
                id=interview_id,
                invitation_id=invitation.id,
                flow="loss",
                language=language,
                flow_digest=digest(flow),
                notice_digest="notice",
                started_at=now,
                last_active_at=now,
                completed_at=now if completed else None,
                abandoned_at=now if abandoned else None,
            )
        )
        await tx.flush()
        for number, (topic, text) in enumerate(answers):
            asked = {"speaker": "interviewer", "text": f"And {topic}?", "move": f"ask:{topic}"}
            said = {"speaker": "buyer", "text": text}
            for place, more in enumerate((asked, said), start=2 * number + 1):
                tx.add(TurnRow(interview_id=interview_id, number=place, topic=topic, at=now, **more))
    return interview_id


async def change(deps: Deps, number: int, text: str, *, interview_id: str = "talk") -> None:
    async with deps.db.write() as tx:
        turn = await store.turns.get(tx, interview_id, number, lock=True)
        assert turn is not None
        await store.turns.revise(tx, turn, text, deps.now(), removed=not text)


async def found(
    deps: Deps, interview_id: str = "talk"
) -> tuple[list[Quote], dict[str, list[str]], dict[str, tuple[str, str]]]:
    """Quotes, statements by kind, and of each step its state and maker."""
    async with deps.db.read() as tx:
        quotes = await store.quotes.of(tx, interview_id)
        statements = await store.statements.of(tx, interview_id)
        steps = await store.analysis.steps(tx, interview_id)
        said = {turn.number: turn.text for turn in await store.turns.rows(tx, interview_id) if turn.speaker == "buyer"}
    for quote in quotes:
        assert said[quote.turn_number][quote.start : quote.end] == quote.text != ""
        assert all(tag.theme in set(Theme) for tag in quote.tags)
    ids = {quote.id for quote in quotes}
    by_kind: dict[str, list[str]] = {}
    for statement in statements:
        assert statement.quotes
        assert set(statement.quotes) <= ids
        by_kind.setdefault(statement.kind, []).append(statement.text)
    return quotes, by_kind, {step.step: (step.state, step.made_by) for step in steps}


async def bodies_of(deps: Deps, kind: type[Body], interview_id: str = "talk") -> list[Body]:
    """What its statements of this kind say, as fields."""
    async with deps.db.read() as tx:
        return [one.body for one in await store.statements.of(tx, interview_id) if isinstance(one.body, kind)]


async def rows(deps: Deps) -> dict[str, list[Any]]:
    async with deps.db.read() as tx:
        return {
            table.__name__: [row.model_dump() for row in (await tx.exec(select(table).order_by(*keys))).all()]
            for table, keys in (
                (QuoteRow, [col(QuoteRow.id)]),
                (TagRow, [col(TagRow.id)]),
                (StatementRow, [col(StatementRow.id)]),
                (CitationRow, [col(CitationRow.statement_id), col(CitationRow.quote_id)]),
            )
        }


def every(state: str, maker: str) -> dict[str, tuple[str, str]]:
    """Where the steps stand when all was made by one. What has no model goes by rules; English is not translated."""
    by_rules = {step.name for step in STEPS if step.by_model is None}
    made = {step.name: (state, maker) for step in STEPS} | dict.fromkeys(by_rules, ("done", "rules"))
    return made | {TRANSLATION: ("done", "")}

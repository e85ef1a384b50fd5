"""What people decided on an interview before it was brought in: it stays theirs, whatever the analysis makes anew.

What a machine had suggested and nobody decided on is not kept: the pipeline here suggests again.
"""

from datetime import datetime

from interviewer import bodies, store
from interviewer.analysis.steps import STEPS
from interviewer.evidence import PERSON, Claim, Review, Span, StatementKind, Tag
from interviewer.interchange import Interview, Quote, Statement
from interviewer.interchange import Tag as GivenTag
from interviewer.store import imported
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.transcript import Speaker

_STEP_OF = {kind: step.name for step in STEPS for kind in step.makes}


async def keep(tx: Tx, row: InterviewRow, interview: Interview, by: str, now: datetime) -> None:
    """Keep what was confirmed, rejected, marked, redacted and released."""
    decided = [one for one in interview.statements if _decided(one)]
    released = {release.quote for release in interview.releases}
    cited = {index for one in decided for index in one.quotes} | released
    wanted = {
        index: quote
        for index, quote in enumerate(interview.quotes)
        if index in cited or any(_decided(tag) for tag in quote.tags)
    }
    if not (wanted or interview.redactions):
        return
    turns = {turn.number: turn for turn in await store.turns.rows(tx, row.id)}
    at = interview.reviewed_at or now
    ids = {index: await _quote(tx, row, turns, quote, at) for index, quote in wanted.items()}
    for one in decided:
        await _statement(tx, row, one, [ids[index] for index in one.quotes], at)
    for release in interview.releases:
        imported.release(tx, row.id, ids[release.quote], release.audience, release.wording, by, at)
    for hidden in interview.redactions:
        imported.redact(tx, row.id, turns[hidden.turn], (hidden.start, hidden.end), by, at)


async def _quote(tx: Tx, row: InterviewRow, turns: dict[int, TurnRow], quote: Quote, at: datetime) -> int:
    tags = [
        Tag(
            theme=tag.theme,
            subject=tag.subject,
            polarity=tag.polarity,
            scope=tag.scope,
            horizon=tag.horizon,
            made_by=tag.made_by,
            review=Review(tag.review or Review.CONFIRMED),
        )
        for tag in {tag.theme: tag for tag in quote.tags if _decided(tag)}.values()
    ]
    buyers = {number: turn for number, turn in turns.items() if turn.speaker == Speaker.BUYER}
    return await imported.keep_quote(tx, row.id, buyers, Span(quote.turn, quote.start, quote.end), tags, at)


async def _statement(tx: Tx, row: InterviewRow, one: Statement, cited: list[int], at: datetime) -> None:
    if not cited:
        return  # what no quote carries is not shown, so it is not kept
    kind = StatementKind(one.kind)
    body = bodies.from_values(kind, one.body)
    key = one.key or (bodies.key(body) if body else "")
    claim = Claim(kind, one.text, (), one.made_by, body, key)
    review = Review(one.review or Review.CONFIRMED)
    step = _STEP_OF.get(kind, PERSON)
    await imported.keep_statement(tx, row.id, step, claim, cited, at, review=review, machine_text=one.machine_text)


def _decided(one: GivenTag | Statement) -> bool:
    return bool(one.review) or one.made_by == PERSON

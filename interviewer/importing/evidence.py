"""What people decided on an interview before it was brought in: it stays theirs, whatever the analysis makes anew.

What a machine had suggested and nobody decided on is not kept: the pipeline here suggests again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from interviewer import bodies, store
from interviewer.analysis.steps import STEPS
from interviewer.confidentiality import Role
from interviewer.errors import Problem
from interviewer.evidence import PERSON, Claim, Review, Span, StatementKind, Tag
from interviewer.evidence import Quote as Kept
from interviewer.importing import checking, fields
from interviewer.importing.keeping import Held
from interviewer.interchange import Quote, Release, Statement
from interviewer.interchange import Tag as GivenTag
from interviewer.namesakes import of_buyer
from interviewer.releasable import Asked, why_not
from interviewer.store import imported, redactions
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Speaker

_STEP_OF = {kind: step.name for step in STEPS for kind in step.makes}


async def keep(
    tx: Tx, row: InterviewRow, invitation: InvitationRow, held: Held, by: str, now: datetime
) -> tuple[Problem, ...]:
    """Keep what was confirmed, rejected, marked, redacted and released; gives what was left out, and why.

    A release has to pass the rules of the desk (`releasable`), whoever released it where it comes from.
    """
    interview = held.interview
    decided = [one for one in interview.statements if _decided(one)]
    released = {release.quote for release in interview.releases}
    cited = {index for one in decided for index in one.quotes} | released
    wanted = {
        index: quote
        for index, quote in enumerate(interview.quotes)
        if index in cited or any(_decided(tag) for tag in quote.tags)
    }
    if not (wanted or interview.redactions):
        return ()
    turns = {turn.number: turn for turn in await store.turns.rows(tx, row.id)}
    at = interview.reviewed_at or now
    ids = {index: await _quote(tx, row, turns, quote, at) for index, quote in wanted.items()}
    for one in decided:
        await _statement(tx, row, one, [ids[index] for index in one.quotes], at)
    for hidden in interview.redactions:
        imported.redact(tx, row.id, turns[hidden.turn], (hidden.start, hidden.end), by, at)
    await tx.flush()
    case = await _case(tx, row, invitation, turns) if interview.releases else None
    left_out = []
    for index, release in enumerate(interview.releases):
        if case and (why := _withheld(case, ids[release.quote], release)):
            left_out.append(Problem(checking.within(held.place, f"releases[{index}].{why.where}"), why.what))
        else:
            imported.release(tx, row.id, ids[release.quote], release.audience, release.wording, by, at)
    return tuple(left_out)


@dataclass(frozen=True)
class _Case:
    """What the rules of a release look at, of one interview."""

    row: InterviewRow
    quotes: Mapping[int, Kept]
    """Those that stand, under their bars."""
    said: tuple[str, ...]
    hidden: tuple[str, ...]
    names: tuple[str, ...]


async def _case(tx: Tx, row: InterviewRow, invitation: InvitationRow, turns: Mapping[int, TurnRow]) -> _Case:
    return _Case(
        row,
        quotes={quote.id: quote for quote in await store.quotes.of(tx, row.id)},
        said=tuple(turn.text for turn in turns.values() if turn.speaker == Speaker.BUYER),
        hidden=await redactions.words(tx, row.id),
        names=of_buyer(invitation.name, invitation.company, invitation.email),
    )


def _withheld(case: _Case, quote_id: int, release: Release) -> Problem | None:
    """Why a release does not come in; None where it does."""
    quote = case.quotes.get(quote_id)
    if quote is None:
        return Problem("quote", "does not stand: its turn was removed")
    if release.wording and release.audience != Role.SALES:
        return Problem("wording", "is for sales alone: others read the words themselves")
    return why_not(
        Asked(
            audience=release.audience,
            wording=release.wording,
            words=quote.text,
            said=case.said,
            hidden=case.hidden,
            promised=case.row.audiences or (),
            reviewed=bool(case.row.reviewed_at) or any(tag.review == Review.CONFIRMED for tag in quote.tags),
            names=case.names,
        )
    )


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
    body = fields.body(kind, one.body)
    key = one.key or (bodies.key(body) if body else "")
    claim = Claim(kind, one.text, (), one.made_by, body, key)
    review = Review(one.review or Review.CONFIRMED)
    step = _STEP_OF.get(kind, PERSON)
    await imported.keep_statement(tx, row.id, step, claim, cited, at, review=review, machine_text=one.machine_text)


def _decided(one: GivenTag | Statement) -> bool:
    return bool(one.review) or one.made_by == PERSON

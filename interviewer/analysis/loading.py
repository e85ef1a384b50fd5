"""What a step is given, read from the database: the conversation as it may be read, and what its `reads` name.

The only module of the analysis that reads what the CRM and the rep say, for the one step that compares.
"""

from dataclasses import replace

from interviewer import masks, store
from interviewer.analysis.case import Case
from interviewer.analysis.comparison import Logged
from interviewer.analysis.steps import DEAL, QUOTES, Step, given
from interviewer.deps import Deps
from interviewer.evidence import Claim, Quote
from interviewer.flows import wishes
from interviewer.store import deals, redactions
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow
from interviewer.transcript import Context, Speaker, Transcript, Turn


async def case(deps: Deps, tx: Tx, row: InterviewRow, step: Step) -> Case:
    """The case of an interview for one step: nothing that the interviewer did not know, but for what it `reads`."""
    invitation = await store.invitations.get(tx, row.invitation_id)
    flow = await store.interviews.flow(tx, row)
    context = Context(
        vendor=deps.settings.organisation,
        product=(invitation.product if invitation else "") or deps.settings.product,
        outcome=flow.outcome,
        role=invitation.role if invitation else "",
    )
    quotes = await store.quotes.of(tx, row.id) if step.reads else []
    whole = Case(
        row.flow,
        replace(await _masked(tx, row.id), context=context),
        quotes=tuple(quotes),
        claims=await _claims(tx, row.id, quotes) if set(step.reads) - {QUOTES} else (),
        logged=await _logged(tx, row.invitation_id) if DEAL in step.reads else None,
        target_triggers=frozenset(deps.settings.target_triggers),
    )
    return given(step, whole)


async def _masked(tx: Tx, interview_id: str) -> Transcript:
    """The conversation with its redactions under bars: they are neither quoted nor sent to a model. A question may
    repeat them as well. So is what an answer wants of the interview itself: that is no evidence."""
    transcript = await store.turns.transcript(tx, interview_id)
    hidden = (await redactions.among(tx, [interview_id]))[interview_id]

    def shown(turn: Turn) -> Turn:
        if turn.speaker is not Speaker.BUYER:
            return replace(turn, text=masks.without(turn.text, hidden.words))
        bars = [*hidden.masks.get(turn.number, ()), *wishes.asides(turn, transcript.language)]
        if not bars:
            return turn
        judged = replace(turn.assessment, hook="") if turn.assessment else None  # which holds words of the answer
        return replace(turn, text=masks.masked(turn.text, bars), assessment=judged)

    return replace(transcript, turns=tuple(map(shown, transcript)))


async def _claims(tx: Tx, interview_id: str, quotes: list[Quote]) -> tuple[Claim, ...]:
    spans = {quote.id: quote.span for quote in quotes}
    return tuple(
        Claim(one.kind, one.text, tuple(spans[quote] for quote in one.quotes), one.made_by, one.body, one.key)
        for one in await store.statements.of(tx, interview_id)
    )


async def _logged(tx: Tx, invitation_id: str) -> Logged | None:
    deal = await deals.get(tx, invitation_id)
    if deal is None:
        return None
    return Logged(
        reason_category=deal.reason_category,
        reason_driver=deal.reason_driver,
        reason_explanation=deal.reason_explanation,
        rep_reason=deal.rep_reason,
        rep_competitor=deal.rep_competitor,
        primary_competitor=deal.primary_competitor,
        incumbent=deal.incumbent,
        selected_competitor=deal.selected_competitor,
    )

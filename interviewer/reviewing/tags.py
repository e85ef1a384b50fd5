"""Tags at the desk: accept, turn down, take back, say otherwise, and mark what the analysis passed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from interviewer import masks, store
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.evidence import PERSON, Review, Span
from interviewer.reviewing.acts import COMPARED, Acting, acting, wrong
from interviewer.reviewing.words import Retag, checked, place
from interviewer.store import redactions, reviews
from interviewer.store.quotes import DESK
from interviewer.store.tables.analysis import StatementRow, TagRow
from interviewer.transcript import Speaker

TAG, STATEMENT = "tag", "statement"


async def confirm(deps: Deps, viewer: Viewer, interview_id: str, target: str, ref: int, version: int) -> int:
    """Accept a suggestion. Raises NotFound, Overtaken. Gives the change's id, as all acts do."""
    return await _decide(deps, viewer, interview_id, (target, ref, version), "confirm", Review.CONFIRMED)


async def reject(deps: Deps, viewer: Viewer, interview_id: str, target: str, ref: int, version: int) -> int:
    """Turn a suggestion down: it is shown nowhere else, and no later run brings it back. Raises NotFound, Overtaken."""
    return await _decide(deps, viewer, interview_id, (target, ref, version), "reject", Review.REJECTED)


async def reopen(deps: Deps, viewer: Viewer, interview_id: str, target: str, ref: int, version: int) -> int:
    """Make it a suggestion again. Raises NotFound, Overtaken."""
    return await _decide(deps, viewer, interview_id, (target, ref, version), "reopen", Review.OPEN)


async def confirm_these(deps: Deps, viewer: Viewer, interview_id: str, wanted: Sequence[tuple[str, int, int]]) -> int:
    """Accept several suggestions, each as a target, its ref and its version, as one change.

    Raises NotFound, BadInput for none; Overtaken where one is not as it was looked at: then none is accepted.
    """
    if not wanted:
        raise wrong("suggestions", "are none")
    async with acting(deps, viewer, interview_id, "confirm") as act:
        for target, ref, version in wanted:
            act.decide(await _row(act, target, ref, version), Review.CONFIRMED)
    return act.id


async def retag(deps: Deps, viewer: Viewer, interview_id: str, tag_id: int, version: int, wanted: Retag) -> int:
    """Let a tag say something else; it is confirmed by that. Raises NotFound, Overtaken, BadInput.

    Where the theme changes, the one that was suggested stays as turned down, so that no later run suggests it again.
    """
    wanted = checked(wanted)
    async with acting(deps, viewer, interview_id, "retag") as act:
        row = await reviews.tag(act.tx, act.interview.id, tag_id, version)
        left = row.theme if row.theme != wanted.theme and row.made_by != PERSON else ""
        former = TagRow(**row.model_dump(exclude={"id", "version"})) if left else None
        if row.theme != wanted.theme and (other := await reviews.twin(act.tx, row.quote_id, wanted.theme)):
            if other.review != Review.REJECTED:
                raise wrong("theme", "is on these words already")
            await act.ledger.remove(other)
        _settle(act, row, wanted)
        await act.tx.flush()
        if former:
            former.review, former.reviewed_by, former.reviewed_at = Review.REJECTED, viewer.user_id, act.now
            await act.ledger.add(former)
    return act.id


async def mark(
    deps: Deps, viewer: Viewer, interview_id: str, turn_number: int, start: int, end: int, words: str, wanted: Retag
) -> int:
    """Tag words of an answer that a person selected. Raises NotFound, BadInput.

    `start` and `end` count code points; `words` are as the page shows them, redactions as bars. Where they are not
    exactly there, the nearest place that has them is taken.
    """
    wanted = checked(wanted)
    async with acting(deps, viewer, interview_id, "mark") as act:
        turns = {turn.number: turn for turn in await store.turns.rows(act.tx, act.interview.id)}
        turn = turns.get(turn_number)
        if turn is None or turn.speaker != Speaker.BUYER or turn.removed:
            raise wrong("words", "are in no answer of the buyer")
        hidden = await redactions.of(act.tx, act.interview.id)
        span = place(masks.masked(turn.text, hidden.get(turn_number, ())), start, words)
        quote = await store.quotes.keep(act.tx, act.interview.id, DESK, turns, Span(turn_number, *span))
        known = await reviews.twin(act.tx, quote.id or 0, wanted.theme)
        if known is None:
            row = TagRow(quote_id=quote.id or 0, made_by=PERSON, **asdict(wanted))
            row.review, row.reviewed_by, row.reviewed_at = Review.CONFIRMED, viewer.user_id, act.now
            await act.ledger.add(row)
        elif known.review == Review.CONFIRMED:
            raise wrong("theme", "is on these words already")
        else:
            _settle(act, known, wanted)
    return act.id


async def _decide(
    deps: Deps, viewer: Viewer, interview_id: str, target: tuple[str, int, int], verb: str, review: Review
) -> int:
    async with acting(deps, viewer, interview_id, verb) as act:
        row = await _row(act, *target)
        gone = Review.REJECTED in (row.review, review)
        act.decide(row, review)
        if isinstance(row, StatementRow) and row.kind in COMPARED and gone:
            await act.compare_again()
    return act.id


async def _row(act: Acting, target: str, ref: int, version: int) -> TagRow | StatementRow:
    if target == TAG:
        return await reviews.tag(act.tx, act.interview.id, ref, version)
    if target == STATEMENT:
        return await reviews.statement(act.tx, act.interview.id, ref, version)
    raise wrong("target", "is neither a tag nor a statement")


def _settle(act: Acting, row: TagRow, wanted: Retag) -> None:
    act.ledger.change(
        row,
        **asdict(wanted),
        confidence=1.0,
        made_by=PERSON,
        review=str(Review.CONFIRMED),
        reviewed_by=act.viewer.user_id,
        reviewed_at=act.now,
    )

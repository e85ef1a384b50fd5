"""Words that nobody is to read any more, not even the PMM: a bar in the page, quotes, search, exports and the model's
copy. Only the way back lifts it."""

from __future__ import annotations

from interviewer import masks, store
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.errors import Overtaken
from interviewer.reviewing.acts import acting, wrong
from interviewer.reviewing.words import place
from interviewer.store import redactions, releases
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.review import RedactionRow
from interviewer.transcript import Speaker


async def redact(
    deps: Deps, viewer: Viewer, interview_id: str, turn_number: int, start: int, end: int, words: str | None = None
) -> int:
    """Put the code points [start, end) of a turn under a bar, and the rest of the words that they cut.

    Raises NotFound, BadInput for a place that is not there, Overtaken where all of it is under one already.
    What repeats the words elsewhere is hidden as well where they stand whole, and so are the parts of a full name in
    them (`masks.places`); function words only in their place.

    `words` are what the reviewer saw there, bars as bars. Where they are given and stand elsewhere, the nearest place
    that has them is taken; where the answer does not hold them, nothing is hidden and BadInput raised.
    The steps that read the words run again once the interview is marked as reviewed, so that suggestions do not
    change under the reviewer's hands; at once where it is. What a person decided stays.
    """
    async with acting(deps, viewer, interview_id, "redact") as act:
        turn = await store.turns.get(act.tx, act.interview.id, turn_number)
        if turn is None or turn.speaker != Speaker.BUYER or turn.removed:
            raise wrong("words", "are in no answer of the buyer")
        bars = (await redactions.of(act.tx, act.interview.id)).get(turn_number, ())
        if words is not None:
            start, end = place(masks.masked(turn.text, bars), start, words)
        start, end = _trimmed(turn.text, max(0, start), min(end, len(turn.text)))
        if start >= end:
            raise wrong("words", "are empty")
        start, end = masks.whole(turn.text, start, end)
        if any(begun <= start and end <= ended for begun, ended in bars):
            raise Overtaken
        await act.ledger.add(
            RedactionRow(
                interview_id=act.interview.id,
                turn_id=turn.id or 0,
                start=start,
                end=end,
                user_id=viewer.user_id,
                at=act.now,
            )
        )
        if act.interview.reviewed_at:
            await deps.jobs.enqueue(act.tx, "analyse", act.interview.id)
    return act.id


async def lift(deps: Deps, tx: Tx, interview: InterviewRow, turn_id: int, start: int, end: int) -> None:
    """Follow a redaction that was just taken back: the analysis reads the words again, and may say more.

    Raises BadInput where another team would read them, there or where the buyer repeats them.
    """
    rows = await store.turns.rows(tx, interview.id)
    words = next((row.text[start:end] for row in rows if row.id == turn_id), "")
    released = await releases.of(tx, interview.id)
    verbatim = {quote_id for quote_id, given in released.items() if any(not row.wording for row in given)}
    repeated = (
        quote.id in verbatim and masks.places(quote.text, [words]) for quote in await store.quotes.of(tx, interview.id)
    )
    if await releases.over(tx, turn_id, start, end) or any(repeated):
        raise wrong("words", "are released to other teams: take that back first")
    await deps.jobs.enqueue(tx, "analyse", interview.id)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the spaces around: they say nothing."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end

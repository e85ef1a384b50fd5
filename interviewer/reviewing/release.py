"""Letting another team read a statement (trust.md 11): redacted, one audience at a time, as the buyer was promised."""

from __future__ import annotations

from interviewer import releasable, store
from interviewer.confidentiality import Act, Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFound, Overtaken, Problem
from interviewer.evidence import Quote, Review
from interviewer.namesakes import of_buyer
from interviewer.releasable import Asked
from interviewer.reviewing.acts import acting
from interviewer.reviewing.words import sentence
from interviewer.store import redactions, releases, translations
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.review import ReleaseRow
from interviewer.transcript import Speaker


async def release(
    deps: Deps, viewer: Viewer, interview_id: str, quote_id: int, audience: str, wording: str = ""
) -> int:
    """Let an audience read a quote as it stands under its redactions; sales reads `wording` instead, a paraphrase.

    Raises NotFound, NotAllowed, Overtaken where it is released in just this way, and BadInput: for an audience that the
    buyer was not promised, a quote that nobody reviewed, and words that would say whose they are.
    """
    async with acting(deps, viewer, interview_id, "release", need=Act.RELEASE, of=f"quote:{quote_id}") as act:
        wording = sentence(wording, "wording") if audience == Role.SALES else ""
        if why := await objection(act.tx, act.interview, quote_id, audience, wording):
            raise BadInput([why])
        row = await releases.get(act.tx, quote_id, audience)
        if row is None:
            await act.ledger.add(
                ReleaseRow(
                    interview_id=act.interview.id,
                    quote_id=quote_id,
                    audience=audience,
                    wording=wording,
                    user_id=viewer.user_id,
                    at=act.now,
                )
            )
        elif row.wording == wording:
            raise Overtaken
        else:
            act.ledger.change(row, wording=wording, user_id=viewer.user_id, at=act.now)
    return act.id


async def withdraw(deps: Deps, viewer: Viewer, interview_id: str, quote_id: int, audience: str) -> int:
    """Take it out of their sight again. Raises NotFound; Overtaken where it is not released to them."""
    async with acting(deps, viewer, interview_id, "withdraw", need=Act.RELEASE, of=f"quote:{quote_id}") as act:
        row = await releases.get(act.tx, quote_id, audience)
        if row is None or row.interview_id != act.interview.id:
            raise Overtaken
        await act.ledger.remove(row)
    return act.id


async def objection(tx: Tx, interview: InterviewRow, quote_id: int, audience: str, wording: str = "") -> Problem | None:
    """What speaks against letting an audience read a quote of this interview as it stands now; None where nothing does.

    Every way to a release asks this. Raises NotFound where the quote stands no more.
    """
    quote = next((quote for quote in await store.quotes.of(tx, interview.id) if quote.id == quote_id), None)
    invitation = await store.invitations.get(tx, interview.invitation_id)
    if quote is None or invitation is None:
        raise NotFound
    return releasable.why_not(
        Asked(
            audience=audience,
            wording=wording,
            words=quote.text,
            said=await _said(tx, interview),
            hidden=await redactions.words(tx, interview.id),
            promised=interview.audiences or (),
            reviewed=bool(interview.reviewed_at) or _confirmed(quote),
            names=of_buyer(invitation.name, invitation.company, invitation.email),
        )
    )


async def _said(tx: Tx, interview: InterviewRow) -> list[str]:
    """What the buyer said, under no bars, and the English of it where that was made."""
    rows = [row for row in await store.turns.rows(tx, interview.id) if row.speaker == Speaker.BUYER and not row.removed]
    english = await translations.of(tx, interview.id, "en")
    return [*(row.text for row in rows), *(english[row.number] for row in rows if row.number in english)]


def _confirmed(quote: Quote) -> bool:
    return any(tag.review == Review.CONFIRMED for tag in quote.tags)

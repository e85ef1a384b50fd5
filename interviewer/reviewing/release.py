"""Letting another team read a statement (trust.md 11): redacted, one audience at a time, as the buyer was promised."""

from __future__ import annotations

from collections.abc import Iterator

from interviewer import store
from interviewer.confidentiality import AUDIENCES, Act, Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotFound, Overtaken
from interviewer.evidence import Quote, Review
from interviewer.namesakes import of_buyer, tells
from interviewer.reviewing.acts import Acting, acting, wrong
from interviewer.reviewing.words import sentence
from interviewer.searching import tokens
from interviewer.store import releases
from interviewer.store.tables.review import ReleaseRow

LONGEST_RUN = 4
"""Words of a buyer in a row that a paraphrase may repeat."""


async def release(
    deps: Deps, viewer: Viewer, interview_id: str, quote_id: int, audience: str, wording: str = ""
) -> int:
    """Let an audience read a quote as it stands under its redactions; sales reads `wording` instead, a paraphrase.

    Raises NotFound, NotAllowed, Overtaken where it is released in just this way, and BadInput: for an audience that the
    buyer was not promised, a quote that nobody reviewed, and words that would say whose they are.
    """
    async with acting(deps, viewer, interview_id, "release", need=Act.RELEASE, of=f"quote:{quote_id}") as act:
        quote = await _standing(act, quote_id)
        _check(act, quote, audience)
        wording = sentence(wording, "wording") if audience == Role.SALES else ""
        if repeats(wording, quote.text):
            raise wrong("wording", f"repeats more than {LONGEST_RUN} words of the buyer in a row")
        await _nameless(act, wording or quote.text, "wording" if wording else "words")
        row = await releases.get(act.tx, quote.id, audience)
        if row is None:
            await act.ledger.add(
                ReleaseRow(
                    interview_id=act.interview.id,
                    quote_id=quote.id,
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


def repeats(wording: str, words: str) -> bool:
    """Whether `wording` takes over more than `LONGEST_RUN` words in a row, whatever stands between them."""
    return bool(set(_runs(tokens(wording))) & set(_runs(tokens(words))))


async def _standing(act: Acting, quote_id: int) -> Quote:
    for quote in await store.quotes.of(act.tx, act.interview.id):
        if quote.id == quote_id:
            return quote
    raise NotFound


def _check(act: Acting, quote: Quote, audience: str) -> None:
    if audience not in AUDIENCES:
        raise wrong("audience", "is none that a statement can be released to")
    if audience not in (act.interview.audiences or ()):
        raise wrong("audience", "was not named in what this buyer was promised")
    if not act.interview.reviewed_at and not any(tag.review == Review.CONFIRMED for tag in quote.tags):
        raise wrong("quote", "needs a confirmed tag, or the interview reviewed, before others read it")


async def _nameless(act: Acting, text: str, where: str) -> None:
    invitation = await store.invitations.get(act.tx, act.interview.invitation_id)
    if invitation is None:
        raise NotFound
    if told := tells(text, of_buyer(invitation.name, invitation.company, invitation.email)):
        raise wrong(where, f"would say whose they are ({told}): redact or rephrase that")


def _runs(found: list[str]) -> Iterator[tuple[str, ...]]:
    length = LONGEST_RUN + 1
    return (tuple(found[start : start + length]) for start in range(len(found) - length + 1))

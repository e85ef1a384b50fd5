"""Statements as their audience gets them: the words, and what the deal was, never whose it was (trust.md 9-11).

Apart from `releases.py` because it reads deals, which the interviewer's side must not reach.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement
from sqlmodel import col, exists, func, select

from interviewer import masks
from interviewer.confidentiality import Role
from interviewer.evidence import Review, Tag
from interviewer.folding import fold
from interviewer.namesakes import of_buyer, tells, tells_company
from interviewer.paraphrase import Own
from interviewer.store import agreement, quotes, redactions
from interviewer.store.db import Tx
from interviewer.store.invitations import real
from interviewer.store.tables.analysis import QuoteRow, TagRow
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.store.tables.review import ReleaseRow
from interviewer.transcript import Act

_SPARE = 10
"""Releases read in one go beyond those asked for: some may be held back. Where more are, reading goes on."""


@dataclass(frozen=True)
class Let:
    """One released statement. `wording` stands in for the words where a PMM paraphrased them."""

    id: int
    audience: str
    text: str
    wording: str
    tags: tuple[Tag, ...]
    flow: str
    ended_at: datetime
    closed_on: date | None
    amount: float | None
    currency: str
    segment: str
    noted: bool
    """Cut from notes of a call: not the buyer's own words."""


async def latest(
    tx: Tx, audience: str, *, theme: str = "", before: int = 0, limit: int, ours: Collection[str] = ()
) -> list[Let]:
    """What `audience` may read, what was released last first; `before` this id where one is given.

    However a release came about, it is held back where the rules for it do not hold any more: its answer says something
    else by now, the buyer was not promised this audience, sales would read the words themselves, or a name is bare.

    `ours` are subjects, folded, that are words of this program: nobody is told by those, though a buyer said them too.
    """
    query = _on_shelf([audience]).order_by(col(ReleaseRow.id).desc())
    if theme:
        query = query.where(exists().where(col(TagRow.quote_id) == col(QuoteRow.id), *_themed(theme)))
    return await _some(tx, query.where(col(ReleaseRow.id) < before) if before else query, limit, ours)


async def after(
    tx: Tx, audiences: Collection[str], release_id: int, limit: int, ours: Collection[str] = ()
) -> list[Let]:
    """The same of several audiences, in the order of their ids, from behind `release_id`."""
    query = _on_shelf(audiences).where(col(ReleaseRow.id) > release_id).order_by(col(ReleaseRow.id))
    return await _some(tx, query, limit, ours)


async def themes(tx: Tx, audience: str, shown: Collection[Let] = ()) -> list[str]:
    """Of what `audience` may read, those most frequent first among all that was released to it. A theme of which all
    is held back is not among them. `shown` is what the caller has read of the same shelf: it spares looking again."""
    number = func.count()
    tagged = _on_shelf([audience]).join(TagRow, col(TagRow.quote_id) == col(QuoteRow.id)).where(*_themed())
    query = tagged.with_only_columns(TagRow.theme).group_by(TagRow.theme).order_by(number.desc(), TagRow.theme)
    seen = {tag.theme for one in shown for tag in one.tags}
    released = (await tx.exec(query)).scalars().all()
    return [theme for theme in released if theme in seen or await latest(tx, audience, theme=theme, limit=1)]


def _on_shelf(audiences: Collection[str]) -> Any:
    return (
        sqlalchemy.select(ReleaseRow, QuoteRow, TurnRow, InterviewRow, InvitationRow)
        .join(QuoteRow, col(QuoteRow.id) == col(ReleaseRow.quote_id))
        .join(TurnRow, col(TurnRow.id) == col(QuoteRow.turn_id))
        .join(InterviewRow, col(InterviewRow.id) == col(ReleaseRow.interview_id))
        .join(InvitationRow, col(InvitationRow.id) == col(InterviewRow.invitation_id))
        .where(col(ReleaseRow.audience).in_(sorted(audiences)), real(), agreement.standing())
    )


def _themed(theme: str = "") -> list[ColumnElement[bool]]:
    standing = col(TagRow.review) != Review.REJECTED
    return [standing, col(TagRow.theme) == theme] if theme else [standing]


async def _some(tx: Tx, query: Any, limit: int, ours: Collection[str]) -> list[Let]:
    found: list[Let] = []
    for start in count(0, limit + _SPARE):
        rows = (await tx.exec(query.offset(start).limit(limit + _SPARE))).all()
        found += await _allowed(tx, rows, ours)
        if len(found) >= limit or len(rows) < limit + _SPARE:
            break
    return found[:limit]


async def _allowed(tx: Tx, rows: Collection[Any], ours: Collection[str]) -> list[Let]:
    standing = [row for row in rows if _may_show(*row)]
    tags = await _tags(tx, [quote.id or 0 for _, quote, _, _, _ in standing])
    hidden = await redactions.among(tx, {interview.id for _, _, _, interview, _ in standing})
    deals = await _deals(tx, [invitation.id for _, _, _, _, invitation in standing])
    every = (
        _let(release, quote, turn, interview, invitation, tags[quote.id or 0], hidden[interview.id], deals, ours)
        for release, quote, turn, interview, invitation in standing
    )
    return [one for one in every if one is not None]


def _may_show(
    release: ReleaseRow, quote: QuoteRow, turn: TurnRow, interview: InterviewRow, _invitation: InvitationRow
) -> bool:
    """Whether the words stand, the buyer was promised this audience, and sales would not read the words themselves."""
    promised = release.audience in (interview.audiences or ())
    return promised and bool(release.wording or release.audience != Role.SALES) and quotes.stands(quote, turn)


def _let(
    release: ReleaseRow,
    quote: QuoteRow,
    turn: TurnRow,
    interview: InterviewRow,
    invitation: InvitationRow,
    tags: Collection[Tag],
    hidden: redactions.Hidden,
    deals: Mapping[str, DealRow],
    ours: Collection[str],
) -> Let | None:
    """None where the words would say whose they are, or where a paraphrase is none."""
    text = masks.masked(turn.text, hidden.masks.get(turn.number, ()))[quote.start : quote.end]
    wording = masks.without(release.wording, hidden.words)
    names = of_buyer(invitation.name, invitation.company, invitation.email)
    own = Own(turn.text[quote.start : quote.end], (turn.text,)) if wording else None
    if tells(wording or text, names) or (own and own.repeated(wording)):
        return None

    def silent(label: str) -> bool:
        """Whether it would say whose words they are, repeat what was redacted, or be the words themselves."""
        bare = tells(label, names) or masks.places(label, hidden.words)
        return bool(bare or (own and fold(label) not in ours and own.repeated(label)))

    deal = deals.get(invitation.id)
    return Let(
        id=release.id or 0,
        audience=release.audience,
        text=text,
        wording=wording,
        tags=tuple(replace(tag, subject="" if silent(tag.subject) else tag.subject) for tag in tags),
        flow=interview.flow,
        ended_at=interview.completed_at or interview.abandoned_at or interview.last_active_at,
        closed_on=deal.closed_on if deal else None,
        amount=deal.amount if deal else None,
        currency=deal.currency if deal else "",
        segment=_segment(invitation),
        noted=turn.act == Act.NOTED,
    )


def _segment(invitation: InvitationRow) -> str:
    """Empty where it is a name. It may share a word with a company's that says of which kind it is."""
    named = tells(invitation.segment, of_buyer(invitation.name, "", invitation.email))
    return "" if named or tells_company(invitation.segment, invitation.company) else invitation.segment


async def _tags(tx: Tx, quote_ids: Collection[int]) -> Mapping[int, list[Tag]]:
    query = select(TagRow).where(col(TagRow.quote_id).in_(quote_ids), TagRow.review != Review.REJECTED)
    tags: dict[int, list[Tag]] = defaultdict(list)
    for row in (await tx.exec(query.order_by(col(TagRow.id)))).all():
        tags[row.quote_id].append(quotes.as_tag(row))
    return tags


async def _deals(tx: Tx, invitation_ids: Collection[str]) -> Mapping[str, DealRow]:
    query = select(DealRow).where(col(DealRow.invitation_id).in_(invitation_ids))
    return {row.invitation_id: row for row in (await tx.exec(query)).all()}

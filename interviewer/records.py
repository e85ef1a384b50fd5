"""What the desk knows, unfiltered. Each attribute names the field that guards it (see `confidentiality.py`).

Use cases build these and give them to `confidentiality.see`; pages never hold one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from interviewer.confidentiality import Field

_INTERVIEW, _PERSON, _COMPANY = Field.INTERVIEW, Field.PERSON, Field.COMPANY
_WORDS, _WHY, _FOUND = Field.TRANSCRIPT, Field.REASONING, Field.FINDINGS
_DEAL, _CALL, _LINK = Field.DEAL, Field.CALL, Field.LINK


class Status(StrEnum):
    """Where an invitation stands, as the desk says it. The order is that of the list's filter."""

    FINISHED = "finished"
    IN_PROGRESS = "in_progress"
    LEFT_EARLY = "left_early"
    WANTS_CALL = "wants_a_call"
    INVITED = "invited"
    DECLINED = "declined"
    OPTED_OUT = "opted_out"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DELETED = "deleted"


@dataclass(frozen=True)
class Piece:
    """A stretch of an answer that a search found; `hit` where it is what was looked for."""

    text: Annotated[str, _WORDS]
    hit: Annotated[bool, _WORDS]


@dataclass(frozen=True)
class Head:
    """What the list and the page say of one invitation and its interview."""

    id: Annotated[str, _INTERVIEW]
    """The invitation's id: it is there before the interview is."""
    status: Annotated[Status, _INTERVIEW]
    flow: Annotated[str, _INTERVIEW]
    flow_name: Annotated[str, _INTERVIEW]
    outcome: Annotated[str, _INTERVIEW]
    language: Annotated[str, _INTERVIEW]
    at: Annotated[datetime, _INTERVIEW]
    """The last thing the buyer did; before that, when the link was made."""
    answered: Annotated[int, _INTERVIEW]
    topics: Annotated[int, _INTERVIEW]
    seconds: Annotated[int, _INTERVIEW]
    """Active time as the clock reckons it on a phone; 0 before the first answer."""
    analysis: Annotated[str, _INTERVIEW]
    """`""` (not due), `waiting`, `done` or `failed`."""
    name: Annotated[str, _PERSON]
    email: Annotated[str, _PERSON]
    role: Annotated[str, _PERSON]
    company: Annotated[str, _COMPANY]
    headline: Annotated[str, _FOUND]
    call_open: Annotated[bool, _CALL]
    link_asked_at: Annotated[datetime | None, _LINK]
    """When somebody on a dead link asked for another, as long as none was made and one may be."""
    asked_person: Annotated[int, _WORDS]
    """Number of the answer that asks for a person, where no call was asked for by the button; else 0."""
    asked_deletion: Annotated[int, _WORDS]
    """Number of the answer that asks for deletion, as long as it is there; else 0."""
    excerpt: Annotated[tuple[Piece, ...], _WORDS]
    """Of the answer that holds what was searched for; empty where the search found something else."""


@dataclass(frozen=True)
class Count:
    value: Annotated[str, _INTERVIEW]
    label: Annotated[str, _INTERVIEW]
    number: Annotated[int, _INTERVIEW]


@dataclass(frozen=True)
class Failure:
    """Background work that gave up, to be tried again by a person."""

    job: Annotated[str, _INTERVIEW]
    key: Annotated[str, _INTERVIEW]
    what: Annotated[str, _INTERVIEW]
    page: Annotated[str, _INTERVIEW]
    """Id of the invitation it belongs to, or empty."""
    company: Annotated[str, _COMPANY]


@dataclass(frozen=True)
class Listing:
    """One page of the list, and the numbers around it."""

    heads: Annotated[tuple[Head, ...], _INTERVIEW]
    found: Annotated[int, _INTERVIEW]
    of_any_status: Annotated[int, _INTERVIEW]
    """Found, whatever status was asked for. Not the sum of `statuses`: who wants a call may have declined, too."""
    everything: Annotated[int, _INTERVIEW]
    page: Annotated[int, _INTERVIEW]
    pages: Annotated[int, _INTERVIEW]
    statuses: Annotated[tuple[Count, ...], _INTERVIEW]
    flows: Annotated[tuple[Count, ...], _INTERVIEW]
    failures: Annotated[tuple[Failure, ...], _INTERVIEW]


@dataclass(frozen=True)
class Tag:
    theme: Annotated[str, _WORDS]
    label: Annotated[str, _WORDS]
    tint: Annotated[str, _WORDS]
    subject: Annotated[str, _WORDS]
    polarity: Annotated[str, _WORDS]
    made_by: Annotated[str, _WHY]


@dataclass(frozen=True)
class Quote:
    """A verbatim span of a turn, with the themes on it."""

    id: Annotated[int, _WORDS]
    turn: Annotated[int, _WORDS]
    start: Annotated[int, _WORDS]
    end: Annotated[int, _WORDS]
    text: Annotated[str, _WORDS]
    at: Annotated[datetime, _WORDS]
    tags: Annotated[tuple[Tag, ...], _WORDS]


@dataclass(frozen=True)
class Segment:
    """A stretch of a turn under the same quotes. Quotes begin and end only at its borders."""

    text: Annotated[str, _WORDS]
    quotes: Annotated[tuple[int, ...], _WORDS]
    tint: Annotated[str, _WORDS]
    """That of the first theme of the shortest quote over it."""
    begins: Annotated[tuple[int, ...], _WORDS]
    ends: Annotated[tuple[Quote, ...], _WORDS]


@dataclass(frozen=True)
class Exchange:
    """One turn as the page shows it, the question's making included."""

    number: Annotated[int, _INTERVIEW]
    buyer: Annotated[bool, _INTERVIEW]
    at: Annotated[datetime, _INTERVIEW]
    kind: Annotated[str, _INTERVIEW]
    """What the turn does: `ask`, `probe`, `reply`, `one_more`, `close`; of a buyer `answer` or `skip`."""
    topic: Annotated[str, _INTERVIEW]
    label: Annotated[str, _INTERVIEW]
    """The topic in words."""
    segments: Annotated[tuple[Segment, ...], _WORDS]
    removed: Annotated[bool, _INTERVIEW]
    changed_at: Annotated[datetime | None, _INTERVIEW]
    proved: Annotated[bool, _INTERVIEW]
    pending: Annotated[bool, _INTERVIEW]
    judged: Annotated[str, _WHY]
    covers: Annotated[tuple[str, ...], _WHY]
    signals: Annotated[tuple[str, ...], _WHY]
    judged_by: Annotated[str, _WHY]
    why: Annotated[str, _WHY]
    """Empty where it would only say that the next topic came."""
    source: Annotated[str, _WHY]
    model: Annotated[str, _WHY]
    prompt: Annotated[str, _WHY]
    verdicts: Annotated[tuple[str, ...], _WHY]
    calls: Annotated[int, _WHY]
    latency_ms: Annotated[int, _WHY]


@dataclass(frozen=True)
class Statement:
    """A sentence of the analysis with the quotes that it rests on; never without one."""

    kind: Annotated[str, _FOUND]
    text: Annotated[str, _FOUND]
    made_by: Annotated[str, _FOUND]
    quotes: Annotated[tuple[Quote, ...], _WORDS]


@dataclass(frozen=True)
class Step:
    """One step of the analysis: where it stands and who made it."""

    name: Annotated[str, _INTERVIEW]
    state: Annotated[str, _INTERVIEW]
    made_by: Annotated[str, _INTERVIEW]
    prompt: Annotated[str, _WHY]
    at: Annotated[datetime, _INTERVIEW]


@dataclass(frozen=True)
class Call:
    """A buyer who would rather talk."""

    id: Annotated[str, _CALL]
    page: Annotated[str, _CALL]
    channel: Annotated[str, _CALL]
    first_time: Annotated[str, _CALL]
    second_time: Annotated[str, _CALL]
    phone: Annotated[str, _CALL]
    time_zone: Annotated[str, _CALL]
    created_at: Annotated[datetime, _CALL]
    handled_at: Annotated[datetime | None, _CALL]
    flow_name: Annotated[str, _CALL]
    name: Annotated[str, _PERSON]
    email: Annotated[str, _PERSON]
    role: Annotated[str, _PERSON]
    company: Annotated[str, _COMPANY]


@dataclass(frozen=True)
class Calls:
    open: Annotated[tuple[Call, ...], _CALL]
    handled: Annotated[tuple[Call, ...], _CALL]


@dataclass(frozen=True)
class Deal:
    """What the CRM and the rep say. It never reached the interviewer."""

    deal_id: Annotated[str, _DEAL]
    amount: Annotated[float | None, _DEAL]
    currency: Annotated[str, _DEAL]
    closed_on: Annotated[date | None, _DEAL]
    owner: Annotated[str, _DEAL]
    rep_reason: Annotated[str, _DEAL]
    rep_competitor: Annotated[str, _DEAL]
    reason_category: Annotated[str, _DEAL]
    reason_driver: Annotated[str, _DEAL]
    reason_explanation: Annotated[str, _DEAL]
    primary_competitor: Annotated[str, _DEAL]
    incumbent: Annotated[str, _DEAL]
    selected_competitor: Annotated[str, _DEAL]


@dataclass(frozen=True)
class Link:
    """The buyer's personal link and how long it is good."""

    url: Annotated[str, _LINK]
    """Empty where it is worth nothing any more."""
    created_at: Annotated[datetime, _LINK]
    expires_at: Annotated[datetime, _LINK]
    revoked_at: Annotated[datetime | None, _LINK]
    can_revoke: Annotated[bool, _LINK]
    can_replace: Annotated[bool, _LINK]


@dataclass(frozen=True)
class Interview:
    """Everything on the page of one interview."""

    head: Annotated[Head, _INTERVIEW]
    interview_id: Annotated[str, _INTERVIEW]
    """Empty where nobody pressed Start."""
    started_at: Annotated[datetime | None, _INTERVIEW]
    ended_at: Annotated[datetime | None, _INTERVIEW]
    ended_by: Annotated[str, _INTERVIEW]
    product: Annotated[str, _INTERVIEW]
    segment: Annotated[str, _COMPANY]
    crm_consent: Annotated[bool | None, _DEAL]
    exchanges: Annotated[tuple[Exchange, ...], _INTERVIEW]
    notes: Annotated[tuple[Statement, ...], _FOUND]
    summary: Annotated[tuple[Statement, ...], _FOUND]
    quotes: Annotated[tuple[Quote, ...], _WORDS]
    steps: Annotated[tuple[Step, ...], _INTERVIEW]
    made_by: Annotated[str, _INTERVIEW]
    call: Annotated[Call | None, _CALL]
    deal: Annotated[Deal | None, _DEAL]
    link: Annotated[Link, _LINK]

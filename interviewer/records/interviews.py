"""The list of interviews, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from interviewer.confidentiality import Field
from interviewer.records.calls import Call, Deal, Link
from interviewer.records.evidence import (
    Change,
    Competitor,
    Contradiction,
    Driver,
    Finding,
    Insight,
    Quote,
    Rejected,
    Segment,
    Statement,
    Step,
    Story,
    Suggestion,
    View,
)

_INTERVIEW, _PERSON, _COMPANY = Field.INTERVIEW, Field.PERSON, Field.COMPANY
_WORDS, _WHY, _FOUND = Field.TRANSCRIPT, Field.REASONING, Field.FINDINGS
_DEAL, _CALL, _LINK = Field.DEAL, Field.CALL, Field.LINK


class Status(StrEnum):
    """Where an invitation stands, as the desk says it. The order is that of the list's filter."""

    FINISHED = "finished"
    IN_PROGRESS = "in_progress"
    LEFT_EARLY = "left_early"
    NO_LONGER_AGREES = "no_longer_agrees"
    ASKED_DELETION = "asked_for_deletion"
    WANTS_CALL = "wants_a_call"
    CALL_BOOKED = "call_booked"
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
    call_at: Annotated[datetime | None, _CALL]
    """When the call begins that stands as booked."""
    link_asked_at: Annotated[datetime | None, _LINK]
    """When somebody on a dead link asked for another, as long as none was made and one may be."""
    asked_person: Annotated[int, _WORDS]
    """Number of the answer that asks for a person, where no call was asked for by the button; else 0."""
    asked_deletion: Annotated[int, _WORDS]
    """Number of the answer that asks for deletion, as long as it is there; else 0."""
    excerpt: Annotated[tuple[Piece, ...], _WORDS]
    """Of the answer that holds what was searched for; empty where the search found something else."""
    mode: Annotated[str, _INTERVIEW]
    reviewed_at: Annotated[datetime | None, _INTERVIEW]


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
class Exchange:
    """One turn as the page shows it, the question's making included."""

    number: Annotated[int, _INTERVIEW]
    buyer: Annotated[bool, _INTERVIEW]
    at: Annotated[datetime | None, _INTERVIEW]
    """None where nobody knows: an interview that was brought in without times."""
    kind: Annotated[str, _INTERVIEW]
    """What the turn does: `ask`, `probe`, `reply`, `one_more`, `close`; of a buyer `answer` or `skip`."""
    move: Annotated[str, _INTERVIEW]
    """The key of the move spoken, of the interviewer."""
    topic: Annotated[str, _INTERVIEW]
    label: Annotated[str, _INTERVIEW]
    """The topic in words."""
    hidden: Annotated[tuple[tuple[int, int], ...], _INTERVIEW]
    """Where its words were redacted."""
    segments: Annotated[tuple[Segment, ...], _WORDS]
    translation: Annotated[str, _WORDS]
    """The turn in English, by a model; empty where there is none."""
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
    into: Annotated[str, _INTERVIEW] = ""
    """How far into a call it was said ("4:07"), where its transcript says."""


@dataclass(frozen=True)
class Told:
    """What a buyer was told before the first question, by version; and whether they still agree."""

    notice: Annotated[str, _INTERVIEW]
    promise: Annotated[str, _INTERVIEW]
    """Empty of interviews that began before it was kept; the notice has its words."""
    language: Annotated[str, _INTERVIEW]
    at: Annotated[datetime, _INTERVIEW]
    withdrawn_at: Annotated[datetime | None, _INTERVIEW]


@dataclass(frozen=True)
class Shown:
    """The notice itself."""

    id: Annotated[str, _INTERVIEW]
    """Of the invitation."""
    text: Annotated[str, _INTERVIEW]
    told: Annotated[Told, _INTERVIEW]


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
    mode: Annotated[str, _INTERVIEW]
    """`ai`, or `human`: a call that was brought in."""
    source_id: Annotated[str, _PERSON]
    """What the source calls one that was brought in."""
    times: Annotated[str, _INTERVIEW]
    """What is known of when things were said: each turn's time (empty), `within` a call of that day, the `day`, or
    `none`."""
    conducted_by: Annotated[str, _PERSON]
    consent: Annotated[str, _WORDS]
    reviewed_at: Annotated[datetime | None, _INTERVIEW]
    reviewed_by: Annotated[str, _INTERVIEW]
    audiences: Annotated[tuple[str, ...], _INTERVIEW]
    """Roles that single statements may be released to, as this buyer was promised."""
    withdrawn_at: Annotated[datetime | None, _INTERVIEW]
    """Since when the buyer no longer agrees: then nothing that was made of it is here."""
    exchanges: Annotated[tuple[Exchange, ...], _INTERVIEW]
    headline: Annotated[Statement | None, _FOUND]
    notes: Annotated[tuple[Statement, ...], _FOUND]
    answers: Annotated[tuple[Statement, ...], _FOUND]
    """What was decided, why, versus whom."""
    summary: Annotated[tuple[Statement, ...], _FOUND]
    drivers: Annotated[tuple[Driver, ...], _FOUND]
    competitors: Annotated[tuple[Competitor, ...], _FOUND]
    insights: Annotated[tuple[Insight, ...], _FOUND]
    findings: Annotated[tuple[Finding, ...], _FOUND]
    story: Annotated[Story, _FOUND]
    views: Annotated[tuple[View, ...], _DEAL]
    contradictions: Annotated[tuple[Contradiction, ...], _FOUND]
    undoable: Annotated[Change | None, _FOUND]
    """The last change of the one who looks, where it can be undone."""
    rejected: Annotated[Rejected, _FOUND]
    suggestions: Annotated[tuple[Suggestion, ...], _FOUND]
    """Tags and statements that nobody decided on."""
    quotes: Annotated[tuple[Quote, ...], _WORDS]
    steps: Annotated[tuple[Step, ...], _INTERVIEW]
    made_by: Annotated[str, _INTERVIEW]
    call: Annotated[Call | None, _CALL]
    deal: Annotated[Deal | None, _DEAL]
    link: Annotated[Link, _LINK]
    unfounded: Annotated[tuple[Statement, ...], _FOUND] = ()
    """What the host of a call noted right after it, and nothing said carries so far: on the page of one alone."""
    told: Annotated[Told | None, _INTERVIEW] = None
    """None where nobody pressed Start, and of a call that was brought in."""

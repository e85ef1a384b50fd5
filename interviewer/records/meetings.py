"""Calls that are booked, the page before one of them, and the hours in which they are held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from interviewer.confidentiality import Field
from interviewer.records.calls import Call, Deal

_CALL, _PERSON, _COMPANY, _WORDS, _DEAL = Field.CALL, Field.PERSON, Field.COMPANY, Field.TRANSCRIPT, Field.DEAL


@dataclass(frozen=True)
class FollowUp:
    """After a call to which the buyer did not come: what was written to them, and how else to reach them."""

    mail: Annotated[str, _CALL]
    """The kind mail's state in the send-log; empty where there is none."""
    at: Annotated[datetime | None, _CALL]
    """When it went out, or will."""
    email: Annotated[str, _PERSON]
    """Empty where they are not to be written to."""
    phone: Annotated[str, _PERSON]
    """The number that they left; empty where they left none."""
    no_mail: Annotated[bool, _CALL]
    """They no longer agree, declined, asked for no more mail, or their link was withdrawn."""


@dataclass(frozen=True)
class Meeting:
    """One call. Times are in words, in the viewer's zone and the buyer's."""

    id: Annotated[str, _CALL]
    page: Annotated[str, _CALL]
    """The invitation's id, of the interview's page."""
    state: Annotated[str, _CALL]
    """`booked`, `cancelled`, `held` or `missed`."""
    starts_at: Annotated[datetime, _CALL]
    over: Annotated[bool, _CALL]
    begun: Annotated[bool, _CALL]
    how_far: Annotated[str, _CALL]
    """From now: "in 2 hours", "3 days ago"."""
    time: Annotated[str, _CALL]
    zone: Annotated[str, _CALL]
    buyer_time: Annotated[str, _CALL]
    """Empty where the buyer's clock says the same."""
    buyer_zone: Annotated[str, _CALL]
    own: Annotated[bool, _CALL]
    """Booked here, and not at a scheduler elsewhere."""
    host: Annotated[str, _CALL]
    mine: Annotated[bool, _CALL]
    video_link: Annotated[str, _CALL]
    language: Annotated[str, _CALL]
    cancelled_by: Annotated[str, _CALL]
    why_off: Annotated[str, _CALL]
    """What the buyer did, where a scheduler elsewhere still has a call with them that is none here; else empty."""
    became: Annotated[bool, _CALL]
    """Whether its notes became an interview."""
    stopped: Annotated[bool, _CALL]
    """Whether the buyer no longer agrees: nothing is made of it any more."""
    follow_up: Annotated[FollowUp | None, _CALL]
    """Of a missed call."""
    flow_name: Annotated[str, _CALL]
    name: Annotated[str, _PERSON]
    email: Annotated[str, _PERSON]
    role: Annotated[str, _PERSON]
    company: Annotated[str, _COMPANY]


@dataclass(frozen=True)
class Agenda:
    """The page of all calls."""

    hosting: Annotated[bool, _CALL]
    """Whether the viewer has hours of their own."""
    anybody: Annotated[bool, _CALL]
    """Whether buyers are offered times at all."""
    zone: Annotated[str, _CALL]
    """Of the viewer's clock, by which all times of the page are told."""
    to_come: Annotated[tuple[Meeting, ...], _CALL]
    to_call_off: Annotated[tuple[Meeting, ...], _CALL]
    """At a scheduler elsewhere, with somebody who said no: somebody has to call them off there."""
    to_note: Annotated[tuple[Meeting, ...], _CALL]
    done: Annotated[tuple[Meeting, ...], _CALL]
    missed: Annotated[tuple[Meeting, ...], _CALL]
    asked: Annotated[tuple[Call, ...], _CALL]
    """Who left two times and a number, or went to a booking page."""
    handled: Annotated[tuple[Call, ...], _CALL]
    more: Annotated[bool, _CALL]
    """Of what is over there is more than is shown."""


@dataclass(frozen=True)
class Free:
    """A time that a call can be moved to."""

    value: Annotated[str, _CALL]
    time: Annotated[str, _CALL]
    theirs: Annotated[str, _CALL]
    """On the buyer's clock; empty where that says the same."""


@dataclass(frozen=True)
class FreeDay:
    day: Annotated[str, _CALL]
    zone: Annotated[str, _CALL]
    times: Annotated[tuple[Free, ...], _CALL]


@dataclass(frozen=True)
class Place:
    """A time that was picked, in words, on both clocks."""

    value: Annotated[str, _CALL]
    time: Annotated[str, _CALL]
    zone: Annotated[str, _CALL]
    buyer_time: Annotated[str, _CALL]
    buyer_zone: Annotated[str, _CALL]
    host: Annotated[str, _CALL]
    """Who would hold it; empty where that stays."""


@dataclass(frozen=True)
class Moving:
    """A call that is to be moved, and where it could go."""

    meeting: Annotated[Meeting, _CALL]
    days: Annotated[tuple[FreeDay, ...], _CALL]
    picked: Annotated[Place | None, _CALL]
    """To be confirmed."""
    taken: Annotated[bool, _CALL]
    """The time that was picked had gone meanwhile."""
    zone: Annotated[str, _CALL]
    """Of the viewer's clock."""
    typed: Annotated[str, _CALL]
    """A time that was typed by hand, as it was; empty where one was pressed."""


@dataclass(frozen=True)
class Probe:
    """A follow-up to have at hand: what it finds out, and words for it."""

    seeks: Annotated[str, _CALL]
    words: Annotated[str, _CALL]


@dataclass(frozen=True)
class Note:
    """What was typed during a call, as it is kept."""

    field: Annotated[str, _CALL]
    text: Annotated[str, _WORDS]
    version: Annotated[int, _CALL]


@dataclass(frozen=True)
class TopicNote:
    """One topic of the call: what was answered already, what to ask, and the box for notes."""

    id: Annotated[str, _CALL]
    label: Annotated[str, _CALL]
    core: Annotated[bool, _CALL]
    answered: Annotated[bool, _CALL]
    purpose: Annotated[str, _CALL]
    listen_for: Annotated[tuple[str, ...], _CALL]
    question: Annotated[str, _CALL]
    probes: Annotated[tuple[Probe, ...], _CALL]
    said: Annotated[tuple[str, ...], _WORDS]
    note: Annotated[Note, _CALL]


@dataclass(frozen=True)
class Hypothesis:
    """What the team expects to hear from deals of this flow. The interviewer never learns it."""

    text: Annotated[str, _DEAL]
    version: Annotated[int, _DEAL]


@dataclass(frozen=True)
class Consent:
    """What one attendee said to being recorded."""

    attendee: Annotated[str, _PERSON]
    """What the host calls them; empty for the buyer."""
    answer: Annotated[str, _CALL]
    at: Annotated[str, _CALL]
    """In words, on the viewer's clock."""
    asked_by: Annotated[str, _CALL]
    early: Annotated[bool, _CALL]
    """It was given before the call, which has begun since: ask once more."""


@dataclass(frozen=True)
class Recording:
    """What is asked before anything is recorded, and what was answered (trust.md 30)."""

    words: Annotated[str, _CALL]
    language: Annotated[str, _CALL]
    answer: Annotated[str, _CALL]
    """`yes` where everybody agreed, `no`, or empty: the buyer was not asked."""
    consents: Annotated[tuple[Consent, ...], _CALL]
    """The buyer's first."""


@dataclass(frozen=True)
class Brief:
    """The page of one call, before, during and right after it."""

    meeting: Annotated[Meeting, _CALL]
    deal: Annotated[Deal | None, _DEAL]
    outcome: Annotated[str, _CALL]
    product: Annotated[str, _CALL]
    segment: Annotated[str, _COMPANY]
    hypothesis: Annotated[Hypothesis, _DEAL]
    open: Annotated[tuple[TopicNote, ...], _CALL]
    answered: Annotated[tuple[TopicNote, ...], _CALL]
    rest: Annotated[Note | None, _WORDS]
    """Everything else that was said, where no topic asks for it."""
    three: Annotated[tuple[Note, ...], _WORDS]
    """The headline, what surprised, the gap and what to do about it."""
    recording: Annotated[Recording, _CALL]
    stopped_at: Annotated[datetime | None, _CALL]
    """Since when the buyer no longer agrees: nothing more is noted, and no interview made of it."""
    held_after_all: Annotated[bool, _CALL]
    """It was called off, and may have been held all the same."""


@dataclass(frozen=True)
class Kept:
    """What became of notes that were sent: versions as they are now, and which were changed by somebody else."""

    notes: Annotated[tuple[Note, ...], _CALL]
    clashes: Annotated[tuple[Note, ...], _WORDS]
    """As the other one left them."""
    at: Annotated[datetime | None, _CALL]

"""A flow taken at the desk: what can be tried, and what stands beside the phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from interviewer.confidentiality import Field

_INTERVIEW, _WORDS, _WHY, _LINK = Field.INTERVIEW, Field.TRANSCRIPT, Field.REASONING, Field.LINK


@dataclass(frozen=True)
class Offer:
    """A flow that can be tried."""

    id: Annotated[str, _INTERVIEW]
    name: Annotated[str, _INTERVIEW]
    outcome: Annotated[str, _INTERVIEW]
    version: Annotated[int, _INTERVIEW]
    questions: Annotated[int, _INTERVIEW]
    """Core topics."""
    hard_s: Annotated[int, _INTERVIEW]


@dataclass(frozen=True)
class Offers:
    flows: Annotated[tuple[Offer, ...], _INTERVIEW]
    languages: Annotated[tuple[str, ...], _INTERVIEW]
    roles: Annotated[tuple[str, ...], _INTERVIEW]
    product: Annotated[str, _INTERVIEW]


@dataclass(frozen=True)
class Heard:
    """An answer, and what was made of it."""

    text: Annotated[str, _WORDS]
    skipped: Annotated[bool, _INTERVIEW]
    removed: Annotated[bool, _INTERVIEW]
    kind: Annotated[str, _WHY]
    """Empty while it was not read."""
    about: Annotated[str, _WHY]
    signals: Annotated[tuple[str, ...], _WHY]
    hook: Annotated[str, _WORDS]
    covers: Annotated[tuple[str, ...], _WHY]
    by: Annotated[str, _WHY]
    """`rules` or `model`."""


@dataclass(frozen=True)
class Spoken:
    """The interviewer's turn, why it came, and how its words were made."""

    number: Annotated[int, _INTERVIEW]
    pending: Annotated[bool, _INTERVIEW]
    text: Annotated[str, _WORDS]
    move: Annotated[str, _WHY]
    """`ask`, `probe`, `reply`, `one_more` or `close`."""
    what: Annotated[str, _WHY]
    """The probe, or what is replied to, in words."""
    topic: Annotated[str, _WHY]
    why: Annotated[str, _WHY]
    source: Annotated[str, _WHY]
    verdicts: Annotated[tuple[str, ...], _WHY]
    model: Annotated[str, _WHY]
    prompt: Annotated[str, _WHY]
    calls: Annotated[int, _WHY]
    tokens: Annotated[int, _WHY]
    latency_ms: Annotated[int, _WHY]


@dataclass(frozen=True)
class Step:
    """An answer and the turn that came of it; the first question has none before it."""

    heard: Annotated[Heard | None, _WHY]
    spoken: Annotated[Spoken | None, _WHY]


@dataclass(frozen=True)
class Subject:
    """A topic, and how far it came."""

    label: Annotated[str, _INTERVIEW]
    weight: Annotated[int, _INTERVIEW]
    core: Annotated[bool, _INTERVIEW]
    asked: Annotated[bool, _WHY]
    covered: Annotated[bool, _WHY]
    """Enough was said on it, asked or not."""
    now: Annotated[bool, _WHY]
    """The open question is about it."""
    probes: Annotated[int, _WHY]


@dataclass(frozen=True)
class Preview:
    """Everything beside the phone."""

    id: Annotated[str, _INTERVIEW]
    interview_id: Annotated[str, _INTERVIEW]
    """Empty before Start is pressed."""
    link: Annotated[str, _LINK]
    flow_name: Annotated[str, _INTERVIEW]
    version: Annotated[int, _INTERVIEW]
    newer: Annotated[bool, _INTERVIEW]
    """Whether the flow was changed since Start was pressed."""
    language: Annotated[str, _INTERVIEW]
    product: Annotated[str, _INTERVIEW]
    role: Annotated[str, _INTERVIEW]
    ends_at: Annotated[datetime, _INTERVIEW]
    over: Annotated[str, _INTERVIEW]
    """How it ended: `closed` (to be checked and sent), `sent`, `deleted`, `declined`; empty while it goes on."""
    steps: Annotated[tuple[Step, ...], _WHY]
    """The latest first."""
    subjects: Annotated[tuple[Subject, ...], _WHY]
    spent_s: Annotated[int, _WHY]
    soft_s: Annotated[int, _WHY]
    hard_s: Annotated[int, _WHY]
    probes: Annotated[int, _WHY]
    most_probes: Annotated[int, _WHY]

"""Quotes, tags and everything that rests on them, as the desk may show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from interviewer.confidentiality import Field

_INTERVIEW, _WORDS, _WHY, _FOUND, _DEAL = (
    Field.INTERVIEW,
    Field.TRANSCRIPT,
    Field.REASONING,
    Field.FINDINGS,
    Field.DEAL,
)


@dataclass(frozen=True)
class Tag:
    id: Annotated[int, _WORDS]
    theme: Annotated[str, _WORDS]
    label: Annotated[str, _WORDS]
    tint: Annotated[str, _WORDS]
    subject: Annotated[str, _WORDS]
    polarity: Annotated[str, _WORDS]
    scope: Annotated[str, _WORDS]
    horizon: Annotated[str, _WORDS]
    confidence: Annotated[float, _WORDS]
    made_by: Annotated[str, _WHY]
    review: Annotated[str, _WORDS]
    """Empty (a suggestion), `confirmed` or `rejected`."""
    version: Annotated[int, _WORDS]
    """To be sent back with a change: another one since is not overwritten."""


@dataclass(frozen=True)
class Suggestion:
    """A tag or a statement that nobody decided on, as it is to be named where it is accepted."""

    target: Annotated[str, _FOUND]
    """`tag` or `statement`."""
    id: Annotated[int, _FOUND]
    version: Annotated[int, _FOUND]


@dataclass(frozen=True)
class Release:
    """An audience that may read a quote, or a paraphrase of it."""

    audience: Annotated[str, _WORDS]
    wording: Annotated[str, _WORDS]
    """The paraphrase; empty where the words themselves are read."""
    at: Annotated[datetime, _WORDS]


@dataclass(frozen=True)
class Quote:
    """A verbatim span of a turn, with the themes on it."""

    id: Annotated[int, _WORDS]
    turn: Annotated[int, _WORDS]
    start: Annotated[int, _WORDS]
    end: Annotated[int, _WORDS]
    text: Annotated[str, _WORDS]
    at: Annotated[datetime | None, _WORDS]
    """None where nobody knows: an interview that was brought in without times."""
    tags: Annotated[tuple[Tag, ...], _WORDS]
    by_person: Annotated[bool, _WORDS]
    """Marked at the desk, not by the analysis."""
    releases: Annotated[tuple[Release, ...], _WORDS]
    noted: Annotated[bool, _WORDS] = False
    """Cut from notes of a call: the words are of who took them, not the buyer's own."""
    into: Annotated[str, _WORDS] = ""
    """How far into a call it was said ("4:07"), where its transcript says."""


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
class Statement:
    """A sentence of the analysis with the quotes that it rests on; never without one."""

    id: Annotated[int, _FOUND]
    kind: Annotated[str, _FOUND]
    text: Annotated[str, _FOUND]
    made_by: Annotated[str, _FOUND]
    quotes: Annotated[tuple[Quote, ...], _WORDS]
    review: Annotated[str, _FOUND]
    version: Annotated[int, _FOUND]
    machine_text: Annotated[str, _FOUND]
    """What the analysis had said, where a person reworded it."""
    key: Annotated[str, _FOUND] = ""
    """What makes it the same statement when it is made anew."""


@dataclass(frozen=True)
class Driver:
    """What moved the decision. The shares on one page add up to 100."""

    statement: Annotated[Statement, _FOUND]
    category: Annotated[str, _FOUND]
    driver: Annotated[str, _FOUND]
    share: Annotated[int, _FOUND]
    confidence: Annotated[str, _FOUND]
    towards: Annotated[str, _FOUND]


@dataclass(frozen=True)
class Competitor:
    statement: Annotated[Statement, _FOUND]
    name: Annotated[str, _FOUND]
    role: Annotated[str, _FOUND]


@dataclass(frozen=True)
class Insight:
    statement: Annotated[Statement, _FOUND]
    area: Annotated[str, _FOUND]
    kind: Annotated[str, _FOUND]
    seen: Annotated[str, _FOUND]
    """Where a gap showed after a loss: `product`, `message`, `sales`; else empty."""


@dataclass(frozen=True)
class Finding:
    statement: Annotated[Statement, _FOUND]
    theme: Annotated[str, _FOUND]
    label: Annotated[str, _FOUND]
    subject: Annotated[str, _FOUND]
    owner: Annotated[str, _FOUND]
    scope: Annotated[str, _FOUND]
    horizon: Annotated[str, _FOUND]
    towards: Annotated[str, _FOUND]


@dataclass(frozen=True)
class Contradiction:
    statement: Annotated[Statement, _FOUND]
    field: Annotated[str, _FOUND]
    source: Annotated[str, _FOUND]
    logged: Annotated[str, _DEAL]
    buyer: Annotated[str, _FOUND]


@dataclass(frozen=True)
class Story:
    """What happened around the decision; each None where it was not told."""

    trigger: Annotated[Statement | None, _FOUND]
    event: Annotated[str, _FOUND]
    fits: Annotated[str, _FOUND]
    """Whether the team aims at such a trigger: `yes`, `no`, `unknown`."""
    stalled: Annotated[Statement | None, _FOUND]
    tone: Annotated[Statement | None, _FOUND]
    mood: Annotated[str, _FOUND]
    turned_at: Annotated[int, _FOUND]


@dataclass(frozen=True)
class View:
    """One line of the comparison: a field as the CRM, the rep and the buyer have it; empty where nothing was said."""

    field: Annotated[str, _DEAL]
    label: Annotated[str, _DEAL]
    crm: Annotated[str, _DEAL]
    rep: Annotated[str, _DEAL]
    buyer: Annotated[str, _FOUND]
    quotes: Annotated[tuple[Quote, ...], _WORDS]
    contradicts: Annotated[bool, _DEAL]


@dataclass(frozen=True)
class Step:
    """One step of the analysis: where it stands and who made it."""

    name: Annotated[str, _INTERVIEW]
    state: Annotated[str, _INTERVIEW]
    made_by: Annotated[str, _INTERVIEW]
    prompt: Annotated[str, _WHY]
    at: Annotated[datetime, _INTERVIEW]
    added: Annotated[int, _INTERVIEW]
    """What the last run brought, took away, and left because a person had decided on it."""
    gone: Annotated[int, _INTERVIEW]
    kept: Annotated[int, _INTERVIEW]
    over_budget: Annotated[bool, _INTERVIEW] = False
    """The rules did it because the model's budget of the day was used up."""


@dataclass(frozen=True)
class Rejected:
    """What a person turned down. It is shown nowhere else."""

    quotes: Annotated[tuple[Quote, ...], _WORDS]
    """Each with those of its tags that were."""
    statements: Annotated[tuple[Statement, ...], _FOUND]


@dataclass(frozen=True)
class Change:
    """What somebody at the desk did to the evidence, and may be undone."""

    id: Annotated[int, _FOUND]
    verb: Annotated[str, _FOUND]
    at: Annotated[datetime, _FOUND]
    who: Annotated[str, _FOUND]


@dataclass(frozen=True)
class Released:
    """A statement that a PMM let an audience read: nothing in it says who made it."""

    id: Annotated[int, Field.RELEASED]
    audience: Annotated[str, Field.RELEASED]
    text: Annotated[str, Field.RELEASED]
    paraphrase: Annotated[bool, Field.RELEASED]
    themes: Annotated[tuple[str, ...], Field.RELEASED]
    subject: Annotated[str, Field.RELEASED]
    polarity: Annotated[str, Field.RELEASED]
    outcome: Annotated[str, Field.RELEASED]
    quarter: Annotated[str, Field.RELEASED]
    """When the deal closed, or else the interview ended: "2026 Q4"."""
    amount: Annotated[float | None, Field.WORTH]
    currency: Annotated[str, Field.WORTH]
    segment: Annotated[str, Field.WORTH]

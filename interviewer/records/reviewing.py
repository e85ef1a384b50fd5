"""What a reviewer works through: the queue, and the subjects of tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from interviewer.confidentiality import Field
from interviewer.records.interviews import Head

_INTERVIEW, _WORDS, _FOUND = Field.INTERVIEW, Field.TRANSCRIPT, Field.FINDINGS


@dataclass(frozen=True)
class Waiting:
    """An interview to review, and why it stands where it does."""

    head: Annotated[Head, _INTERVIEW]
    contradictions: Annotated[int, _FOUND]
    unsure: Annotated[bool, _FOUND]
    """The main driver is of low confidence."""
    big: Annotated[bool, Field.DEAL]
    unexplained: Annotated[bool, Field.DEAL]
    """The deal was logged without a reason."""
    failed: Annotated[bool, _INTERVIEW]
    """A step of the analysis gave up."""
    suggestions: Annotated[int, _FOUND]
    """Tags and statements that nobody decided on."""
    amount: Annotated[float | None, Field.DEAL]
    currency: Annotated[str, Field.DEAL]


@dataclass(frozen=True)
class Queue:
    """Interviews to review, those with most doubt first."""

    waiting: Annotated[tuple[Waiting, ...], _INTERVIEW]
    found: Annotated[int, _INTERVIEW]
    """All that wait; `waiting` are the first of them."""
    reviewed: Annotated[int, _INTERVIEW]


@dataclass(frozen=True)
class Decided:
    """Whose word stands, for somebody who came later."""

    who: Annotated[str, _FOUND]
    """Empty where nobody's does: the analysis ran again, or it was taken back."""
    own: Annotated[bool, _FOUND]
    """It is the viewer's own, from another tab or an older page."""


@dataclass(frozen=True)
class Subject:
    name: Annotated[str, _WORDS]
    tags: Annotated[int, _WORDS]
    interviews: Annotated[int, _WORDS]


@dataclass(frozen=True)
class Subjects:
    subjects: Annotated[tuple[Subject, ...], _WORDS]

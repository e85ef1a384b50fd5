"""How the installation does, for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from interviewer.confidentiality import Field
from interviewer.records.interviews import Failure

_INTERVIEW = Field.INTERVIEW


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong, and what to do."""

    level: Annotated[str, _INTERVIEW]
    area: Annotated[str, _INTERVIEW]
    what: Annotated[str, _INTERVIEW]
    do: Annotated[str, _INTERVIEW]


@dataclass(frozen=True)
class Line:
    label: Annotated[str, _INTERVIEW]
    text: Annotated[str, _INTERVIEW]
    at: Annotated[datetime | None, _INTERVIEW] = None


@dataclass(frozen=True)
class Part:
    """One part of the installation: what it is, how it does, and its numbers."""

    title: Annotated[str, _INTERVIEW]
    level: Annotated[str, _INTERVIEW]
    """`ok`, `warn`, `fail`, or `off` for what is not set up."""
    headline: Annotated[str, _INTERVIEW]
    lines: Annotated[tuple[Line, ...], _INTERVIEW]


@dataclass(frozen=True)
class Request:
    """What buyers wait for, and where it is answered."""

    words: Annotated[str, _INTERVIEW]
    url: Annotated[str, _INTERVIEW]


@dataclass(frozen=True)
class State:
    verdict: Annotated[str, _INTERVIEW]
    """How everything does, in a few words; empty while there are troubles, which say it themselves."""
    beneath: Annotated[str, _INTERVIEW]
    """The same in a sentence or two."""
    well: Annotated[bool, _INTERVIEW]
    """Nothing is wrong or missing, and nobody waits."""
    requests: Annotated[tuple[Request, ...], _INTERVIEW]
    troubles: Annotated[tuple[Wrong, ...], _INTERVIEW]
    parts: Annotated[tuple[Part, ...], _INTERVIEW]
    failures: Annotated[tuple[Failure, ...], _INTERVIEW]
    version: Annotated[str, _INTERVIEW]
    at: Annotated[datetime, _INTERVIEW]

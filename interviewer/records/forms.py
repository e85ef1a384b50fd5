"""Forms of the desk as they stand: what is asked, what was typed, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from interviewer.confidentiality import Field

_FORM, _WORDS, _DEAL = Field.INTERVIEW, Field.TRANSCRIPT, Field.DEAL


@dataclass(frozen=True)
class Choice:
    value: Annotated[str, _FORM]
    label: Annotated[str, _FORM]


@dataclass(frozen=True)
class Blank:
    """One thing to fill in."""

    name: Annotated[str, _FORM]
    label: Annotated[str, _FORM]
    kind: Annotated[str, _FORM]
    """`text`, `email`, `date`, `prose`, `choice` or `tick`."""
    hint: Annotated[str, _FORM]
    choices: Annotated[tuple[Choice, ...], _FORM]
    suggestions: Annotated[tuple[str, ...], _DEAL]
    needed: Annotated[bool, _FORM]
    value: Annotated[str, _DEAL]
    problem: Annotated[str, _DEAL]
    """Empty where nothing is wrong."""


@dataclass(frozen=True)
class Group:
    """Blanks that belong together."""

    title: Annotated[str, _FORM]
    hint: Annotated[str, _FORM]
    blanks: Annotated[tuple[Blank, ...], _FORM]


@dataclass(frozen=True)
class DealSheet:
    """What the CRM and the rep say of one deal, to be typed."""

    id: Annotated[str, _FORM]
    """The invitation's."""
    title: Annotated[str, Field.COMPANY]
    groups: Annotated[tuple[Group, ...], _FORM]
    seen: Annotated[str, _DEAL]
    """Which version was filled in: tells whether somebody else changed it meanwhile."""
    overtaken: Annotated[bool, _DEAL]
    problems: Annotated[int, _DEAL]


@dataclass(frozen=True)
class Said:
    """A stretch of a talk, as a preview."""

    speaker: Annotated[str, _WORDS]
    text: Annotated[str, _WORDS]


@dataclass(frozen=True)
class SpeakerFound:
    """Somebody who speaks in a talk, and whose words theirs are taken for."""

    name: Annotated[str, _WORDS]
    field: Annotated[str, _FORM]
    times: Annotated[int, _WORDS]
    words: Annotated[int, _WORDS]
    part: Annotated[str, _WORDS]
    first: Annotated[str, _WORDS]
    """How the first thing that they say begins."""


@dataclass(frozen=True)
class Carried:
    """Something filled in on an earlier page."""

    name: Annotated[str, _FORM]
    value: Annotated[str, _WORDS]


@dataclass(frozen=True)
class CallSheet:
    """A call to be brought in: first its facts and words, then who its speakers are."""

    stage: Annotated[str, _FORM]
    """`facts` or `speakers`."""
    groups: Annotated[tuple[Group, ...], _FORM]
    text: Annotated[str, _WORDS]
    reading: Annotated[str, _FORM]
    """How the words are to be taken: as it looks (empty), `transcript` or `notes`."""
    problem: Annotated[str, _WORDS]
    """What is wrong with the words; empty where nothing is."""
    problems: Annotated[int, _WORDS]
    speakers: Annotated[tuple[SpeakerFound, ...], _WORDS]
    preview: Annotated[tuple[Said, ...], _WORDS]
    stretches: Annotated[int, _WORDS]
    carried: Annotated[tuple[Carried, ...], _WORDS]
    """What was filled in of the facts, while speakers are assigned."""
    unchecked: Annotated[str, _WORDS]
    """What stands against keeping it, or could not be told, of a call that may have been booked here."""

"""The library's page: what was found, what it can be narrowed to, and kept searches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from interviewer.confidentiality import Field
from interviewer.records.interviews import Piece

_INTERVIEW, _COMPANY, _WORDS, _FOUND = Field.INTERVIEW, Field.COMPANY, Field.TRANSCRIPT, Field.FINDINGS


@dataclass(frozen=True)
class Mark:
    """A theme on a quote that was found."""

    label: Annotated[str, _WORDS]
    tint: Annotated[str, _WORDS]
    subject: Annotated[str, _WORDS]
    query: Annotated[str, _WORDS]
    """The search narrowed to it."""


@dataclass(frozen=True)
class Hit:
    """One thing that was found, with the way to its turn."""

    kind: Annotated[str, _INTERVIEW]
    number: Annotated[int, _INTERVIEW]
    """Its place on the page, from 1: an answer cites quotes by it."""
    pieces: Annotated[tuple[Piece, ...], _WORDS]
    address: Annotated[str, _INTERVIEW]
    language: Annotated[str, _INTERVIEW]
    marks: Annotated[tuple[Mark, ...], _WORDS]
    flow_name: Annotated[str, _INTERVIEW]
    mode: Annotated[str, _INTERVIEW]
    noted: Annotated[bool, _WORDS]
    """The words are the notes of who held the call, not the buyer's own."""
    at: Annotated[datetime, _INTERVIEW]
    company: Annotated[str, _COMPANY]
    person: Annotated[str, Field.PERSON]
    role: Annotated[str, Field.PERSON]


@dataclass(frozen=True)
class Group:
    """Hits of one kind: the first of them, and how many there are."""

    kind: Annotated[str, _INTERVIEW]
    label: Annotated[str, _INTERVIEW]
    hits: Annotated[tuple[Hit, ...], _INTERVIEW]
    number: Annotated[int, _INTERVIEW]
    query: Annotated[str, _WORDS]
    """The search for all of them."""


@dataclass(frozen=True)
class Choice:
    """One value of a filter: in how many interviews it is, and the search with it, or without it where chosen."""

    value: Annotated[str, _WORDS]
    label: Annotated[str, _WORDS]
    number: Annotated[int, _INTERVIEW]
    chosen: Annotated[bool, _INTERVIEW]
    query: Annotated[str, _WORDS]


@dataclass(frozen=True)
class Facet:
    name: Annotated[str, _INTERVIEW]
    label: Annotated[str, _INTERVIEW]
    choices: Annotated[tuple[Choice, ...], _WORDS]


@dataclass(frozen=True)
class Kept:
    """A part of the search that a form carries along."""

    name: Annotated[str, _INTERVIEW]
    value: Annotated[str, _WORDS]


@dataclass(frozen=True)
class Range:
    """What was typed into the fields of amount and period; empty where nothing was."""

    least: Annotated[str, _INTERVIEW]
    most: Annotated[str, _INTERVIEW]
    since: Annotated[str, _INTERVIEW]
    until: Annotated[str, _INTERVIEW]


@dataclass(frozen=True)
class Page:
    """One look into the library."""

    query: Annotated[str, _WORDS]
    """The search as it stands in the address."""
    kept: Annotated[tuple[Kept, ...], _WORDS]
    """Its parts, but what stands in the fields of `range` and the words."""
    words: Annotated[str, _WORDS]
    range: Annotated[Range, _INTERVIEW]
    groups: Annotated[tuple[Group, ...], _INTERVIEW]
    facets: Annotated[tuple[Facet, ...], _WORDS]
    filters: Annotated[tuple[Choice, ...], _WORDS]
    """What is narrowed to, each with the search without it."""
    interviews: Annotated[int, _INTERVIEW]
    everything: Annotated[int, _INTERVIEW]
    first: Annotated[date | None, _INTERVIEW]
    last: Annotated[date | None, _INTERVIEW]
    human: Annotated[int, _INTERVIEW]
    """Of those found: interviews that a person held."""
    page: Annotated[int, _INTERVIEW]
    pages: Annotated[int, _INTERVIEW]
    earlier: Annotated[str, _WORDS]
    later: Annotated[str, _WORDS]
    asked: Annotated[str, _WORDS]
    """The question in plain words that was read as this search; empty where none was asked."""
    plain: Annotated[str, _WORDS]
    """The search for the question's words as they are."""
    by_who: Annotated[bool, _INTERVIEW] = False
    """Whether quotes are told by who said them: those of one interview stand together."""
    meant: Annotated[str, _WORDS] = ""
    """What the words may have meant where nothing was found, and the search for that."""
    meant_query: Annotated[str, _WORDS] = ""


@dataclass(frozen=True)
class Sentence:
    """Of an answer, with the numbers of the quotes that carry it."""

    text: Annotated[str, _FOUND]
    quotes: Annotated[tuple[int, ...], _WORDS]


@dataclass(frozen=True)
class Answer:
    """Sentences by a model, each resting on quotes; none where the quotes have to speak for themselves."""

    sentences: Annotated[tuple[Sentence, ...], _FOUND]
    made_by: Annotated[str, _INTERVIEW]
    over_budget: Annotated[bool, _INTERVIEW] = False
    """The model was not asked: its budget of the day is used up."""


@dataclass(frozen=True)
class SavedView:
    id: Annotated[str, _WORDS]
    name: Annotated[str, _WORDS]
    query: Annotated[str, _WORDS]
    shared: Annotated[bool, _WORDS]
    own: Annotated[bool, _WORDS]


@dataclass(frozen=True)
class SavedViews:
    views: Annotated[tuple[SavedView, ...], _WORDS]

"""How the interviewer's words came about: the counts of a period, and the turns behind one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from interviewer.confidentiality import Field

_WHY, _PERSON, _COMPANY = Field.REASONING, Field.PERSON, Field.COMPANY


@dataclass(frozen=True)
class Share:
    """One outcome among a number of turns."""

    value: Annotated[str, _WHY]
    number: Annotated[int, _WHY]
    percent: Annotated[int, _WHY]


@dataclass(frozen=True)
class Broken:
    """A rule of the lint: how often words were turned down by it, and in how many interviews."""

    rule: Annotated[str, _WHY]
    meaning: Annotated[str, _WHY]
    times: Annotated[int, _WHY]
    interviews: Annotated[int, _WHY]


@dataclass(frozen=True)
class Group:
    """A topic or a flow, with its outcomes in their order."""

    value: Annotated[str, _WHY]
    label: Annotated[str, _WHY]
    number: Annotated[int, _WHY]
    shares: Annotated[tuple[Share, ...], _WHY]


@dataclass(frozen=True)
class Behind:
    """One turn behind a count."""

    page: Annotated[str, _WHY]
    number: Annotated[int, _WHY]
    at: Annotated[datetime, _WHY]
    flow_name: Annotated[str, _WHY]
    topic: Annotated[str, _WHY]
    outcome: Annotated[str, _WHY]
    verdicts: Annotated[tuple[str, ...], _WHY]
    company: Annotated[str, _COMPANY]
    name: Annotated[str, _PERSON]
    email: Annotated[str, _PERSON]


@dataclass(frozen=True)
class Report:
    """The page. Rules, topics and flows are those of the period; what is asked for narrows `behind` alone."""

    first: Annotated[date, _WHY]
    last: Annotated[date, _WHY]
    turns: Annotated[int, _WHY]
    interviews: Annotated[int, _WHY]
    outcomes: Annotated[tuple[Share, ...], _WHY]
    rules: Annotated[tuple[Broken, ...], _WHY]
    topics: Annotated[tuple[Group, ...], _WHY]
    flows: Annotated[tuple[Group, ...], _WHY]
    found: Annotated[int, _WHY]
    """Turns behind the count that was asked for."""
    behind: Annotated[tuple[Behind, ...], _WHY]
    used_up: Annotated[bool, _WHY]
    """The model's budget of this day is gone, so nobody asks it before midnight (UTC)."""

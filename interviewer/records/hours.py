"""The hours in which somebody holds calls, as a form: what was typed, what is wrong with it, what buyers will see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from interviewer.confidentiality import Field

_CALL = Field.CALL


@dataclass(frozen=True)
class Pick:
    value: Annotated[str, _CALL]
    label: Annotated[str, _CALL]


@dataclass(frozen=True)
class Region:
    name: Annotated[str, _CALL]
    zones: Annotated[tuple[Pick, ...], _CALL]


@dataclass(frozen=True)
class Pair:
    """Two fields that belong together; `number` tells them from others of their kind."""

    number: Annotated[int, _CALL]
    first: Annotated[str, _CALL]
    last: Annotated[str, _CALL]


@dataclass(frozen=True)
class Weekday:
    id: Annotated[str, _CALL]
    name: Annotated[str, _CALL]
    pairs: Annotated[tuple[Pair, ...], _CALL]
    more: Annotated[Pair | None, _CALL]
    """An empty one, to be added."""
    problem: Annotated[str, _CALL]


@dataclass(frozen=True)
class Number:
    """How long, how far, how many."""

    name: Annotated[str, _CALL]
    label: Annotated[str, _CALL]
    hint: Annotated[str, _CALL]
    value: Annotated[str, _CALL]
    least: Annotated[int, _CALL]
    most: Annotated[int, _CALL]
    problem: Annotated[str, _CALL]


@dataclass(frozen=True)
class SeenDay:
    day: Annotated[str, _CALL]
    times: Annotated[tuple[str, ...], _CALL]


@dataclass(frozen=True)
class Shown:
    """What buyers will see in the next two weeks."""

    days: Annotated[tuple[SeenDay, ...], _CALL]
    number: Annotated[int, _CALL]
    later: Annotated[int, _CALL]
    """Times after those two weeks."""
    zone: Annotated[str, _CALL]
    why_none: Annotated[str, _CALL]
    """Why there is nothing to see; empty where there is."""


@dataclass(frozen=True)
class HoursSheet:
    host_id: Annotated[str, _CALL]
    host: Annotated[str, _CALL]
    own: Annotated[bool, _CALL]
    fresh: Annotated[bool, _CALL]
    """Nothing was kept for this host so far."""
    others: Annotated[tuple[Pick, ...], _CALL]
    """Whose hours the viewer may edit besides."""
    version: Annotated[int, _CALL]
    taking: Annotated[bool, _CALL]
    zone: Annotated[str, _CALL]
    zone_problem: Annotated[str, _CALL]
    regions: Annotated[tuple[Region, ...], _CALL]
    week: Annotated[tuple[Weekday, ...], _CALL]
    numbers: Annotated[tuple[Number, ...], _CALL]
    days_off: Annotated[tuple[Pair, ...], _CALL]
    off_problem: Annotated[str, _CALL]
    video_link: Annotated[str, _CALL]
    video_problem: Annotated[str, _CALL]
    calendar: Annotated[bool, _CALL]
    """Whether an own calendar is read. Its address is never shown again."""
    calendar_read_at: Annotated[datetime | None, _CALL]
    calendar_error: Annotated[str, _CALL]
    calendar_says: Annotated[str, _CALL]
    """What buyers are offered because of it; empty where it is read as far as they may look."""
    calendar_typed: Annotated[str, _CALL]
    """The address as it was sent just now, while it is not kept."""
    calendar_forget: Annotated[bool, _CALL]
    calendar_problem: Annotated[str, _CALL]
    seen_in: Annotated[str, _CALL]
    """On whose clock the times are looked at: a zone; empty for the host's."""
    clocks: Annotated[tuple[Pick, ...], _CALL]
    """Others to look at them on."""
    shown: Annotated[Shown, _CALL]
    problems: Annotated[tuple[Pick, ...], _CALL]
    """The field of each, and what it is called."""
    overtaken: Annotated[bool, _CALL]

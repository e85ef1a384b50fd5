"""A call that is booked for a buyer who asked for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from interviewer.confidentiality import Field
from interviewer.records.calls import Call
from interviewer.records.hours import Pick
from interviewer.records.meetings import Place

_CALL = Field.CALL


@dataclass(frozen=True)
class Arranging:
    call: Annotated[Call, _CALL]
    """What they asked for, in their own words."""
    zone: Annotated[str, _CALL]
    """Of the viewer's clock, by which a time is typed."""
    typed: Annotated[str, _CALL]
    wrong: Annotated[str, _CALL]
    """Why the time that was typed cannot be; empty where it can."""
    picked: Annotated[Place | None, _CALL]
    """To be confirmed."""
    hosts: Annotated[tuple[Pick, ...], _CALL]
    """Who could hold it then, the viewer first."""
    anybody: Annotated[bool, _CALL]
    """Whether anybody here takes calls."""

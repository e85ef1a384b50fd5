"""Calls to come that nobody holds, and who could."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from interviewer.confidentiality import Field
from interviewer.records.hours import Pick
from interviewer.records.meetings import Meeting

_CALL = Field.CALL


@dataclass(frozen=True)
class Unheld:
    """One call whose host left, or may not see calls any more."""

    meeting: Annotated[Meeting, _CALL]
    able: Annotated[tuple[Pick, ...], _CALL]
    """Hosts with nothing in their way then, by name, the viewer first; empty where there is none."""


@dataclass(frozen=True)
class Trouble:
    """What has to be seen to, above all calls."""

    unheld: Annotated[tuple[Unheld, ...], _CALL]
    calendar: Annotated[str, _CALL]
    """What is wrong with the viewer's own calendar, and what follows; empty where it is read."""

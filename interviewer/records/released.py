"""What a team reads: the statements that were released to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from interviewer.confidentiality import Field
from interviewer.records.evidence import Released


@dataclass(frozen=True)
class Shelf:
    audience: Annotated[str, Field.RELEASED]
    audiences: Annotated[tuple[str, ...], Field.TRANSCRIPT]
    """Whose shelves a PMM may look at."""
    theme: Annotated[str, Field.RELEASED]
    """The theme that was asked for, or empty."""
    themes: Annotated[tuple[str, ...], Field.RELEASED]
    statements: Annotated[tuple[Released, ...], Field.RELEASED]
    before: Annotated[int, Field.RELEASED]
    """Where the page before ended; 0 on the first."""
    older: Annotated[int, Field.RELEASED]
    """The same for the page that follows; 0 where there is none."""

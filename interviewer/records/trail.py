"""The audit log as admins read it. Nothing of it is what somebody said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from interviewer.confidentiality import Field
from interviewer.records.outward import Choice

_LOG = Field.ACCOUNT


@dataclass(frozen=True)
class Entry:
    """One act."""

    position: Annotated[int, _LOG]
    """0 where it has no place in the chain yet."""
    at: Annotated[datetime, _LOG]
    who: Annotated[str, _LOG]
    """Empty: a buyer or the clock; the verb tells."""
    email: Annotated[str, _LOG]
    verb: Annotated[str, _LOG]
    did: Annotated[str, _LOG]
    """The verb as it is read."""
    kind: Annotated[str, _LOG]
    ref: Annotated[str, _LOG]
    page: Annotated[str, _LOG]
    """Where the desk shows what it was done to; empty where nowhere."""
    what: Annotated[str, _LOG]
    """What it was done to, where that has a name: a user, a key, a setting."""
    alike: Annotated[int, _LOG]
    """How many entries this line stands for."""
    digest: Annotated[str, _LOG]


@dataclass(frozen=True)
class Trail:
    """One page of the log, the latest first."""

    entries: Annotated[tuple[Entry, ...], _LOG]
    found: Annotated[int, _LOG]
    page: Annotated[int, _LOG]
    pages: Annotated[int, _LOG]
    people: Annotated[tuple[Choice, ...], _LOG]
    kinds: Annotated[tuple[Choice, ...], _LOG]
    acts: Annotated[tuple[Choice, ...], _LOG]


@dataclass(frozen=True)
class Verdict:
    """Whether the log is what was written."""

    whole: Annotated[bool, _LOG]
    entries: Annotated[int, _LOG]
    """Of the chain, as far as it holds."""
    waiting: Annotated[int, _LOG]
    """Entries of the last minute that have no place in the chain yet."""
    first_at: Annotated[datetime | None, _LOG]
    dropped: Annotated[int, _LOG]
    """How many went with their time, from the oldest end."""
    head: Annotated[str, _LOG]
    """Digest of the last entry that holds: to be kept elsewhere."""
    position: Annotated[int, _LOG]
    """Of the first entry that does not hold; 0 where all do."""
    at: Annotated[datetime | None, _LOG]
    wrong: Annotated[str, _LOG]
    """What is wrong, in a sentence; empty where nothing is."""
    doubt: Annotated[str, _LOG] = ""
    """What is odd about a log that is whole, in a sentence."""

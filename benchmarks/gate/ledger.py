"""What one buyer knows: what was sent, and what the pages said of it. Kept on the buyer's side, never by the server."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

SERVER_ERRORS = 500
_TRACE = ("Traceback (most recent call last)", "sqlalchemy.exc", "psycopg.", "sqlite3.")


@dataclass
class Sent:
    """One answer under one key, however often it went out. `text` is empty for a skipped question."""

    key: str
    text: str
    saved_at: int = 0
    """The turn as which a page showed it saved; 0 while none did."""


@dataclass
class Ledger:
    interview: str = ""
    """The interview's id, once there is one."""
    sent: dict[str, Sent] = field(default_factory=dict)
    """By key, in the order in which they were first sent."""
    forged: list[str] = field(default_factory=list)
    """Other words that were sent under a key that was used already: none of them may be kept."""
    forged_taken: int = 0
    """How many of those were answered as if they had been."""
    moved: list[str] = field(default_factory=list)
    """Answers that a page showed as another turn than before."""
    answers: Counter[int] = field(default_factory=Counter)
    """By status."""
    traces: list[str] = field(default_factory=list)
    """Pages that told of the program's inside, or of a failure that it did not foresee."""
    dead_ends: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    """What this buyer did or met, by name."""
    finished: bool = False

    def send(self, key: str, text: str) -> Sent:
        """Before it goes out, whatever becomes of it."""
        return self.sent.setdefault(key, Sent(key, text))

    def seen(self, where: str, status: int, body: str, saved: dict[str, int], *, way_on: bool) -> None:
        """A page came: what it shows as saved is acknowledged."""
        self.answers[status] += 1
        if status == SERVER_ERRORS or any(sign in body for sign in _TRACE):
            self.traces.append(f"{status} at {where}")
        if not way_on:
            self.dead_ends.append(f"{status} at {where}")
        for key, number in saved.items():
            sent = self.sent.get(key)
            if sent is None or (sent.saved_at and sent.saved_at != number):
                self.moved.append(key)
            else:
                sent.saved_at = number

    @property
    def acknowledged(self) -> int:
        return sum(1 for sent in self.sent.values() if sent.saved_at)

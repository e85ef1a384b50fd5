"""The account: ledgers of buyers held against what the database has, read without the application's own code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import sqlalchemy

from benchmarks.gate.ledger import Ledger

_TURNS = (
    "SELECT interview_id, number, speaker, act, text, client_key, reply_to, pending, source FROM turns "
    "ORDER BY interview_id, number"
)
_COMPLETED = "SELECT id FROM interviews WHERE completed_by = 'buyer'"
_SHOWN = 20


@dataclass(frozen=True)
class Stored:
    """One row of a conversation."""

    interview: str
    number: int
    speaker: str
    act: str = "answer"
    text: str = ""
    key: str = ""
    reply_to: int | None = None
    pending: bool = False
    source: str = ""


@dataclass
class Account:
    """Counts over all interviews. Those of `FAULTS` must be 0, and every interview must be completed."""

    interviews: int = 0
    completed: int = 0
    sent: int = 0
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    """Shown as saved, and not there."""
    duplicated: int = 0
    """An answer, a reply or a turn's number that is there twice."""
    out_of_order: int = 0
    altered: int = 0
    """Other words than were sent, or sent under a key that was used."""
    invented: int = 0
    """There, and sent by nobody."""
    traces: int = 0
    dead_ends: int = 0
    unanswered: int = 0
    """Answers whose reply is still due though all is over."""
    replies: dict[str, int] = field(default_factory=dict)
    """What the interviewer said, by who worded it."""
    statuses: dict[int, int] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)
    """What buyers did and met."""
    wrong: list[str] = field(default_factory=list)
    """The first few of what must not be, in words."""

    FAULTS = ("lost", "duplicated", "out_of_order", "altered", "invented", "traces", "dead_ends", "unanswered")

    @property
    def passed(self) -> bool:
        return self.completed == self.interviews and not any(getattr(self, name) for name in self.FAULTS)

    def data(self) -> dict[str, object]:
        return asdict(self) | {"passed": self.passed}

    def lines(self) -> list[str]:
        """For people, a line each."""
        told = [
            f"interviews    {self.interviews}",
            f"completed     {self.completed}  (must be all)",
            f"sent          {self.sent}",
            f"acknowledged  {self.acknowledged}",
            f"stored        {self.stored}",
            *(f"{name.replace('_', ' '):<13} {getattr(self, name)}  (must be 0)" for name in self.FAULTS),
            f"replies by    {_counts(self.replies)}",
            f"statuses      {_counts(self.statuses)}",
            f"met           {_counts(self.met)}",
        ]
        return told + [f"  wrong: {what}" for what in self.wrong]


def read(url: str) -> tuple[list[Stored], set[str]]:
    """Every turn, and the interviews that were sent, of the database at `url`."""
    engine = sqlalchemy.create_engine(url.replace("+aiosqlite", ""))
    try:
        with engine.connect() as connection:
            turns = [
                Stored(row[0], row[1], row[2], row[3], row[4], row[5] or "", row[6], bool(row[7]), row[8])
                for row in connection.execute(sqlalchemy.text(_TURNS))
            ]
            completed = {row[0] for row in connection.execute(sqlalchemy.text(_COMPLETED))}
    finally:
        engine.dispose()
    return turns, completed


def judge(ledgers: Sequence[Ledger], turns: Iterable[Stored], completed: Iterable[str]) -> Account:
    """Hold what buyers know against what is there."""
    account, there = Account(), defaultdict(list)
    for turn in turns:
        there[turn.interview].append(turn)
    ended = set(completed)
    replies: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    met: Counter[str] = Counter()
    for ledger in ledgers:
        account.interviews += 1
        account.completed += ledger.interview in ended and ledger.finished
        if not ledger.finished:
            _note(account, f"{ledger.interview or 'somebody'} did not get to the end")
        _one(account, ledger, there[ledger.interview])
        replies.update(turn.source for turn in there[ledger.interview] if turn.speaker == "interviewer")
        statuses += ledger.answers
        met += ledger.faults
    account.replies, account.statuses, account.met = dict(replies), dict(sorted(statuses.items())), dict(met)
    return account


def _one(account: Account, ledger: Ledger, turns: Sequence[Stored]) -> None:
    mine = [turn for turn in turns if turn.speaker == "buyer"]
    by_key = {turn.key: turn for turn in mine}
    account.sent += len(ledger.sent)
    account.acknowledged += ledger.acknowledged
    account.stored += len(mine)

    def count(name: str, found: Sequence[object]) -> None:
        setattr(account, name, getattr(account, name) + len(found))
        for one in found:
            _note(account, f"{name.replace('_', ' ')}: {one} in {ledger.interview}")

    count("lost", [sent.key for sent in ledger.sent.values() if sent.saved_at and sent.key not in by_key])
    count("invented", [turn.key for turn in mine if turn.key not in ledger.sent])
    count(
        "duplicated",
        [
            *_twice(turn.key for turn in mine),
            *_twice(turn.text for turn in mine if turn.text),
            *_twice(turn.number for turn in turns),
            *_twice(turn.reply_to for turn in turns if turn.speaker == "interviewer"),
        ],
    )
    count(
        "altered",
        [turn.key for turn in mine if turn.key in ledger.sent and turn.text != ledger.sent[turn.key].text]
        + [text for text in ledger.forged if any(turn.text == text for turn in mine)]
        + ["a forged answer was taken"] * ledger.forged_taken,
    )
    count("out_of_order", _misplaced(ledger, turns, by_key))
    count("unanswered", [turn.number for turn in turns if turn.pending] if ledger.finished else [])
    count("traces", ledger.traces)
    count("dead_ends", ledger.dead_ends)


def _misplaced(ledger: Ledger, turns: Sequence[Stored], by_key: Mapping[str, Stored]) -> list[object]:
    """Numbers with a gap, speakers not in turn, answers not in the order sent, or elsewhere than they were shown."""
    wrong: list[object] = []
    for place, turn in enumerate(turns, 1):
        if turn.number != place or turn.speaker != ("interviewer" if place % 2 else "buyer"):
            wrong.append(f"turn {turn.number} at place {place}")
            break
    numbers = [by_key[key].number for key in ledger.sent if key in by_key]
    wrong += ["answers as sent"] if numbers != sorted(numbers) else []
    wrong += [
        f"{sent.key} shown as {sent.saved_at}"
        for sent in ledger.sent.values()
        if sent.saved_at and sent.key in by_key and by_key[sent.key].number != sent.saved_at
    ]
    return wrong + list(ledger.moved)


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]


def _note(account: Account, what: str) -> None:
    if len(account.wrong) < _SHOWN:
        account.wrong.append(what)


def _counts(counted: Mapping[str, int] | Mapping[int, int]) -> str:
    return ", ".join(f"{name} {times}" for name, times in counted.items()) or "none"

"""The account: ledgers of buyers held against what the database has, and the background work that was asked for.

The database is read without the application's own code.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import sqlalchemy

from benchmarks.gate.ledger import Ledger

_TURNS = (
    "SELECT interview_id, number, speaker, act, text, client_key, reply_to, pending, source FROM turns "
    "ORDER BY interview_id, number"
)
_COMPLETED = "SELECT id FROM interviews WHERE completed_by = 'buyer'"
_PUT_OFF = "put off"
"""Failed, and queued for its next try, which may be half an hour away."""
_JOBS = (
    f"SELECT job, key, CASE WHEN state = 'queued' AND attempts > 0 AND error <> '' THEN '{_PUT_OFF}' ELSE state END "
    "FROM job_runs"
)
_AFTER_SENDING = "analyse"
"""What is to be done for each interview that was sent."""
_TWICE = re.compile(r"job was done twice.*")
"""What a server writes that ends a job which another one has ended too, or works on."""
_ENDED = ("done", "failed")
_SHOWN = 20
_NAMES, _AROUND = 16, 100
"""Characters of a name, and of a line."""


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


@dataclass(frozen=True)
class Job:
    """Background work for one key."""

    job: str
    key: str
    state: str


@dataclass(frozen=True)
class Kept:
    """What the database has in the end."""

    turns: Sequence[Stored]
    completed: Collection[str]
    """Interviews that their buyers sent."""
    jobs: Sequence[Job] = ()


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
    jobs_lost: int = 0
    """Asked for and never ended, or never asked for though the interview was sent."""
    jobs_done_twice: int = 0
    """By two processes that both took it for theirs. One that died in the middle of it has not done it."""
    jobs: dict[str, int] = field(default_factory=dict)
    """Background work by how it ended."""
    replies: dict[str, int] = field(default_factory=dict)
    """What the interviewer said, by who worded it."""
    statuses: dict[int, int] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)
    """What buyers did and met."""
    wrong: list[str] = field(default_factory=list)
    """The first few of what must not be, in words."""

    FAULTS = (
        *("lost", "duplicated", "out_of_order", "altered", "invented", "traces", "dead_ends", "unanswered"),
        *("jobs_lost", "jobs_done_twice"),
    )

    @property
    def passed(self) -> bool:
        return self.completed == self.interviews and not any(getattr(self, name) for name in self.FAULTS)

    def data(self) -> dict[str, object]:
        return asdict(self) | {"passed": self.passed}

    def lines(self) -> list[str]:
        """For people: a number and a verdict each, then lists."""
        judged = [("completed", self.completed, "all", self.completed == self.interviews)]
        judged += [(name.replace("_", " "), getattr(self, name), "0", not getattr(self, name)) for name in self.FAULTS]
        told = [_line(name, f"{getattr(self, name):>7}") for name in ("interviews", "sent", "acknowledged", "stored")]
        told += [
            _line(name, f"{found:>7}   {'as it must be' if well else f'WRONG: must be {wanted}'}")
            for name, found, wanted, well in judged
        ]
        lists = {"jobs": self.jobs, "replies by": self.replies, "statuses": self.statuses, "met": self.met}
        told += [line for name, counted in lists.items() for line in listed(name, counted)]
        return told + [f"  wrong: {what}" for what in self.wrong]


def open_jobs(jobs: Iterable[Job], *, patient: bool) -> list[Job]:
    """Background work that has not ended; the `patient` count what is put off as well."""
    return [one for one in jobs if one.state not in _ENDED and (patient or one.state != _PUT_OFF)]


def read(url: str) -> Kept:
    """Every turn and job, and the interviews that were sent, of the database at `url`."""
    engine = sqlalchemy.create_engine(url.replace("+aiosqlite", ""))
    try:
        with engine.connect() as connection:
            turns = [
                Stored(row[0], row[1], row[2], row[3], row[4], row[5] or "", row[6], bool(row[7]), row[8])
                for row in connection.execute(sqlalchemy.text(_TURNS))
            ]
            completed = {row[0] for row in connection.execute(sqlalchemy.text(_COMPLETED))}
            jobs = [Job(*row) for row in connection.execute(sqlalchemy.text(_JOBS))]
    finally:
        engine.dispose()
    return Kept(turns, completed, jobs)


def judge(ledgers: Sequence[Ledger], kept: Kept, log: str = "", *, patient: bool = True) -> Account:
    """Hold what buyers know against what is there, and what the server wrote. `patient`: what was put off should have
    ended too."""
    account, there = Account(), defaultdict(list)
    for turn in kept.turns:
        there[turn.interview].append(turn)
    ended = set(kept.completed)
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
    _judge_jobs(account, kept, log, patient=patient)
    account.replies, account.statuses, account.met = dict(replies), dict(sorted(statuses.items())), dict(met)
    return account


def _judge_jobs(account: Account, kept: Kept, log: str, *, patient: bool) -> None:
    account.jobs = dict(sorted(Counter(f"{one.job} {one.state}" for one in kept.jobs).items()))
    asked = {one.key for one in kept.jobs if one.job == _AFTER_SENDING}
    lost = [f"{one.job} {one.key} is {one.state}" for one in open_jobs(kept.jobs, patient=patient)]
    lost += [f"{_AFTER_SENDING} {interview} was never asked for" for interview in sorted({*kept.completed} - asked)]
    _count(account, "jobs_lost", lost)
    _count(account, "jobs_done_twice", _TWICE.findall(log))


def _one(account: Account, ledger: Ledger, turns: Sequence[Stored]) -> None:
    mine = [turn for turn in turns if turn.speaker == "buyer"]
    by_key = {turn.key: turn for turn in mine}
    account.sent += len(ledger.sent)
    account.acknowledged += ledger.acknowledged
    account.stored += len(mine)

    def count(name: str, found: Sequence[object]) -> None:
        _count(account, name, [f"{one} in {ledger.interview}" for one in found])

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


def _count(account: Account, name: str, found: Sequence[str]) -> None:
    setattr(account, name, getattr(account, name) + len(found))
    for one in found:
        _note(account, f"{name.replace('_', ' ')}: {one}")


def _note(account: Account, what: str) -> None:
    if len(account.wrong) < _SHOWN:
        account.wrong.append(what)


def listed(name: str, counted: Mapping[str, int] | Mapping[int, int]) -> list[str]:
    """The counts behind their name, over as many lines as they take."""
    each = ", ".join(f"{what} {times}" for what, times in counted.items()) or "none"
    return textwrap.wrap(each, _AROUND, initial_indent=_line(name, ""), subsequent_indent=" " * _NAMES)


def _line(name: str, rest: str) -> str:
    return f"{name:<{_NAMES}}{rest}"

"""How the interviewer's words came about where a model was asked: passed, asked again, or left to the flow's own.

Counted by outcome, rule of the lint, topic and flow, each count with the turns behind it. Words that were turned down
are kept nowhere; the rules that they broke are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from interviewer import budget
from interviewer.confidentiality import Field, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.exchanges import words
from interviewer.flows.lint import RULES
from interviewer.records.quality import Behind, Broken, Group, Report, Share
from interviewer.store import quality
from interviewer.store.quality import Asked

PERIOD = timedelta(days=90)
"""Up to today, where no period is asked for."""
SHOWN = 50
"""Turns that are listed behind a count, the latest ones."""
PASSED = "passed"


class Outcome(StrEnum):
    """What became of one call for words."""

    FIRST = "first"  # the first words passed
    AGAIN = "again"  # turned down once; the second words passed
    TURNED_DOWN = "turned_down"  # the flow's words instead, for the model's broke a rule
    FAILED = "failed"  # the flow's words instead, for the model gave none
    ELSEWHERE = "elsewhere"  # the flow's words, for the model had worded another step than the engine took


@dataclass(frozen=True)
class Wanted:
    """What the address bar asks for; empty: all of it. Days are whole and in UTC."""

    first: date | None = None
    last: date | None = None
    flow: str = ""
    topic: str = ""
    rule: str = ""
    outcome: str = ""

    @property
    def narrowed(self) -> bool:
        return any((self.flow, self.topic, self.rule, self.outcome))


async def report(deps: Deps, viewer: Viewer, wanted: Wanted) -> Seen[Report]:
    """The counts of a period, the last 90 days by default, and the turns behind the one asked for."""
    viewer.require(Field.REASONING)
    last = wanted.last or deps.now().date()
    first = min(wanted.first or last - PERIOD, last)
    async with deps.db.read() as tx:
        turns = await quality.asked(tx, _midnight(first), _midnight(last + timedelta(days=1)))
        used_up = await budget.used_up(deps, tx, for_interviews=True)
    behind = [turn for turn in turns if wanted.narrowed and _fits(turn, wanted)]
    return see(
        viewer,
        Report(
            first=first,
            last=last,
            turns=len(turns),
            interviews=_interviews(turns),
            outcomes=_shares(turns),
            rules=_rules(turns),
            topics=_groups(turns, lambda turn: turn.topic, words),
            flows=_groups(turns, lambda turn: turn.flow, lambda flow: _flow_name(deps, flow)),
            found=len(behind),
            behind=tuple(_behind(deps, turn) for turn in behind[:SHOWN]),
            used_up=used_up,
        ),
    )


def outcome(turn: Asked) -> Outcome:
    """What became of the model's words for one turn."""
    match turn.source, len(turn.verdicts):
        case "model", tries:
            return Outcome.AGAIN if tries > 1 else Outcome.FIRST
        case "fallback", 0:
            return Outcome.FAILED
        case "fallback", _:
            return Outcome.TURNED_DOWN
        case _:
            return Outcome.ELSEWHERE


def broken(turn: Asked) -> tuple[str, ...]:
    """The rules by which words were turned down, one for each time."""
    return tuple(rule for verdict in turn.verdicts if verdict != PASSED for rule in verdict.split(", "))


def _fits(turn: Asked, wanted: Wanted) -> bool:
    return (
        (not wanted.flow or turn.flow == wanted.flow)
        and (not wanted.topic or turn.topic == wanted.topic)
        and (not wanted.rule or wanted.rule in broken(turn))
        and (not wanted.outcome or outcome(turn) == wanted.outcome)
    )


def _shares(turns: Sequence[Asked]) -> tuple[Share, ...]:
    numbers = Counter(outcome(turn) for turn in turns)
    return tuple(
        Share(one.value, numbers[one], round(100 * numbers[one] / len(turns)) if turns else 0) for one in Outcome
    )


def _rules(turns: Iterable[Asked]) -> tuple[Broken, ...]:
    """The most broken first."""
    times: Counter[str] = Counter()
    where: dict[str, set[str]] = {}
    for turn in turns:
        for rule in broken(turn):
            times[rule] += 1
            where.setdefault(rule, set()).add(turn.invitation_id)
    return tuple(
        Broken(rule, RULES.get(rule, "a rule of an earlier version"), number, len(where[rule]))
        for rule, number in sorted(times.items(), key=lambda found: (-found[1], found[0]))
    )


def _groups(turns: Iterable[Asked], by: Callable[[Asked], str], label: Callable[[str], str]) -> tuple[Group, ...]:
    """The largest first; turns that belong nowhere (a close) are left out."""
    members: dict[str, list[Asked]] = {}
    for turn in turns:
        if by(turn):
            members.setdefault(by(turn), []).append(turn)
    found = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Group(value, label(value), len(of), _shares(of)) for value, of in found)


def _behind(deps: Deps, turn: Asked) -> Behind:
    return Behind(
        page=turn.invitation_id,
        number=turn.number,
        at=turn.at,
        flow_name=_flow_name(deps, turn.flow),
        topic=words(turn.topic) if turn.topic else "",
        outcome=outcome(turn).value,
        verdicts=turn.verdicts,
        company=turn.company,
        name=turn.name,
        email=turn.email,
    )


def _interviews(turns: Iterable[Asked]) -> int:
    return len({turn.invitation_id for turn in turns})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _flow_name(deps: Deps, flow: str) -> str:
    try:
        return deps.flows.get(flow).name
    except NotFound:
        return words(flow)

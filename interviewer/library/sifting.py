"""Which interviews pass the filters, and how many each other value of a filter would leave. Pure.

A value is counted among the interviews that pass every other filter, so the number beside it is what it opens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from interviewer.folding import fold
from interviewer.library.wanted import OUTCOMES, Wanted
from interviewer.store.library import Facts

Check = Callable[[Facts], bool]
_folded = lru_cache(maxsize=4096)(fold)
"""There are few roles and segments, and thousands who have them."""
WRITTEN = ("role", "segment")
"""Filters whose values are anybody's words: they are compared folded."""
VALUES: Mapping[str, Callable[[Facts], str]] = MappingProxyType(
    {
        "outcome": lambda one: OUTCOMES.get(one.flow, ""),
        "flow": lambda one: one.flow,
        "role": lambda one: _folded(one.role),
        "segment": lambda one: _folded(one.segment),
        "language": lambda one: one.language,
        "status": lambda one: "reviewed" if one.reviewed else "open",
        "mode": lambda one: one.mode,
    }
)
"""Filters by one value of an interview."""


@dataclass(frozen=True)
class Sifted:
    """`passed` are the interviews found; `but` those that one filter alone keeps out, by its name."""

    passed: Sequence[Facts]
    but: Mapping[str, Sequence[Facts]] = field(default_factory=dict)

    def without(self, name: str) -> list[Facts]:
        """The interviews that pass every other filter."""
        return [*self.passed, *self.but.get(name, ())]

    def counts(self, name: str) -> Counter[str]:
        """Interviews by each value of a filter of `VALUES`."""
        value = VALUES[name]
        numbers = Counter(map(value, self.without(name)))
        del numbers[""]
        return numbers


def sift(facts: Sequence[Facts], wanted: Wanted, more: Mapping[str, Check]) -> Sifted:
    """`more` are checks beside those of `wanted` that facts can tell: of words, tags and competitors."""
    checks = {**_checks(wanted), **more}
    passed: list[Facts] = []
    but: dict[str, list[Facts]] = {name: [] for name in checks}
    for one in facts:
        failed = ""
        for name, passes in checks.items():
            if not passes(one):
                if failed:
                    break
                failed = name
        else:
            (but[failed] if failed else passed).append(one)
    return Sifted(passed, but)


def spelled(facts: Sequence[Facts]) -> Mapping[str, Mapping[str, str]]:
    """By filter of `WRITTEN`: each of its values as most have it written."""
    written = {name: Counter(str(getattr(one, name)) for one in facts) for name in WRITTEN}
    return {
        name: {_folded(words): words for words, _ in reversed(numbers.most_common())}
        for name, numbers in written.items()
    }


def _checks(wanted: Wanted) -> dict[str, Check]:
    checks: dict[str, Check] = {}
    for name, value in VALUES.items():
        if asked := getattr(wanted, name):
            checks[name] = _is(value, asked)
    if wanted.least or wanted.most:
        least, most = wanted.least or 0.0, wanted.most or float("inf")
        checks["amount"] = lambda one: one.amount is not None and least <= one.amount <= most
    if wanted.since or wanted.until:
        since, until = wanted.since or date.min, wanted.until or date.max
        checks["period"] = lambda one: since <= one.ended_at.date() <= until
    return checks


def _is(value: Callable[[Facts], str], asked: str) -> Check:
    return lambda one: value(one) == asked

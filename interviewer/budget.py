"""What may be taken of a model in a day (trust.md 19). Once it is used up, the flow's own words and the rules carry on.

Turns of an interview keep their count themselves; everything else that asks a model does so `within` the budget.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

import structlog

from interviewer import store
from interviewer.deps import Deps
from interviewer.errors import NotSaved
from interviewer.llm.counting import CountingLLM
from interviewer.store import spending
from interviewer.store.db import Database, Tx

log = structlog.get_logger()

ANALYSIS, LIBRARY = "analysis", "library"
"""What takes tokens besides interviews."""
OVER = "OverBudget"
"""Stands as the error of what rules did because the day's tokens were gone."""
KEPT = 5
"""One part in so many of the day's tokens is for interviews alone: a buyer waits, an analysis can be made again."""


@dataclass(frozen=True)
class Budget:
    """Tokens of one day, in UTC."""

    spent: int
    allowed: int
    """0: there is no limit."""

    @property
    def used_up(self) -> bool:
        return 0 < self.allowed <= self.spent

    @property
    def kept_for_interviews(self) -> bool:
        """Whether what is left is for interviews alone."""
        return self.allowed > 0 and self.spent * KEPT >= self.allowed * (KEPT - 1)


async def today(tx: Tx, allowed: int, now: datetime) -> Budget:
    """What was spent since midnight, against what is allowed."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    in_interviews = await store.turns.tokens_since(tx, midnight)
    return Budget(in_interviews + await spending.since(tx, midnight), allowed)


async def used_up(deps: Deps, tx: Tx, *, for_interviews: bool) -> bool:
    """Whether the day's tokens are gone; for anything but interviews, whether all are but the part of those.

    Where none can be spent, or any number, nothing is counted.
    """
    allowed = deps.settings.model_daily_tokens
    if deps.llm.scripted or not allowed:
        return False
    budget = await today(tx, allowed, deps.now())
    return budget.used_up if for_interviews else budget.kept_for_interviews


async def gone(deps: Deps) -> bool:
    """Whether interviews may take no more today. Every turn asks, so what other processes took is counted only now and
    then; what this one `took` is known at once."""
    allowed, now = deps.settings.model_daily_tokens, deps.now()
    if deps.llm.scripted or not allowed:
        return False
    count = _counts.setdefault(deps.db, _Count())
    if not timedelta() <= now - count.at < RECOUNTED:
        count.at, count.meanwhile = now, 0  # first, so that the turns beside this one go by the old count
        async with deps.db.read() as tx:
            spent = (await today(tx, allowed, now)).spent
        count.spent = spent + count.meanwhile
    return count.spent >= allowed


def took(deps: Deps, tokens: int) -> None:
    """An interview took so many more, and they are put down."""
    if count := _counts.get(deps.db):
        count.spent += tokens
        count.meanwhile += tokens


LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class _Count:
    at: datetime = LONG_AGO
    spent: int = 0
    meanwhile: int = 0
    """Since the count began. It may be in it, and then counts twice until the next."""


RECOUNTED = timedelta(seconds=15)
_counts: WeakKeyDictionary[Database, _Count] = WeakKeyDictionary()


@asynccontextmanager
async def within(deps: Deps, use: str) -> AsyncIterator[Deps]:
    """The same with a model whose tokens are counted, and put down at the end, whatever came of its answers.

    Where the database cannot keep the count the answers stay good: they are paid for.
    """
    counted = CountingLLM(deps.llm)
    try:
        yield replace(deps, llm=counted)
    finally:
        if counted.tokens:
            await _put_down(deps, use, counted.tokens)


async def _put_down(deps: Deps, use: str, tokens: int) -> None:
    try:
        async with deps.db.write() as tx:
            spending.add(tx, use, tokens, deps.now())
    except NotSaved as error:
        log.warning("tokens not counted", use=use, tokens=tokens, error=str(error))

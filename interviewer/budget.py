"""What interviews may take of a model in a day (trust.md 19). Once it is used up, the flow's own words carry on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interviewer import store
from interviewer.deps import Deps
from interviewer.store.db import Tx


@dataclass(frozen=True)
class Budget:
    """Tokens of one day, in UTC."""

    spent: int
    allowed: int
    """0: there is no limit."""

    @property
    def used_up(self) -> bool:
        return 0 < self.allowed <= self.spent


async def today(tx: Tx, allowed: int, now: datetime) -> Budget:
    """What was spent since midnight, against what is allowed."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Budget(await store.turns.tokens_since(tx, midnight), allowed)


async def used_up(deps: Deps, tx: Tx) -> bool:
    """Whether the day's tokens are gone. Where none can be spent, or any number, nothing is counted."""
    allowed = deps.settings.model_daily_tokens
    return not deps.llm.scripted and allowed > 0 and (await today(tx, allowed, deps.now())).used_up

"""A thing done again and again while the process lives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from interviewer.deps import Deps

log = structlog.get_logger()


@dataclass(frozen=True)
class Sweep:
    """`do` returns how many things it found due."""

    name: str
    every: timedelta
    do: Callable[[Deps], Awaitable[int]]


async def keep(deps: Deps, sweep: Sweep) -> None:
    """Sweep now and then again and again, until cancelled. An error is logged and costs one round."""
    while True:
        try:
            found = await sweep.do(deps)
        except Exception as error:
            log.warning("sweep failed", sweep=sweep.name, error=type(error).__name__)
        else:
            if found:
                log.info("sweep", sweep=sweep.name, found=found)
        await asyncio.sleep(sweep.every.total_seconds())

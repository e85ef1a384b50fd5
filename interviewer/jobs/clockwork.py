"""A thing done again and again while the process lives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from interviewer import logs, metrics
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
        with logs.about(sweep=sweep.name):
            try:
                found = await sweep.do(deps)
            except Exception as error:
                metrics.SWEEPS.labels(sweep.name, "failed").inc()
                log.warning("sweep failed", error=type(error).__name__)
            else:
                metrics.SWEEPS.labels(sweep.name, "done").inc()
                if found:
                    log.info("sweep", found=found)
        await asyncio.sleep(sweep.every.total_seconds())

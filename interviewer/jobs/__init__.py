"""Background work: what can be asked for by name, and what is looked after by the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from interviewer.deps import Deps

Handler = Callable[[Deps, str], Awaitable[None]]


async def _analyse(deps: Deps, key: str) -> None:
    from interviewer.analysis import pipeline

    await pipeline.analyse(deps, key)


async def _deliver(deps: Deps, key: str) -> None:
    from interviewer import deliveries

    await deliveries.deliver(deps, key)


JOBS: Mapping[str, Handler] = {"analyse": _analyse, "deliver": _deliver}
"""Each does its work for one key and may be run again at any time."""

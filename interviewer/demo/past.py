"""The demo's past: steps in the order of their times, each played in the present in which it happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

Step = Callable[[], Awaitable[object]]


class Clock:
    """The present of the one who is being played. It never goes back: what is written down is in order of time."""

    def __init__(self, begin: datetime) -> None:
        self.begin = begin
        self.present = begin

    def __call__(self) -> datetime:
        return self.present

    def spend(self, seconds: float) -> None:
        self.present += timedelta(seconds=seconds)


class Past:
    """What is to be played, and what each step brings with it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._steps: list[tuple[datetime, int, Step]] = []
        self._added = count()

    def at(self, moment: datetime, step: Step) -> None:
        """Steps of one moment are played in the order in which they were added."""
        heappush(self._steps, (moment, next(self._added), step))

    def ago(self, days: float, step: Step) -> None:
        """So long before the demo begins."""
        self.at(self._clock.begin - timedelta(days=days), step)

    async def play(self, after: Step) -> None:
        """All of it, with `after` following each step. The clock ends where the demo begins."""
        if self._steps:
            self._clock.present = self._steps[0][0]
        while self._steps:
            moment, _, step = heappop(self._steps)
            self._clock.present = max(self._clock.present, moment)
            await step()
            await after()
        self._clock.present = self._clock.begin

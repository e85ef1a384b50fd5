"""A model server that is mostly well, by a seed: now and then slow, busy, failing, hanging, cut off, malformed.

    python -m benchmarks.gate.model --port 8099 --seed 1

SIGUSR1 makes it well for good.
"""

from __future__ import annotations

import argparse
import random
import signal
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.fakes.model_plays import SCENARIOS, Play, Server, good, status
from tests.fakes.model_server import ModelServer

MOODS = {
    "good": 62.0,
    "slow": 14.0,
    "busy": 3.0,
    "500": 4.0,
    "slow_first_byte": 2.0,
    "cut": 3.0,
    "ended_early": 2.0,
    "malformed": 3.0,
    "empty": 1.0,
    "refusal": 2.0,
    "length": 1.0,
    "drifted": 1.0,
    "leading": 1.0,
    "injected": 1.0,
}
"""By a weight. Failures in a row make the application leave a model alone for a while: with more of them it would
hardly ever be asked."""


class Moody:
    """A scenario that is another one each time."""

    def __init__(self, seed: int, delay_s: float) -> None:
        self.well = False
        self._chance = random.Random(seed)
        self._delay_s = delay_s

    def __call__(self, server: Server, body: dict[str, Any]) -> Play:
        mood = "good" if self.well else self._chance.choices(list(MOODS), list(MOODS.values()))[0]
        if mood == "busy":
            return status(429, "slow down", kind="rate_limit_exceeded", retry_after="1")
        if mood == "slow":
            return replace(good(server, body), first_s=self._chance.uniform(1, 4) * self._delay_s)
        play = SCENARIOS[mood](server, body)
        return replace(play, first_s=max(play.first_s, self._delay_s))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--delay", type=float, default=0.3, help="seconds before the first byte of an answer")
    chosen = parser.parse_args(arguments)
    moody = Moody(chosen.seed, chosen.delay)
    signal.signal(signal.SIGUSR1, lambda *_: setattr(moody, "well", True))
    print("takes signals", flush=True)
    ModelServer(port=chosen.port, usual=moody).run()


if __name__ == "__main__":
    main()

"""A worker in a process of its own, to be killed: `python -m tests.fakes.worker URL`.

It says `ready` when it is up and `began KEY` when it has begun a job, which it never ends.
"""

import asyncio
import sys
from typing import Any

from interviewer.jobs.engine import Engine
from interviewer.store.db import Database


async def begin(_deps: Any, key: str) -> None:
    print("began", key, flush=True)
    await asyncio.sleep(3600)


async def main(url: str) -> None:
    engine = Engine(Database(url), handlers={"work": begin}, sweeps=())
    await engine.start(None)  # type: ignore[arg-type]  # the handler above needs nothing
    print("ready", flush=True)
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

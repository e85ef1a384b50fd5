"""A worker in a process of its own, to be killed: `python -m tests.fakes.worker URL [FILE]`.

It says `ready` when it is up and `began KEY` when it has begun a job, which it ends only when FILE is there, with one
row in `hits` for each time that it did so.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from interviewer.jobs.engine import Engine
from interviewer.store import hits
from interviewer.store.db import Database


async def main(url: str, file: Path | None) -> None:
    db = Database(url)

    async def work(_deps: Any, key: str) -> None:
        print("began", key, flush=True)
        while file is None or not file.exists():  # noqa: ASYNC110, ASYNC240 - what is waited for is another process
            await asyncio.sleep(0.05)
        async with db.write() as tx:
            hits.add(tx, key, datetime.now(UTC))

    engine = Engine(db, handlers={"work": work}, sweeps=(), poll_s=0.2)
    await engine.start(None)  # type: ignore[arg-type]  # the handler above needs nothing
    print("ready", flush=True)
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None))

"""A writer on a disk that fills up: `python -m tests.fakes.filler URL BYTES`.

Prints how many rows were acknowledged and how the first refused one ended. The limit is on the size of files, so
it can be had without a disk of one's own.
"""

import asyncio
import resource
import sys
from datetime import UTC, datetime

from interviewer.store.db import Database
from interviewer.store.tables.analysis import JobRunRow


async def main(url: str, limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    db = Database(url)
    saved = 0
    try:
        while True:
            async with db.write() as tx:
                row = JobRunRow(
                    job="fill", key=str(saved), state="done", error="x" * 20_000, queued_at=datetime.now(UTC)
                )
                tx.add(row)
            saved += 1
    except Exception as error:
        print(saved, type(error).__name__)
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))

"""Writers in a process of their own: `python -m tests.fakes.counter URL WRITERS TIMES` adds to one number."""

import asyncio
import sys

from sqlmodel import select

from interviewer.store.db import Database
from interviewer.store.tables.analysis import JobRunRow


async def add(db: Database, times: int) -> None:
    for _ in range(times):
        async with db.write() as tx:
            row = (await tx.exec(select(JobRunRow).with_for_update())).one()
            row.attempts += 1


async def main(url: str, writers: int, times: int) -> None:
    db = Database(url)
    await asyncio.gather(*(add(db, times) for _ in range(writers)))
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

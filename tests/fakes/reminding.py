"""A process that looks for calls that are near: `python -m tests.fakes.reminding URL MOMENT`. Prints how many."""

import asyncio
import sys
from datetime import datetime

from interviewer import deliveries
from interviewer.settings import Settings
from interviewer.store.db import Database
from tests.conftest import KEY, assemble
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel


async def main(url: str, moment: str) -> None:
    db = Database(url)
    now = datetime.fromisoformat(moment)
    settings = Settings(secret_keys=(KEY,), organisation="Tidewater", product="Flow", asker="Mara")
    deps = assemble(db, settings=settings, mail=RecordingChannel(), jobs=RecordingJobs(), now=lambda: now)
    found = [await deliveries.queue_reminders(deps) for _ in range(3)]
    print(sum(found))
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))

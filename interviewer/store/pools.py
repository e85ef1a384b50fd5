"""How many connections are in use, told as it changes."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from interviewer.store.db import Database


def watch(db: Database, told: Callable[[str, int], None]) -> None:
    """Call `told` with the pool's name and 1 when a connection is taken out of it, -1 when it comes back."""
    out = object()
    pools = {"reader": db.reader, "writer": db.writer} if db.sqlite else {"all": db.reader}
    for name, engine in pools.items():

        def taken(_connection: Any, record: Any, _proxy: Any, name: str = name) -> None:
            record.record_info[out] = True
            told(name, 1)

        def back(_connection: Any, record: Any, name: str = name) -> None:
            if record.record_info.pop(out, False):  # one that could not be opened comes back and never was out
                told(name, -1)

        event.listen(engine.sync_engine, "checkout", taken)
        event.listen(engine.sync_engine, "checkin", back)

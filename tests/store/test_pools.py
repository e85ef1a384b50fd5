"""How many connections are in use is told truly, whatever becomes of them."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import event

from interviewer.store import pools
from interviewer.store.db import Database
from tests.fakes.databases import PostgresServer


def watched(db: Database) -> Counter[str]:
    in_use: Counter[str] = Counter()
    pools.watch(db, lambda name, more: in_use.update({name: more}))
    return in_use


async def test_what_is_taken_out_comes_back(db: Database) -> None:
    in_use = watched(db)
    for _ in range(2):
        async with db.reader.connect() as connection:
            assert in_use.total() == 1
            await connection.invalidate()  # as when the database went away
        assert in_use.total() == 0


async def test_what_cannot_be_opened_again_was_never_out(postgres_server: PostgresServer) -> None:
    def refuse(*_: object) -> None:
        raise ConnectionRefusedError

    with postgres_server.fresh() as url:
        db = Database(url)
        in_use = watched(db)
        async with db.reader.connect() as connection:
            await connection.invalidate()
        event.listen(db.reader.sync_engine, "do_connect", refuse)
        for _ in range(3):
            with pytest.raises(ConnectionRefusedError):
                await db.reader.connect()
            assert in_use.total() == 0
        await db.close()

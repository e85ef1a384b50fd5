"""Something to back up, and empty databases of either kind to restore it to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from interviewer import backups
from interviewer.deps import Deps
from interviewer.settings import Settings
from interviewer.store import copying
from interviewer.store.db import Database
from interviewer.store.tables.interviews import TurnRow
from tests.conftest import MakeDeps
from tests.fakes.databases import PostgresServer
from tests.fakes.jobs import RecordingJobs
from tests.web import desk_scene as scene

SAID = "zirkonturn: the price of the import, nine days were quoted"


@pytest.fixture(params=["sqlite", "postgres"])
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database to restore to: without tables, as a new machine has it."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'target' / 'interviewer.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.empty() as url:
            yield url


At = Callable[[str, Path], Deps]


@pytest.fixture
async def at(make_deps: MakeDeps, settings: Settings) -> AsyncIterator[At]:
    """`Deps` on the database at an address, with a data folder: `at(url, folder)`."""
    opened: list[Database] = []

    def make(url: str, folder: Path) -> Deps:
        opened.append(Database(url))
        return make_deps(opened[-1], settings=settings.model_copy(update={"database_url": url, "data_dir": folder}))

    yield make
    for one in opened:
        await one.close()


async def talked(deps: Deps, jobs: RecordingJobs) -> str:
    """An interview with its analysis. Gives the invitation's id."""
    invitation_id, _ = await scene.play(deps, said=(SAID, *scene.SAID[1:]), **scene.DEAL)
    await jobs.run(deps)
    return invitation_id


async def said(deps: Deps) -> list[str]:
    async with deps.db.read() as tx:
        query = select(TurnRow.text).where(TurnRow.speaker == "buyer").order_by(col(TurnRow.id))
        return list((await tx.exec(query)).all())


async def account(deps: Deps) -> list[copying.Account]:
    async with deps.db.read() as tx:
        tallies: dict[str, copying.Tally] = {}
        async for name, rows in copying.read(tx):
            tallies.setdefault(name, copying.Tally(name)).add(rows)
    left = {*backups.making.LEFT_OUT, "audit"}
    return [tally.account() for name, tally in tallies.items() if name not in left]

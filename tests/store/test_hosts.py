"""Hosts and their hours: kept once where two tabs keep them, and calls whose host is gone find another."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from interviewer import bookings, people
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import Overtaken
from interviewer.store import hosts
from interviewer.store.db import Database
from tests.conftest import MakeDeps
from tests.store import booking_scene as scene


@pytest.fixture
async def servers(deps: Deps, make_deps: MakeDeps) -> AsyncIterator[tuple[Deps, Deps]]:
    """Two processes on one database, both connected."""
    other = Database(deps.db.url)
    async with other.read() as tx:
        await hosts.every(tx)
    yield deps, make_deps(other, new_id=deps.new_id)
    await other.close()


async def test_first_hours_of_two_tabs_are_kept_once(servers: tuple[Deps, Deps]) -> None:
    outcomes: Counter[str] = Counter()
    for number in range(6):
        user_id = await people.add_user(servers[0], f"host{number}@tidewater.example", "pmm", "Nils")
        nils = Viewer(user_id, Role.PMM, "Nils")
        form = scene.form(nils, days_off=[("2026-12-24", "2026-12-26")])
        every = await asyncio.gather(*(bookings.save(one, nils, form) for one in servers * 2), return_exceptions=True)
        outcomes.update("kept" if one is None else type(one).__name__ for one in every)
        async with servers[0].db.read() as tx:
            row = await hosts.get(tx, user_id)
            assert row is not None
            assert (row.version, row.hours["mon"]) == (1, scene.WEEKDAYS["mon"])
            assert len((await hosts.days_off(tx, [user_id]))[user_id]) == 1
    assert outcomes == {"kept": 6, Overtaken.__name__: 18}

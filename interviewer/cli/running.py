"""Run one piece of work on real `Deps`, as commands need it: settings, a migrated database, and everything closed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from interviewer.deps import Deps
    from interviewer.settings import Settings

T = TypeVar("T")


def with_deps(work: Callable[[Deps], Awaitable[T]], settings: Settings | None = None) -> T:
    """Do `work` on what the settings describe. Raises BadInput for settings that cannot work."""
    from interviewer import bootstrap
    from interviewer.store import migrate

    chosen = settings or bootstrap.load_settings()
    bootstrap.check_keys(chosen)
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(chosen.url)
    return with_open_deps(work, chosen)


def with_open_deps(work: Callable[[Deps], Awaitable[T]], settings: Settings | None = None) -> T:
    """The same on a database as it is. Raises BadInput for settings that cannot work."""
    from interviewer import bootstrap

    chosen = settings or bootstrap.load_settings()

    async def run() -> T:
        deps = bootstrap.build(chosen)
        try:
            return await work(deps)
        finally:
            await deps.llm.close()
            await deps.db.close()

    return asyncio.run(run())

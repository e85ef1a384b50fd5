"""Run one piece of work on real `Deps`, as commands need it: settings, a migrated database, and everything closed."""

from __future__ import annotations

import asyncio
import getpass
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from interviewer.deps import Deps
    from interviewer.settings import Settings

T = TypeVar("T")


def with_deps(work: Callable[[Deps], Awaitable[T]], settings: Settings | None = None) -> T:
    """Do `work` on what the settings describe. Raises BadInput for settings that cannot work."""
    from interviewer import bootstrap
    from interviewer.store import db, migrate

    chosen = settings or bootstrap.load_settings()
    bootstrap.check_keys(chosen)
    db.make_folder(chosen.data_dir)
    migrate.upgrade(chosen.url)
    return with_open_deps(work, chosen)


def with_open_deps(work: Callable[[Deps], Awaitable[T]], settings: Settings | None = None) -> T:
    """The same on a database as it is. Raises BadInput for settings that cannot work."""
    from interviewer import bootstrap
    from interviewer.store import audit

    chosen = settings or bootstrap.load_settings()

    async def run() -> T:
        deps = bootstrap.build(chosen)
        try:
            with audit.acting_as(_system_user()):
                return await work(deps)
        finally:
            await deps.llm.close()
            await deps.db.close()

    return asyncio.run(run())


def _system_user() -> str:
    """Who runs this, for the audit log: whom the system knows, and by sudo who that was before."""
    try:
        return (os.environ.get("SUDO_USER") or getpass.getuser())[:64]
    except (KeyError, OSError):  # a container may run as a number that has no name
        return str(os.getuid())

"""Run one piece of work on real `Deps`, as commands need it: settings, a migrated database, and everything closed."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from interviewer.deps import Deps
    from interviewer.settings import Settings

T = TypeVar("T")

_SIGNED_IN = Path("/proc/self/loginuid")
_NOBODY = 2**32 - 1


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
    """Who runs this, for the audit log."""
    if sys.platform == "win32":
        return getpass.getuser()
    return who(os.getuid(), os.environ.get("SUDO_USER", ""), _signed_in())


def who(user: int, sudo: str, signed_in: int | None) -> str:
    """The user that the system knows, and for whom: who signed in to begin with, as Linux remembers it. What sudo says
    counts for root alone, since anybody else can write any name there."""
    name = _name(user)
    other = sudo if sudo and user == 0 else name if signed_in is None else _name(signed_in)
    return (f"{name} for {other}" if other != name else name)[:64]


def _signed_in() -> int | None:
    try:
        number = int(_SIGNED_IN.read_text())
    except (OSError, ValueError):
        return None
    return None if number == _NOBODY else number


def _name(user: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:  # a container may run as a number that has no name
        return str(user)

"""What `interviewer doctor` says of the database as a place: can it be used, who may read it, could it be restored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from interviewer.cli.findings import Finding, counted

if TYPE_CHECKING:
    from pathlib import Path

    from interviewer.settings import Settings
    from interviewer.store.db import Database

ASIDE_FOR = timedelta(days=1)


async def tables(settings: Settings, database: Database) -> Finding:
    """Whether its tables are those of this version. Raises InterviewerError for what cannot hold them."""
    from interviewer.store import db, health, migrate

    there = await asyncio.to_thread(migrate.revision, settings.url)
    if not there:
        return Finding("fail", "database", f"{db.named(settings.url)} has no tables yet; run `interviewer migrate`")
    if there not in health.known():
        return Finding("warn", "database", f"its tables are of a newer version ({there}), which this one can run on")
    differences = await asyncio.to_thread(migrate.check, settings.url)
    if differences:
        told = counted(len(differences), "difference")
        return Finding("fail", "database", f"{told} to this version; run `interviewer migrate`")
    return Finding("ok", "database", f"{'SQLite' if database.sqlite else 'PostgreSQL'}, tables up to date")


async def around(database: Database, now: datetime) -> AsyncIterator[Finding]:
    """What is not as it should be around it: who may read it, whether it could be restored, what was left aside."""
    from interviewer.store import health

    if database.file is not None:
        if read_by_others(database.file):
            yield Finding(
                "warn",
                "database",
                f"others on this machine may read {database.file}; chmod 600 it, and 700 the folder that it is in",
            )
    else:
        async with database.read() as tx:
            if not await health.can_be_restored(tx):
                yield Finding(
                    "warn",
                    "restore",
                    "`interviewer restore` could not put a backup in place, as this role does not own public; let it: "
                    "ALTER DATABASE … OWNER TO, and up to PostgreSQL 14 ALTER SCHEMA public OWNER TO as well",
                )
    async with database.read() as tx:
        for aside, at in await health.aside(tx, database.file):
            if now - at > ASIDE_FOR:
                drop = f"rm {aside}*" if database.file else f'DROP SCHEMA "{aside}" CASCADE'
                yield Finding(
                    "warn",
                    "restore",
                    f"{aside} is what was there before a restore, answers included; {drop} lets it go",
                )


def read_by_others(file: Path) -> bool:
    """Whether its mode, and that of its folder, let somebody read it who is neither its owner nor in its group."""
    return bool(file.stat().st_mode & 0o004 and file.parent.stat().st_mode & 0o001)

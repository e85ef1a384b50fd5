"""The database: can it be used, who may read it, could it be restored, is its time right, are its opt-outs legible."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from interviewer.cli.findings import Finding, counted

if TYPE_CHECKING:
    from pathlib import Path

    from interviewer.settings import Settings
    from interviewer.store.db import Database

ASIDE_FOR = timedelta(days=1)
CLOCK_OFF = timedelta(seconds=30)


async def tables(settings: Settings, database: Database) -> Finding:
    """Whether its tables are those of this version. Raises InterviewerError for what cannot hold them."""
    from interviewer.store import db, health, migrate

    there = await asyncio.to_thread(migrate.revision, settings.url)
    if not there:
        return Finding("fail", "database", f"{db.named(settings.url)} has no tables yet; run `interviewer migrate`")
    if newer := health.newer(there):
        return Finding(
            "warn",
            "database",
            f"{newer}. This one runs on it; `interviewer move` and `backup` need that version",
        )
    if there not in health.known():
        return Finding("fail", "database", f"is at revision {there}, which no version of Interviewer has")
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


async def clock(database: Database) -> Finding:
    """A clock that is off ends links early or late, and turns deadlines into nonsense."""
    from interviewer.store import health

    async with database.read() as tx:
        elsewhere, latest = await health.server_time(tx), await health.latest(tx)
    now = datetime.now(UTC)
    if elsewhere and abs(now - elsewhere) > CLOCK_OFF:
        return Finding("fail", "clock", f"{_seconds(now - elsewhere)} off the database's; let both set theirs by NTP")
    if latest and latest - now > CLOCK_OFF:
        return Finding("fail", "clock", f"{_seconds(latest - now)} behind what was last written; set it by NTP")
    return Finding("ok", "clock", f"{now:%Y-%m-%d %H:%M} UTC")


async def opt_outs(settings: Settings, database: Database) -> Finding:
    from interviewer import suppression
    from interviewer.store import invitations

    async with database.read() as tx:
        kept = await invitations.all_marks(tx)
    lost = suppression.unreadable([key.get_secret_value() for key in settings.secret_keys], kept)
    if lost:
        return Finding(
            "fail",
            "opt-outs",
            f"{lost} of {len(kept)} were kept under a signing key that is gone, so these people could be asked again; "
            "put that key back in front of INTERVIEWER_SECRET_KEYS",
        )
    verb = "is" if len(kept) == 1 else "are"
    return Finding("ok", "opt-outs", f"{counted(len(kept), 'address', 'addresses')} {verb} never written to")


def _seconds(span: timedelta) -> str:
    return f"{abs(span).total_seconds():.0f} s"

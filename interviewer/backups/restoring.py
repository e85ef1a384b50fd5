"""Restore a backup: beside what is there, checked, and then in its place. What was there is kept aside."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from interviewer.backups import erased
from interviewer.backups.archive import Archive
from interviewer.deps import Deps
from interviewer.errors import BadInput, InterviewerError, Problem, Unavailable
from interviewer.store import audit, copying, deliveries, health, jobs, migrate, staging
from interviewer.store.db import Database

FOLDER = "restored-files"


@dataclass(frozen=True)
class Restored:
    rows: int
    aside: str
    """Where what was there is kept; empty where nothing was."""
    erased: int
    """Invitations that were erased again."""
    knew_old: bool
    """Whether what was there could be asked for what was erased since."""
    mails: int
    """Mails that were waiting and are not sent any more, because they may have been sent since."""
    files: tuple[Path, ...]


async def restore(deps: Deps, archive: Archive, *, replace_all: bool) -> Restored:
    """Put what `archive` has in the place of the database in use, brought to this version's tables.

    What was erased since is erased again, as far as it is known. Raises InterviewerError, with nothing changed, where
    something is there and not `replace_all`, while a server works on it, or where what arrives is not what was kept.
    """
    told = archive.manifest
    if told.revision not in health.known():
        what = f"was made by a newer version ({told.version}); install that one and restore with it"
        raise BadInput([Problem(str(archive.file), what)])
    await _check_free(deps, replace_all=replace_all)
    before, waiting = await erased.in_database(deps.db), await _still_waiting(deps.db)
    known = erased.listed(deps.settings)
    if before is not None:
        known.add(before)
    stage = staging.of(deps.settings.url)
    async with staging.begun(stage):
        await asyncio.to_thread(migrate.upgrade, stage.url, told.revision)
        async with staging.opened(stage) as database:
            await _load(database, archive)
            await asyncio.to_thread(migrate.upgrade, stage.url)
            async with database.write() as tx:
                await copying.count_on(tx, told.marks)
                mails = await deliveries.give_up_waiting(tx, but=waiting)
                audit.add(tx, "", "restored a backup", f"backup:{told.made_at:%Y%m%dT%H%M%SZ}", deps.now())
            again = await erased.apply(replace(deps, db=database), known, deps.now())
        await deps.db.close()
        aside = await staging.swap(stage, f"{deps.now():%Y%m%dT%H%M%SZ}")
    return Restored(told.rows, aside, again, before is not None, mails, _put_files(deps, archive))


async def _check_free(deps: Deps, *, replace_all: bool) -> None:
    try:
        if not await staging.holds_something(deps.db):
            return
    except Unavailable:
        if replace_all and deps.db.sqlite:
            return  # what cannot be read is put aside as it is
        raise
    async with deps.db.read() as tx:
        working = await jobs.heard(tx, since=deps.now() - jobs.SILENT)
    if working and not deps.db.sqlite:  # who works on a file holds its lock, which the command asks for
        raise InterviewerError("A server works on this database, or was killed just now. Stop it, and wait a minute.")
    if not replace_all:
        raise InterviewerError(
            "There is something in this database. `--replace` restores all the same, and keeps what is there aside."
        )


async def _still_waiting(db: Database) -> frozenset[str]:
    """Mails that wait there to this hour, so that none of them was sent."""
    rows = await staging.rows_of(db, "deliveries", "id", "state") or ()
    return frozenset(key for key, state in rows if state == deliveries.WAITING)


async def _load(database: Database, archive: Archive) -> None:
    """All rows in one transaction, read back and compared with what the backup says of itself."""
    async with database.write() as tx:
        given = [one for one in await copying.load(tx, archive.batches()) if one.rows]
        there = await copying.recount(tx, given)
    kept = {one.table: one for one in archive.manifest.tables}
    wrong = [one.table for one, other in zip(given, there, strict=True) if not one == other == kept.get(one.table)]
    wrong += sorted(name for name, one in kept.items() if one.rows and name not in {each.table for each in given})
    if wrong:
        raise InterviewerError(f"What arrived differs from the backup in {', '.join(wrong)}; nothing was changed.")


def _put_files(deps: Deps, archive: Archive) -> tuple[Path, ...]:
    """Files of the installation go to a folder of their own: what is set up now may be newer."""
    folder, put = deps.settings.data_dir / FOLDER, []
    for name, content in archive.files():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
        put.append(path)
    return tuple(put)

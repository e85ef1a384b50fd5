"""Make a backup while others read and write: what one moment holds, whole, or no file at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from interviewer import __version__
from interviewer.backups.archive import Archive, Manifest, Writer, beside
from interviewer.deps import Deps
from interviewer.errors import BadInput, Problem
from interviewer.store import audit, copying, health, operations
from interviewer.store.copying import Batch
from interviewer.store.db import Tx

LEFT_OUT = frozenset({"sessions", "signin_links", "used_once", "hits"})
"""What must not come back: who is signed in, and links and codes to sign in with."""
PATTERN = "interviewer-*.backup"


@dataclass(frozen=True)
class Made:
    file: Path
    manifest: Manifest
    digest: str
    removed: tuple[Path, ...] = ()
    """Older ones that made room."""


async def make(deps: Deps, where: Path, *, keep: int = 0, keys: bool = False) -> Made:
    """Back up to the file `where`, or to a file of its own name in that folder. Verifies what was written.

    With `keep` only so many of the folder's backups stay. Raises BadInput where that cannot be, Unavailable.
    """
    file = _file(deps, where, keep)
    writer = Writer(file)
    try:
        async with copying.snapshot(deps.db) as tx:
            await _check(deps, tx)
            tables = await writer.add_tables(_kept(tx))
            marks, revision = await copying.marks(tx), await health.revision(tx)
        for name, content in _files(deps, keys=keys):
            writer.add(f"files/{name}", content)
        manifest = Manifest(
            version=__version__,
            revision=revision,
            made_at=deps.now(),
            database="SQLite" if deps.db.sqlite else "PostgreSQL",
            tables=tables,
            marks=marks,
            keys=keys,
        )
        digest = writer.finish(manifest)
    except BaseException:
        writer.give_up()
        raise
    checked = await asyncio.to_thread(Archive, file)
    async with deps.db.write() as tx:
        audit.add(tx, "", operations.BACKED_UP, f"backup:{digest[:12]}", deps.now())
    return Made(file, checked.manifest, digest, _rotate(file, keep))


async def _kept(tx: Tx) -> AsyncIterator[Batch]:
    async for name, rows in copying.read(tx):
        if name not in LEFT_OUT:
            yield name, rows


async def _check(deps: Deps, tx: Tx) -> None:
    """Refuse to back up what is broken already, or of another version."""
    if not await health.is_newest(tx):
        told = "has the tables of another version; back up with that version, or run `interviewer migrate` first"
        raise BadInput([Problem("INTERVIEWER_DATABASE_URL", told)])
    if found := await health.damage(tx):
        raise BadInput([Problem(str(deps.db.file), f"is damaged ({found}); restore an earlier backup")])


def _file(deps: Deps, where: Path, keep: int) -> Path:
    if not where.is_dir():
        if keep:
            raise BadInput([Problem("--keep", f"needs a folder to keep backups in, and {where} is none")])
        where.parent.mkdir(parents=True, exist_ok=True)
        if where.exists():
            raise BadInput([Problem(str(where), "is there already; name another file, or a folder")])
        return where
    return where / f"interviewer-{deps.now():%Y%m%dT%H%M%SZ}.backup"


def _files(deps: Deps, *, keys: bool) -> list[tuple[str, bytes]]:
    """The organisation's own flows and logo; the signing keys where they are asked for."""
    settings = deps.settings
    found = []
    if settings.flows_dir is not None:
        found = [(f"flows/{path.name}", path.read_bytes()) for path in sorted(settings.flows_dir.glob("*.toml"))]
    if settings.logo is not None and settings.logo.is_file():
        found.append((settings.logo.name, settings.logo.read_bytes()))
    if keys:
        joined = ",".join(key.get_secret_value() for key in settings.secret_keys)
        found.append(("secret_keys", joined.encode()))
    return found


def _rotate(file: Path, keep: int) -> tuple[Path, ...]:
    if not keep:
        return ()
    old = sorted(file.parent.glob(PATTERN), reverse=True)[keep:]
    for one in old:
        one.unlink()
        beside(one).unlink(missing_ok=True)
    return tuple(old)

"""The file of a backup: a zip of rows as JSON lines, files, and a manifest with a digest of everything else.

Beside it lies `FILE.sha256`, as `sha256sum --check` reads it.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from interviewer.errors import BadInput, Problem
from interviewer.store import copying
from interviewer.store.copying import Account, Batch, Row

FORMAT = 1
MANIFEST = "manifest.json"
_PIECE = 1 << 20


@dataclass(frozen=True)
class Manifest:
    version: str
    """Of the application that made it."""
    revision: str
    """Of the tables."""
    made_at: datetime
    database: str
    tables: tuple[Account, ...]
    marks: Mapping[str, int]
    keys: bool
    """Whether the signing keys are in it."""
    members: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of everything in the file, by name."""

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.tables)


class Writer:
    """Fills a new file that only its owner reads, and gives it its name when it is whole."""

    def __init__(self, file: Path) -> None:
        self.file, self._part = file, file.with_name(f"{file.name}.part")
        self._part.unlink(missing_ok=True)
        self._raw = os.fdopen(os.open(self._part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
        self._zip = zipfile.ZipFile(self._raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._members: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> None:
        with self._entry(name) as write:
            write(content)

    async def add_tables(self, batches: AsyncIterator[Batch]) -> tuple[Account, ...]:
        """Rows as they come, each table in one go."""
        tallies: dict[str, copying.Tally] = {}
        batch = await anext(batches, None)
        while batch is not None:
            name = batch[0]
            tally = tallies[name] = copying.Tally(name)
            with self._entry(f"tables/{name}.jsonl") as write:
                while batch is not None and batch[0] == name:
                    tally.add(batch[1])
                    write("".join(f"{copying.canonical(row)}\n" for row in batch[1]).encode())
                    batch = await anext(batches, None)
        return tuple(tally.account() for tally in tallies.values())

    def finish(self, manifest: Manifest) -> str:
        """Write the manifest, and have the whole file on disk under its name. Gives its SHA-256."""
        told = {
            "format": FORMAT,
            "version": manifest.version,
            "revision": manifest.revision,
            "made_at": manifest.made_at.isoformat(),
            "database": manifest.database,
            "keys": manifest.keys,
            "marks": dict(manifest.marks),
            "tables": [
                {"table": one.table, "rows": one.rows, "digest": one.digest, "columns": list(one.columns)}
                for one in manifest.tables
            ],
            "members": self._members,
        }
        self._zip.writestr(MANIFEST, json.dumps(told, indent=1))
        self._zip.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.seek(0)
        digest = _digest(self._raw)
        self._raw.close()
        self._part.replace(self.file)
        beside(self.file).write_text(f"{digest}  {self.file.name}\n", encoding="utf-8")
        beside(self.file).chmod(0o600)
        return digest

    def give_up(self) -> None:
        self._zip.close()
        self._raw.close()
        self._part.unlink(missing_ok=True)

    @contextmanager
    def _entry(self, name: str) -> Iterator[Any]:
        digest = hashlib.sha256()
        with self._zip.open(name, "w", force_zip64=True) as entry:

            def write(content: bytes) -> None:
                digest.update(content)
                entry.write(content)

            yield write
        self._members[name] = digest.hexdigest()


class Archive:
    """A backup that was found to be whole. Raises BadInput, by file, for anything else."""

    def __init__(self, file: Path) -> None:
        self.file = file
        if not file.is_file():
            raise _wrong(file, "is not there")
        self.checked = self._check_beside()
        """Whether a digest lay beside it; without one, only its own manifest speaks for it."""
        try:
            self._zip = zipfile.ZipFile(file)
            self.manifest = _manifest(json.loads(self._zip.read(MANIFEST)))
            for name, digest in self.manifest.members.items():
                with self._zip.open(name) as entry:
                    if _digest(entry) != digest:
                        raise _wrong(file, f"{name} in it is damaged; use another backup")
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, OSError) as error:
            raise _wrong(file, "is damaged, or is no backup of Interviewer's; use another one") from error

    async def batches(self) -> AsyncIterator[Batch]:
        """All rows, as they were read."""
        for account in self.manifest.tables:
            rows: list[Row] = []
            with self._zip.open(f"tables/{account.table}.jsonl") as entry:
                for line in entry:
                    rows.append(copying.decoded(account.table, json.loads(line)))
                    if len(rows) == copying.BATCH:
                        yield account.table, rows
                        rows = []
            if rows:
                yield account.table, rows

    def files(self) -> Sequence[tuple[str, bytes]]:
        """Files of the installation that are in it, by name."""
        names = [name for name in self.manifest.members if name.startswith("files/")]
        return [(name.removeprefix("files/"), self._zip.read(name)) for name in names]

    def _check_beside(self) -> bool:
        told = beside(self.file)
        if not told.is_file():
            return False
        with self.file.open("rb") as content:
            if told.read_text(encoding="utf-8").split()[:1] != [_digest(content)]:
                raise _wrong(self.file, f"is not what {told.name} says; it is damaged. Use another backup")
        return True


def beside(file: Path) -> Path:
    """Where the digest of a backup lies."""
    return file.with_name(f"{file.name}.sha256")


def _wrong(file: Path, what: str) -> BadInput:
    return BadInput([Problem(str(file), what)])


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := content.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _manifest(told: dict[str, Any]) -> Manifest:
    if told["format"] != FORMAT:
        raise ValueError("another format")
    tables = tuple(
        Account(one["table"], int(one["rows"]), one["digest"], tuple(one["columns"])) for one in told["tables"]
    )
    return Manifest(
        version=told["version"],
        revision=told["revision"],
        made_at=datetime.fromisoformat(told["made_at"]),
        database=told["database"],
        tables=tables,
        marks={name: int(mark) for name, mark in told["marks"].items()},
        keys=bool(told["keys"]),
        members=dict(told["members"]),
    )

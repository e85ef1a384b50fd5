"""What was erased and who is never written to again, in a file beside the database (trust.md 30).

A backup brings back what was erased after it was made. This list outlives the database, so that a restore can erase it
again. It holds ids that mean nothing without the database, and keyed hashes of addresses.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from interviewer.deps import Deps
from interviewer.settings import Settings
from interviewer.store import invitations, staging
from interviewer.store.db import Database

NAME = "erased.jsonl"


@dataclass
class Erased:
    ids: set[str] = field(default_factory=set)
    """Of invitations."""
    marks: dict[str, str] = field(default_factory=dict)
    """Suppressed addresses as `suppression` keeps them, and why."""

    def add(self, other: Erased) -> None:
        self.ids |= other.ids
        self.marks |= other.marks


def place(settings: Settings) -> Path:
    return settings.data_dir / NAME


def listed(settings: Settings) -> Erased:
    """What the file has; a line that a crash cut off counts for nothing."""
    found = Erased()
    with contextlib.suppress(FileNotFoundError):
        for line in place(settings).read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(ValueError):
                told = json.loads(line)
                if "erased" in told:
                    found.ids.add(told["erased"])
                elif "suppressed" in told:
                    found.marks[told["suppressed"]] = told.get("reason", "")
    return found


async def in_database(db: Database) -> Erased | None:
    """The same from a database, whatever version made its tables; None where it cannot be read."""
    rows = await staging.rows_of(db, "invitations", "id", "erased_at")
    marks = await staging.rows_of(db, "suppressions", "address_hash", "reason")
    if rows is None or marks is None:
        return None
    return Erased({key for key, erased_at in rows if erased_at}, dict(marks))


async def keep_list(deps: Deps) -> int:
    """Add to the file what it does not have yet. Returns how many lines. Done twice at once it says some twice."""
    async with deps.db.read() as tx:
        ids, marks = await invitations.erased_ids(tx), await invitations.marks_with_reasons(tx)
    known = listed(deps.settings)
    at = deps.now().astimezone(UTC).isoformat(timespec="seconds")
    lines = [{"erased": one, "at": at} for one in sorted(set(ids) - known.ids)]
    lines += [
        {"suppressed": mark, "reason": reason, "at": at} for mark, reason in marks.items() if mark not in known.marks
    ]
    if lines:
        _append(place(deps.settings), "".join(f"{json.dumps(line)}\n" for line in lines))
    return len(lines)


async def apply(deps: Deps, known: Erased, now: datetime) -> int:
    """Erase again, and never write again. Returns how many invitations were erased."""
    from interviewer import erasure

    async with deps.db.write() as tx:
        for mark, reason in known.marks.items():
            await invitations.suppress(tx, mark, reason, now)
    return await erasure.erase_again(deps, known.ids)


def _append(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab", buffering=0) as out:
        out.write(text.encode())
        os.fsync(out.fileno())

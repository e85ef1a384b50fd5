"""The audit log is read, checked, and let go of in time (trust.md 14). For admins, and whoever runs the server.

`store/audit.py` writes it as a chain of digests. That it is whole says that nobody changed, removed or slipped in an
entry without making all that follow anew; that too shows where the last digest was noted elsewhere before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from urllib.parse import urlsplit

from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.records.outward import Choice
from interviewer.records.trail import Entry, Trail, Verdict
from interviewer.store import audit, users
from interviewer.store.db import Tx
from interviewer.store.tables.people import AuditRow, UserRow

PAGE = 50
NOBODY = "-"
"""Asks for what no desk user did: buyers, the clock, and commands on the server."""
KINDS = {
    "interview": "Interviews",
    "invitation": "Invitations",
    "booking": "Calls",
    "user": "People",
    "key": "API keys",
    "export": "Exports",
    "person": "Requests of a person",
    "setting": "Settings",
    "backup": "Backups",
    "audit": "This log",
}
_PAGES = {"interview": "/desk/interviews/{}", "invitation": "/desk/interviews/{}", "booking": "/desk/calls/{}"}
NOTED = (
    "organisation",
    "product",
    "asker",
    "asker_role",
    "contact",
    "base_url",
    "database_url",
    "secret_keys",
    "scheduling_url",
    "link_days",
    "retention_days",
    "audit_days",
    "llm",
    "model",
    "model_vendor",
    "flows_dir",
)
"""Settings whose change is kept: what buyers are told, where their words go, and for how long."""
_NOTED_FIRST, _SETTING = "noted setting", "changed setting"


@dataclass(frozen=True)
class Wanted:
    """What is asked for. Days are UTC, both included."""

    by: str = ""
    """A user's id, or `NOBODY`."""
    verb: str = ""
    kind: str = ""
    of: str = ""
    first: date | None = None
    last: date | None = None
    page: int = 1


async def listing(deps: Deps, viewer: Viewer, wanted: Wanted, *, limit: int = PAGE) -> Seen[Trail]:
    """One page of what was done, the latest first; a page past the end is the last one."""
    viewer.require(Act.AUDIT)
    chosen = _chosen(wanted)
    async with deps.db.read() as tx:
        found = await audit.count(tx, chosen)
        pages = max(1, ceil(found / limit))
        page = min(max(1, wanted.page), pages)
        rows = await audit.latest(tx, chosen, offset=(page - 1) * limit, limit=limit)
        everybody = {row.id: row for row in await users.all_of_them(tx)}
    entries = tuple(_entry(row, everybody) for row in rows)
    people = tuple(Choice(row.id, row.name or row.email) for row in everybody.values())
    kinds = tuple(Choice(kind, words) for kind, words in KINDS.items())
    return see(viewer, Trail(entries, found, page, pages, people, kinds))


async def verify(deps: Deps, viewer: Viewer, *, head: str = "") -> Seen[Verdict]:
    """Whether the log is whole; with `head`, a digest noted earlier, whether that entry is still in it. Is logged."""
    viewer.require(Act.AUDIT)
    async with deps.db.read() as tx:
        found = await _check(tx, head.strip().lower())
    async with deps.db.write() as tx:
        audit.add(tx, viewer.user_id, "checked the log", f"audit:{found.entries}", deps.now())
    return see(viewer, found)


async def keep(deps: Deps) -> int:
    """Give a place to what a process of the release before wrote. Returns how many there were."""
    async with deps.db.read() as tx:
        if not await audit.unsealed(tx):
            return 0
    async with deps.db.write() as tx:
        return await audit.seal(tx)


async def expire(deps: Deps) -> int:
    """Drop entries that are past their time, never before what they are about may be. Returns how many."""
    settings = deps.settings
    days = max(settings.audit_days, settings.retention_days + settings.link_days)
    async with deps.db.write() as tx:
        return await audit.prune(tx, deps.now() - timedelta(days=days), deps.now())


async def note_settings(deps: Deps) -> int:
    """Keep which settings changed since they were noted last: names and digests, no values. Returns how many."""
    told = {name: _digest(name, deps) for name in NOTED}
    async with deps.db.write() as tx:
        await audit.seal(tx)  # processes that start together note it once
        before: dict[str, str] = {}
        for verb in (_NOTED_FIRST, _SETTING):
            for row in await audit.rows_of_verb(tx, verb):
                _, name, digest = row.object.split(":")
                before[name] = digest
        changed = [name for name, digest in told.items() if before.get(name) != digest]
        for name in changed:
            verb = _SETTING if name in before else _NOTED_FIRST
            audit.add(tx, "", verb, f"setting:{name}:{told[name]}", deps.now())
    return len(changed)


def _digest(name: str, deps: Deps) -> str:
    value: object = getattr(deps.settings, name)
    if name == "secret_keys":
        value = [hashlib.sha256(f"interviewer.noted.{key}".encode()).hexdigest() for key in deps.links.keys]
    elif name == "database_url":
        where = urlsplit(str(value))
        value = [where.scheme, where.hostname, where.path]  # nothing of the password
    return hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()[:8]


async def _check(tx: Tx, head: str) -> Verdict:
    start = await audit.anchor(tx)
    last, first_at, seen = start, None, not head or head == start.digest
    broken: tuple[AuditRow, str] | None = None
    async for rows in audit.chain(tx):
        for row in rows:
            if wrong := _wrong(row, last):
                broken = row, wrong
                break
            first_at = first_at or row.at
            last = audit.Link(row.position or 0, row.digest)
            seen = seen or row.digest == head
        if broken:
            break
    wrong = broken[1] if broken else ""
    if not wrong and not seen:
        wrong = "The digest that was noted is not in the log: its end was cut off or made anew"
        wrong += f", or it is older than what was kept (entry {start.position})." if start.position else "."
    return Verdict(
        whole=not wrong,
        entries=last.position - start.position,
        waiting=await audit.unsealed(tx),
        first_at=first_at,
        dropped=start.position,
        head=last.digest,
        position=(broken[0].position or 0) if broken else 0,
        at=broken[0].at if broken else None,
        wrong=wrong,
    )


def _wrong(row: AuditRow, last: audit.Link) -> str:
    place = row.position or 0
    if place <= last.position:
        return f"Entry {place} stands where there should be none."
    if place != last.position + 1:
        gone = (
            f"entry {last.position + 1} is" if place == last.position + 2 else f"entries from {last.position + 1} are"
        )
        return f"Before entry {place}, {gone} missing."
    if row.previous != last.digest:
        return f"Entry {place} does not follow from the one before it."
    return "" if row.digest == audit.digest_of(row) else f"Entry {place} is not what was written."


def _entry(row: AuditRow, everybody: Mapping[str, UserRow]) -> Entry:
    kind, _, ref = row.object.partition(":")
    user = everybody.get(row.user_id)
    return Entry(
        position=row.position or 0,
        at=row.at,
        who=(user.name or user.email) if user else row.user_id,
        email=user.email if user else "",
        verb=row.verb,
        kind=kind,
        ref=ref,
        page=_PAGES[kind].format(ref) if kind in _PAGES and ref else "",
        digest=row.digest,
    )


def _chosen(wanted: Wanted) -> audit.Filter:
    after = wanted.last + timedelta(days=1) if wanted.last and wanted.last < date.max else None
    return audit.Filter(
        user_id="" if wanted.by == NOBODY else wanted.by or None,
        verb=wanted.verb,
        kind=wanted.kind,
        of=wanted.of,
        first=_midnight(wanted.first),
        before=_midnight(after),
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None

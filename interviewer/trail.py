"""The audit log is read, checked, and let go of in time (trust.md 14). For admins, and whoever runs the server.

`store/audit.py` writes it as a chain of digests. That it is whole says that nobody changed, removed or slipped in an
entry without making all that follow anew; that too shows where the last digest was noted elsewhere before.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from math import ceil
from urllib.parse import urlsplit

from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import BadInput, Problem
from interviewer.records import acts
from interviewer.records.outward import Choice
from interviewer.records.trail import Entry, Trail, Verdict
from interviewer.scheduling import zones
from interviewer.store import audit, copying, keys, operations, users
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
_NOTED_FIRST, _SETTING = acts.NOTED_FIRST, audit.CHANGED
_DIGEST = re.compile("[0-9a-f]{64}")
_GONE = "a user who is gone"
_BEFORE = timedelta(hours=1)
"""So much earlier than the entry that it follows nothing is dated by processes whose clocks are right."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for. Days are those of `zone`, both included."""

    by: str = ""
    """A user's id, or `NOBODY`."""
    verb: str = ""
    """How the act begins."""
    act: str = ""
    """One of `records.acts.ACTS`."""
    kind: str = ""
    of: str = ""
    first: date | None = None
    last: date | None = None
    page: int = 1
    zone: str = "UTC"
    folded: bool = False
    """The settings that were noted at the start are one line."""


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
        known = {row.id: row.name for row, _ in await keys.all_of_them(tx)}
    entries = tuple(_entry(row, everybody, known) for row in rows)
    people = tuple(Choice(row.id, row.name or row.email) for row in everybody.values())
    kinds = tuple(Choice(kind, words) for kind, words in KINDS.items())
    chosen_acts = tuple(Choice(act, kind.label) for act, kind in acts.ACTS.items())
    shown = tuple(_folded(entries)) if wanted.folded else entries
    return see(viewer, Trail(shown, found, page, pages, people, kinds, chosen_acts))


async def verify(deps: Deps, viewer: Viewer, *, head: str = "") -> Seen[Verdict]:
    """Whether the log is whole; with `head`, a digest noted earlier, whether that entry is still in it. Is logged.

    Raises BadInput for a `head` that can be no digest: a slip of the hand is no alarm.
    """
    viewer.require(Act.AUDIT)
    if head.strip() and not _DIGEST.fullmatch(head.strip().lower()):
        raise BadInput([Problem("head", "that is not a digest (64 hex digits)")])
    async with copying.snapshot(deps.db) as tx:  # what is dropped meanwhile is still there
        found = await _check(tx, head.strip().lower(), _kept(deps))
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
    """Drop entries that are past their time, never before what they are about may be. Returns how many.

    None where the log is broken there, which `status` then tells.
    """
    now = deps.now()
    async with deps.db.write() as tx:
        done = await audit.prune(tx, _kept(deps), now)
        if done.wrong:
            await operations.note_trouble(tx, operations.AUDIT_LOG, done.wrong, now)
    if done.rows:
        await note_settings(deps)  # a later change is told by what they were, which may have gone
    return done.rows


async def note_settings(deps: Deps) -> int:
    """Keep which settings changed since they were noted last: names and digests, no values. Returns how many."""
    told = {name: _digest(name, deps) for name in NOTED}
    async with deps.db.write() as tx:
        await audit.seal(tx)  # processes that start together note it once
        before: dict[str, str] = {}
        for verb in (_NOTED_FIRST, _SETTING):
            for row in await audit.rows_of_verb(tx, verb):
                match row.object.split(":"):
                    case [_, name, digest]:  # anything else was put there past the application
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


def _kept(deps: Deps) -> timedelta:
    settings = deps.settings
    return timedelta(days=max(settings.audit_days, settings.retention_days + settings.link_days))


@dataclass(frozen=True)
class _Fault:
    row: AuditRow
    wrong: str


async def _check(tx: Tx, head: str, kept: timedelta) -> Verdict:
    start = await audit.anchor(tx)
    last, first_at, last_at, seen = start, None, None, not head or head == start.digest
    broken: _Fault | None = None
    doubt = ""
    async for rows in audit.chain(tx):
        for row in rows:
            if wrong := audit.wrong(row, last):
                broken = _Fault(row, wrong)
                break
            if not doubt and last_at is not None and row.at < last_at - _BEFORE:
                doubt = _dated(row)
            first_at, last_at = first_at or row.at, row.at
            last = audit.Link(row.position or 0, row.digest)
            seen = seen or row.digest == head
        if broken:
            break
    wrong = broken.wrong if broken else await audit.begun(tx, start, kept)
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
        position=(broken.row.position or 0) if broken else 0,
        at=broken.row.at if broken else None,
        wrong=wrong,
        doubt="" if wrong else doubt,
    )


def _dated(row: AuditRow) -> str:
    return (
        f"Entry {row.position} is dated {row.at:%Y-%m-%d %H:%M} UTC, long before the one that it follows: it was added "
        "past the application, or the clock of a server was wrong."
    )


def _entry(row: AuditRow, everybody: Mapping[str, UserRow], known: Mapping[str, str]) -> Entry:
    """`known` are keys to the API, by id."""
    kind, _, ref = row.object.partition(":")
    user = everybody.get(row.user_id)
    who = (user.name or user.email) if user else _GONE if row.user_id else ""
    if row.user_id.startswith("key:"):
        who = f"API key {known.get(row.user_id.removeprefix('key:'), 'that is gone')}"
    elif row.user_id.startswith(f"{audit.COMMAND_LINE}: "):
        who = row.user_id
    elif not row.user_id and row.verb.endswith(acts.BY_BUYER):
        who = "The buyer"
    return Entry(
        position=row.position or 0,
        at=row.at,
        who=who,
        email=user.email if user else "",
        verb=row.verb,
        did=acts.words(row.verb),
        kind=kind,
        ref=ref,
        what=_named(kind, ref, everybody, known),
        alike=1,
        page=_PAGES[kind].format(ref) if kind in _PAGES and ref else "",
        digest=row.digest,
    )


def _named(kind: str, ref: str, everybody: Mapping[str, UserRow], known: Mapping[str, str]) -> str:
    match kind:
        case "user":
            row = everybody.get(ref)
            return (row.name or row.email) if row else _GONE
        case "key":
            return known.get(ref, "a key that is gone")
        case "setting":
            return ref.partition(":")[0].replace("_", " ")
    return ""


def _folded(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Settings that were noted together are one line."""
    for together, some in groupby(entries, lambda one: (one.verb, one.at.replace(second=0, microsecond=0))):
        first, *more = some
        if together[0] != _NOTED_FIRST or not more:
            yield from (first, *more)
        else:
            number = len(more) + 1
            yield replace(first, did=f"noted {number} settings as they were at first", what="", ref="", alike=number)


def _chosen(wanted: Wanted) -> audit.Filter:
    after = wanted.last + timedelta(days=1) if wanted.last and wanted.last < date.max else None
    groups = [acts.ACTS[wanted.act].verbs] if wanted.act in acts.ACTS else []
    of_persons = wanted.kind == "person"  # whose invitations the log names, not them
    if of_persons:
        groups.append(acts.REQUESTS)
    return audit.Filter(
        user_id="" if wanted.by == NOBODY else wanted.by or None,
        verb=wanted.verb,
        verbs=groups,
        kind="" if of_persons else wanted.kind,
        of=wanted.of,
        first=_midnight(wanted.first, wanted.zone),
        before=_midnight(after, wanted.zone),
    )


def _midnight(day: date | None, zone: str) -> datetime | None:
    return datetime.combine(day, time(), zones.zone(zone)).astimezone(UTC) if day else None

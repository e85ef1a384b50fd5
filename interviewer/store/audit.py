"""Who did what to what (trust.md 14). Rows are added and read, never changed; none holds content.

They are a chain: each row carries the digest of the one before and its own, so that whoever changes, removes or slips
in a row later breaks it, or has to make everything after it anew, which a digest that was noted elsewhere tells.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlmodel import col, delete, func, or_, select, text
from sqlmodel.sql.expression import SelectOfScalar

from interviewer.store.db import Tx, at_the_end, one_of
from interviewer.store.tables.people import AnchorRow, AuditRow

T = TypeVar("T")

_CHAIN = 0x617564697463
"""Names the lock that whoever makes the chain longer or shorter holds."""
_BATCH = 1000
COMMAND_LINE = "command line"
_acting: ContextVar[str] = ContextVar("acting", default="")
DROPPED = "dropped the oldest entries"
"""What the log says of a `prune`, with the position of the last row that went."""
CHANGED = "changed setting"
"""What it says of a setting, with its name and a digest."""
_DUE_BY = ("audit_days", "retention_days", "link_days")
"""Settings that say when rows are due to go."""


@dataclass(frozen=True)
class Link:
    """A place in the chain, and the digest of the row there."""

    position: int = 0
    digest: str = ""


@dataclass(frozen=True)
class Pruned:
    rows: int = 0
    """How many went."""
    wrong: str = ""
    """Why none went that was due: how the chain is broken there."""


@dataclass(frozen=True)
class Filter:
    """Which rows are asked for."""

    user_id: str | None = None
    """Empty: what no desk user did."""
    verb: str = ""
    """How it begins."""
    verbs: Sequence[Sequence[str]] = ()
    """It begins with one of each of these."""
    kind: str = ""
    """What comes before the colon of an object."""
    of: str = ""
    """A part of an object."""
    first: datetime | None = None
    before: datetime | None = None


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    """What is done inside and by no desk user was done by command, by somebody whom the system knows as `name`."""
    before = _acting.set(f"{COMMAND_LINE}: {name}")
    try:
        yield
    finally:
        _acting.reset(before)


def add(tx: Tx, user_id: str, verb: str, of: str, at: datetime) -> None:
    """`of` is a kind and an id ("interview:4f…"), never a name or a text. Without a user it was whom `acting_as` names,
    if anybody."""
    tx.add(AuditRow(at=at, user_id=user_id or _acting.get(), verb=verb, object=of))
    at_the_end(tx, seal)


def digest_of(row: AuditRow) -> str:
    """What `digest` of a row has to be: sha256 over its place, its fields and the digest before, as one JSON list."""
    moment = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    told = [row.position, moment, row.user_id, row.verb, row.object, row.previous]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


def wrong(row: AuditRow, last: Link) -> str:
    """Why `row` cannot be what was written after `last`; empty where it can."""
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
    return "" if row.digest == digest_of(row) else f"Entry {place} is not what was written."


async def seal(tx: Tx) -> int:
    """Give every row that is in no chain yet its place at the end. Returns how many there were.

    One transaction at a time does, until it is committed, so that no two rows follow the same one. Rows of a process
    of the release before have no place until somebody else's act, or the sweep; so a row that somebody adds past the
    application gets one too (docs/privacy.md).
    """
    await _alone(tx)
    last = await head(tx)
    waiting = (await tx.exec(select(AuditRow).where(col(AuditRow.position).is_(None)).order_by(col(AuditRow.id)))).all()
    for row in waiting:
        row.position, row.previous = last.position + 1, last.digest
        row.digest = digest_of(row)
        last = Link(row.position, row.digest)
        tx.add(row)
    await tx.flush()
    return len(waiting)


async def head(tx: Tx) -> Link:
    """The end of the chain."""
    query = select(AuditRow).where(col(AuditRow.position).is_not(None)).order_by(col(AuditRow.position).desc()).limit(1)
    row = (await tx.exec(query)).first()
    return Link(row.position or 0, row.digest) if row is not None else await anchor(tx)


async def anchor(tx: Tx) -> Link:
    """Where the chain begins: at nothing, or at the last row that went with its time."""
    row = (await tx.exec(select(AnchorRow).order_by(col(AnchorRow.position).desc()).limit(1))).first()
    return Link(row.position, row.digest) if row is not None else Link()


async def chain(tx: Tx, upto: int | None = None) -> AsyncIterator[Sequence[AuditRow]]:
    """The rows that have a place, in order, some at a time; with `upto` those to that place."""
    after, wanted = -1, [] if upto is None else [col(AuditRow.position) <= upto]
    while True:
        query = select(AuditRow).where(col(AuditRow.position) > after, *wanted)
        rows = (await tx.exec(query.order_by(col(AuditRow.position)).limit(_BATCH))).all()
        if not rows:
            return
        yield rows
        after = rows[-1].position or 0
        tx.expunge_all()


async def unsealed(tx: Tx) -> int:
    return (await tx.exec(select(func.count()).where(col(AuditRow.position).is_(None)))).one()


async def begun(tx: Tx, start: Link, kept: timedelta) -> str:
    """Why the chain cannot begin after `start`, where rows stay for `kept`; empty where it can.

    What went has its entry, and the oldest that is left was due then too (see `prune`), unless it was other settings
    that said when.
    """
    if not start.position:
        return ""
    after = col(AuditRow.position) > start.position
    told = select(AuditRow).where(after, AuditRow.verb == DROPPED, AuditRow.object == f"audit:{start.position}")
    drop = (await tx.exec(told.order_by(col(AuditRow.position)).limit(1))).first()
    if drop is None:
        return f"Entries up to {start.position} are missing, and none says that they were dropped."
    oldest = (await tx.exec(select(AuditRow.at).where(after).order_by(col(AuditRow.position)).limit(1))).one()
    if oldest < drop.at - kept:
        return ""
    settings = or_(*(col(AuditRow.object).startswith(f"setting:{name}:", autoescape=True) for name in _DUE_BY))
    later = select(AuditRow.id).where(col(AuditRow.position) > drop.position, AuditRow.verb == CHANGED, settings)
    if (await tx.exec(later.limit(1))).first() is not None:
        return ""
    return f"Entries up to {start.position} were dropped before they were {kept.days:,} days old."


async def prune(tx: Tx, kept: timedelta, at: datetime) -> Pruned:
    """Drop rows from the oldest end that are older than `kept`. The latest of them stays, and with it the proof that
    those that went were due; what is left follows from the anchor. Where the chain is broken there, nothing goes: what
    would tell is not thrown away."""
    await seal(tx)
    start, end = await anchor(tx), await head(tx)
    young = col(AuditRow.position).is_not(None), col(AuditRow.at) >= at - kept
    oldest_left = ((await tx.exec(select(func.min(AuditRow.position)).where(*young))).one() or end.position + 1) - 1
    if oldest_left - 1 <= start.position:
        return Pruned()
    if told := await begun(tx, start, kept):
        return Pruned(wrong=told)
    goes = last = start
    async for found in chain(tx, upto=oldest_left):
        for row in found:
            if told := wrong(row, last):
                return Pruned(wrong=told)
            goes, last = last, Link(row.position or 0, row.digest)
    if last.position != oldest_left:
        return Pruned(wrong=f"Before entry {oldest_left + 1}, entries from {last.position + 1} are missing.")
    await tx.exec(delete(AnchorRow))
    await tx.exec(delete(AuditRow).where(col(AuditRow.position) <= goes.position))
    tx.add(AnchorRow(position=goes.position, digest=goes.digest, at=at))
    add(tx, "", DROPPED, f"audit:{goes.position}", at)
    return Pruned(goes.position - start.position)


async def known(tx: Tx, user_id: str, verb: str, of: str, since: datetime) -> bool:
    """Whether this person did just that since then."""
    query = select(AuditRow.id).where(
        col(AuditRow.at) >= since, AuditRow.user_id == user_id, AuditRow.verb == verb, AuditRow.object == of
    )
    return (await tx.exec(query.limit(1))).first() is not None


async def among(tx: Tx, verb: str, of: Collection[str]) -> set[str]:
    """Those of `of` to which somebody ever did this."""
    query = select(AuditRow.object).where(AuditRow.verb == verb, one_of(tx, col(AuditRow.object), of))
    return set((await tx.exec(query.distinct())).all()) if of else set()


async def latest(tx: Tx, wanted: Filter, *, offset: int, limit: int) -> list[AuditRow]:
    """Rows that are asked for, the latest first."""
    query = _chosen(select(AuditRow), wanted).order_by(col(AuditRow.at).desc(), col(AuditRow.id).desc())
    return list((await tx.exec(query.offset(offset).limit(limit))).all())


async def rows_of_verb(tx: Tx, verb: str) -> list[AuditRow]:
    """Whenever this was done, in order."""
    return list((await tx.exec(select(AuditRow).where(AuditRow.verb == verb).order_by(col(AuditRow.id)))).all())


async def count(tx: Tx, wanted: Filter) -> int:
    return (await tx.exec(_chosen(select(func.count(col(AuditRow.id))), wanted))).one()


def _chosen(query: SelectOfScalar[T], wanted: Filter) -> SelectOfScalar[T]:
    if wanted.user_id is not None:
        by = col(AuditRow.user_id)
        query = query.where(by == wanted.user_id if wanted.user_id else (by == "") | by.startswith(f"{COMMAND_LINE}: "))
    if wanted.verb:
        query = query.where(col(AuditRow.verb).istartswith(wanted.verb, autoescape=True))
    for some in wanted.verbs:
        query = query.where(or_(*(col(AuditRow.verb).startswith(verb, autoescape=True) for verb in some)))
    if wanted.kind:
        start = col(AuditRow.object).startswith(f"{wanted.kind}:", autoescape=True)
        query = query.where(start | (col(AuditRow.object) == wanted.kind))
    if wanted.of:
        query = query.where(col(AuditRow.object).contains(wanted.of, autoescape=True))
    if wanted.first is not None:
        query = query.where(col(AuditRow.at) >= wanted.first)
    if wanted.before is not None:
        query = query.where(col(AuditRow.at) < wanted.before)
    return query


async def _alone(tx: Tx) -> None:
    """On SQLite whoever writes is alone anyway."""
    if tx.get_bind().dialect.name == "postgresql":
        await (await tx.connection()).execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN})

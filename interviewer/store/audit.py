"""Who did what to what (trust.md 14). Rows are added and read, never changed; none holds content.

They are a chain: each row carries the digest of the one before and its own, so that whoever changes, removes or slips
in a row later breaks it, or has to make everything after it anew, which a digest that was noted elsewhere tells.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from sqlmodel import col, delete, func, select, text
from sqlmodel.sql.expression import SelectOfScalar

from interviewer.store.db import Tx, at_the_end, one_of
from interviewer.store.tables.people import AnchorRow, AuditRow

T = TypeVar("T")

_CHAIN = 0x617564697463
"""Names the lock that whoever makes the chain longer or shorter holds."""
_BATCH = 1000


@dataclass(frozen=True)
class Link:
    """A place in the chain, and the digest of the row there."""

    position: int = 0
    digest: str = ""


@dataclass(frozen=True)
class Filter:
    """Which rows are asked for."""

    user_id: str | None = None
    verb: str = ""
    """How it begins."""
    kind: str = ""
    """What comes before the colon of an object."""
    of: str = ""
    """A part of an object."""
    first: datetime | None = None
    before: datetime | None = None


def add(tx: Tx, user_id: str, verb: str, of: str, at: datetime) -> None:
    """`of` is a kind and an id ("interview:4f…"), never a name or a text."""
    tx.add(AuditRow(at=at, user_id=user_id, verb=verb, object=of))
    at_the_end(tx, seal)


def digest_of(row: AuditRow) -> str:
    """What `digest` of a row has to be: sha256 over its place, its fields and the digest before, as one JSON list."""
    moment = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    told = [row.position, moment, row.user_id, row.verb, row.object, row.previous]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


async def seal(tx: Tx) -> int:
    """Give every row that is in no chain yet its place at the end. Returns how many there were.

    One transaction at a time does, until it is committed, so that no two rows follow the same one. Rows of a process
    of the release before have no place until somebody else's act, or the sweep.
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


async def chain(tx: Tx) -> AsyncIterator[Sequence[AuditRow]]:
    """The rows that have a place, in order, some at a time."""
    after = -1
    while True:
        query = select(AuditRow).where(col(AuditRow.position) > after).order_by(col(AuditRow.position)).limit(_BATCH)
        rows = (await tx.exec(query)).all()
        if not rows:
            return
        yield rows
        after = rows[-1].position or 0
        tx.expunge_all()


async def unsealed(tx: Tx) -> int:
    return (await tx.exec(select(func.count()).where(col(AuditRow.position).is_(None)))).one()


async def prune(tx: Tx, before: datetime, at: datetime) -> int:
    """Drop rows from the oldest end up to the first that is not older than `before`, the last one never. What is left
    still follows from the anchor. Returns how many went."""
    await seal(tx)
    start, end = await anchor(tx), await head(tx)
    stays = select(func.min(AuditRow.position)).where(col(AuditRow.position).is_not(None), col(AuditRow.at) >= before)
    upto = min((await tx.exec(stays)).one() or end.position, end.position) - 1
    if upto <= start.position:
        return 0
    last = (await tx.exec(select(AuditRow).where(AuditRow.position == upto))).first()
    if last is None:  # broken there: what would tell is not thrown away
        return 0
    made = AnchorRow(position=upto, digest=last.digest, at=at)
    await tx.exec(delete(AnchorRow))
    await tx.exec(delete(AuditRow).where(col(AuditRow.position) <= upto))
    tx.add(made)
    add(tx, "", "dropped the oldest entries", f"audit:{upto}", at)
    return upto - start.position


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


async def rows(tx: Tx, of: str = "") -> list[AuditRow]:
    """The log in order; with `of`, what was done to that."""
    query = select(AuditRow).order_by(col(AuditRow.id))
    return list((await tx.exec(query.where(AuditRow.object == of) if of else query)).all())


async def of_objects(tx: Tx, objects: Collection[str]) -> list[AuditRow]:
    """What was done to any of these, in order."""
    query = select(AuditRow).where(one_of(tx, col(AuditRow.object), objects)).order_by(col(AuditRow.id))
    return list((await tx.exec(query)).all()) if objects else []


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
        query = query.where(AuditRow.user_id == wanted.user_id)
    if wanted.verb:
        query = query.where(col(AuditRow.verb).istartswith(wanted.verb, autoescape=True))
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

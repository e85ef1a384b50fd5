"""Who did what to what (trust.md 14). Rows are added and read, never changed; none holds content."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from interviewer.store.db import Tx, one_of
from interviewer.store.tables.people import AuditRow


def add(tx: Tx, user_id: str, verb: str, of: str, at: datetime) -> None:
    """`of` is a kind and an id ("interview:4f…"), never a name or a text."""
    tx.add(AuditRow(at=at, user_id=user_id, verb=verb, object=of))


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

"""The CRM's and the rep's view of deals. Never handed to the interviewer's side (blind by construction)."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import col, select

from interviewer.store import audit
from interviewer.store.db import Tx, add_new
from interviewer.store.tables.deals import DealRow, HypothesisRow

TYPED = "edited deal"
"""What the audit log says of a deal that somebody typed at the desk."""
_CHUNK = 500


async def get(tx: Tx, invitation_id: str, *, lock: bool = False) -> DealRow | None:
    """What is known of the deal behind an invitation, or None. `lock` where a write follows in this transaction."""
    return await tx.get(DealRow, invitation_id, with_for_update=lock or None, populate_existing=lock)


async def rivals(tx: Tx, limit: int = 200) -> list[str]:
    """Names that stand in deals as a competitor, the most frequent first."""
    columns = (DealRow.primary_competitor, DealRow.selected_competitor, DealRow.incumbent, DealRow.rep_competitor)
    named: Counter[str] = Counter()
    for column in columns:
        query = select(col(column), func.count()).where(col(column) != "").group_by(col(column))
        named.update(dict((await tx.exec(query)).all()))
    return [name for name, _ in named.most_common(limit)]


async def of(tx: Tx, invitation_ids: Collection[str]) -> dict[str, DealRow]:
    """The deals behind these invitations, by invitation."""
    found: dict[str, DealRow] = {}
    wanted = sorted(set(invitation_ids))
    for start in range(0, len(wanted), _CHUNK):
        query = select(DealRow).where(col(DealRow.invitation_id).in_(wanted[start : start + _CHUNK]))
        found.update({row.invitation_id: row for row in (await tx.exec(query)).all()})
    return found


async def typed(tx: Tx, invitation_ids: Collection[str]) -> set[str]:
    """Those of these invitations whose deal somebody typed at the desk: no file changes it."""
    of = {f"invitation:{invitation_id}": invitation_id for invitation_id in invitation_ids}
    return {of[name] for name in await audit.among(tx, TYPED, of)}


def add(tx: Tx, row: DealRow) -> None:
    tx.add(row)


def keep(tx: Tx, invitation_id: str, deal: DealRow | None, facts: Mapping[str, Any], now: datetime) -> bool:
    """Add or update what is known of a deal; says whether anything changed. What `facts` leave empty stays."""
    if deal is None:
        deal = DealRow(invitation_id=invitation_id, updated_at=now)
        add(tx, deal)
    said = {field: value for field, value in facts.items() if value not in ("", None)}
    return put(deal, said, now)


def news(deal: DealRow | None, facts: Mapping[str, Any]) -> bool:
    """Whether `facts` say something else than is known."""
    return any(value not in ("", None) and value != getattr(deal, field, None) for field, value in facts.items())


def put(deal: DealRow, facts: Mapping[str, Any], now: datetime) -> bool:
    """Make a deal say exactly `facts`; says whether anything changed."""
    changed = {field: value for field, value in facts.items() if value != getattr(deal, field)}
    for field, value in changed.items():
        setattr(deal, field, value)
    if changed:
        deal.updated_at = now
    return bool(changed)


async def erase(tx: Tx, invitation_id: str) -> None:
    """Drop what was known of a deal."""
    await tx.exec(delete(DealRow).where(col(DealRow.invitation_id) == invitation_id))


async def hypothesis(tx: Tx, flow: str, *, lock: bool = False) -> HypothesisRow | None:
    """What the team expects to hear from deals of this flow."""
    return await tx.get(HypothesisRow, flow, with_for_update=lock or None, populate_existing=lock)


async def add_hypothesis(tx: Tx, row: HypothesisRow) -> bool:
    """The first of its flow; False where somebody else has just written one."""
    return await add_new(tx, row)

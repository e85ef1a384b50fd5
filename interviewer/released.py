"""What a PMM let the other teams read: single statements, without who made them (trust.md 9-11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from interviewer import records
from interviewer.analysis.codebook import CODEBOOK, Theme
from interviewer.confidentiality import AUDIENCES, Field, Role, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import NotAllowed, NotFound
from interviewer.store import audit
from interviewer.store import released as store


async def listing(deps: Deps, viewer: Viewer, *, audience: str = "") -> Sequence[Seen[records.Released]]:
    """What is released to the viewer's own team, the latest first; a PMM may look as any of `AUDIENCES`.

    Raises NotAllowed for another team's.
    """
    viewer.require(Field.RELEASED)
    asked = Role(audience) if audience else viewer.role
    if asked not in AUDIENCES or (asked is not viewer.role and not viewer.sees(Field.TRANSCRIPT)):
        raise NotAllowed
    async with deps.db.read() as tx:
        found = await store.to_audience(tx, asked)
    if found:
        async with deps.db.write() as tx:
            audit.add(tx, viewer.user_id, "read released statements", f"audience:{asked}", deps.now())
    return tuple(see(viewer, _record(deps, one)) for one in found)


def quarter(moment: date | datetime) -> str:
    """The quarter of a day: "2026 Q4"."""
    return f"{moment.year} Q{(moment.month + 2) // 3}"


def _record(deps: Deps, one: store.Let) -> records.Released:
    themes = tuple(dict.fromkeys(CODEBOOK[Theme(tag.theme)].label for tag in one.tags))
    tag = next(iter(one.tags), None)
    return records.Released(
        text=one.wording or one.text,
        paraphrase=bool(one.wording),
        themes=themes,
        subject=tag.subject if tag else "",
        polarity=tag.polarity if tag else "",
        outcome=_outcome(deps, one.flow),
        quarter=quarter(one.closed_on or one.ended_at),
        amount=one.amount,
        currency=one.currency,
        segment=one.segment,
    )


def _outcome(deps: Deps, flow: str) -> str:
    try:
        return deps.flows.get(flow).outcome
    except NotFound:
        return flow

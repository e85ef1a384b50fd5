"""What a PMM let the other teams read: single statements, without who made them (trust.md 9-11)."""

from __future__ import annotations

from datetime import date, datetime

from interviewer import records
from interviewer.analysis.codebook import CODEBOOK, Theme
from interviewer.confidentiality import AUDIENCES, Field, Role, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import NotAllowed, NotFound
from interviewer.records.released import Shelf
from interviewer.store import audit
from interviewer.store import released as store


async def shelf(deps: Deps, viewer: Viewer, *, audience: str = "", theme: str = "") -> Seen[Shelf]:
    """What is released to the viewer's own team, the latest first, of one theme (its label) if asked.

    A PMM looks as any of `AUDIENCES`, by default the first. Raises NotAllowed for another team's shelf.
    """
    viewer.require(Field.RELEASED)
    asked = _audience(viewer, audience)
    async with deps.db.read() as tx:
        found = [_record(deps, one) for one in await store.to_audience(tx, asked)]
    if found:
        async with deps.db.write() as tx:
            audit.add(tx, viewer.user_id, "read released statements", f"audience:{asked}", deps.now())
    return see(
        viewer,
        Shelf(
            audience=asked,
            audiences=AUDIENCES,
            theme=theme,
            themes=tuple(dict.fromkeys(label for one in found for label in one.themes)),
            statements=tuple(one for one in found if not theme or theme in one.themes),
            everything=len(found),
        ),
    )


def _audience(viewer: Viewer, wanted: str) -> Role:
    looks_as_others = viewer.sees(Field.TRANSCRIPT)
    if looks_as_others:
        return Role(wanted) if wanted in AUDIENCES else AUDIENCES[0]
    if viewer.role not in AUDIENCES or wanted not in ("", viewer.role):
        raise NotAllowed
    return viewer.role


def quarter(moment: date | datetime) -> str:
    """The quarter of a day: "2026 Q4"."""
    return f"{moment.year} Q{(moment.month + 2) // 3}"


def _record(deps: Deps, one: store.Let) -> records.Released:
    themes = tuple(dict.fromkeys(CODEBOOK[Theme(tag.theme)].label for tag in one.tags))
    # Whom it is about comes first: a competitor that is named says more than the rest.
    named = sorted((tag for tag in one.tags if tag.subject), key=lambda tag: tag.theme != Theme.COMPETITOR_MENTION)
    tag = next(iter(one.tags), None)
    return records.Released(
        id=one.id,
        text=one.wording or one.text,
        paraphrase=bool(one.wording) or one.noted,
        themes=themes,
        subject=named[0].subject if named else "",
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

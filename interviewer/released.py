"""What a PMM let the other teams read: single statements, without who made them (trust.md 9-11)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from datetime import date, datetime
from functools import cache

from interviewer import records
from interviewer.analysis.codebook import CODEBOOK, Theme
from interviewer.analysis.words import languages, load
from interviewer.confidentiality import AUDIENCES, Field, Role, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import NotAllowed, NotFound
from interviewer.folding import fold
from interviewer.records.released import Shelf
from interviewer.store import audit
from interviewer.store import released as store

PAGE = 50
"""Statements on one page."""


async def shelf(deps: Deps, viewer: Viewer, *, audience: str = "", theme: str = "", before: int = 0) -> Seen[Shelf]:
    """A page of what is released to the viewer's own team, the latest first, of one theme (its label) if asked.

    `before` is where the page before ended. A PMM looks as any of `AUDIENCES`, by default the first. Raises NotAllowed
    for another team's shelf.
    """
    found = await _page(deps, viewer, audience, theme, before)
    if found.statements:
        async with deps.db.write() as tx:
            audit.add(tx, viewer.user_id, "read released statements", f"audience:{found.audience}", deps.now())
    return found


async def pages(deps: Deps, viewer: Viewer, audience: str) -> AsyncGenerator[Seen[Shelf]]:
    """Every page of a shelf, for an export, which says in the audit log what it is. Raises NotAllowed."""
    page = await _page(deps, viewer, audience)
    yield page
    while page.older:
        page = await _page(deps, viewer, audience, before=page.older)
        yield page


async def after(
    deps: Deps, viewer: Viewer, audiences: Collection[Role], release_id: int, limit: int
) -> tuple[Seen[records.Released], ...]:
    """What is released to these teams, as it came, from behind `release_id`. Raises NotAllowed for another's shelf."""
    viewer.require(Field.RELEASED)
    asked = [_audience(viewer, audience) for audience in audiences]
    async with deps.db.read() as tx:
        found = await store.after(tx, asked, release_id, limit, _ours())
    return tuple(see(viewer, _record(deps, one)) for one in found)


async def _page(deps: Deps, viewer: Viewer, audience: str, theme: str = "", before: int = 0) -> Seen[Shelf]:
    viewer.require(Field.RELEASED)
    asked = _audience(viewer, audience)
    wanted = next((name.value for name, entry in CODEBOOK.items() if entry.label == theme), theme)
    async with deps.db.read() as tx:
        found = await store.latest(tx, asked, theme=wanted, before=before, limit=PAGE + 1, ours=_ours())
        themes = await store.themes(tx, asked, found)
    return see(
        viewer,
        Shelf(
            audience=asked,
            audiences=AUDIENCES,
            theme=theme,
            themes=tuple(CODEBOOK[Theme(name)].label for name in themes),
            statements=tuple(_record(deps, one) for one in found[:PAGE]),
            before=before,
            older=found[PAGE - 1].id if len(found) > PAGE else 0,
        ),
    )


@cache
def _ours() -> frozenset[str]:
    """The names that the word lists have for subjects, folded."""
    lists = [load(language) for language in languages()]
    return frozenset(fold(label) for words in lists for label, _ in (*words.subjects, *words.status_quo))


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
        audience=one.audience,
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

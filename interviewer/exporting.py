"""Evidence leaves the desk: whole exports as a stream of bytes, and walks in parts for the API (trust.md 9-11, 48).

Both walk the same interviews in the same order, and give nothing but what `confidentiality.see` made for the one who
asks. Each export is audited, without content.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from interviewer import corrections, dossier, records, released
from interviewer.confidentiality import AUDIENCES, Act, Field, Role, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import InterviewerError, NoLongerAgrees, NotAllowed, NotFound
from interviewer.exports import EXPORTS, About, What
from interviewer.records import Status
from interviewer.records.outward import Choice, Correction, Exports, Offer
from interviewer.store import audit, desk, extracts
from interviewer.store.desk import Line

CHUNK = 25
"""Interviews read in one transaction."""

_NEEDS: dict[What, tuple[Field | Act, ...]] = {
    What.INTERVIEWS: (Act.EXPORT, Field.TRANSCRIPT),
    What.QUOTES: (Act.EXPORT, Field.TRANSCRIPT),
    What.DEALS: (Act.EXPORT, Field.DEAL),
    What.CORRECTIONS: (Field.CORRECTION,),
    What.RELEASED: (Field.RELEASED,),
}
_INTERVIEWS = ("interview", "interviews")
_LABELS = {
    What.INTERVIEWS: ("Interviews", "One row each: facts, notes, answers, drivers, competitors.", _INTERVIEWS),
    What.QUOTES: (
        "Quotes",
        "Verbatim words, one row for each theme on them, with a link to the turn.",
        ("quote", "quotes"),
    ),
    What.DEALS: ("Deals", "The CRM, the rep and the buyer side by side, with what contradicts.", _INTERVIEWS),
    What.CORRECTIONS: (
        "CRM corrections",
        "Reasons and competitors of buyers who agreed that they go back, once a person has reviewed the interview.",
        ("interview whose buyer agreed", "interviews whose buyers agreed"),
    ),
    What.RELEASED: (
        "Released statements",
        "What was released to a team, without who said it.",
        ("statement", "statements"),
    ),
}
OUTCOMES = {"loss": "Lost", "win": "Won", "no_decision": "No decision", "churn": "Churned", "midpoint": "Midpoint"}
"""What became of the deal, in a word or two, by flow."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for. Days are UTC, and those on which interviews ended."""

    what: What = What.INTERVIEWS
    flow: str = ""
    outcome: str = ""
    first: date | None = None
    last: date | None = None
    reviewed: bool | None = None
    mode: str = ""
    only: str = ""
    """One interview, by its id or its invitation's."""
    audience: str = ""
    """Whose released statements; empty: the viewer's own, for a PMM every team's."""
    theme: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Part:
    """A stretch of a walk, with where each of its interviews stands in it."""

    interviews: tuple[Seen[records.Interview], ...]
    keys: tuple[extracts.Key, ...]
    more: bool

    @property
    def after(self) -> extracts.Key | None:
        """Where the walk goes on; None at its end."""
        return self.keys[-1] if self.more else None


def may(viewer: Viewer, what: What) -> bool:
    return all(viewer.reaches(need) for need in _NEEDS[what])


async def offers(deps: Deps, viewer: Viewer, wanted: Wanted) -> Seen[Exports]:
    """What this viewer can take along, and how much of it the filters leave."""
    viewer.require(Field.RELEASED)
    made = []
    for what in What:
        if may(viewer, what):
            label, about, nouns = _LABELS[what]
            number, of = await _offered(deps, viewer, replace(wanted, what=what))
            waiting = await _unreviewed(deps, wanted) if what is What.CORRECTIONS else 0
            made.append(Offer(what, label, about, number, nouns[number != 1] + of, waiting))
    flows = tuple(deps.flows)
    exports = Exports(
        offers=tuple(made),
        formats=tuple(Choice(ending, form.label) for ending, form in EXPORTS.items()),
        flows=tuple(Choice(flow.id, flow.name) for flow in flows),
        outcomes=tuple(Choice(flow.outcome, OUTCOMES.get(flow.id, flow.name)) for flow in flows),
        audiences=tuple(Choice(role, role.capitalize()) for role in AUDIENCES),
    )
    return see(viewer, exports)


async def _offered(deps: Deps, viewer: Viewer, wanted: Wanted) -> tuple[int, str]:
    """How many of its own kind an export holds, and what they come from, where that is another kind."""
    number = await count(deps, viewer, wanted)
    if wanted.what is not What.QUOTES:
        return number, ""
    async with deps.db.read() as tx:
        quotes = await extracts.quotes(tx, chosen(deps, wanted))
    return quotes, f", from {number:,} {_INTERVIEWS[number != 1]}"


async def count(deps: Deps, viewer: Viewer, wanted: Wanted) -> int:
    """How many interviews, or released statements, an export would be made of. Raises NotAllowed."""
    _require(viewer, wanted.what)
    if wanted.what is What.RELEASED:
        async with deps.db.read() as tx:
            return await extracts.released(tx, _teams(viewer, wanted.audience))
    async with deps.db.read() as tx:
        return await extracts.count(tx, chosen(deps, wanted))


async def stream(deps: Deps, viewer: Viewer, wanted: Wanted, ending: str) -> AsyncGenerator[bytes]:
    """The export in the format of this file ending, piece by piece as it is made.

    What can be refused is refused before the iterator is given: raises NotAllowed, NotFound for a format or a single
    interview that is not there, and NoLongerAgrees for one whose buyer took their word back.
    """
    _require(viewer, wanted.what)
    if ending not in EXPORTS:
        raise NotFound
    if wanted.only and not await count(deps, viewer, wanted):
        raise await _why_not(deps, wanted.only)
    async with deps.db.write() as tx:
        of = f"interview:{wanted.only}" if wanted.only else f"export:{wanted.what}.{ending}"
        audit.add(tx, viewer.user_id, f"exported {wanted.what}", of, deps.now())
    about = About(wanted.what, deps.now(), deps.settings.base_url, deps.settings.organisation)
    return _pieces(deps, viewer, wanted, about, ending)


def file_name(wanted: Wanted, ending: str, now: datetime) -> str:
    """How a download is called. It names nobody."""
    return f"interviewer-{'interview' if wanted.only else wanted.what}-{now:%Y-%m-%d}.{ending}"


async def part(
    deps: Deps, viewer: Viewer, wanted: Wanted, *, after: extracts.Key | None, limit: int, whole: bool = False
) -> Part:
    """Up to `limit` interviews that began after `after`, the oldest first; their turns only where they are `whole`.

    Raises NotAllowed.
    """
    _require(viewer, wanted.what)
    async with deps.db.read() as tx:
        lines = await extracts.lines(tx, chosen(deps, wanted), after=after, limit=limit + 1)
        pages = await dossier.pages(deps, tx, lines[:limit], whole=whole)
    return Part(tuple(see(viewer, page) for page in pages), _keys(lines[:limit]), len(lines) > limit)


async def one(deps: Deps, viewer: Viewer, some_id: str) -> Seen[records.Interview]:
    """One interview that ended, by its id or its invitation's. Raises NotAllowed, NotFound, NoLongerAgrees."""
    found = await part(deps, viewer, Wanted(only=some_id), after=None, limit=1, whole=True)
    if not found.interviews:
        raise await _why_not(deps, some_id)
    return found.interviews[0]


async def _why_not(deps: Deps, some_id: str) -> InterviewerError:
    """Why one interview is in no export."""
    async with deps.db.read() as tx:
        line = await desk.line(tx, some_id, deps.now())
    return NoLongerAgrees() if line and line.status is Status.NO_LONGER_AGREES else NotFound()


async def walked(deps: Deps, viewer: Viewer, verb: str, of: str) -> None:
    """Note in the audit log what was read by the API or for print, without content."""
    async with deps.db.write() as tx:
        audit.add(tx, viewer.user_id, verb, of, deps.now())


async def agreed(
    deps: Deps, viewer: Viewer, wanted: Wanted, *, after: extracts.Key | None, limit: int
) -> tuple[tuple[Seen[Correction], ...], extracts.Key | None]:
    """What may go back to the CRM, of up to `limit` interviews; and where the walk goes on. Raises NotAllowed."""
    wanted = replace(wanted, what=What.CORRECTIONS)
    _require(viewer, wanted.what)
    async with deps.db.read() as tx:
        lines = await extracts.lines(tx, chosen(deps, wanted), after=after, limit=limit + 1)
        pages = await dossier.pages(deps, tx, lines[:limit], whole=False)
        found = [one for page in pages for one in corrections.of(page)]
    return tuple(see(viewer, one) for one in found), _keys(lines[:limit])[-1] if len(lines) > limit else None


async def released_after(
    deps: Deps, viewer: Viewer, audience: str, release_id: int, limit: int
) -> tuple[Seen[records.Released], ...]:
    """What was released to the viewer's own team, as it came; for a PMM to `audience`, or to every team. Raises
    NotAllowed."""
    _require(viewer, What.RELEASED)
    return await released.after(deps, viewer, _teams(viewer, audience), release_id, limit)


async def _pieces(deps: Deps, viewer: Viewer, wanted: Wanted, about: About, ending: str) -> AsyncGenerator[bytes]:
    async with aclosing(_records(deps, viewer, wanted)) as found, aclosing(EXPORTS[ending].write(about, found)) as made:
        async for piece in made:
            if piece:
                yield piece


async def _records(deps: Deps, viewer: Viewer, wanted: Wanted) -> AsyncGenerator[Seen[Any]]:
    if wanted.what is What.RELEASED:
        for team in _teams(viewer, wanted.audience):
            async with aclosing(released.pages(deps, viewer, team)) as shelf:
                async for page in shelf:
                    yield page
        return
    after: extracts.Key | None = None
    while True:
        if wanted.what is What.CORRECTIONS:
            found, after = await agreed(deps, viewer, wanted, after=after, limit=CHUNK)
            for correction in found:
                yield correction
        else:
            whole = wanted.what is What.INTERVIEWS
            stretch = await part(deps, viewer, wanted, after=after, limit=CHUNK, whole=whole)
            after = stretch.after
            for interview in stretch.interviews:
                yield interview
        if after is None:
            return


def _teams(viewer: Viewer, audience: str) -> Sequence[Role]:
    """Whose released statements are meant. Other filters do not apply to them."""
    if not viewer.sees(Field.TRANSCRIPT):
        return (viewer.role,)
    return (Role(audience),) if audience in AUDIENCES else AUDIENCES


def _keys(lines: Sequence[Line]) -> tuple[extracts.Key, ...]:
    return tuple((line.interview.started_at, line.interview.id) for line in lines if line.interview)


def _require(viewer: Viewer, what: What) -> None:
    if not may(viewer, what):
        raise NotAllowed


async def _unreviewed(deps: Deps, wanted: Wanted) -> int:
    """How many interviews hold corrections back until a person has reviewed them."""
    if wanted.reviewed:
        return 0
    every = replace(chosen(deps, replace(wanted, what=What.CORRECTIONS, reviewed=None)), reviewed=False)
    async with deps.db.read() as tx:
        return await extracts.count(tx, every)


def chosen(deps: Deps, wanted: Wanted) -> extracts.Filter:
    """What is asked for, as the store finds it. Corrections come from reviewed interviews only."""
    back = wanted.what is What.CORRECTIONS
    flows: set[str] | None = None
    if wanted.outcome:
        flows = {flow.id for flow in deps.flows if flow.outcome == wanted.outcome}
    if wanted.flow:
        flows = {wanted.flow} if flows is None else flows & {wanted.flow}
    if back and wanted.reviewed is False:
        flows = set()
    return extracts.Filter(
        flows=flows,
        first=_midnight(wanted.first) if wanted.first else None,
        before=_midnight(wanted.last + timedelta(days=1)) if wanted.last and wanted.last < date.max else None,
        reviewed=True if back else wanted.reviewed,
        mode=wanted.mode,
        agreed=back,
        only=wanted.only,
        theme=wanted.theme,
        kind=wanted.kind,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

"""The desk reads: lists and the page of one interview, as the viewer may see them (ux.md, "The PMM's desk").

The store has the facts, `dossier.py` makes records of them, `confidentiality.see` has the last word. Looking at a
transcript is audited, and so is a search that shows some of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil

from interviewer import dossier, records
from interviewer.confidentiality import SEES, Act, Field, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.store import agenda, audit, desk, hosts
from interviewer.store import interviews as interview_store

PAGE = 25
"""Lines of the list on one page."""
SITTING = timedelta(hours=1)
"""So long a transcript that was opened counts as looked at, however often its page brings itself up to date."""


@dataclass(frozen=True)
class Wanted:
    """What the address bar of the list asks for."""

    status: str = ""
    flow: str = ""
    text: str = ""
    page: int = 1


async def interviews(deps: Deps, viewer: Viewer, wanted: Wanted) -> Seen[records.Listing]:
    """One page of the list, the latest first, with counts. A page past the end is the last one."""
    viewer.require(Field.INTERVIEW)
    searched = tuple(wanted.text.split())[: desk.MOST_WORDS]
    chosen = desk.Filter(
        now=deps.now(),
        status=wanted.status,
        flow=wanted.flow,
        words=searched,
        fields=SEES.get(viewer.role, frozenset()),
    )
    async with deps.db.read() as tx:
        chosen = await desk.searched(tx, chosen)
        statuses, flows = await desk.statuses(tx, chosen), await desk.flows(tx, chosen)
        found = await desk.found(tx, chosen)
        pages = max(1, ceil(found / PAGE))
        page = min(max(1, wanted.page), pages)
        lines = await desk.lines(tx, chosen, offset=(page - 1) * PAGE, limit=PAGE)
        listing = records.Listing(
            heads=await dossier.heads(deps, tx, lines, searched),
            found=found,
            of_any_status=await desk.found(tx, replace(chosen, status="")),
            everything=await desk.everything(tx),
            page=page,
            pages=pages,
            statuses=dossier.status_counts(statuses, wanted.status),
            flows=dossier.flow_counts(deps, flows, wanted.flow),
            failures=tuple(dossier.failure(job, invitation) for job, invitation in await desk.failures(tx)),
        )
    if viewer.sees(Field.TRANSCRIPT) and any(head.excerpt for head in listing.heads):
        async with deps.db.write() as tx:
            audit.add(tx, viewer.user_id, "searched answers", "interviews", deps.now())
    return see(viewer, listing)


async def interview(deps: Deps, viewer: Viewer, some_id: str, *, again: bool = False) -> Seen[records.Interview]:
    """Everything on the page of one invitation, found by its id or by its interview's. Raises NotFound.

    A page that looks `again` after an act is no other view in the audit log, as long as there is one of this sitting.
    """
    viewer.require(Field.INTERVIEW)
    async with deps.db.read() as tx:
        line = await desk.line(tx, some_id, deps.now())
        if line is None:
            raise NotFound
        page = await dossier.page(deps, tx, line, reader=viewer.user_id if viewer.may(Act.REVIEW) else "")
    if viewer.sees(Field.TRANSCRIPT) and page.exchanges:
        await viewed(deps, viewer, f"interview:{page.interview_id}", again=again)
    return see(viewer, page)


async def head(deps: Deps, viewer: Viewer, some_id: str) -> Seen[records.Head]:
    """What the list says of one invitation. Raises NotFound."""
    viewer.require(Field.INTERVIEW)
    async with deps.db.read() as tx:
        line = await desk.line(tx, some_id, deps.now())
        if line is None:
            raise NotFound
        (found,) = await dossier.heads(deps, tx, [line])
    return see(viewer, found)


async def notice(deps: Deps, viewer: Viewer, some_id: str) -> Seen[records.Shown]:
    """The notice as this buyer was shown it. Raises NotFound."""
    viewer.require(Field.INTERVIEW)
    async with deps.db.read() as tx:
        line = await desk.line(tx, some_id, deps.now())
        if line is None or line.interview is None or (told := dossier.told(line.interview)) is None:
            raise NotFound
        text = await interview_store.notice(tx, line.interview)
    return see(viewer, records.Shown(line.invitation.id, text, told))


async def open_calls(deps: Deps, viewer: Viewer) -> int:
    """The number beside "Calls": asked for, to be noted, to be called off elsewhere, or held by nobody; 0 for who may
    not see them."""
    if not viewer.sees(Field.CALL):
        return 0
    async with deps.db.read() as tx:
        now, roles = deps.now(), {role.value for role, sees in SEES.items() if Field.CALL in sees}
        noting, elsewhere = await agenda.waiting(tx, now), await agenda.barred(tx, now)
        return await desk.open_calls(tx) + noting + elsewhere + len(await hosts.unheld(tx, roles, now))


async def asking_deletion(deps: Deps, viewer: Viewer) -> int:
    """The number beside "Requests": buyers who asked for deletion in an answer, and are still here; 0 for who does not
    answer for that."""
    if not viewer.may(Act.ANSWER):
        return 0
    async with deps.db.read() as tx:
        return await desk.asking_deletion(tx)


async def viewed(deps: Deps, viewer: Viewer, of: str, *, again: bool) -> None:
    """Keep that somebody looked at a transcript; `again` within a sitting is no other look."""
    verb, now = "viewed transcript", deps.now()
    if again:
        async with deps.db.read() as tx:
            if await audit.known(tx, viewer.user_id, verb, of, now - SITTING):
                return
    async with deps.db.write() as tx:
        audit.add(tx, viewer.user_id, verb, of, now)

"""Keep interviews that were held elsewhere: all of a file or none, the same file twice changes nothing (trust.md 40).

Nobody is written to: each gets an invitation whose link has ended. Then they are analysed like any other.
"""

import asyncio
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from interviewer import reruns, store, suppression
from interviewer.deps import Deps
from interviewer.errors import BadInput, Problem
from interviewer.importing import agreed, checking, evidence, keeping
from interviewer.importing.keeping import Fresh, Held
from interviewer.importing.turns import completed, course
from interviewer.interchange import Reading
from interviewer.store import audit, deals, imported, search
from interviewer.store.db import Tx
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Context, Transcript

CONSOLE = "console"
"""Stands as the user for what somebody at the machine itself does."""
_GONE = "is of a buyer whose answers were deleted here; none are brought back"


class State(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Taken:
    """What became of one interview of a file. Ids and `page` are empty where it is not here."""

    state: State
    place: str
    interview_id: str = ""
    invitation_id: str = ""
    page: str = ""
    why: str = ""
    """Why it is not here, or not as the file has it."""
    notes: tuple[Problem, ...] = ()
    """What of it was left out, by its place in the file."""


@dataclass(frozen=True)
class _There:
    """What is here of the interviews and the people of a file."""

    interviews: Mapping[str, tuple[InterviewRow, InvitationRow]]
    """By their own id and by their source's."""
    deals: Mapping[str, DealRow]
    """By invitation."""
    free: dict[tuple[str, str], InvitationRow | None]
    """By address and deal: an invitation without an interview; None where there is an interview already."""
    typed: Set[str]
    """Invitations whose deal somebody typed at the desk."""
    erased: Set[str]
    """Addresses of buyers whose answers were erased."""


class _OnlyTried(Exception):
    """Takes back what a dry run did."""


async def take(
    deps: Deps, reading: Reading, *, by: str = CONSOLE, dry_run: bool = False, days_only: bool = False
) -> tuple[Taken, ...]:
    """Keep the interviews of a file and have them analysed; with `dry_run` only say what would become of each.

    With `days_only` the times of turns say how far they are apart, and nothing else. Raises BadInput with every problem
    found, and has then kept nothing.
    """
    held = _checked(deps, reading)
    if days_only:
        held = [replace(one, course=one.course.of_a_day()) for one in held]
    async with deps.db.read() as tx:
        due = await _to_read(deps, tx, held)
    # Judging thousands of answers takes seconds: before the transaction, and beside the loop.
    read = await asyncio.to_thread(lambda: _Read(deps, due))
    taken: list[Taken] = []
    try:
        async with deps.db.write() as tx:
            await store.invitations.one_import(tx)
            there = await _there(deps, tx, held, lock=True)
            fresh: list[Fresh] = []
            checked = await agreed.check(tx, held, deps.now())
            for one in held:
                known = _known(there.interviews, one)
                if (why := checked.refused.get(one.source)) and (known is None or _brought(known[0], one)):
                    taken.append(Taken(State.LEFT_OUT, one.place, why=why))
                elif known:
                    taken.append(await _again(deps, tx, there, one, known, read, by))
                else:
                    told = _new(deps, there, one, fresh)
                    taken.append(replace(told, why=told.why or checked.unchecked.get(one.source, "")))
            notes = await _keep(deps, tx, there, fresh, read, by)
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        taken = [replace(one, interview_id="", page="") if one.state is State.CREATED else one for one in taken]
        return _told(taken, notes)
    await _index(deps, [one.interview_id for one in taken if one.state is State.UPDATED])
    await reruns.ask(deps, [one.interview_id for one in taken if one.state in (State.CREATED, State.UPDATED)])
    return _told(taken, notes)


def _checked(deps: Deps, reading: Reading) -> list[Held]:
    """The interviews with their turns in time. Raises BadInput."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    held = []
    for interview, place in zip(reading.interviews, reading.places, strict=True):
        found = checking.check(interview, place, flows=deps.flows.ids, now=deps.now())
        source = keeping.source(interview)
        if source in seen:
            found.append(Problem(place, f"is the same interview as {seen[source]}"))
        seen.setdefault(source, place)
        problems += found
        if not found:
            held.append(Held(interview, place, source, course(interview, deps.now())))
    if problems:
        raise BadInput(problems)
    return held


async def _to_read(deps: Deps, tx: Tx, held: Sequence[Held]) -> list[Held]:
    """Those whose answers have to be judged: they are new, or say something else than they did."""
    there = (await _there(deps, tx, held)).interviews
    due = []
    for one in held:
        known = _known(there, one)
        if known is None or (_brought(known[0], one) and await keeping.differs(tx, known[0], one)):
            due.append(one)
    return due


class _Read:
    """Transcripts whose answers were judged, by source; one that nobody expected to need is judged when it is."""

    def __init__(self, deps: Deps, due: Sequence[Held]) -> None:
        self._deps = deps
        self._done = {one.source: _judged(deps, one) for one in due}

    def of(self, one: Held) -> Transcript:
        return self._done.get(one.source) or _judged(self._deps, one)


def _judged(deps: Deps, one: Held) -> Transcript:
    flow = deps.flows.get(one.interview.flow)
    context = Context(
        vendor=deps.settings.organisation,
        product=one.interview.product or deps.settings.product,
        outcome=flow.outcome,
        role=one.interview.buyer.role,
    )
    return completed(one.course, flow, language=keeping.language(one.interview), context=context)


async def _there(deps: Deps, tx: Tx, held: Sequence[Held], *, lock: bool = False) -> _There:
    known = await imported.known(tx, {key for one in held for key in (one.source, *_ids(one)) if key}, lock=lock)
    addresses = {keeping.address(one.interview) for one in held} - {""}
    same = await store.invitations.by_addresses(tx, addresses, lock=lock)
    behind = {pair[1].id for pair in known} | {row.id for row in same}
    begun = await store.invitations.begun(tx, {row.id for row in same})
    return _There(
        interviews={key: pair for pair in known for key in (pair[0].id, pair[0].source_id) if key},
        deals=await deals.of(tx, behind),
        free={(row.email, row.deal_id): None if row.id in begun or row.erased_at else row for row in same},
        typed=await deals.typed(tx, behind),
        erased=await _erased(deps, tx, addresses),
    )


async def _erased(deps: Deps, tx: Tx, addresses: Set[str]) -> Set[str]:
    """Those of `addresses` whose answers were erased here."""
    marks = {mark: address for address in addresses for mark in suppression.marks(deps.links.keys, address)}
    kept = await store.invitations.suppressed(tx, marks)
    return {marks[mark] for mark, row in kept.items() if row.reason == store.invitations.ERASED}


def _known(
    there: Mapping[str, tuple[InterviewRow, InvitationRow]], one: Held
) -> tuple[InterviewRow, InvitationRow] | None:
    found = (there.get(key) for key in (*_ids(one), one.source))
    return next((pair for pair in found if pair), None)


def _ids(one: Held) -> tuple[str, str]:
    """What it may be called here: an export of this installation returns by its `id`, one of another that had it from
    here by its `source_id`."""
    return one.interview.id, one.interview.source_id


def _brought(row: InterviewRow, one: Held) -> bool:
    """Whether it came from this source, and is not one of this installation's own that returns."""
    return row.source_id == one.source and row.id not in _ids(one) and not row.deleted_at


async def _again(
    deps: Deps,
    tx: Tx,
    there: _There,
    one: Held,
    known: tuple[InterviewRow, InvitationRow],
    read: _Read,
    by: str,
) -> Taken:
    """One that is here already, brought up to its source where it came from there."""
    now, (row, invitation) = deps.now(), known
    if row.deleted_at:
        return Taken(State.LEFT_OUT, one.place, why="was deleted here, and is not brought back")
    if row.withdrawn_at:
        return Taken(State.LEFT_OUT, one.place, why="is of somebody who no longer agrees: nothing more is made of it")
    changed, why = False, ""
    if _brought(row, one):
        changed = keeping.describe(row, invitation, one)
        if await keeping.retell(tx, row, one, read.of, now):
            await tx.flush()
            await search.index(tx, row.id)
            changed = True
        said, why = _deal(deps, tx, there, one, invitation.id, by)
        changed |= said
    if changed:
        audit.add(tx, by, "imported again", f"interview:{row.id}", now)
    state = State.UPDATED if changed else State.UNCHANGED
    return replace(_taken(deps, state, one, row.id, invitation.id), why=why)


def _deal(deps: Deps, tx: Tx, there: _There, one: Held, invitation_id: str, by: str) -> tuple[bool, str]:
    """Keep what the CRM and the rep say: whether anything changed, and why not. A file does not overwrite a person."""
    known = there.deals.get(invitation_id)
    if by == CONSOLE and invitation_id in there.typed:
        return False, "keeps its deal as somebody typed it at the desk" if keeping.news(one, known) else ""
    return keeping.deal(tx, one, invitation_id, known, deps.now()), ""


def _new(deps: Deps, there: _There, one: Held, fresh: list[Fresh]) -> Taken:
    """One that is not here: put on `fresh`, with the invitation that waits for it or one of its own."""
    now = deps.now()
    if one.course.ended_at < now - timedelta(days=deps.settings.retention_days):
        why = (
            f"ended on {one.course.ended_at:%Y-%m-%d}, longer ago than interviews are kept (INTERVIEWER_RETENTION_DAYS)"
        )
        return Taken(State.LEFT_OUT, one.place, why=why)
    key = keeping.address(one.interview), one.interview.deal.deal_id
    if key[0] in there.erased:
        return Taken(State.LEFT_OUT, one.place, why=_GONE)
    interview_id = deps.new_id()
    waiting = there.free.get(key)
    taken_key = key in there.free or not key[0]
    invitation = waiting or keeping.invitation(deps, one, f"import:{interview_id}" if taken_key else key[1])
    if key[0]:
        there.free[key] = None
    fresh.append(Fresh(interview_id, invitation, one))
    return _taken(deps, State.CREATED, one, interview_id, invitation.id)


async def _keep(
    deps: Deps, tx: Tx, there: _There, fresh: Sequence[Fresh], read: _Read, by: str
) -> Mapping[str, tuple[tuple[Problem, ...], str]]:
    """Add what is new, table by table: buyers who answer meanwhile wait for this transaction.

    Gives what of each was left out by its interview's place in the file, and what became of its deal.
    """
    told = {}
    rows = await keeping.create(deps, tx, fresh, read.of)
    for one, row in zip(fresh, rows, strict=True):
        _, why = _deal(deps, tx, there, one.held, one.invitation.id, by)
        left_out = await evidence.keep(tx, row, one.invitation, one.held, by, deps.now())
        told[one.held.place] = left_out, why
        audit.add(tx, by, "imported", f"interview:{row.id}", deps.now())
    return told


async def _index(deps: Deps, interview_ids: Sequence[str]) -> None:
    """Let them be found by their new names. One at a time: thousands in one transaction would keep buyers waiting."""
    for interview_id in interview_ids:
        async with deps.db.write() as tx:
            await search.index(tx, interview_id)


def _told(taken: Sequence[Taken], kept: Mapping[str, tuple[tuple[Problem, ...], str]]) -> tuple[Taken, ...]:
    """With what keeping them came to."""
    known = (kept.get(one.place, ((), "")) for one in taken)
    return tuple(
        replace(one, notes=one.notes + notes, why=one.why or why)
        for one, (notes, why) in zip(taken, known, strict=True)
    )


def _taken(deps: Deps, state: State, one: Held, interview_id: str, invitation_id: str) -> Taken:
    page = f"{deps.settings.base_url.rstrip('/')}/desk/interviews/{invitation_id}"
    return Taken(state, one.place, interview_id, invitation_id, page)

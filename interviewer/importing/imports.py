"""Keep interviews that were held elsewhere: all of a file or none, the same file twice changes nothing (trust.md 40).

Nobody is written to: each gets an invitation whose link has ended. Then they are analysed like any other.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from interviewer import store
from interviewer.deps import Deps
from interviewer.errors import BadInput, Problem
from interviewer.importing import checking, evidence, keeping
from interviewer.importing.keeping import Fresh, Held
from interviewer.importing.turns import DAY, completed, course
from interviewer.interchange import Reading
from interviewer.store import audit, deals, imported
from interviewer.store.db import Tx
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Context, Transcript

CONSOLE = "console"
"""Stands as the user for what somebody at the machine itself does."""
_AT_ONCE = 100
"""Interviews whose analysis is asked for in one transaction."""


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


@dataclass(frozen=True)
class _There:
    """What is here of the interviews and the people of a file."""

    interviews: Mapping[str, tuple[InterviewRow, InvitationRow]]
    """By their own id and by their source's."""
    deals: Mapping[str, DealRow]
    """By invitation."""
    free: dict[tuple[str, str], InvitationRow | None]
    """By address and deal: an invitation without an interview; None where there is an interview already."""


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
        held = [replace(one, course=replace(one.course, times=DAY)) for one in held]
    async with deps.db.read() as tx:
        due = await _to_read(tx, held)
    # Judging thousands of answers takes seconds: before the transaction, and beside the loop.
    read = await asyncio.to_thread(lambda: _Read(deps, due))
    taken: list[Taken] = []
    try:
        async with deps.db.write() as tx:
            await store.invitations.one_import(tx)
            there = await _there(tx, held)
            fresh: list[Fresh] = []
            for one in held:
                if known := _known(there.interviews, one):
                    taken.append(await _again(deps, tx, there, one, known, read, by))
                else:
                    taken.append(_new(deps, there, one, fresh))
            await _keep(deps, tx, there, fresh, read, by)
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        return tuple(replace(one, interview_id="", page="") if one.state is State.CREATED else one for one in taken)
    await _analyse(deps, [one.interview_id for one in taken if one.state in (State.CREATED, State.UPDATED)])
    return tuple(taken)


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


async def _to_read(tx: Tx, held: Sequence[Held]) -> list[Held]:
    """Those whose answers have to be judged: they are new, or say something else than they did."""
    there = (await _there(tx, held)).interviews
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


async def _there(tx: Tx, held: Sequence[Held]) -> _There:
    known = await imported.known(tx, {key for one in held for key in (one.source, *_ids(one)) if key})
    same = await store.invitations.by_addresses(tx, {keeping.address(one.interview) for one in held} - {""})
    begun = await store.invitations.begun(tx, {row.id for row in same})
    return _There(
        interviews={key: pair for pair in known for key in (pair[0].id, pair[0].source_id) if key},
        deals=await deals.of(tx, {pair[1].id for pair in known} | {row.id for row in same}),
        free={(row.email, row.deal_id): None if row.id in begun or row.erased_at else row for row in same},
    )


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
    changed = _brought(row, one) and await keeping.update(tx, row, invitation, one, read.of, now)
    changed |= _brought(row, one) and keeping.deal(tx, one, invitation.id, there.deals.get(invitation.id), now)
    if changed:
        audit.add(tx, by, "imported again", f"interview:{row.id}", now)
    return _taken(deps, State.UPDATED if changed else State.UNCHANGED, one, row.id, invitation.id)


def _new(deps: Deps, there: _There, one: Held, fresh: list[Fresh]) -> Taken:
    """One that is not here: put on `fresh`, with the invitation that waits for it or one of its own."""
    now = deps.now()
    if one.course.ended_at < now - timedelta(days=deps.settings.retention_days):
        why = (
            f"ended on {one.course.ended_at:%Y-%m-%d}, longer ago than interviews are kept (INTERVIEWER_RETENTION_DAYS)"
        )
        return Taken(State.LEFT_OUT, one.place, why=why)
    interview_id = deps.new_id()
    key = keeping.address(one.interview), one.interview.deal.deal_id
    waiting = there.free.get(key)
    taken_key = key in there.free or not key[0]
    invitation = waiting or keeping.invitation(deps, one, f"import:{interview_id}" if taken_key else key[1])
    if key[0]:
        there.free[key] = None
    fresh.append(Fresh(interview_id, invitation, one))
    return _taken(deps, State.CREATED, one, interview_id, invitation.id)


async def _keep(deps: Deps, tx: Tx, there: _There, fresh: Sequence[Fresh], read: _Read, by: str) -> None:
    """Add what is new, table by table: buyers who answer meanwhile wait for this transaction."""
    rows = await keeping.create(deps, tx, fresh, read.of)
    for one, row in zip(fresh, rows, strict=True):
        keeping.deal(tx, one.held, one.invitation.id, there.deals.get(one.invitation.id), deps.now())
        await evidence.keep(tx, row, one.held.interview, by, deps.now())
        audit.add(tx, by, "imported", f"interview:{row.id}", deps.now())


def _taken(deps: Deps, state: State, one: Held, interview_id: str, invitation_id: str) -> Taken:
    page = f"{deps.settings.base_url.rstrip('/')}/desk/interviews/{invitation_id}"
    return Taken(state, one.place, interview_id, invitation_id, page)


async def _analyse(deps: Deps, interview_ids: Sequence[str]) -> None:
    """Some at a time, so that buyers who answer meanwhile need not wait; the sweep finds what a crash leaves out."""
    for start in range(0, len(interview_ids), _AT_ONCE):
        async with deps.db.write() as tx:
            for interview_id in interview_ids[start : start + _AT_ONCE]:
                await deps.jobs.enqueue(tx, "analyse", interview_id)

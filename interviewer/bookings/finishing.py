"""A call's notes, or its transcript, become an interview by a person and go the way of all interviews (docs/calls.md,
"The brief"). Whichever comes second joins the first: the words themselves take the place of what was noted of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from interviewer.analysis import topics
from interviewer.bookings import account, held, noting
from interviewer.bookings.held import Case
from interviewer.confidentiality import Act, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, Overtaken, Problem
from interviewer.importing.turns import course
from interviewer.interchange import Interview
from interviewer.store import bookings
from interviewer.store.bookings import BOOKED, HELD
from interviewer.transcript import Act as TurnAct
from interviewer.transcript import Speaker, Turn

_SAME = timedelta(days=1)
"""A transcript says the day of its call at best."""


async def finish(deps: Deps, viewer: Viewer, booking_id: str) -> str:
    """Make the interview, have it analysed, and give its id; once is enough, twice is harmless.

    Raises BadInput where nothing was noted that the buyer said, Overtaken where the call has not begun, did not take
    place, or somebody wrote meanwhile, and NotFound.
    """
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.read() as tx:
        case = await held.read(deps, tx, booking_id)
    if case.booking.interview_id:
        return case.booking.interview_id
    _took_place(deps, case)
    added: Sequence[Turn] = ()
    if not case.brought_in:
        added = await asyncio.to_thread(_noted, deps, case)  # judging many words takes a while
        if not added:
            raise BadInput([Problem("notes", "say nothing yet: write down at least one thing that the buyer said")])
    try:
        return await held.keep(deps, viewer, case, added)
    except Overtaken:
        async with deps.db.read() as tx:
            meanwhile = (await held.read(deps, tx, booking_id)).booking.interview_id
        if meanwhile:
            return meanwhile
        raise


async def bring_in(deps: Deps, viewer: Viewer, interview: Interview) -> str | None:
    """Let a transcript join the call that was booked here with its buyer that day: gives the invitation's id, None
    where there was none, or not everybody's yes to being recorded is kept.

    It takes the place of what was noted by topic, or of an earlier transcript; the three notes stay. Notes join only
    where there are none yet: raises BadInput elsewhere, and Overtaken.
    """
    viewer.require(Act.HANDLE_CALL)
    address, began = interview.buyer.email.strip().lower(), interview.started_at
    if not address or began is None:
        return None
    async with deps.db.read() as tx:
        calls = [row for _, _, row in await bookings.begun_with(tx, {address}, deps.now())]
        near = [row for row in calls if abs(row.starts_at - began) <= _SAME]
        if not near:
            return None
        case = await held.read(deps, tx, min(near, key=lambda row: abs(row.starts_at - began)).id)
    notes = all(turn.kind == TurnAct.NOTED for turn in interview.turns if turn.speaker is Speaker.BUYER)
    if notes and (case.of_call or any(note.text and topic not in noting.THREE for topic, note in case.notes.items())):
        raise BadInput([Problem("The call", "was noted here already: its notes stand on its own page, under Calls")])
    if not notes and case.booking.recording != noting.YES:
        return None
    _took_place(deps, case)
    added = await asyncio.to_thread(_spoken, deps, case, interview)
    await held.keep(deps, viewer, case, added, interview.consent)
    return case.invitation.id


def _took_place(deps: Deps, case: Case) -> None:
    if case.booking.state not in (BOOKED, HELD) or case.booking.starts_at > deps.now():
        raise Overtaken


def _noted(deps: Deps, case: Case) -> Sequence[Turn]:
    notes = {topic: row.text for topic, row in case.notes.items() if topic not in noting.THREE}
    begun = max([case.booking.starts_at, *(turn.at for turn in case.chat if turn.at)])
    span = begun, min(case.booking.ends_at, deps.now())
    return account.turns(case.flow, case.chat, notes, deps.phrases.get(case.chat.language), span)


def _spoken(deps: Deps, case: Case, interview: Interview) -> Sequence[Turn]:
    """The transcript's turns after those of the chat, from the beginning of the call."""
    late = case.booking.starts_at - (interview.started_at or case.booking.starts_at)
    turns = tuple(turn.model_copy(update={"at": turn.at + late if turn.at else None}) for turn in interview.turns)
    told = interview.model_copy(update={"started_at": case.booking.starts_at, "turns": turns})
    after = max((turn.number for turn in case.chat), default=0)
    placed = [replace(turn, number=after + place) for place, turn in enumerate(course(told, deps.now()).turns, start=1)]
    whole = topics.complete(replace(case.chat, turns=(*case.chat.turns, *placed)), case.flow)
    return whole.turns[len(case.chat.turns) :]

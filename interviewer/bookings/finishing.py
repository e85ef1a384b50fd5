"""A call's notes, or its transcript, become an interview by a person and go the way of all interviews (docs/calls.md,
"The brief"). Whichever comes second joins the first: the words themselves take the place of what was noted of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from interviewer import store
from interviewer.analysis import topics
from interviewer.bookings import account, held, noting
from interviewer.bookings.held import Case
from interviewer.confidentiality import Act, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, Overtaken, Problem
from interviewer.importing import keeping
from interviewer.importing.agreed import SAME
from interviewer.importing.turns import course
from interviewer.interchange import Interview
from interviewer.store import bookings, consents
from interviewer.store.bookings import BOOKED, HELD
from interviewer.store.consents import NO, YES
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Act as TurnAct
from interviewer.transcript import Speaker, Turn


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
        return await held.keep(deps, viewer, case, added, words_stand=case.brought_in)
    except Overtaken:
        async with deps.db.read() as tx:
            meanwhile = (await held.read(deps, tx, booking_id)).booking.interview_id
        if meanwhile:
            return meanwhile
        raise


async def bring_in(deps: Deps, viewer: Viewer, interview: Interview) -> str | None:
    """Let a transcript join the call that was booked here with its buyer that day: gives the invitation's id, None
    where there was none, or not everybody's yes to being recorded is kept.

    It takes the place of what was noted by topic, which is set aside, or of an earlier transcript; the three notes
    stay. Notes join only where there are none yet: raises BadInput elsewhere, and where it does not say of which of
    the buyer's deals it is; and Overtaken.
    """
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.read() as tx:
        near = await _near(deps, tx, interview)
        call = await _meant(tx, near, interview)
        if call is None:
            return None
        case = await held.read(deps, tx, call.id)
        refused = NO in (await consents.holding(tx, [row for _, row in near])).values()
    notes = all(turn.kind == TurnAct.NOTED for turn in interview.turns if turn.speaker is Speaker.BUYER)
    if notes and (case.of_call or any(note.text and topic not in noting.THREE for topic, note in case.notes.items())):
        raise BadInput([Problem("The call", "was noted here already: its notes stand on its own page, under Calls")])
    if not notes and (refused or case.recording != YES):
        return None
    _took_place(deps, case)
    added = await asyncio.to_thread(_spoken, deps, case, interview)
    await held.keep(deps, viewer, case, added, interview.consent, words_stand=not notes)
    return case.invitation.id


async def _near(deps: Deps, tx: Tx, interview: Interview) -> Sequence[tuple[InvitationRow, BookingRow]]:
    """Calls with this buyer of about that day, whatever became of them: of the deal, where it says which."""
    address, began, deal = keeping.address(interview), interview.started_at, interview.deal.deal_id
    if not address or began is None:
        return ()
    calls = await bookings.begun_with(tx, {address}, deps.now())
    near = [(invitation, row) for invitation, row in calls if abs(row.starts_at - began) <= SAME]
    return [(invitation, row) for invitation, row in near if not deal or invitation.deal_id == deal]


async def _meant(tx: Tx, near: Sequence[tuple[InvitationRow, BookingRow]], interview: Interview) -> BookingRow | None:
    """The call that took place nearest to it. Raises BadInput where it could be of another deal of the buyer's."""
    took_place = [row for _, row in near if row.state in (BOOKED, HELD)]
    if not took_place:
        return None
    same = await store.invitations.by_addresses(tx, {keeping.address(interview)})
    deals = sorted({one.deal_id for one in same if not one.preview and not one.erased_at})
    if len(deals) > 1 and not interview.deal.deal_id:
        named = ", ".join(deal for deal in deals if deal)
        raise BadInput([Problem("The buyer", f"has several deals here: give the deal id of this call ({named})")])
    began = interview.started_at
    return min(took_place, key=lambda row: abs(row.starts_at - began) if began else timedelta())


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

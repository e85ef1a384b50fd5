"""A call's notes become an interview by a person, and go the way of all interviews (docs/calls.md, "The brief").

There is one interview of an invitation. What the buyer had answered in the chat stays there as their own words; what
was noted in the call follows it, topic by topic, marked as noted. So nobody says a thing twice, and nothing is in two
places.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from interviewer import interviews, notice, store
from interviewer.analysis.steps import STEPS
from interviewer.bookings import account, closing, noting
from interviewer.confidentiality import IN_FORCE, Act, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFound, Overtaken, Problem
from interviewer.evidence import PERSON, Claim, Review, StatementKind
from interviewer.flows.model import Flow
from interviewer.importing.keeping import BUYER, HUMAN
from interviewer.importing.turns import values
from interviewer.store import audit, bookings, imported, search, users
from interviewer.store.bookings import BOOKED, HELD
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow, CallNoteRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Speaker, Transcript

_KINDS = {
    noting.HEADLINE: StatementKind.HEADLINE,
    noting.SURPRISE: StatementKind.SURPRISE,
    noting.GAP: StatementKind.GAP,
}
_STEP_OF = {kind: step.name for step in STEPS for kind in step.makes}


@dataclass(frozen=True)
class _Case:
    """All that the interview is made of, as it was read."""

    booking: BookingRow
    invitation: InvitationRow
    interview: InterviewRow | None
    flow: Flow
    said: Transcript
    notes: Mapping[str, CallNoteRow]

    @property
    def version(self) -> tuple[object, ...]:
        """Changes with everything that was read."""
        last = self.said.last
        noted = sorted((topic, row.version, row.text) for topic, row in self.notes.items())
        begun = self.interview.id if self.interview else ""
        return begun, last.number if last else 0, self.booking.recording, *noted


async def finish(deps: Deps, viewer: Viewer, booking_id: str) -> str:
    """Make the interview, have it analysed, and give its id; once is enough, twice is harmless.

    Raises BadInput where nothing was noted that the buyer said, Overtaken where the call has not begun, did not take
    place, or somebody wrote meanwhile, and NotFound.
    """
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.read() as tx:
        case = await _read(deps, tx, booking_id)
    if case.booking.interview_id:
        return case.booking.interview_id
    if case.booking.state not in (BOOKED, HELD) or case.booking.starts_at > deps.now():
        raise Overtaken
    said = await asyncio.to_thread(_told, deps, case)  # judging many words takes a while
    added = said.turns[len(case.said.turns) :]
    if not added:
        raise BadInput([Problem("notes", "say nothing yet: write down at least one thing that the buyer said")])
    async with deps.db.write() as tx:
        found = await store.interviews.of_invitation(tx, case.invitation.id, lock=True)
        booking = await closing.lock(tx, booking_id)
        if booking.interview_id:
            return booking.interview_id
        again = await _read(deps, tx, booking_id)
        if again.version != case.version or (found is None) != (again.interview is None):
            raise Overtaken
        row = await _interview(deps, tx, again, await _held_by(tx, again.booking, viewer))
        await imported.add_turns(tx, [values(row.id, turn, booking.starts_at) for turn in added])
        await _statements(tx, row, again, said, deps.now())
        now = deps.now()
        if booking.state == BOOKED:
            booking.state, booking.closed_by, booking.closed_at = HELD, viewer.user_id, now
        booking.interview_id = row.id
        await bookings.drop_notes(tx, booking_id)
        audit.add(tx, viewer.user_id, "made interview of call", f"interview:{row.id}", now)
        await store.analysis.reopen(tx, row.id, [step.name for step in STEPS], forget_tries=True)
        await tx.flush()
        await search.index(tx, row.id)
        await deps.jobs.enqueue(tx, "analyse", row.id)
        return row.id


async def _read(deps: Deps, tx: Tx, booking_id: str) -> _Case:
    booking = await bookings.get(tx, booking_id)
    invitation = await store.invitations.get(tx, booking.invitation_id) if booking else None
    if booking is None or invitation is None or invitation.erased_at or invitation.preview:
        raise NotFound
    interview = await store.interviews.of_invitation(tx, invitation.id)
    return _Case(
        booking=booking,
        invitation=invitation,
        interview=interview,
        flow=await noting.flow_of(deps, tx, booking),
        said=await store.turns.transcript(tx, interview.id) if interview else Transcript(),
        notes=await bookings.notes(tx, booking_id),
    )


def _told(deps: Deps, case: _Case) -> Transcript:
    """All that was said: in the chat, then in the call as it was noted."""
    said = replace(case.said, language=_language(case), context=interviews.known_to(deps, case.flow, case.invitation))
    notes = {topic: row.text for topic, row in case.notes.items() if topic not in noting.THREE}
    begun = max([case.booking.starts_at, *(turn.at for turn in case.said if turn.at)])
    held = begun, min(case.booking.ends_at, deps.now())
    turns = account.turns(case.flow, said, notes, deps.phrases.get(said.language), held)
    return replace(said, turns=(*said.turns, *turns))


async def _interview(deps: Deps, tx: Tx, case: _Case, host: str) -> InterviewRow:
    """The interview that there is, or a new one: ended now, held by a person."""
    now, began = deps.now(), case.booking.starts_at
    row = case.interview
    if row is None:
        shown = notice.of(deps, case.invitation.language, product=case.invitation.product)
        await store.interviews.keep_notice(tx, shown.digest, shown.text, now)  # it stands where the call was booked
        row = InterviewRow(
            id=deps.new_id(),
            invitation_id=case.invitation.id,
            flow=case.flow.id,
            flow_digest=await store.interviews.keep_flow(tx, case.flow, now),
            language=_language(case),
            notice_digest=shown.digest,
            audiences=sorted(IN_FORCE.hearers),
            started_at=began,
            last_active_at=now,
        )
        tx.add(row)
    else:
        await store.turns.drop_pending(tx, row.id)
        await store.turns.drop_revisions(tx, row.id)
    row.first_answer_at = row.first_answer_at or began
    row.last_active_at, row.completed_at, row.completed_by, row.abandoned_at = now, now, BUYER, None
    row.mode, row.conducted_by, row.consent = HUMAN, host, _consent(case.booking, host)
    row.reviewed_at, row.reviewed_by = None, ""
    await tx.flush()
    return row


async def _statements(tx: Tx, row: InterviewRow, case: _Case, said: Transcript, now: datetime) -> None:
    """The three notes, as the host's word, each on the words that it follows from: no later run replaces them.

    One that nothing said carries waits for a person to choose its words (`store.statements.unfounded`).
    """
    turns = {turn.number: turn for turn in await store.turns.rows(tx, row.id) if turn.speaker == Speaker.BUYER}
    for topic in noting.THREE:
        note = case.notes.get(topic)
        if note is None or not note.text.strip():
            continue
        kind, text = _KINDS[topic], " ".join(note.text.split())
        spans = account.grounds(text, said)
        cited = [await imported.keep_quote(tx, row.id, turns, span, (), now) for span in spans]
        if cited:
            await store.statements.set_aside(tx, row.id, [kind], now)
        claim = Claim(kind, text, (), PERSON)
        await imported.keep_statement(
            tx, row.id, _STEP_OF[kind], claim, cited, now, review=Review.CONFIRMED, machine_text=""
        )


async def _held_by(tx: Tx, booking: BookingRow, viewer: Viewer) -> str:
    return await users.name_of(tx, booking.host_id or viewer.user_id) or viewer.name


def _consent(booking: BookingRow, host: str) -> str:
    """How the buyer agreed to what is kept, in a sentence."""
    if booking.recording_at is None:
        return (
            f"Written down from the notes that {host} took. Nobody was asked about recording, and nothing was recorded."
        )
    words, _ = noting.words_to_record(booking.language)
    answer = "yes" if booking.recording == noting.YES else "no: nothing was recorded"
    return f"{host} asked on {booking.recording_at:%Y-%m-%d at %H:%M} UTC: “{words}” The buyer said {answer}."


def _language(case: _Case) -> str:
    return case.interview.language if case.interview else case.invitation.language.lower().partition("-")[0]

"""The interview that a call becomes, in one transaction: the chat as it was, then what the call adds.

There is one interview of an invitation. What the buyer had answered in the chat stays there as their own words; what
the call adds follows it, and what it had added before, if anything, makes room. So nobody says a thing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from interviewer import interviews, masks, notice, store
from interviewer.analysis.steps import STEPS
from interviewer.bookings import account, closing, noting, spoken
from interviewer.confidentiality import IN_FORCE, Viewer
from interviewer.deps import Deps
from interviewer.errors import NoLongerAgrees, NotFound, Overtaken
from interviewer.evidence import PERSON, Claim, Review, StatementKind
from interviewer.flows.model import Flow
from interviewer.importing.keeping import BUYER, HUMAN
from interviewer.importing.turns import values
from interviewer.store import agreement, audit, bookings, consents, imported, redactions, search, users
from interviewer.store.bookings import BOOKED, HELD
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow, CallNoteRow
from interviewer.store.tables.consents import CallConsentRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Act, Speaker, Transcript, Turn

_KINDS = {
    noting.HEADLINE: StatementKind.HEADLINE,
    noting.SURPRISE: StatementKind.SURPRISE,
    noting.GAP: StatementKind.GAP,
}
_STEP_OF = {kind: step.name for step in STEPS for kind in step.makes}


@dataclass(frozen=True)
class Case:
    """All that the interview is made of, as it was read."""

    booking: BookingRow
    invitation: InvitationRow
    interview: InterviewRow | None
    flow: Flow
    chat: Transcript
    """What was said in the chat and in other calls, and what the interviewer knew."""
    own: tuple[Turn, ...]
    """The turns that this call has added already."""
    shared: bool
    """Whether a person held more of the interview than this call."""
    brought_in: bool
    """Whether the words of the call are here already, from where they were transcribed."""
    notes: Mapping[str, CallNoteRow]
    asked: tuple[CallConsentRow, ...]
    """What everybody said to being recorded."""
    recording: str
    """What that comes to: `yes`, `no`, or empty."""

    @property
    def of_call(self) -> frozenset[int]:
        """Numbers of the turns that this call has added."""
        return frozenset(turn.number for turn in self.own)

    @property
    def version(self) -> tuple[object, ...]:
        """Changes with everything that was read."""
        last = self.chat.last
        noted = sorted((topic, row.version, row.text) for topic, row in self.notes.items())
        begun = self.interview.id if self.interview else ""
        asked = [(one.attendee, one.answer, one.at) for one in self.asked]
        return begun, last.number if last else 0, self.of_call, self.recording, *asked, *noted


async def read(deps: Deps, tx: Tx, booking_id: str) -> Case:
    """Raises NotFound."""
    booking = await bookings.get(tx, booking_id)
    invitation = await store.invitations.get(tx, booking.invitation_id) if booking else None
    if booking is None or invitation is None or invitation.erased_at or invitation.preview:
        raise NotFound
    interview = await store.interviews.of_invitation(tx, invitation.id)
    flow = await noting.flow_of(deps, tx, booking)
    rows = [row for row in await store.turns.rows(tx, interview.id) if not row.pending] if interview else []
    language = interview.language if interview else invitation.language.lower().partition("-")[0]
    own = [row for row in rows if spoken.added_by(booking, row)]
    others = [row for row in rows if not spoken.added_by(booking, row)]
    before = store.turns.as_transcript(others, language=language)
    return Case(
        booking=booking,
        invitation=invitation,
        interview=interview,
        flow=flow,
        chat=replace(before, context=interviews.known_to(deps, flow, invitation)),
        own=tuple(map(store.turns.as_turn, own)),
        shared=bool(interview and interview.source_id) or any(row.source == spoken.FROM_CALL for row in others),
        brought_in=spoken.brought_in(interview, booking, rows),
        notes=await bookings.notes(tx, booking_id),
        asked=tuple((await consents.of_call(tx, booking_id)).values()),
        recording=(await consents.holding(tx, [booking]))[booking_id],
    )


async def keep(
    deps: Deps, viewer: Viewer, case: Case, added: Sequence[Turn], consent: str = "", *, words_stand: bool = False
) -> str:
    """Put what the call adds in its place, have all of it analysed, and give the interview's id.

    Where the `words_stand` there themselves, what was noted of them by topic is set aside, to be taken up again where
    they have to go. Raises Overtaken where somebody wrote meanwhile, NoLongerAgrees, and NotFound.
    """
    async with deps.db.write() as tx:
        found = await store.interviews.of_invitation(tx, case.invitation.id, lock=True)
        if agreement.stopped(found):
            raise NoLongerAgrees
        booking = await closing.lock(tx, case.booking.id)
        again = await read(deps, tx, case.booking.id)
        if again.version != case.version or (found is None) != (again.interview is None):
            raise Overtaken
        now, host = deps.now(), await users.name_of(tx, booking.host_id or viewer.user_id) or viewer.name
        row = await _interview(deps, tx, again, host, consent or await noting.agreed(tx, booking, again.recording))
        if words_stand:
            await _set_aside(deps, tx, row.id, again)
        await imported.drop_turns(tx, row.id, case.of_call)
        marks = {"source": spoken.FROM_CALL, "booking_id": booking.id}
        turns = [values(row.id, turn, booking.starts_at) | marks for turn in added]
        await imported.add_turns(tx, turns)
        await _three_notes(deps, tx, row, again, replace(case.chat, turns=(*case.chat.turns, *added)))
        if booking.state == BOOKED:
            booking.state, booking.closed_by, booking.closed_at = HELD, viewer.user_id, now
        booking.interview_id = row.id
        await bookings.drop_notes(tx, booking.id, noting.THREE if words_stand else None)
        audit.add(tx, viewer.user_id, "made interview of call", f"interview:{row.id}", now)
        await store.analysis.reopen(tx, row.id, [step.name for step in STEPS], forget_tries=True)
        await tx.flush()
        await search.index(tx, row.id)
        await deps.jobs.enqueue(tx, "analyse", row.id)
        return row.id


async def _interview(deps: Deps, tx: Tx, case: Case, host: str, consent: str) -> InterviewRow:
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
            language=case.chat.language,
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
    if case.shared:
        host, consent = _joined(row.conducted_by, host, ", "), _joined(row.consent, consent, " ")
    row.mode, row.conducted_by, row.consent = HUMAN, host, consent
    row.reviewed_at, row.reviewed_by = None, ""
    await tx.flush()
    return row


async def _three_notes(deps: Deps, tx: Tx, row: InterviewRow, case: Case, said: Transcript) -> None:
    """The three notes, as the host's word, each on the words that it follows from: no later run replaces them.

    One that nothing said carries waits for a person to choose its words (`store.statements.unfounded`).
    """
    now = deps.now()
    for topic, kind in _KINDS.items():
        note = case.notes.get(topic)
        if note is not None and note.text.strip():
            claim = Claim(kind, " ".join(note.text.split()), (), PERSON)
            await imported.keep_statement(
                tx, row.id, _STEP_OF[kind], claim, (), now, review=Review.CONFIRMED, machine_text=""
            )
    turns = {turn.number: turn for turn in await store.turns.rows(tx, row.id) if turn.speaker == Speaker.BUYER}
    for one in await store.statements.unfounded(tx, row.id):
        if spans := account.grounds(one.text, said):
            await store.statements.set_aside(tx, row.id, [one.kind], now, but=one.id)
            cited = [await imported.keep_quote(tx, row.id, turns, span, (), now) for span in spans]
            imported.cite(tx, one.id, cited)


async def _set_aside(deps: Deps, tx: Tx, interview_id: str, case: Case) -> None:
    """Make notes again of what was noted, with the bars that it has: its own words take its place."""
    hidden = await redactions.of(tx, interview_id)
    for turn in case.own:
        if turn.act is not Act.NOTED or turn.removed or not turn.text:
            continue
        text = masks.masked(turn.text, hidden.get(turn.number, ()))
        topic = turn.topic if any(turn.topic == one.id for one in case.flow.topics) else noting.REST
        kept = await bookings.note(tx, case.booking.id, topic)
        if kept is None:
            bookings.add_note(
                tx, CallNoteRow(booking_id=case.booking.id, topic=topic, text=text, changed_at=deps.now())
            )
        else:
            kept.text, kept.version = f"{kept.text}\n{text}".strip(), kept.version + 1
        await tx.flush()


def _joined(before: str, own: str, by: str) -> str:
    return before if own in before else by.join(filter(None, (before, own)))

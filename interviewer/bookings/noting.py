"""What a host writes down during a call, and whether everybody agreed to being recorded (trust.md 30).

Notes save themselves while they are typed, so each carries the version that it was typed over: two people, or two
tabs, do not overwrite one another. When they become an interview (`finishing`), the notes themselves go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from interviewer import store
from interviewer.bookings import closing, spoken
from interviewer.confidentiality import Act, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NoLongerAgrees, NotFound, Overtaken, Problem
from interviewer.flows.model import Flow
from interviewer.store import audit, bookings, consents, users
from interviewer.store.agreement import stopped
from interviewer.store.bookings import CANCELLED
from interviewer.store.consents import NO, YES
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow, CallNoteRow
from interviewer.store.tables.consents import CallConsentRow

ANYTHING_ELSE = "anything_else"
"""The topic under which a flow asks for everything else."""
REST = ""
"""Stands as the topic of everything else that was said, where a flow does not ask for it."""
HEADLINE, SURPRISE, GAP = "note:headline", "note:surprise", "note:gap"
THREE = (HEADLINE, SURPRISE, GAP)
"""The notes right after the call (domain.md, "What an interview becomes"). No topic is called so: ids have no colon."""
LONGEST = 20_000
"""Characters of one note."""
LONGEST_ATTENDEE = 80
MOST_ATTENDEES = 12
"""In one call, the buyer included."""
ASK_TO_RECORD = {
    "en": "May I record this call, so that I can listen instead of writing? Only our team hears it, and a no is "
    "perfectly fine.",
    "de": "Darf ich das Gespräch aufzeichnen, damit ich zuhören kann, statt mitzuschreiben? Nur unser Team hört es, "
    "und ein Nein ist völlig in Ordnung.",
    "fr": "Puis-je enregistrer cet appel, pour vous écouter plutôt qu’écrire\N{NO-BREAK SPACE}? Seule notre équipe "
    "l’entend, et vous pouvez tout à fait refuser.",
    "es": "¿Puedo grabar esta llamada, para escuchar en lugar de escribir? Solo la oye nuestro equipo, y decir que no "
    "está perfectamente bien.",
    "pt": "Posso gravar esta chamada, para ouvir em vez de escrever? Só a nossa equipe ouve, e não há problema nenhum "
    "em recusar.",
    "id": "Bolehkah saya merekam panggilan ini, supaya saya bisa mendengarkan alih-alih mencatat? Hanya tim kami yang "
    "mendengarnya, dan tidak apa-apa bila Anda menolak.",
}
"""What is asked before anything is recorded, to be read out as it stands."""


@dataclass(frozen=True)
class Given:
    """A note as it was sent. `version` is of what it was typed over; 0 where there was nothing."""

    topic: str
    text: str
    version: int
    over: bool = False
    """To be kept in place of what somebody else wrote meanwhile."""


@dataclass(frozen=True)
class Saved:
    """Every note of the call as it is kept now, and the topics of which another version stands."""

    notes: Sequence[CallNoteRow]
    clashes: frozenset[str] = field(default_factory=frozenset)


async def save(deps: Deps, viewer: Viewer, booking_id: str, given: Collection[Given]) -> Saved:
    """Keep notes; sending the same again changes nothing. A note that somebody else changed stays theirs.

    Raises BadInput for a topic that the flow does not have or a note that is too long, NotFound, and Overtaken where
    the call was called off or its notes became an interview; NoLongerAgrees for a buyer who took their word back.
    """
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.write() as tx:
        row = await closing.lock(tx, booking_id)
        if row.state == CANCELLED or row.interview_id:
            raise Overtaken
        if stopped(await store.interviews.of_invitation(tx, row.invitation_id)):
            raise NoLongerAgrees
        _check(given, {topic.id for topic in (await flow_of(deps, tx, row)).topics})
        clashes = {one.topic for one in given if not await _keep(deps, tx, booking_id, one)}
        await tx.flush()
        kept = await bookings.notes(tx, booking_id)
    return Saved(tuple(kept.values()), frozenset(clashes))


async def answer_recording(deps: Deps, viewer: Viewer, booking_id: str, answer: str, *, attendee: str = "") -> None:
    """Keep what somebody in the call said to being recorded, when, and who asked. Without `attendee`: the buyer.

    Nobody is recorded unless everybody said yes in the call, and a yes can be taken back at any time: what was
    recorded goes with it, out of the interview too. An empty answer forgets an attendee besides the buyer, who did not
    come after all. An answer from before the call is kept anew when it is given again in it. Raises BadInput, NotFound,
    and Overtaken where the call was called off.
    """
    viewer.require(Act.HANDLE_CALL)
    attendee = " ".join(attendee.split())
    if answer not in (YES, NO) and (answer or not attendee):
        raise BadInput([Problem("answer", "is yes or no")])
    if len(attendee) > LONGEST_ATTENDEE or not attendee.isprintable():
        raise BadInput([Problem("attendee", f"is a name or a role of at most {LONGEST_ATTENDEE} characters")])
    async with deps.db.write() as tx:
        found = await bookings.get(tx, booking_id)
        interview = await store.interviews.of_invitation(tx, found.invitation_id, lock=True) if found else None
        row = await closing.lock(tx, booking_id)
        if row.state == CANCELLED:
            raise Overtaken
        known = await _known(tx, row)
        if attendee not in known and len(known) >= MOST_ATTENDEES:
            raise BadInput([Problem("attendee", f"would be one of more than {MOST_ATTENDEES}")])
        there = known.get(attendee)
        if there is not None and there.answer == answer and (there.at >= row.starts_at or deps.now() < row.starts_at):
            return
        if not answer and there is not None:
            await consents.drop(tx, there)
        elif there is not None:
            there.answer, there.asked_by, there.at = answer, viewer.user_id, deps.now()
        elif answer:
            kept = CallConsentRow(
                booking_id=booking_id, attendee=attendee, answer=answer, asked_by=viewer.user_id, at=deps.now()
            )
            consents.add(tx, kept)
        await tx.flush()
        _sum_up(row, await consents.of_call(tx, booking_id))
        audit.add(tx, viewer.user_id, f"kept {answer or 'nothing'} to recording", f"booking:{booking_id}", deps.now())
        if row.recording != NO or interview is None or interview.deleted_at:
            return
        if await spoken.forget(deps, tx, interview, row):
            told = await agreed(tx, row, row.recording)
            interview.consent = told if told in interview.consent else f"{interview.consent} {told}".strip()
            audit.add(tx, viewer.user_id, "dropped recorded words", f"interview:{interview.id}", deps.now())


async def _known(tx: Tx, row: BookingRow) -> Mapping[str, CallConsentRow]:
    """What everybody said; a no that a process of the release before kept, which asked the buyer alone, among it."""
    known = await consents.of_call(tx, row.id)
    if row.recording != NO or any(one.answer == NO for one in known.values()):
        return known
    at = row.recording_at or row.changed_at
    if theirs := known.get(""):
        theirs.answer, theirs.asked_by, theirs.at = NO, "", at
    else:
        consents.add(tx, CallConsentRow(booking_id=row.id, attendee="", answer=NO, at=at))
    await tx.flush()
    return await consents.of_call(tx, row.id)


def _sum_up(row: BookingRow, given: Mapping[str, CallConsentRow]) -> None:
    """Let the call say what holds for it."""
    row.recording = consents.summed_up(list(given.values()), row.starts_at)
    row.recording_at = max((consent.at for consent in given.values()), default=None) if row.recording else None


async def agreed(tx: Tx, row: BookingRow, recording: str) -> str:
    """How everybody agreed to what is kept, by what each of them said."""
    asked = list((await consents.of_call(tx, row.id)).values())
    return agreement(row, asked, recording, await users.names(tx, {one.asked_by for one in asked if one.asked_by}))


def agreement(row: BookingRow, asked: Sequence[CallConsentRow], recording: str, names: Mapping[str, str]) -> str:
    """Who agreed to being recorded, asked by whom and when, in sentences. `names` of the desk's users."""
    if not asked:
        if recording == NO:
            return "Somebody in the call said no to being recorded, and nothing recorded is kept."
        return "Nobody was asked about recording, and nothing recorded is kept: this was written down from notes."
    told = [_asked(one, names) for one in asked]
    told[0] = f"{told[0]} “{words_to_record(row.language)[0]}”"
    answers = [f"{one.attendee or 'The buyer'} said {one.answer}{_early(row, one)}." for one in asked]
    said = " ".join(f"{question} {answer}" for question, answer in zip(told, answers, strict=True))
    if recording == YES:
        return said
    why = "One no is enough" if recording == NO else _LACKING[any(one.attendee == "" for one in asked)]
    return f"{said} {why}: nothing recorded is kept."


_LACKING = {True: "Not everybody said yes in the call itself", False: "The buyer was not asked"}


def _asked(one: CallConsentRow, names: Mapping[str, str]) -> str:
    by = names.get(one.asked_by, "")
    return f"{f'{by} asked' if by else 'Asked'} on {one.at:%Y-%m-%d at %H:%M} UTC:"


def _early(row: BookingRow, one: CallConsentRow) -> str:
    return ", before the call" if one.at < row.starts_at else ""


async def flow_of(deps: Deps, tx: Tx, row: BookingRow) -> Flow:
    """The flow as the interview ran with it, else as it is. Raises NotFound."""
    interview = await store.interviews.of_invitation(tx, row.invitation_id)
    if interview is not None:
        return await store.interviews.flow(tx, interview)
    invitation = await store.invitations.get(tx, row.invitation_id)
    if invitation is None:
        raise NotFound
    return deps.flows.get(invitation.flow)


def rest_of(flow: Flow) -> str:
    """The one topic of what fits no other."""
    return ANYTHING_ELSE if any(topic.id == ANYTHING_ELSE for topic in flow.topics) else REST


def words_to_record(language: str) -> tuple[str, str]:
    """What to ask, and the language that it is in: the buyer's where there are words in it."""
    short = language.lower().partition("-")[0]
    known = short if short in ASK_TO_RECORD else "en"
    return ASK_TO_RECORD[known], known


def _check(given: Collection[Given], topics: Collection[str]) -> None:
    known = {*topics, REST, *THREE}
    problems = [Problem(one.topic, "is not a topic of this call") for one in given if one.topic not in known]
    problems += [
        Problem(one.topic, f"is longer than {LONGEST:,} characters") for one in given if len(one.text) > LONGEST
    ]
    if problems:
        raise BadInput(problems)


async def _keep(deps: Deps, tx: Tx, booking_id: str, one: Given) -> bool:
    """False where another version stands than the one that was typed over."""
    kept = await bookings.note(tx, booking_id, one.topic)
    text = one.text.replace("\r\n", "\n").replace("\x00", "").rstrip()
    if (kept.text if kept else "") == text:
        return True
    if kept is None:
        bookings.add_note(tx, CallNoteRow(booking_id=booking_id, topic=one.topic, text=text, changed_at=deps.now()))
        return True
    if kept.version != one.version and not one.over:
        return False
    kept.text, kept.version, kept.changed_at = text, kept.version + 1, deps.now()
    return True

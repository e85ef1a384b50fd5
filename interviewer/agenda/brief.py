"""The page of one call: what is known before it, what to ask, and the boxes for what was said.

It shows what the interviewer never learns (the deal, the team's hypothesis): a person who knows them asks better, and
none of it is kept with the answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from interviewer import dossier, interviews, masks, review, store
from interviewer.agenda import clock, meetings
from interviewer.bookings import closing, noting
from interviewer.confidentiality import Act, Field, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import BadInput, Overtaken, Problem
from interviewer.flows import plain
from interviewer.flows.model import Flow, Topic
from interviewer.flows.phrases import Phrases
from interviewer.records.meetings import Brief, Consent, Hypothesis, Kept, Note, Probe, Recording, TopicNote
from interviewer.scheduling import zones
from interviewer.store import audit, bookings, consents, deals, redactions, users
from interviewer.store.db import Tx
from interviewer.store.tables.bookings import BookingRow, CallNoteRow
from interviewer.store.tables.deals import HypothesisRow
from interviewer.transcript import Context, Transcript

LONGEST_HYPOTHESIS = 4_000
_FIELD = "note-"
"""So begin the names of the boxes for notes; then the topic."""


@dataclass(frozen=True)
class _Guide:
    """What the topics are made of."""

    flow: Flow
    context: Context
    phrases: Phrases
    said: Mapping[str, Sequence[str]]
    answered: frozenset[str]
    notes: Mapping[str, CallNoteRow]
    given: Mapping[str, str]

    def note(self, topic: str) -> Note:
        kept = _note(self.notes, topic)
        return replace(kept, text=self.given.get(kept.field, kept.text))


async def of(deps: Deps, viewer: Viewer, booking_id: str, given: Mapping[str, str] | None = None) -> Seen[Brief]:
    """Everything to have at hand for one call; its boxes hold what was `given`, where that could not be kept.

    Looking at answers is audited. Raises NotFound.
    """
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.read() as tx:
        line = await meetings.found(tx, booking_id)
        row, invitation, interview = line.booking, line.invitation, line.interview
        flow = await noting.flow_of(deps, tx, row)
        transcript = await store.turns.transcript(tx, interview.id) if interview else Transcript()
        hidden = await redactions.of(tx, interview.id) if interview else {}
        expected = await deals.hypothesis(tx, invitation.flow)
        said: dict[str, list[str]] = {}
        for turn in transcript.answers:
            said.setdefault(turn.topic, []).append(masks.masked(turn.text, hidden.get(turn.number, ())))
        guide = _Guide(
            flow=flow,
            context=interviews.known_to(deps, flow, invitation),
            phrases=deps.phrases.get(row.language),
            said=said,
            answered=frozenset(dossier.answered(flow, transcript)) | frozenset(said),
            notes=await bookings.notes(tx, booking_id),
            given=given or {},
        )
        made = [_topic(guide, topic) for topic in flow.topics]
        brief = Brief(
            meeting=await meetings.shown(deps, tx, viewer, line),
            deal=dossier.deal(await deals.get(tx, invitation.id)),
            outcome=flow.outcome,
            product=invitation.product or deps.settings.product,
            segment=invitation.segment,
            hypothesis=Hypothesis(expected.text if expected else "", expected.version if expected else 0),
            open=tuple(topic for topic in made if not topic.answered),
            answered=tuple(topic for topic in made if topic.answered),
            rest=_rest(guide),
            three=tuple(guide.note(topic) for topic in noting.THREE),
            recording=await _recording(deps, tx, viewer, row),
            stopped_at=interview.withdrawn_at if interview else None,
            held_after_all=row.starts_at <= deps.now() and await closing.came_about(tx, row),
        )
    if interview and transcript.answers and viewer.sees(Field.TRANSCRIPT):
        await review.viewed(deps, viewer, f"interview:{interview.id}", again=True)
    return see(viewer, brief)


async def note(deps: Deps, viewer: Viewer, booking_id: str, given: Mapping[str, str]) -> Seen[Kept]:
    """Keep what the boxes hold (`note-<topic>`, with `version-<topic>`; `over` names one that is to stand in place of
    a colleague's). Raises as `noting.save` does."""
    sent = [
        noting.Given(
            topic=name.removeprefix(_FIELD),
            text=text,
            version=_number(given.get(f"version-{name.removeprefix(_FIELD)}", "")),
            over=given.get("over") == name,
        )
        for name, text in given.items()
        if name.startswith(_FIELD)
    ]
    saved = await noting.save(deps, viewer, booking_id, sent)
    notes = {row.topic: row for row in saved.notes}
    typed_over = {one.topic: one.version for one in sent}
    now = [
        # What clashes keeps the version that it was typed over, so that it goes on to clash until somebody decides.
        Note(_FIELD + topic, "", typed_over[topic] if topic in saved.clashes else _version(notes.get(topic)))
        for topic in typed_over
    ]
    kept = Kept(tuple(now), tuple(_note(notes, topic) for topic in sorted(saved.clashes)), deps.now())
    return see(viewer, kept)


async def expect(deps: Deps, viewer: Viewer, flow: str, text: str, version: int) -> None:
    """Keep what the team expects to hear from deals of a flow. Raises BadInput, NotFound, and Overtaken."""
    viewer.require(Act.EDIT_DEAL)
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > LONGEST_HYPOTHESIS:
        raise BadInput([Problem("hypothesis", f"is longer than {LONGEST_HYPOTHESIS:,} characters")])
    deps.flows.get(flow)
    async with deps.db.write() as tx:
        row = await deals.hypothesis(tx, flow, lock=True)
        if (row.version if row else 0) != version:
            raise Overtaken
        if row is None:
            if not await deals.add_hypothesis(tx, HypothesisRow(flow=flow, text=text, changed_at=deps.now())):
                raise Overtaken
        else:
            row.text, row.version, row.changed_at = text, row.version + 1, deps.now()
        audit.add(tx, viewer.user_id, "changed hypothesis", f"flow:{flow}", deps.now())


async def flow_behind(deps: Deps, viewer: Viewer, booking_id: str) -> str:
    """The id of the flow that a call is about. Raises NotFound."""
    viewer.require(Act.HANDLE_CALL)
    async with deps.db.read() as tx:
        return (await meetings.found(tx, booking_id)).invitation.flow


def _topic(guide: _Guide, topic: Topic) -> TopicNote:
    return TopicNote(
        id=topic.id,
        label=topic.label["en"],
        core=topic.core,
        answered=topic.id in guide.answered,
        purpose=topic.purpose,
        listen_for=topic.listen_for,
        question=plain.topic_question(guide.flow, topic.id, guide.context, guide.phrases),
        probes=tuple(_probes(guide, topic)),
        said=tuple(guide.said.get(topic.id, ())),
        note=guide.note(topic.id),
    )


def _probes(guide: _Guide, topic: Topic) -> list[Probe]:
    """Those that need a buyer's words to hang on have no words of their own: then what they seek must do."""
    return [
        Probe(
            seeks=hint.seeks,
            words=""
            if hint.needs_hook
            else plain.same_question(guide.flow, f"probe:{topic.id}:{hint.id}", topic.id, guide.context, guide.phrases),
        )
        for hint in topic.probes
    ]


def _note(notes: Mapping[str, CallNoteRow], topic: str) -> Note:
    row = notes.get(topic)
    return Note(_FIELD + topic, row.text if row else "", _version(row))


def _version(row: CallNoteRow | None) -> int:
    return row.version if row else 0


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _rest(guide: _Guide) -> Note | None:
    """A box for the rest where no topic asks for it; and where an earlier release kept something in it."""
    note = guide.note(noting.REST)
    asked = any(topic.id == noting.ANYTHING_ELSE for topic in guide.flow.topics)
    return None if asked and not note.text else note


async def _recording(deps: Deps, tx: Tx, viewer: Viewer, row: BookingRow) -> Recording:
    words, language = noting.words_to_record(row.language)
    given = await consents.of_call(tx, row.id)
    names = await users.names(tx, {one.asked_by for one in given.values() if one.asked_by})
    begun, zone = row.starts_at <= deps.now(), await clock.zone_of(tx, viewer)
    return Recording(
        words=words,
        language=language,
        answer=(await consents.holding(tx, [row]))[row.id],
        consents=tuple(
            Consent(
                attendee=one.attendee,
                answer=one.answer,
                at=f"{zones.said(one.at, zone, meetings.LANGUAGE)} {zones.abbreviation(one.at, zone)}",
                asked_by=names.get(one.asked_by, ""),
                early=begun and one.at < row.starts_at,
            )
            for one in given.values()
        ),
    )

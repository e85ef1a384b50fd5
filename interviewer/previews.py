"""A flow taken at the desk as a buyer would take it, with the interviewer's reasons beside it.

A preview is a real interview over the buyer's own pages, on an invitation that is marked as one and names nobody.
Nothing comes of it: no list or count has it, nothing is analysed or mailed, and after a day it is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.exchanges import words
from interviewer.flows import clock, history
from interviewer.flows.model import Flow
from interviewer.records.previews import Heard, Offer, Offers, Preview, Spoken, Step, Subject
from interviewer.store import interviews, previews, turns
from interviewer.store.db import Tx
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Act as Said
from interviewer.transcript import Speaker, Transcript

KEPT = timedelta(days=1)
LONGEST = 120
"""Characters of the product and of the role."""
ROLES = ("economic buyer", "champion", "evaluator", "detractor")
"""domain.md, "Who answers, and when"."""


@dataclass(frozen=True)
class Wanted:
    """What to try, and for whom. `role` may be empty: not known."""

    flow: str
    language: str
    product: str
    role: str


def offers(deps: Deps, viewer: Viewer) -> Seen[Offers]:
    """The flows with their versions, and the languages that the interviewer or its pages speak."""
    viewer.require(Act.PREVIEW)
    flows = tuple(
        Offer(flow.id, flow.name, flow.outcome, flow.version, len(flow.core), flow.budget.hard_s) for flow in deps.flows
    )
    return see(viewer, Offers(flows, _languages(deps), ROLES, deps.settings.product))


async def begin(deps: Deps, viewer: Viewer, wanted: Wanted) -> str:
    """Make a preview, and give its id. Raises NotFound for a flow or a language that there is none of."""
    viewer.require(Act.PREVIEW)
    row = _new(deps, wanted)
    async with deps.db.write() as tx:
        previews.add(tx, row)
    return row.id


def _new(deps: Deps, wanted: Wanted) -> InvitationRow:
    flow = deps.flows.get(wanted.flow)
    if wanted.language not in _languages(deps):
        raise NotFound
    preview_id, now = deps.new_id(), deps.now()
    return InvitationRow(
        id=preview_id,
        email="",
        deal_id=f"preview:{preview_id}",  # address and deal together are unique
        flow=flow.id,
        language=wanted.language,
        product=" ".join(wanted.product.split())[:LONGEST],
        role=" ".join(wanted.role.split())[:LONGEST],
        created_at=now,
        expires_at=now + KEPT,
        preview=True,
    )


async def again(deps: Deps, viewer: Viewer, preview_id: str) -> str:
    """End this preview and begin one like it, with the flow as it is now. Gives the new one's id. Raises NotFound, also
    for the second of two presses: it leaves nothing behind.
    """
    viewer.require(Act.PREVIEW)
    async with deps.db.write() as tx:
        row = await _found(tx, preview_id, lock=True)
        await previews.drop(tx, preview_id)
        fresh = _new(deps, Wanted(row.flow, row.language, row.product, row.role))
        previews.add(tx, fresh)
    await deps.db.forget()
    return fresh.id


async def end(deps: Deps, viewer: Viewer, preview_id: str) -> None:
    """Delete a preview and all that was said in it, at once. Raises NotFound."""
    viewer.require(Act.PREVIEW)
    async with deps.db.write() as tx:
        await _found(tx, preview_id, lock=True)
        await previews.drop(tx, preview_id)
    await deps.db.forget()


async def expire(deps: Deps) -> int:
    """Delete the previews that are a day old. Returns how many."""
    async with deps.db.write() as tx:
        old = await previews.begun_before(tx, deps.now() - KEPT)
        for preview_id in old:
            await previews.drop(tx, preview_id)
    if old:
        await deps.db.forget()
    return len(old)


async def look(deps: Deps, viewer: Viewer, preview_id: str) -> Seen[Preview]:
    """Where a preview stands, and every reason so far. Raises NotFound for one that is over."""
    viewer.require(Act.PREVIEW)
    async with deps.db.read() as tx:
        row = await _found(tx, preview_id)
        interview = await interviews.of_invitation(tx, preview_id)
        said = await turns.rows(tx, interview.id) if interview else []
        flow = await interviews.flow(tx, interview) if interview else deps.flows.get(row.flow)
    transcript = turns.as_transcript(said, language=row.language)
    reckoned, told = clock.read(flow, transcript), history.read(flow, transcript)
    over = _over(row, interview, transcript)
    preview = Preview(
        id=row.id,
        interview_id=interview.id if interview else "",
        link=deps.links.interview(row.id, row.link_version).removeprefix(deps.links.base_url),
        flow_name=flow.name,
        version=flow.version,
        newer=flow != deps.flows.get(row.flow),
        language=row.language,
        product=row.product or deps.settings.product,
        role=row.role,
        ends_at=row.expires_at,
        over=over,
        steps=tuple(_steps(said, flow))[::-1],
        subjects=_subjects(flow, told, "" if over else _open_topic(transcript)),
        spent_s=round(reckoned.spent_s),
        soft_s=round(reckoned.soft_s),
        hard_s=round(reckoned.hard_s),
        probes=len(told.probed),
        most_probes=flow.budget.probes,
    )
    return see(viewer, preview)


def _languages(deps: Deps) -> tuple[str, ...]:
    """English first."""
    return tuple(sorted({*deps.phrases.languages, *deps.languages.texts}, key=lambda code: (code != "en", code)))


async def _found(tx: Tx, preview_id: str, *, lock: bool = False) -> InvitationRow:
    row = await previews.get(tx, preview_id, lock=lock)
    if row is None:
        raise NotFound
    return row


def _over(row: InvitationRow, interview: InterviewRow | None, transcript: Transcript) -> str:
    if row.erased_at or (interview and interview.deleted_at):
        return "deleted"
    if interview is None:
        return "declined" if row.declined_at or row.opted_out_at else ""
    if interview.completed_by == "buyer":
        return "sent"
    return "closed" if transcript.last and transcript.last.move.startswith("close:") else ""


def _open_topic(transcript: Transcript) -> str:
    """What the open question is about; empty while the interviewer has the word."""
    last = transcript.last
    return last.topic if last is not None and last.speaker is Speaker.INTERVIEWER else ""


def _subjects(flow: Flow, told: history.History, open_topic: str) -> tuple[Subject, ...]:
    return tuple(
        Subject(
            label=topic.label["en"],
            weight=topic.weight,
            core=topic.core,
            asked=topic.id in told.asked,
            covered=topic.id in told.covered,
            now=topic.id == open_topic,
            probes=len(told.probes_on(topic.id)),
        )
        for topic in flow.topics
    )


def _steps(said: Sequence[TurnRow], flow: Flow) -> Iterator[Step]:
    """Each answer with the turn that came of it, in order."""
    heard: Heard | None = None
    for row in said:
        if row.speaker == Speaker.BUYER:
            heard = _heard(row, flow)
        else:
            yield Step(heard, _spoken(row, flow))
            heard = None
    if heard is not None:  # sent while its reply was still due
        yield Step(heard, None)


def _heard(row: TurnRow, flow: Flow) -> Heard:
    told = turns.as_turn(row).assessment
    return Heard(
        text=row.text,
        skipped=row.act == Said.SKIP,
        removed=row.removed,
        kind=words(told.kind) if told else "",
        about=words(told.about) if told else "",
        signals=tuple(words(signal) for signal in told.signals if signal != told.kind) if told else (),
        hook=told.hook if told else "",
        covers=tuple(_label(flow, topic) for topic in told.covers) if told else (),
        by=told.by if told else "",
    )


def _spoken(row: TurnRow, flow: Flow) -> Spoken:
    move, _, rest = row.move.partition(":")
    what = {"probe": rest.partition(":")[2], "reply": rest.partition(":")[0], "close": rest}.get(move, "")
    return Spoken(
        number=row.number,
        pending=row.pending,
        text=row.text,
        move=move,
        what=words(what),
        topic=_label(flow, row.topic),
        why=row.why,
        source=row.source,
        verdicts=tuple(row.verdicts),
        model=row.model,
        prompt=row.prompt_id,
        calls=row.calls,
        tokens=row.tokens,
        latency_ms=row.latency_ms,
    )


def _label(flow: Flow, topic: str) -> str:
    return next((one.label["en"] for one in flow.topics if one.id == topic), words(topic))

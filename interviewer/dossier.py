"""Rows made into the desk's records: what an invitation came to, its deal, its link, and the page of one interview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace

from interviewer import budget, exchanges, marking, masks, records
from interviewer.analysis import standing
from interviewer.claims import Claims
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.evidence import Review, StatementKind
from interviewer.exchanges import words
from interviewer.flows import clock
from interviewer.flows.model import Flow
from interviewer.importing.turns import WITHIN
from interviewer.records import Status
from interviewer.scheduling import zones
from interviewer.store import agreement, desk, kept, redactions, reviews, statements, turns, users
from interviewer.store.changes import from_values
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import AnalysisStepRow, JobRunRow
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow
from interviewer.transcript import AnswerKind, Transcript

_ANSWERS = {AnswerKind.SPECIFIC, AnswerKind.VAGUE, AnswerKind.NOTHING, AnswerKind.HOSTILE}
_NOTES = (StatementKind.SURPRISE, StatementKind.PHRASE, StatementKind.GAP)
_ANSWERED = (StatementKind.DECIDED, StatementKind.WHY, StatementKind.VERSUS)
_GONE = (Status.DELETED, Status.OPTED_OUT)
"""They are not asked again: there is no new link."""
_JOBS = {"analyse": "The analysis of an interview", "deliver": "A mail"}


async def heads(
    deps: Deps, tx: Tx, lines: Sequence[desk.Line], searched: Sequence[str] = ()
) -> tuple[records.Head, ...]:
    """What the list says of each line, with an excerpt of the answer that holds what was searched for."""
    begun = [line.interview for line in lines if line.interview]
    ids = [row.id for row in begun]
    transcripts = await desk.transcripts(tx, begun)
    versions = await desk.flow_versions(tx, {row.flow_digest for row in begun})
    headlines, steps = await desk.headlines(tx, ids), await desk.steps(tx, ids)
    hidden, at_work = await redactions.among(tx, ids), await standing.work_on(tx, ids)
    made = []
    for line in lines:
        row = line.interview
        flow = versions.get(row.flow_digest) if row else _flow(deps, line.invitation.flow)
        transcript = transcripts[row.id] if row else Transcript()
        shown = row is not None and agreement.stands(row)
        made.append(
            _head(
                line,
                flow,
                transcript,
                headline=masks.without(headlines.get(row.id, ""), hidden[row.id].words) if row and shown else "",
                steps=steps.get(row.id, ()) if row else (),
                job=at_work.get(row.id, "") if row else "",
                excerpt=_excerpt(transcript, hidden[row.id].masks, searched) if row and shown else (),
            )
        )
    return tuple(made)


async def page(deps: Deps, tx: Tx, line: desk.Line, *, reader: str = "") -> records.Interview:
    """Everything known of one invitation. `reader` is the id of who looks: their last change can be taken back."""
    (found,) = await pages(deps, tx, [line])
    standing = line.interview if line.interview and agreement.stands(line.interview) else None
    undoable = await change(tx, standing.id, reader) if standing and reader else None
    noted = await statements.unfounded(tx, standing.id) if standing else ()
    return replace(found, undoable=undoable, unfounded=tuple(exchanges.statement(one, {}) for one in noted))


async def pages(deps: Deps, tx: Tx, lines: Sequence[desk.Line], *, whole: bool = True) -> list[records.Interview]:
    """Everything known of each of these invitations; not `whole`, without the conversation and what was turned down.

    How often the database is asked does not depend on how many there are.
    """
    everything = await kept.of(tx, lines, "en")
    return [_page(deps, line, known, whole=whole) for line, known in zip(lines, everything, strict=True)]


def _page(deps: Deps, line: desk.Line, known: kept.Kept, *, whole: bool) -> records.Interview:
    invitation, row = line.invitation, line.interview
    timed = row is None or not row.times
    began = row.started_at if row and row.times == WITHIN else None
    every = exchanges.quotes(known.quotes, known.turns, known.releases, timed=timed, began=began)
    found = [one for one in known.statements if one.review != Review.REJECTED]
    marked = exchanges.standing(every, found)
    claims = Claims(found, marked)
    headline = next(iter(claims.of(StatementKind.HEADLINE)), None)
    head = _head(
        line,
        known.flow if row else _flow(deps, invitation.flow),
        turns.as_transcript(known.turns, language=row.language) if row else Transcript(),
        headline=headline.text if headline else "",
        steps=known.steps,
        job=known.job,
        excerpt=(),
    )
    return records.Interview(
        head=head,
        interview_id=row.id if row else "",
        started_at=(row.first_answer_at if timed else row.started_at) if row else None,
        ended_at=(row.completed_at or row.abandoned_at) if row else None,
        ended_by=row.completed_by if row else "",
        product=invitation.product or deps.settings.product,
        segment=invitation.segment,
        crm_consent=row.crm_consent if row else None,
        mode=row.mode if row else "",
        source_id=row.source_name if row else "",
        times=row.times if row else "",
        conducted_by=row.conducted_by if row else "",
        consent=row.consent if row else "",
        reviewed_at=row.reviewed_at if row else None,
        reviewed_by=known.reviewer,
        audiences=tuple((row.audiences or ()) if row else ()),
        withdrawn_at=row.withdrawn_at if row else None,
        exchanges=exchanges.exchanges(
            known.turns if whole else (),
            known.flow,
            marked.values(),
            exchanges.Beside(known.hidden, known.translations, timed, began),
        ),
        headline=headline,
        notes=claims.of(*_NOTES),
        answers=claims.of(*_ANSWERED),
        summary=claims.of(StatementKind.SUMMARY),
        drivers=claims.drivers(),
        competitors=claims.competitors(),
        insights=claims.insights(),
        findings=claims.findings(),
        story=claims.story(),
        views=claims.views(known.deal),
        contradictions=claims.contradictions(),
        undoable=None,
        rejected=exchanges.rejected(every if whole else {}, known.statements if whole else ()),
        suggestions=exchanges.open_ones(marked.values(), found),
        quotes=tuple(marked.values()),
        steps=tuple(_step(step) for step in known.steps),
        made_by=", ".join(dict.fromkeys(step.made_by for step in known.steps if step.made_by)),
        call=call(deps, line.call, invitation) if line.call else None,
        deal=deal(known.deal),
        link=_link(deps, line),
        told=told(row) if row else None,
    )


def told(row: InterviewRow) -> records.Told | None:
    """What the buyer was told; None where a call alone became the interview, of which another note says how they
    agreed. A chat that a call was added to began with Start, and keeps it."""
    if row.mode != "ai" and not row.promise_version:
        return None
    return records.Told(row.notice_digest, row.promise_version, row.language, row.started_at, row.withdrawn_at)


async def change(tx: Tx, interview_id: str, user_id: str) -> records.Change | None:
    """Somebody's latest change to this interview that was not taken back."""
    made = await reviews.last(tx, interview_id, user_id)
    if made is None or made.id is None:
        return None
    return records.Change(id=made.id, verb=made.verb, at=made.at, who=await users.name_of(tx, made.user_id))


def status_counts(numbers: Mapping[str, int], chosen: str) -> tuple[records.Count, ...]:
    """The statuses that there are, and the one asked for."""
    return tuple(
        records.Count(status.value, words(status), numbers.get(status, 0))
        for status in Status
        if numbers.get(status) or status == chosen
    )


def flow_counts(deps: Deps, numbers: Mapping[str, int], chosen: str) -> tuple[records.Count, ...]:
    """The flows that there are, and the one asked for."""
    every = sorted({*numbers, *([chosen] if chosen in deps.flows.ids else [])})
    return tuple(records.Count(flow, flow_name(deps, flow), numbers.get(flow, 0)) for flow in every)


def failure(job: JobRunRow, invitation: InvitationRow | None) -> records.Failure:
    return records.Failure(
        job=job.job,
        key=job.key,
        what=_JOBS.get(job.job, words(job.job)),
        page=invitation.id if invitation else "",
        company=invitation.company if invitation else "",
    )


def call(deps: Deps, row: CallRequestRow, invitation: InvitationRow) -> records.Call:
    return records.Call(
        id=row.id,
        page=invitation.id,
        channel=row.channel,
        first_time=row.first_time,
        second_time=row.second_time,
        phone=row.phone,
        time_zone=zones.named(deps.now(), row.time_zone),
        created_at=row.created_at,
        handled_at=row.handled_at,
        flow_name=flow_name(deps, invitation.flow),
        name=invitation.name,
        email=invitation.email,
        role=invitation.role,
        company=invitation.company,
    )


def _head(
    line: desk.Line,
    flow: Flow | None,
    transcript: Transcript,
    *,
    headline: str,
    steps: Sequence[AnalysisStepRow],
    job: str,
    excerpt: tuple[records.Piece, ...],
) -> records.Head:
    invitation, row = line.invitation, line.interview
    withdrawn = agreement.stopped(row)
    return records.Head(
        id=invitation.id,
        status=line.status,
        flow=invitation.flow,
        flow_name=flow.name if flow else invitation.flow,
        outcome=flow.outcome if flow else "",
        language=row.language if row else invitation.language,
        at=line.at,
        answered=len(answered(flow, transcript)) if flow else 0,
        topics=len(flow.core) if flow else 0,
        seconds=_seconds(row, flow, transcript),
        analysis=standing.of(row, len(transcript.answers), steps, job=job) if row else "",
        name=invitation.name,
        email=invitation.email,
        role=invitation.role,
        company=invitation.company,
        headline=headline,
        call_open=line.call is not None and line.call.handled_at is None,
        call_at=line.booking.starts_at if line.booking else None,
        link_asked_at=None if line.status in _GONE else invitation.link_asked_at,
        asked_person=0 if line.call or withdrawn else _asked(transcript, AnswerKind.WANTS_PERSON),
        asked_deletion=0 if withdrawn else _asked(transcript, AnswerKind.WANTS_DELETION),
        excerpt=excerpt,
        mode=row.mode if row else "",
        reviewed_at=row.reviewed_at if row else None,
    )


def _excerpt(transcript: Transcript, hidden: redactions.Masks, searched: Sequence[str]) -> tuple[records.Piece, ...]:
    answers = (masks.masked(turn.text, hidden.get(turn.number, ())) for turn in transcript.answers)
    return marking.excerpt(answers, searched)


def _seconds(row: InterviewRow | None, flow: Flow | None, transcript: Transcript) -> int:
    """Of the interviewer's own interviews: a call of people is not typed on a phone, and reckoned times say little."""
    if row is None or flow is None or row.mode != "ai" or row.times or not transcript.answers:
        return 0
    return round(clock.read(flow, transcript).spent_s)


def _step(row: AnalysisStepRow) -> records.Step:
    changes = from_values(row.changes)
    return records.Step(
        name=words(row.step),
        state=row.state,
        made_by=row.made_by,
        prompt=row.prompt_id,
        at=row.at,
        added=len(changes.added),
        gone=len(changes.gone),
        kept=changes.kept,
        over_budget=row.error == budget.OVER,
    )


def _asked(transcript: Transcript, kind: AnswerKind) -> int:
    """Number of the last answer of this kind; 0 where there is none."""
    judged = ((turn.number, turn.assessment) for turn in transcript.answers)
    return max((number for number, told in judged if told and told.kind is kind), default=0)


def answered(flow: Flow, transcript: Transcript) -> set[str]:
    """Core topics that the buyer's own words say something about."""
    found: set[str] = set()
    for turn in transcript.answers:
        judged = turn.assessment
        if judged is None or judged.kind in _ANSWERS:
            found.add(turn.topic)
        found.update(judged.covers if judged else ())
    return found & {topic.id for topic in flow.core}


def deal(row: DealRow | None) -> records.Deal | None:
    """None where nothing is logged."""
    if row is None:
        return None
    told = records.Deal(
        deal_id=row.deal_id,
        amount=row.amount,
        currency=row.currency,
        closed_on=row.closed_on,
        owner=row.owner,
        rep_reason=row.rep_reason,
        rep_competitor=row.rep_competitor,
        reason_category=row.reason_category,
        reason_driver=row.reason_driver,
        reason_explanation=row.reason_explanation,
        primary_competitor=row.primary_competitor,
        incumbent=row.incumbent,
        selected_competitor=row.selected_competitor,
    )
    return told if any(astuple(told)) else None


def _link(deps: Deps, line: desk.Line) -> records.Link:
    invitation = line.invitation
    gone = line.status in (*_GONE, Status.NO_LONGER_AGREES)
    works = not gone and not invitation.revoked_at and invitation.expires_at > deps.now()
    return records.Link(
        url=deps.links.interview(invitation.id, invitation.link_version) if works else "",
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        revoked_at=invitation.revoked_at,
        can_revoke=works,
        can_replace=not gone,
    )


def _flow(deps: Deps, flow_id: str) -> Flow | None:
    try:
        return deps.flows.get(flow_id)
    except NotFound:
        return None


def flow_name(deps: Deps, flow_id: str) -> str:
    flow = _flow(deps, flow_id)
    return flow.name if flow else words(flow_id)

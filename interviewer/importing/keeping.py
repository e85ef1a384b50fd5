"""One interview that was brought in, as rows: its invitation, itself, its turns, its deal."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from interviewer import store
from interviewer.deps import Deps
from interviewer.importing import turns
from interviewer.importing.turns import Course
from interviewer.interchange import Interview
from interviewer.masks import BAR
from interviewer.store import bookings, deals, imported
from interviewer.store.db import Tx
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Transcript

AI, HUMAN = "ai", "human"
LEFT, SILENCE, BUYER = "left", "silence", "buyer"
"""How an interview ended, as `ended_by` says."""
_NOTICE = "This interview was held elsewhere and brought in. What the buyer was told then is not known here."
_NOTICE_DIGEST = hashlib.sha256(_NOTICE.encode()).hexdigest()[:16]
_DEAL = tuple(name for name in DealRow.model_fields if name not in ("invitation_id", "company", "updated_at"))
_PERSON = ("name", "role", "company")


@dataclass(frozen=True)
class Held:
    """One interview of a file, where it stands there, what makes it the same, and its turns as they happened."""

    interview: Interview
    place: str
    source: str
    course: Course


@dataclass(frozen=True)
class Fresh:
    """One that is not here yet, with the id that it gets and its invitation."""

    interview_id: str
    invitation: InvitationRow
    held: Held


def source(interview: Interview) -> str:
    """What makes it the same interview when it comes again: its source's id, else what was said, by whom.

    A digest: it stays when the interview is deleted, so that the file does not bring it back.
    """
    said = [[turn.speaker.value, turn.text] for turn in interview.turns]
    who = [interview.flow, interview.buyer.email.lower(), interview.buyer.name, interview.buyer.company]
    known_as = called(interview)
    whole = ["id", known_as] if known_as else ["said", who, said]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()[:32]


def called(interview: Interview) -> str:
    """What the first source called it: it stays the same through exports and imports."""
    return interview.source_id or interview.id


def address(interview: Interview) -> str:
    """The buyer's address as it is kept and compared."""
    return interview.buyer.email.strip().lower()


def language(interview: Interview) -> str:
    """Without its region, which wordings and rules do not know."""
    return interview.language.lower().partition("-")[0]


def mode(interview: Interview) -> str:
    """Who asked."""
    return interview.mode or (HUMAN if interview.conducted_by or interview.consent else AI)


def invitation(deps: Deps, held: Held, deal_id: str) -> InvitationRow:
    """A new invitation. Its link has ended: nobody is asked."""
    now = deps.now()
    return InvitationRow(
        id=deps.new_id(), email=address(held.interview), deal_id=deal_id, flow="", created_at=now, expires_at=now
    )


async def create(deps: Deps, tx: Tx, fresh: Sequence[Fresh], read: Callable[[Held], Transcript]) -> list[InterviewRow]:
    """Keep those that are new, each on an invitation that nobody has answered: all of a table at once.

    Its link ends, unless a call stands: that is moved and called off by it.
    """
    now = deps.now()
    calling = await bookings.standing(tx, {one.invitation.id for one in fresh}, now)
    flows = {one.held.interview.flow for one in fresh}
    digests = {flow: await store.interviews.keep_flow(tx, deps.flows.get(flow), now) for flow in sorted(flows)}
    if fresh:
        await store.interviews.keep_notice(tx, _NOTICE_DIGEST, _NOTICE, now)
    for one in fresh:
        interview, invitation = one.held.interview, one.invitation
        invitation.flow, invitation.language = interview.flow, language(interview)
        if invitation.id not in calling:
            invitation.revoked_at = invitation.revoked_at or now
        _describe(invitation, interview)
        tx.add(invitation)
    await tx.flush()  # what points at them needs them there first
    rows = [_interview(one, digests[one.held.interview.flow]) for one in fresh]
    tx.add_all(rows)
    await imported.add_turns(
        tx,
        [
            turns.values(row.id, turn, row.started_at)
            for one, row in zip(fresh, rows, strict=True)
            for turn in read(one.held)
        ],
    )
    return rows


def _interview(one: Fresh, flow_digest: str) -> InterviewRow:
    interview, ran = one.held.interview, one.held.course
    row = InterviewRow(
        id=one.interview_id,
        invitation_id=one.invitation.id,
        flow=interview.flow,
        flow_digest=flow_digest,
        language=language(interview),
        notice_digest=_NOTICE_DIGEST,
        started_at=ran.started_at,
        first_answer_at=ran.first_answer_at,
        last_active_at=ran.ended_at,
        completed_at=None if interview.ended_by == LEFT else ran.ended_at,
        completed_by={LEFT: "", SILENCE: SILENCE}.get(interview.ended_by, BUYER),
        abandoned_at=ran.ended_at if interview.ended_by == LEFT else None,
        mode=mode(interview),
        source_id=one.held.source,
        times=ran.times,
    )
    _tell(row, interview)
    return row


def describe(row: InterviewRow, invitation: InvitationRow, held: Held) -> bool:
    """Bring what is known of one that is here up to what its source says now; says whether anything changed."""
    return _describe(invitation, held.interview) | _tell(row, held.interview)


async def retell(tx: Tx, row: InterviewRow, held: Held, read: Callable[[Held], Transcript], now: datetime) -> bool:
    """Let the turns of one that is here say what they say at its source; says whether anything changed.

    What was decided on words that are still there stays. `read` is asked only where turns differ.
    """
    if not await differs(tx, row, held):
        return False
    there = {turn.number: turn for turn in await store.turns.rows(tx, row.id)}
    said = {turn.number: turns.values(row.id, turn, row.started_at) for turn in read(held)}
    gone = {number for number, turn in there.items() if number not in said or turn.speaker != said[number]["speaker"]}
    await imported.drop_turns(tx, row.id, gone)
    for number, turn in said.items():
        if number in there and number not in gone:
            _say(there[number], turn, now)
    await imported.add_turns(tx, [turn for number, turn in said.items() if number not in there or number in gone])
    return True


async def differs(tx: Tx, row: InterviewRow, held: Held) -> bool:
    """Whether the source has other turns than are kept. Bars hide what may be the same."""
    there = [(turn.number, turn.speaker, turn.text, turn.removed) for turn in await store.turns.rows(tx, row.id)]
    given = [(turn.number, turn.speaker.value, turn.text, turn.removed) for turn in held.course.turns]
    return len(there) != len(given) or any(
        kept != new and not (kept[:2] == new[:2] and BAR in new[2]) for kept, new in zip(there, given, strict=True)
    )


def deal(tx: Tx, held: Held, invitation_id: str, there: DealRow | None, now: datetime) -> bool:
    """Keep what the CRM and the rep say; says whether anything changed. What the file leaves empty stays."""
    facts = _facts(held.interview)
    return bool(facts) and deals.keep(tx, invitation_id, there, facts, now)


def news(held: Held, there: DealRow | None) -> bool:
    """Whether the file says something else of the deal than is kept."""
    return deals.news(there, _facts(held.interview))


def _facts(interview: Interview) -> dict[str, object]:
    """What it says of the deal, without what it leaves empty."""
    told = interview.deal
    facts = {name: getattr(told, name) for name in _DEAL}
    facts |= {"currency": told.currency.upper(), "company": interview.buyer.company}
    return {name: value for name, value in facts.items() if value not in ("", None)}


def _describe(invitation: InvitationRow, interview: Interview) -> bool:
    """What is known of the buyer; empty values change nothing."""
    facts = {name: getattr(interview.buyer, name).strip() for name in _PERSON}
    facts |= {"product": interview.product, "segment": interview.segment}
    return _put(invitation, {name: value for name, value in facts.items() if value})


def _tell(row: InterviewRow, interview: Interview) -> bool:
    """What is known of how it was held; what is not said changes nothing."""
    facts = {
        "source_name": called(interview) or None,
        "conducted_by": interview.conducted_by or None,
        "consent": interview.consent or None,
        "crm_consent": interview.crm_consent,
        "audiences": sorted(set(interview.audiences)) if interview.audiences is not None else None,
        "reviewed_at": interview.reviewed_at if not row.reviewed_at else None,
    }
    return _put(row, {name: value for name, value in facts.items() if value is not None})


def _put(row: InvitationRow | InterviewRow, facts: dict[str, object]) -> bool:
    changed = {name: value for name, value in facts.items() if value != getattr(row, name)}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _say(kept: TurnRow, turn: Mapping[str, Any], now: datetime) -> None:
    """Let a turn say what its source says now. Words under bars there are as they were here."""
    if BAR not in turn["text"] and (kept.text, kept.removed) != (turn["text"], turn["removed"]):
        kept.text, kept.removed, kept.changed_at = turn["text"], turn["removed"], now
        kept.topic, kept.assessment, kept.act = turn["topic"], turn["assessment"], turn["act"]

"""Everything that is held about a person, table by table (docs/privacy.md; trust.md 30).

Each column of each table has a rule: it is told to the person who asks, or it is withheld for a reason. A test walks
the tables, so that a new column without a rule fails the build.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import SQLModel, select

from interviewer import masks
from interviewer.store import redactions
from interviewer.store.db import Tx, one_of
from interviewer.store.redactions import Hidden
from interviewer.store.tables.analysis import (
    AnalysisStepRow,
    CitationRow,
    JobRunRow,
    QuoteRow,
    StatementRow,
    TagRow,
)
from interviewer.store.tables.bookings import BookingRow, CallNoteRow, DayOffRow, ExternalCallRow, HostRow
from interviewer.store.tables.consents import CallConsentRow
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.deliveries import DeliveryRow
from interviewer.store.tables.interviews import InterviewRow, NoticeRow, ProofCodeRow, RevisionRow, TurnRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow, SuppressionRow
from interviewer.store.tables.people import AuditRow, IdentityRow, SessionRow, SignInLinkRow, UserRow
from interviewer.store.tables.review import (
    ChangeRow,
    RedactionRow,
    ReleaseRow,
    TokenRow,
    TranslationRow,
    ViewRow,
)

KEY = "names a row and says nothing of a person"
PROOF = "proves who somebody is: whoever has it gets in"
STAFF = "says who of the team did it, which is about them"
WORK = "how the work went technically"
OTHERS = "names somebody else who was there"


_OBJECTS = ("invitation", "interview", "booking", "call", "quote", "tag", "statement", "job")
"""Kinds of what the audit log says that something was done to."""


class Part(StrEnum):
    """Which part of the account it belongs to: each is guarded by a field of its own (`records/rights.py`)."""

    PERSON = "person"
    SAID = "said"
    DERIVED = "derived"
    RELEASED = "released"
    CALLS = "calls"
    DEAL = "deal"
    MAILS = "mails"
    DESK = "desk"


@dataclass(frozen=True)
class Rule:
    """How the rows of a table that are about one person are found, and what of them is told."""

    row: type[SQLModel]
    part: Part
    title: str
    on: str
    """The column that is looked at."""
    among: str
    """What it is looked up among: ids that a rule before this one `gives`."""
    shown: str
    """Columns, in the order in which they are told."""
    withheld: Mapping[str, str] = field(default_factory=dict)
    """Columns, by the reason."""
    gives: Mapping[str, str] = field(default_factory=dict)
    """Ids for the rules after it, by name: from which column."""
    only: Mapping[str, str] = field(default_factory=dict)
    """What columns have to hold, so that a row is about this person and nobody beside them."""


RULES: Sequence[Rule] = (
    Rule(InvitationRow, Part.PERSON, "Invitations", "email", "address",
         "email name role company segment flow language product deal_id created_at expires_at revoked_at declined_at "
         "opted_out_at link_asked_at erased_at", {KEY: "id link_version preview"}, {"invitation": "id"}),
    Rule(SuppressionRow, Part.PERSON, "Never to be written to", "address_hash", "mark", "reason at",
         {PROOF: "address_hash"}),
    Rule(InterviewRow, Part.SAID, "Interviews, and what you agreed to", "invitation_id", "invitation",
         "flow language mode started_at first_answer_at last_active_at completed_at completed_by abandoned_at "
         "deleted_at withdrawn_at notice_digest promise_version audiences crm_consent consent source_name times "
         "reviewed_at",
         {KEY: "id invitation_id flow_digest source_id", PROOF: "proved_browser",
          STAFF: "conducted_by reviewed_by"},
         {"interview": "id", "notice": "notice_digest"}),
    Rule(NoticeRow, Part.SAID, "The notice that you were shown", "digest", "notice", "digest text first_shown_at"),
    Rule(TurnRow, Part.SAID, "What was asked and answered", "interview_id", "interview",
         "number speaker act topic text at removed changed_at proved assessment move why source model",
         {KEY: "id interview_id client_key reply_to prompt_id text_hash booking_id", PROOF: "browser",
          WORK: "pending lease_owner lease_until failures calls tokens latency_ms verdicts"},
         {"turn": "id"}),
    Rule(RevisionRow, Part.SAID, "Answers as they were before a change", "turn_id", "turn", "text at",
         {KEY: "id turn_id"}),
    Rule(TranslationRow, Part.DERIVED, "Translations", "turn_id", "turn", "language text made_by",
         {KEY: "turn_id words_digest prompt_id"}),
    Rule(ProofCodeRow, Part.SAID, "Codes that were mailed to prove a browser", "interview_id", "interview",
         "expires_at tries_left proved_at", {KEY: "interview_id", PROOF: "browser code_hash"}),
    Rule(QuoteRow, Part.DERIVED, "Quotes: places in the answers", "interview_id", "interview", "start end step",
         {KEY: "id interview_id turn_id words_digest"}, {"quote": "id"}),
    Rule(TagRow, Part.DERIVED, "Tags on quotes", "quote_id", "quote",
         "theme subject polarity scope horizon confidence made_by review reviewed_at",
         {KEY: "id quote_id version", STAFF: "reviewed_by"}, {"tag": "id"}),
    Rule(StatementRow, Part.DERIVED, "Notes, drivers and whatever else was concluded", "interview_id", "interview",
         "kind text body made_by step review reviewed_at machine_text",
         {KEY: "id interview_id position key version", STAFF: "reviewed_by"}, {"statement": "id"}),
    Rule(CitationRow, Part.DERIVED, "Which quotes conclusions rest on", "statement_id", "statement",
         "statement_id quote_id"),
    Rule(AnalysisStepRow, Part.DERIVED, "Analysis", "interview_id", "interview", "step state made_by at",
         {KEY: "interview_id prompt_id transcript_digest", WORK: "attempts error changes"}),
    Rule(JobRunRow, Part.DERIVED, "Background work", "key", "interview", "job state queued_at finished_at",
         {KEY: "key", WORK: "run again attempts error"}, {"job": "key"}),
    Rule(ChangeRow, Part.DERIVED, "What people changed of it", "interview_id", "interview", "verb at undone_at",
         {KEY: "id interview_id", STAFF: "user_id rows"}),
    Rule(RedactionRow, Part.DERIVED, "Words under a bar", "interview_id", "interview", "start end at",
         {KEY: "id interview_id turn_id", STAFF: "user_id"}),
    Rule(ReleaseRow, Part.RELEASED, "What other teams may read, without name and company", "interview_id",
         "interview", "audience wording quote_id at", {KEY: "id interview_id", STAFF: "user_id"}),
    Rule(CallRequestRow, Part.CALLS, "Calls that were asked for", "invitation_id", "invitation",
         "channel first_time second_time phone time_zone created_at handled_at", {KEY: "id invitation_id"},
         {"call": "id"}),
    Rule(BookingRow, Part.CALLS, "Calls that were booked", "invitation_id", "invitation",
         "state starts_at ends_at time_zone language video_link source created_at changed_at cancelled_by recording "
         "recording_at closed_at",
         {KEY: "id invitation_id external_id uid sequence interview_id", STAFF: "host_id handed_from closed_by"},
         {"booking": "id"}),
    Rule(CallNoteRow, Part.CALLS, "Notes of calls", "booking_id", "booking", "topic text changed_at",
         {KEY: "booking_id version"}),
    Rule(CallConsentRow, Part.CALLS, "What you said to being recorded", "booking_id", "booking", "answer at",
         {KEY: "booking_id", STAFF: "asked_by", OTHERS: "attendee"}, only={"attendee": ""}),
    Rule(ExternalCallRow, Part.CALLS, "What a scheduling service told of calls", "invitation_id", "invitation",
         "source starts_at ends_at told_at cancelled time_zone video_link at",
         {KEY: "external_id invitation_id replaces"}),
    Rule(DealRow, Part.DEAL, "The deal, as the CRM and the rep have it", "invitation_id", "invitation",
         "deal_id company amount currency closed_on rep_reason rep_competitor reason_category reason_driver "
         "reason_explanation primary_competitor incumbent selected_competitor updated_at",
         {KEY: "invitation_id", STAFF: "owner"}),
    Rule(DeliveryRow, Part.MAILS, "Mails", "invitation_id", "invitation",
         "event state created_at sent_at attempts",
         {KEY: "id payload invitation_id message_id", WORK: "error next_try_at"}),
    Rule(AuditRow, Part.MAILS, "Who looked, and what was done", "object", "object", "at verb object",
         {STAFF: "user_id", KEY: "id position previous digest"}),
    Rule(UserRow, Part.DESK, "Your account at the desk", "email", "address",
         "email name role created_at last_seen_at disabled_at role_from disabled_by", {KEY: "id"}, {"user": "id"}),
    Rule(IdentityRow, Part.DESK, "Your account at the company’s sign-in", "user_id", "user",
         "issuer subject created_at", {KEY: "user_id"}),
    Rule(SessionRow, Part.DESK, "Where you are signed in", "user_id", "user",
         "created_at last_seen_at expires_at way browser", {KEY: "user_id provider_session", PROOF: "digest"}),
    Rule(SignInLinkRow, Part.DESK, "Links to sign in", "user_id", "user", "created_at expires_at used_at",
         {KEY: "user_id", PROOF: "digest"}),
    Rule(HostRow, Part.DESK, "Your hours for calls", "user_id", "user",
         "time_zone hours buffer_minutes notice_hours horizon_days daily_maximum video_link taking busy_tried_at "
         "busy_read_at busy_until", {KEY: "user_id version", PROOF: "busy_url", WORK: "busy_error"}),
    Rule(DayOffRow, Part.DESK, "Your days without calls", "user_id", "user", "first last", {KEY: "id user_id"}),
    Rule(TokenRow, Part.DESK, "Keys to the API that you made", "user_id", "user",
         "name role scopes created_at expires_at last_used_at revoked_at", {KEY: "id user_id", PROOF: "digest"}),
    Rule(ViewRow, Part.DESK, "Searches that you keep", "user_id", "user", "name query shared created_at",
         {KEY: "id user_id"}),
    Rule(AuditRow, Part.DESK, "What you did at the desk", "user_id", "user", "at verb object",
         {KEY: "id user_id position previous digest"}),
)  # fmt: skip
"""In the order of the account; a rule stands after those whose ids it needs."""

NOT_HELD: Mapping[str, str] = {
    "audit_anchors": "where the audit log begins; about nobody",
    "busy_times": "when a host's own calendar is taken: only times, read again every few minutes",
    "documents": "words told above once more, folded, so that they are found; erased with them",
    "flow_versions": "the questions as they were; the same for everybody",
    "heartbeats": "which processes are alive",
    "hits": "how often something was tried, by a digest, for a day",
    "holdings": "counts of what is told above; erased with it",
    "hypotheses": "what the team expects of a kind of deals; about no person",
    "mentions": "tags told above once more, so that they can be counted; erased with them",
    "merged_subjects": "two names of one thing; goes with the last interview that has the name",
    "received_webhooks": "digests of messages that came in, for seven days",
    "rivals": "competitors told above once more, so that they can be counted; erased with them",
    "spending": "tokens that a model took, for a day",
    "troubles": "what went wrong last, in words of ours",
    "used_once": "digests of what works a single time, for minutes",
}
"""Tables that the account leaves out, and why."""


@dataclass(frozen=True)
class Held:
    """The rows of one rule: of each column its name, its value, and whether that is JSON as text."""

    rule: Rule
    rows: tuple[tuple[tuple[str, Any, bool], ...], ...]


async def about(tx: Tx, address: str, marks: Collection[str]) -> list[Held]:
    """All that is held about whoever has this address, a rule each, empty ones left out.

    Words under a bar stay under it: `redactions` hides them from everybody, whoever asks.
    """
    ids: dict[str, set[Any]] = defaultdict(set, address={address}, mark=set(marks))
    found: list[tuple[Rule, list[SQLModel]]] = []
    for rule in RULES:
        if rule.among == "object":
            ids["object"] = {f"{kind}:{key}" for kind in _OBJECTS for key in ids[kind]}
        rows = await _rows(tx, rule, ids[rule.among])
        for name, column in rule.gives.items():
            ids[name] |= {getattr(row, column) for row in rows}
        found.append((rule, rows))
    hidden = await redactions.among(tx, sorted(ids["interview"])) if ids["interview"] else {}
    bars = _Bars(hidden, found)
    return [Held(rule, tuple(_told(rule, row, bars) for row in rows)) for rule, rows in found if rows]


async def _rows(tx: Tx, rule: Rule, wanted: Collection[Any]) -> list[SQLModel]:
    if not wanted:
        return []
    table = rule.row.__table__  # type: ignore[attr-defined]
    column = table.c[rule.on]
    numbers = not all(isinstance(one, str) for one in wanted)
    chosen = column.in_(wanted) if numbers else one_of(tx, column, sorted(wanted))
    query = select(rule.row).where(chosen, *(table.c[name] == value for name, value in rule.only.items()))
    return list((await tx.exec(query.order_by(*table.primary_key.columns))).all())


class _Bars:
    """What is under a bar, in the turns and wherever it is repeated."""

    def __init__(self, hidden: Mapping[str, Hidden], found: Sequence[tuple[Rule, Sequence[SQLModel]]]) -> None:
        self._spans: dict[int, Sequence[tuple[int, int]]] = {}
        self._words = tuple(dict.fromkeys(word for one in hidden.values() for word in one.words))
        for _, rows in found:
            for row in rows:
                if isinstance(row, TurnRow) and (spans := hidden[row.interview_id].masks.get(row.number)):
                    self._spans[row.id or 0] = spans

    def within(self, row: SQLModel, value: Any) -> Any:
        """Over every text in it, however deep; names of JSON members are ours and say nothing."""
        match value:
            case str():
                return self.over(row, value)
            case list():
                return [self.within(row, one) for one in value]
            case dict():
                return {name: self.within(row, one) for name, one in value.items()}
        return value

    def over(self, row: SQLModel, text: str) -> str:
        if isinstance(row, TurnRow) and text == row.text:
            text = masks.masked(text, self._spans.get(row.id or 0, ()))
        elif isinstance(row, RevisionRow | TranslationRow) and row.turn_id in self._spans and text == row.text:
            return masks.masked(text, [(0, len(text))])  # nobody knows where the words were then
        return masks.without(text, self._words) if self._words else text


def _told(rule: Rule, row: SQLModel, bars: _Bars) -> tuple[tuple[str, Any, bool], ...]:
    told = []
    for name in rule.shown.split():
        value = getattr(row, name)
        data = value is not None and isinstance(rule.row.__table__.c[name].type, JSON)  # type: ignore[attr-defined]
        value = bars.within(row, value)
        told.append((name, json.dumps(value, ensure_ascii=False) if data else value, data))
    return tuple(told)

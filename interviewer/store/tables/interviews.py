"""The conversation: one interview for an invitation, its turns, and what buyers changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import data, moment, required_moment

_NONE = {"server_default": text("''")}
ASKS_DELETION = {
    "sqlite": "json_extract(assessment, '$.kind') = 'wants_deletion'",
    "postgresql": "(assessment ->> 'kind') = 'wants_deletion'",
}
"""That a turn asks for deletion, by the database's dialect; word for word as its index has it, or that is not used."""


class FlowVersionRow(SQLModel, table=True):
    """A flow as it was when interviews ran with it."""

    __tablename__ = "flow_versions"

    digest: str = Field(primary_key=True)
    flow: str = Field(index=True)
    version: int
    body: dict[str, Any] = data({})
    first_used_at: datetime = required_moment()


class NoticeRow(SQLModel, table=True):
    """The notice as a buyer was shown it."""

    __tablename__ = "notices"

    digest: str = Field(primary_key=True)
    text: str
    first_shown_at: datetime = required_moment()


class InterviewRow(SQLModel, table=True):
    """`id` is public: it stands in the buyer's address bar and is worth nothing without the cookie."""

    __tablename__ = "interviews"

    id: str = Field(primary_key=True)
    invitation_id: str = Field(foreign_key="invitations.id", ondelete="CASCADE", unique=True)
    flow: str = Field(index=True)
    flow_digest: str = Field(foreign_key="flow_versions.digest")
    language: str = "en"
    notice_digest: str = Field(foreign_key="notices.digest")
    started_at: datetime = required_moment(index=True)
    """Start was pressed; a mail scanner may have done it."""
    first_answer_at: datetime | None = moment()
    proved_browser: str = ""
    """Digest of the browser that typed the first answer (trust.md 3 and 7)."""
    last_active_at: datetime = required_moment(index=True)
    completed_at: datetime | None = moment(index=True)
    completed_by: str = ""
    """`buyer` (pressed send) or `silence` (all core topics answered, then 30 minutes of nothing)."""
    abandoned_at: datetime | None = moment()
    deleted_at: datetime | None = moment()
    crm_consent: bool | None = None
    """Whether this buyer agreed that the reason may go back to the CRM; None: not asked yet."""
    mode: str = Field(default="ai", sa_column_kwargs={"server_default": "ai"}, index=True)
    """Who asked: `ai`, or `human` for a call whose notes or transcript were brought in."""
    conducted_by: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """The person who asked, of a human interview."""
    consent: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """How the buyer agreed that a human interview is written down, in the importer's words."""
    source_id: str = Field(default="", sa_column_kwargs={"server_default": text("''")}, index=True)
    """Digest of where it was brought in from: the same source again is the same interview."""
    source_name: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """What its source calls it, so that a team can match what it brought in."""
    times: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """What is known of when things were said: empty (each turn's time), `within` (the day, and how far into the call),
    `day`, or `none`; else times are reckoned."""
    audiences: list[str] | None = data()
    """Roles that may read single, redacted statements, as this buyer was promised at the start (trust.md 12);
    None: nobody."""
    promise_version: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Of the sentence on confidentiality that was shown: see `confidentiality.promise_version`."""
    withdrawn_at: datetime | None = moment()
    """When the buyer took back that they agreed, and let what they had said be kept."""
    reviewed_at: datetime | None = moment()
    reviewed_by: str = Field(default="", sa_column_kwargs={"server_default": text("''")})


class TurnRow(SQLModel, table=True):
    """One contribution. A pending interviewer turn is a reply that is due; the lease says who produces it."""

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("interview_id", "number"),
        UniqueConstraint("interview_id", "client_key"),
        UniqueConstraint("interview_id", "reply_to"),
        Index(
            "ix_turns_asks_deletion",
            "interview_id",
            sqlite_where=text(ASKS_DELETION["sqlite"]),
            postgresql_where=text(ASKS_DELETION["postgresql"]),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    interview_id: str = Field(foreign_key="interviews.id", ondelete="CASCADE", index=True)
    number: int
    speaker: str
    act: str = "answer"
    topic: str = ""
    text: str = ""
    at: datetime = required_moment()

    # buyer
    client_key: str | None = None
    text_hash: str = ""
    """Of the text as first sent: tells a retry from a reused key after the text was changed."""
    proved: bool = True
    browser: str = ""
    assessment: dict[str, Any] | None = data()
    removed: bool = False
    changed_at: datetime | None = moment()

    # interviewer
    reply_to: int | None = None
    pending: bool = Field(default=False, index=True)
    lease_owner: str = ""
    lease_until: datetime | None = moment()
    failures: int = 0
    move: str = ""
    why: str = ""
    source: str = ""
    """Who worded it: `flow`, `model`, or `fallback` (the model was asked and gave nothing usable). Of either speaker's
    turns that a call added: `call`."""
    booking_id: str = Field(default="", sa_column_kwargs=_NONE)
    """The call that added it."""
    model: str = ""
    prompt_id: str = ""
    calls: int = 0
    tokens: int = 0
    """Input and output together, as the server counted them."""
    latency_ms: int = 0
    verdicts: list[str] = data([])
    """What the lint said of the model's words, try by try."""


class RevisionRow(SQLModel, table=True):
    """What an answer was before a change; dropped when the buyer sends."""

    __tablename__ = "revisions"

    id: int | None = Field(default=None, primary_key=True)
    turn_id: int = Field(foreign_key="turns.id", ondelete="CASCADE", index=True)
    text: str
    at: datetime = required_moment()


class ProofCodeRow(SQLModel, table=True):
    """A code mailed to the invitee, that proves a second browser (trust.md 7)."""

    __tablename__ = "proof_codes"

    interview_id: str = Field(primary_key=True, foreign_key="interviews.id", ondelete="CASCADE")
    browser: str = Field(primary_key=True)
    code_hash: str
    expires_at: datetime = required_moment()
    tries_left: int = 5
    proved_at: datetime | None = moment()

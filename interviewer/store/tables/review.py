"""What people at the desk do with evidence: changes that can be undone, masks, releases, merged subjects, views."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import GIVEN_ONCE, data, moment, required_moment


class ChangeRow(SQLModel, table=True):
    """One change by a person to what the analysis made, with what was there before: the means to undo it."""

    __tablename__ = "changes"
    __table_args__ = (GIVEN_ONCE,)

    id: int | None = Field(default=None, primary_key=True)
    interview_id: str = Field(foreign_key="interviews.id", ondelete="CASCADE", index=True)
    user_id: str
    at: datetime = required_moment()
    verb: str
    """`confirm`, `reject`, `reopen`, `retag`, `mark`, `merge`, `reword`, `redact`, `release`, `withdraw`, `finish`,
    `unfinish`."""
    rows: list[dict[str, Any]] = data([])
    """What `store/reviews.py` keeps of each row. Never a buyer's words."""
    undone_at: datetime | None = moment()


class RedactionRow(SQLModel, table=True):
    """Code points [start, end) of a turn that nobody reads any more: shown, searched and exported as a black bar."""

    __tablename__ = "redactions"
    __table_args__ = (UniqueConstraint("turn_id", "start", "end"), GIVEN_ONCE)

    id: int | None = Field(default=None, primary_key=True)
    interview_id: str = Field(foreign_key="interviews.id", ondelete="CASCADE", index=True)
    turn_id: int = Field(foreign_key="turns.id", ondelete="CASCADE", index=True)
    start: int
    end: int
    user_id: str
    at: datetime = required_moment()


class ReleaseRow(SQLModel, table=True):
    """A quote that a PMM let an audience read (trust.md 11). Without a row nobody but the PMM does."""

    __tablename__ = "releases"
    __table_args__ = (UniqueConstraint("quote_id", "audience"), GIVEN_ONCE)

    id: int | None = Field(default=None, primary_key=True)
    interview_id: str = Field(foreign_key="interviews.id", ondelete="CASCADE", index=True)
    quote_id: int = Field(foreign_key="quotes.id", ondelete="CASCADE", index=True)
    audience: str = Field(index=True)
    """A role: `product`, `leadership`, `revops` or `sales`."""
    wording: str = ""
    """For sales the PMM's paraphrase, never the words themselves. Others read the words, redacted."""
    user_id: str
    at: datetime = required_moment()


class SubjectRow(SQLModel, table=True):
    """Two names of one thing, merged by a person: tags say `subject`, now and later."""

    __tablename__ = "merged_subjects"

    alias: str = Field(primary_key=True)
    """Folded."""
    subject: str
    user_id: str
    at: datetime = required_moment()


class TranslationRow(SQLModel, table=True):
    """A turn in another language, by a model. The original is the evidence."""

    __tablename__ = "translations"

    turn_id: int = Field(primary_key=True, foreign_key="turns.id", ondelete="CASCADE")
    language: str = Field(primary_key=True)
    text: str
    words_digest: str
    """Of the words that were translated: others make it void."""
    made_by: str
    prompt_id: str = ""


class ViewRow(SQLModel, table=True):
    """A search of the library that somebody keeps: its address, by name."""

    __tablename__ = "saved_views"

    id: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    name: str
    query: str
    shared: bool = False
    created_at: datetime = required_moment()


class TokenRow(SQLModel, table=True):
    """A key to the API. Only its digest is kept."""

    __tablename__ = "api_tokens"

    id: str = Field(primary_key=True)
    name: str
    digest: str = Field(unique=True)
    role: str
    """Reads what this role may."""
    scopes: list[str] = data([])
    user_id: str
    """Who made it."""
    created_at: datetime = required_moment()
    expires_at: datetime | None = moment()
    last_used_at: datetime | None = moment()
    revoked_at: datetime | None = moment()


class DocumentRow(SQLModel, table=True):
    """Something that can be searched: an answer, a quote, a statement, or who and which deal it is about."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("kind", "ref"), Index(None, "interview_id", "kind"))

    id: int | None = Field(default=None, primary_key=True)
    interview_id: str = Field(foreign_key="interviews.id", ondelete="CASCADE", index=True)
    kind: str
    """`answer`, `quote`, `statement` or `about`."""
    ref: str
    """Id of the row that it stands for."""
    search_text: str
    """Folded: case, accents and compatibility forms are gone."""

"""What an interview became: steps that ran, verbatim quotes with their tags, and statements resting on quotes."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, text
from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import GIVEN_ONCE, data, moment, required_moment

_NONE = {"server_default": text("''")}
_ONE = {"server_default": "1"}
"""Defaults of the server's: a process of the release before may still add rows."""


class AnalysisStepRow(SQLModel, table=True):
    """One step for one interview: where it stands, who made it, and what went wrong last."""

    __tablename__ = "analysis_steps"

    interview_id: str = Field(primary_key=True, foreign_key="interviews.id", ondelete="CASCADE")
    step: str = Field(primary_key=True)
    state: str
    """`waiting`, `done` or `failed`."""
    made_by: str = ""
    """`rules`, or the model's name."""
    prompt_id: str = ""
    attempts: int = 0
    error: str = ""
    transcript_digest: str = ""
    """Of the conversation that it read: another one makes it stale."""
    at: datetime = required_moment()
    changes: dict[str, Any] | None = data()
    """What the last run changed of what was there: see `store/changes.py`."""


class QuoteRow(SQLModel, table=True):
    """A verbatim span [start, end) of a buyer turn, in code points. The words themselves are not stored again."""

    __tablename__ = "quotes"
    __table_args__ = (UniqueConstraint("turn_id", "start", "end"), GIVEN_ONCE)

    id: int | None = Field(default=None, primary_key=True)
    interview_id: str = Field(foreign_key="interviews.id", ondelete="CASCADE", index=True)
    turn_id: int = Field(foreign_key="turns.id", ondelete="CASCADE", index=True)
    start: int
    end: int
    words_digest: str = ""
    """Of the quoted words: where the turn says something else by now, the quote is void."""
    step: str
    """The step that found it; running the step again replaces its quotes. `desk`: a person marked it."""


class TagRow(SQLModel, table=True):
    """One theme on one quote."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("quote_id", "theme"), GIVEN_ONCE)

    id: int | None = Field(default=None, primary_key=True)
    quote_id: int = Field(foreign_key="quotes.id", ondelete="CASCADE", index=True)
    theme: str = Field(index=True)
    subject: str = ""
    polarity: str = ""
    """`positive`, `negative`, `mixed` or `neutral`, towards the vendor."""
    scope: str = ""
    horizon: str = ""
    confidence: float = 1.0
    made_by: str = ""
    review: str = Field(default="", sa_column_kwargs=_NONE)
    """Empty, `confirmed` or `rejected`. What a person said stays when the analysis is run again."""
    reviewed_by: str = Field(default="", sa_column_kwargs=_NONE)
    reviewed_at: datetime | None = moment()
    version: int = Field(default=1, sa_column_kwargs=_ONE)


class StatementRow(SQLModel, table=True):
    """Anything that the analysis says. Shown only while a quote carries it."""

    __tablename__ = "statements"
    __table_args__ = (GIVEN_ONCE,)

    id: int | None = Field(default=None, primary_key=True)
    interview_id: str = Field(foreign_key="interviews.id", ondelete="CASCADE", index=True)
    kind: str
    """A `StatementKind`."""
    position: int = 0
    text: str
    step: str
    made_by: str = ""
    body: dict[str, Any] | None = data()
    """What it says, as fields: see `bodies.py`."""
    key: str = Field(default="", sa_column_kwargs=_NONE)
    review: str = Field(default="", sa_column_kwargs=_NONE)
    reviewed_by: str = Field(default="", sa_column_kwargs=_NONE)
    reviewed_at: datetime | None = moment()
    version: int = Field(default=1, sa_column_kwargs=_ONE)
    machine_text: str = Field(default="", sa_column_kwargs=_NONE)
    """What the analysis had said, where a person reworded it."""


class CitationRow(SQLModel, table=True):
    """A quote that a statement rests on."""

    __tablename__ = "citations"

    statement_id: int = Field(primary_key=True, foreign_key="statements.id", ondelete="CASCADE")
    quote_id: int = Field(primary_key=True, foreign_key="quotes.id", ondelete="CASCADE", index=True)


class JobRunRow(SQLModel, table=True):
    """Background work as the desk shows it: one row for each job and key."""

    __tablename__ = "job_runs"

    job: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    state: str
    """`queued`, `running`, `done` or `failed`."""
    run: int = 0
    """Counts what was handed to the engine; only the newest run may work."""
    again: bool = False
    """Asked for while running: once more when it ends."""
    attempts: int = 0
    error: str = ""
    """Kind of error and place in the code, never its words: those may be a buyer's."""
    queued_at: datetime = required_moment()
    finished_at: datetime | None = moment()

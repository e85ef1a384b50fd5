"""The send-log: a row before each mail, so that a crash never sends twice (trust.md 41)."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import data, moment, required_moment


class DeliveryRow(SQLModel, table=True):
    """One mail. `event` and `payload` (ids only) say what to render; the text is never stored."""

    __tablename__ = "deliveries"

    id: str = Field(primary_key=True)
    event: str
    payload: dict[str, Any] = data({})
    invitation_id: str | None = Field(default=None, foreign_key="invitations.id", ondelete="CASCADE", index=True)
    state: str
    """`waiting`, `sending`, `sent`, `failed` or `given_up`."""
    message_id: str
    attempts: int = 0
    error: str = ""
    created_at: datetime = required_moment()
    next_try_at: datetime | None = moment()
    sent_at: datetime | None = moment()


class HitRow(SQLModel, table=True):
    """One counted try under a limit (`signin:<hash of address>`), for limits that hold across workers."""

    __tablename__ = "hits"

    id: int | None = Field(default=None, primary_key=True)
    bucket: str = Field(index=True)
    at: datetime = required_moment(index=True)


class HeartbeatRow(SQLModel, table=True):
    """A live worker. Work of one that fell silent is handed on."""

    __tablename__ = "heartbeats"

    executor_id: str = Field(primary_key=True)
    at: datetime = required_moment()

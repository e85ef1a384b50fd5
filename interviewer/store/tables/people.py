"""Who works at the desk, how they came in, and what they looked at."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import moment, required_moment


class UserRow(SQLModel, table=True):
    __tablename__ = "users"

    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str = ""
    role: str
    created_at: datetime = required_moment()
    disabled_at: datetime | None = moment()


class SignInLinkRow(SQLModel, table=True):
    """A one-time link. GET shows a button, POST consumes (trust.md 47). Only the token's digest is kept."""

    __tablename__ = "signin_links"

    digest: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    created_at: datetime = required_moment()
    expires_at: datetime = required_moment()
    used_at: datetime | None = moment()


class SessionRow(SQLModel, table=True):
    """A desk session. Only the digest of the cookie's secret is kept."""

    __tablename__ = "sessions"

    digest: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    created_at: datetime = required_moment()
    last_seen_at: datetime = required_moment()
    expires_at: datetime = required_moment()


class AuditRow(SQLModel, table=True):
    """Append-only: who did what to what. Never content (trust.md 14)."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = required_moment(index=True)
    user_id: str = ""
    verb: str
    object: str

"""Who works at the desk, how they came in, and what they looked at."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, text
from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import moment, required_moment

_NONE = {"server_default": text("''")}


class UserRow(SQLModel, table=True):
    __tablename__ = "users"

    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str = ""
    role: str
    created_at: datetime = required_moment()
    disabled_at: datetime | None = moment()
    disabled_by: str = Field(default="", sa_column_kwargs=_NONE)
    """`company` where the provider's groups did it, and may undo it; else somebody here did."""
    role_from: str = Field(default="", sa_column_kwargs=_NONE)
    """`company` where the provider's groups gave the role, `kept` where they took it from the last admin, who stays;
    else somebody here did."""
    last_seen_at: datetime | None = moment()


class IdentityRow(SQLModel, table=True):
    """Who a user is at the company's provider: a subject, which stays when the address changes."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "user_id"),)

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    created_at: datetime = required_moment()


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
    way: str = Field(default="", sa_column_kwargs=_NONE)
    """How it came about: `link` or `company`."""
    provider_session: str = Field(default="", sa_column_kwargs=_NONE)
    """What the provider calls its own session (`sid`), which it may end for us."""
    browser: str = Field(default="", sa_column_kwargs=_NONE)
    """Which browser on which system, in two words, so that people know their own again."""


class UsedOnceRow(SQLModel, table=True):
    """Something that works a single time and was used: a sign-in under way at the provider, a message of it."""

    __tablename__ = "used_once"

    digest: str = Field(primary_key=True)
    expires_at: datetime = required_moment()


class AuditRow(SQLModel, table=True):
    """Append-only: who did what to what. Never content (trust.md 14)."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = required_moment(index=True)
    user_id: str = ""
    verb: str
    object: str
    position: int | None = Field(default=None, index=True, unique=True)
    """Its place in the chain; none until the transaction that adds it ends, or where a release before added it."""
    previous: str = Field(default="", sa_column_kwargs=_NONE)
    """Digest of the row before."""
    digest: str = Field(default="", sa_column_kwargs=_NONE)
    """Of this row and `previous`: see `store.audit.digest_of`."""


class AnchorRow(SQLModel, table=True):
    """Where the audit log's chain begins, since what came before is past its time and gone. There is one at most."""

    __tablename__ = "audit_anchors"

    position: int = Field(primary_key=True)
    """Of the last row that went."""
    digest: str
    at: datetime = required_moment()

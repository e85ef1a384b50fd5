"""Who is asked: the right to one interview, and the calls wanted instead."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, false
from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import moment, required_moment


class InvitationRow(SQLModel, table=True):
    """`id` is what the signed link carries. Nothing here comes from the CRM's view of why (see `deals`)."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("email", "deal_id"),)

    id: str = Field(primary_key=True)
    link_version: int = 1
    email: str = Field(index=True)
    name: str = ""
    role: str = ""
    company: str = ""
    flow: str
    language: str = "en"
    product: str = ""
    segment: str = ""
    deal_id: str = ""
    created_at: datetime = required_moment(index=True)
    expires_at: datetime = required_moment()
    revoked_at: datetime | None = moment()
    declined_at: datetime | None = moment()
    opted_out_at: datetime | None = moment()
    link_asked_at: datetime | None = moment()
    """When somebody on a dead link asked for a new one."""
    erased_at: datetime | None = moment()
    preview: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Somebody at the desk tries a flow. Nobody is asked, and nothing is counted: see `store.invitations.real`."""


class SuppressionRow(SQLModel, table=True):
    """An address that must not be written to again, as a keyed hash."""

    __tablename__ = "suppressions"

    address_hash: str = Field(primary_key=True)
    reason: str
    at: datetime = required_moment()


class CallRequestRow(SQLModel, table=True):
    """A buyer who would rather talk."""

    __tablename__ = "call_requests"

    id: str = Field(primary_key=True)
    invitation_id: str = Field(foreign_key="invitations.id", ondelete="CASCADE", unique=True)
    channel: str
    """`scheduler` (sent to the scheduling URL) or `times` (left times and a number)."""
    first_time: str = ""
    second_time: str = ""
    phone: str = ""
    time_zone: str = ""
    created_at: datetime = required_moment(index=True)
    handled_at: datetime | None = moment()

"""Calls with a person: who hosts them and when, what is booked, and what was noted (domain.md: a 15-minute call)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import data, moment, required_moment


class HostRow(SQLModel, table=True):
    """A desk user who takes calls, and when. Times of day are those of `time_zone`."""

    __tablename__ = "hosts"

    user_id: str = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    time_zone: str
    """An IANA name ('Europe/Berlin')."""
    hours: dict[str, Any] = data({})
    """Weekly hours as `scheduling.hours` writes them: {"mon": [["09:00", "12:00"], …], …}."""
    buffer_minutes: int = 10
    """Kept free before and after a call."""
    notice_hours: int = 24
    """How long before a call it can be booked at the latest."""
    horizon_days: int = 14
    """How far ahead buyers see slots."""
    daily_maximum: int = 4
    video_link: str = ""
    """Where every call of this host is held; a booking may have its own."""
    taking: bool = True
    """Whether buyers are offered this host's hours."""
    busy_url: str = ""
    """Secret address of the host's calendar (.ics), read so that slots avoid conflicts. Never shown again."""
    busy_tried_at: datetime | None = moment()
    """When it was tried last, whatever came of it: an address that does not answer is not asked at every turn."""
    busy_read_at: datetime | None = moment()
    busy_until: datetime | None = moment()
    """How far the last reading reached: whether they are taken after it is not known. None: it was never read."""
    busy_error: str = ""
    """Why the calendar could not be read last: words of ours, never of the server's."""
    version: int = 1


class DayOffRow(SQLModel, table=True):
    """Days without calls of one host, both included, in the host's zone."""

    __tablename__ = "days_off"

    id: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="hosts.user_id", ondelete="CASCADE", index=True)
    first: date
    last: date


class BusyRow(SQLModel, table=True):
    """A stretch in which a host's own calendar is taken. No title, no place: only when."""

    __tablename__ = "busy_times"

    id: int | None = Field(default=None, primary_key=True)
    user_id: str = Field(foreign_key="hosts.user_id", ondelete="CASCADE", index=True)
    starts_at: datetime = required_moment()
    ends_at: datetime = required_moment()


class BookingRow(SQLModel, table=True):
    """One call. It moves and is called off in place, so that its `uid` holds and `sequence` grows (RFC 5545)."""

    __tablename__ = "bookings"
    __table_args__ = (
        # Beside the lock on the host: no two calls of a host begin at once, and an invitation has one to come.
        Index("uq_bookings_host", "host_id", "starts_at", unique=True, sqlite_where=text("state = 'booked'"),
              postgresql_where=text("state = 'booked'")),
        Index("uq_bookings_invitation", "invitation_id", unique=True, sqlite_where=text("state = 'booked'"),
              postgresql_where=text("state = 'booked'")),
        UniqueConstraint("source", "external_id"),
    )  # fmt: skip

    id: str = Field(primary_key=True)
    invitation_id: str = Field(foreign_key="invitations.id", ondelete="CASCADE", index=True)
    host_id: str | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL", index=True)
    """Nobody where a scheduler elsewhere knows the host."""
    handed_from: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """The desk user who held it until it was handed over at this very time; forgotten when it moves."""
    source: str
    """`own`, or the name of a scheduler of `SCHEDULERS`."""
    external_id: str
    """What the scheduler calls it; our own id where it is ours."""
    state: str
    """`booked`, `cancelled`, `held` or `missed`."""
    starts_at: datetime = required_moment(index=True)
    ends_at: datetime = required_moment()
    time_zone: str = ""
    """The buyer's, as they picked the slot."""
    language: str = "en"
    video_link: str = ""
    uid: str
    """Of the calendar entry; the same as long as the booking lives."""
    sequence: int = 0
    created_at: datetime = required_moment()
    changed_at: datetime = required_moment()
    """When it was booked, moved or called off last: of two messages the later one counts. Not when its host changed."""
    cancelled_by: str = ""
    """`buyer`, `host` or `scheduler`."""
    recording: str = ""
    """Empty: not asked. `yes` or `no`: what the buyer said to being recorded (trust.md 30)."""
    recording_at: datetime | None = moment()
    closed_by: str = ""
    """The desk user who marked it held or missed."""
    closed_at: datetime | None = moment()
    interview_id: str = ""
    """The interview that its notes became."""


class CallNoteRow(SQLModel, table=True):
    """What the host typed about one topic during a call, until it becomes an interview."""

    __tablename__ = "call_notes"

    booking_id: str = Field(primary_key=True, foreign_key="bookings.id", ondelete="CASCADE")
    topic: str = Field(primary_key=True)
    """A topic id of the flow, or empty for everything else."""
    text: str = ""
    version: int = 1
    changed_at: datetime = required_moment()


class ExternalCallRow(SQLModel, table=True):
    """What a scheduler told us about one of its bookings, added up: the same whatever came first (trust.md 42)."""

    __tablename__ = "external_calls"

    source: str = Field(primary_key=True)
    external_id: str = Field(primary_key=True)
    invitation_id: str | None = Field(default=None, foreign_key="invitations.id", ondelete="CASCADE", index=True)
    """Nobody as long as only what is still to come would say whose it is; dropped when nothing comes."""
    replaces: str = Field(default="", index=True)
    """The booking that was moved here; it stands no longer."""
    starts_at: datetime | None = moment()
    ends_at: datetime | None = moment()
    told_at: datetime | None = moment()
    """When the scheduler said these times: of two messages about one booking the later one counts."""
    cancelled: bool = False
    """For good: what is booked again afterwards has another id."""
    time_zone: str = ""
    video_link: str = ""
    at: datetime = required_moment(index=True)
    """When we heard of it first."""


class ReceivedRow(SQLModel, table=True):
    """A webhook that came in, so that a second delivery of it does nothing (trust.md 42). Its content is not kept."""

    __tablename__ = "received_webhooks"

    source: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    """Of the raw body."""
    at: datetime = required_moment(index=True)

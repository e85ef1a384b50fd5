"""Who in a call agreed to being recorded (trust.md 30)."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from interviewer.store.tables.base import required_moment


class CallConsentRow(SQLModel, table=True):
    """What one attendee of a call said to being recorded; what holds for the call is in its booking's `recording`."""

    __tablename__ = "call_consents"

    booking_id: str = Field(primary_key=True, foreign_key="bookings.id", ondelete="CASCADE")
    attendee: str = Field(primary_key=True)
    """Empty: the buyer who booked. Else what the host calls the other one."""
    answer: str
    """`yes` or `no`."""
    asked_by: str = ""
    """The desk user who kept it; empty where an earlier release did."""
    at: datetime = required_moment()

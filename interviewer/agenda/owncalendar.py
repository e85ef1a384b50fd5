"""What a host is told of their own calendar: what buyers are offered because of it, and what they are not."""

from __future__ import annotations

from datetime import datetime, timedelta

from interviewer.bookings import busy
from interviewer.scheduling import zones
from interviewer.store.tables.bookings import HostRow

_LANGUAGE = "en"


def consequence(row: HostRow | None, now: datetime) -> str:
    """What follows for buyers from how far the calendar was read; empty where it was read as far as they may look."""
    if row is None or not row.busy_url:
        return ""
    known = busy.known_until(row)
    if known is None:
        return (
            "It was never read so far, so it holds nothing back: buyers are offered all of these hours, also what is "
            "taken in it."
        )
    if row.busy_until is None:
        return (
            "It is about to be read for the first time: buyers are offered none of these hours before that was tried."
        )
    if known >= now + timedelta(days=row.horizon_days):
        return "Until it is read again, it holds back what was known last." if row.busy_error else ""
    if known <= now + timedelta(hours=row.notice_hours):
        return (
            "What was read of it is used up: buyers are offered none of these hours until it can be read again. To "
            "offer them as they are, forget the calendar."
        )
    until = f"{zones.said(known, row.time_zone, _LANGUAGE)} ({zones.abbreviation(known, row.time_zone)})"
    return f"It is known up to {until}: buyers are offered nothing after that until it can be read again."

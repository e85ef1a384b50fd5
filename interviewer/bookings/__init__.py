"""A call with a person instead of the chat (domain.md: 15 minutes, never with sales).

`requests` keeps what was left where nobody's hours are known; asking for a call ends nothing.
"""

from interviewer.bookings.requests import LONGEST, choose_scheduler, request, scheduler_link

__all__ = ["LONGEST", "choose_scheduler", "request", "scheduler_link"]

"""Mail to people: a row in the send-log first, then the mail (trust.md 41).

`queueing` writes rows, `sending` turns them into mails by the draft of their event: `copies`, `requests`, `calls` (to
the buyer), `hosts` and `people` (of the desk). `reminders` looks for calls that are near; `entries` is what calendars
keep of one.
"""

from interviewer.deliveries.calls import queue_booked, queue_cancelled, queue_handed, queue_missed, queue_moved
from interviewer.deliveries.copies import queue_copy
from interviewer.deliveries.entries import calendar
from interviewer.deliveries.hosts import queue_withdrawn
from interviewer.deliveries.people import queue_desk_invitation, queue_link_made
from interviewer.deliveries.reminders import queue_reminders
from interviewer.deliveries.requests import queue_call_notice
from interviewer.deliveries.sending import KEEP_TRYING, UNDELIVERABLE, deliver, queue_due, send_now

__all__ = [
    "KEEP_TRYING",
    "UNDELIVERABLE",
    "calendar",
    "deliver",
    "queue_booked",
    "queue_call_notice",
    "queue_cancelled",
    "queue_copy",
    "queue_desk_invitation",
    "queue_due",
    "queue_handed",
    "queue_link_made",
    "queue_missed",
    "queue_moved",
    "queue_reminders",
    "queue_withdrawn",
    "send_now",
]

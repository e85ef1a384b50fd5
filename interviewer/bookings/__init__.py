"""A call with a person instead of the chat (domain.md: 15 minutes, never with sales).

Free times of the hosts (`hosting`) are offered (`offering`) and taken (`taking`). Where nobody here has hours,
`requests` sends buyers to a booking page or keeps two times and a number. Asking for a call ends nothing.
"""

from interviewer.bookings.hosting import Form, Host, hosts, preview, save
from interviewer.bookings.offering import anybody, offer, offered, only_host, pick
from interviewer.bookings.requests import LONGEST, choose_scheduler, left, mark, request, withdraw
from interviewer.bookings.taking import BUYER, HOST, call_off, cancel, holder, move, take, zone_of
from interviewer.scheduling.offers import Offer, Slot

__all__ = [
    "BUYER",
    "HOST",
    "LONGEST",
    "Form",
    "Host",
    "Offer",
    "Slot",
    "anybody",
    "call_off",
    "cancel",
    "choose_scheduler",
    "holder",
    "hosts",
    "left",
    "mark",
    "move",
    "offer",
    "offered",
    "only_host",
    "pick",
    "preview",
    "request",
    "save",
    "take",
    "withdraw",
    "zone_of",
]

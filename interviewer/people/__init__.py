"""Who works at the desk and how they come in (trust.md 13, 47).

`roster` is who there is and as what; `links` are one-time links, mailed or made on the server; `company` is the
company's own sign-in; `sessions` are what all of them come to.
"""

from interviewer.people.company import ATTEMPT_LASTS, begin, finish, leave
from interviewer.people.links import (
    LIMIT_WINDOW,
    MAILED_FOR,
    PER_ADDRESS,
    PER_NETWORK,
    PRINTED_FOR,
    break_glass,
    count_request,
    link_is_good,
    mail_link,
    mails_links,
    make_link,
    sign_in,
)
from interviewer.people.roster import (
    CONSOLE,
    add_user,
    disable,
    disable_user,
    enable,
    find,
    invite,
    listing,
    set_role,
    unlink,
)
from interviewer.people.sessions import ABSOLUTE, COMPANY, IDLE, end_one, end_others, own_sessions, sign_out, viewer

__all__ = [
    "ABSOLUTE",
    "ATTEMPT_LASTS",
    "COMPANY",
    "CONSOLE",
    "IDLE",
    "LIMIT_WINDOW",
    "MAILED_FOR",
    "PER_ADDRESS",
    "PER_NETWORK",
    "PRINTED_FOR",
    "add_user",
    "begin",
    "break_glass",
    "count_request",
    "disable",
    "disable_user",
    "enable",
    "end_one",
    "end_others",
    "find",
    "finish",
    "invite",
    "leave",
    "link_is_good",
    "listing",
    "mail_link",
    "mails_links",
    "make_link",
    "own_sessions",
    "set_role",
    "sign_in",
    "sign_out",
    "unlink",
    "viewer",
]

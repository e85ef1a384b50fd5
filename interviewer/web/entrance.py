"""What every way into the desk shares: the page that offers them, and where one may go on to."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import quote

from fastapi import Request, Response

from interviewer import people
from interviewer.deps import Deps
from interviewer.web.templating import page


class Trouble(StrEnum):
    """Why the company's sign-in let nobody in, as the page tells it."""

    AWAY = "away"
    ELSEWHERE = "elsewhere"
    REFUSED = "refused"
    UNPROVEN = "unproven"
    UNVERIFIED = "unverified"
    NO_ROLE = "no_role"
    OTHER_PERSON = "other_person"


def sign_in_page(
    request: Request,
    deps: Deps,
    onward: str,
    *,
    status: int = 200,
    sent: bool = False,
    stale: bool = False,
    trouble: str = "",
    ended: bool = False,
) -> Response:
    """The ways in, with what went wrong in the one that was tried. `ended`: this browser was signed in until lately."""
    return page(
        request,
        "desk/sign_in.html",
        status=status,
        company=deps.identity is not None,
        can_mail=people.mails_links(deps),
        sent=sent,
        stale=stale,
        ended=ended,
        trouble=trouble if trouble in set(Trouble) else "",
        next=local(onward),
    )


def local(where: str) -> str:
    """`where`, if it is a page of the desk; else the desk's first one. Nobody is sent elsewhere."""
    plain = where.isascii() and where.isprintable() and "\\" not in where
    inside = where == "/desk" or where.startswith(("/desk/", "/desk?"))
    return quote(where, safe="/?=&%+~") if plain and inside and not where.startswith("/desk/sign-") else "/desk"

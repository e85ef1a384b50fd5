"""What the buyer's pages share: the language, the browser that asks, and which interviews it may open."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request, Response

from interviewer import interviews, invitations, notice
from interviewer.deps import Deps
from interviewer.errors import LinkNeeded
from interviewer.store.tables.invitations import InvitationRow
from interviewer.web import cookies, templating
from interviewer.web.cookies import Browser
from interviewer.web.deps import DepsDep
from interviewer.web.security import Frame

_REGION = re.compile(r"[A-Za-z]{2}")


def browser_of(request: Request, deps: Deps, *, preview: bool = False) -> Browser:
    """The browser that asks; a new one until its cookie is written."""
    return cookies.read(request, deps, preview=preview) or Browser(secrets.token_urlsafe(16))


def opener(request: Request, deps: Deps, interview_id: str) -> Browser:
    """The browser, if it opened this interview by its link. Raises LinkNeeded."""
    for preview in (False, True):
        browser = cookies.read(request, deps, preview=preview)
        if browser is not None and interview_id in browser.interviews:
            may_be_framed(request, preview)
            return browser
    raise LinkNeeded


async def opened(request: Request, deps: DepsDep, token: str) -> InvitationRow:
    """The invitation of a link. Raises LinkInvalid."""
    invitation = await invitations.open(deps, token)
    may_be_framed(request, invitation.preview)
    return invitation


def may_be_framed(request: Request, preview: bool) -> None:
    """The desk shows a preview in a frame. Nobody shows a real interview in one (trust.md 21)."""
    request.state.frame = Frame.SHOWN if preview else Frame.NONE


Opened = Annotated[InvitationRow, Depends(opened)]
"""The invitation behind the link in the path. A dead link ends in `gone`, see `web/errors.py`."""


def gone(request: Request, deps: Deps) -> Response:
    """One neutral page for whatever is wrong with a link (trust.md 4), with a way to ask for another."""
    language, token = preferred(request), request.path_params.get("token", "")
    form = ("new-link", f"/i/{quote(token)}/new-link", deps.languages.get(language)("gone.ask"))
    return message(request, deps, language, "gone", status=404, forms=(form,) if token else ())


def preferred(request: Request) -> str:
    """The language that the browser asks for first."""
    return request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip() or "en"


def spoken(request: Request, language: str) -> str:
    """The language of a page with times: "en" becomes "en-GB" for a browser that asks for that, and tells time so."""
    asked, _, region = preferred(request).partition("-")
    return f"{language}-{region.upper()}" if asked.lower() == language and _REGION.fullmatch(region) else language


def words(deps: Deps, language: str) -> dict[str, Any]:
    """What every buyer's template is given."""
    t = deps.languages.get(language)
    contact = deps.settings.contact or t("notice.contact_fallback")
    return {"t": t, "promise": notice.promise(t), "contact": contact, "longest": interviews.LONGEST_ANSWER}


def message(
    request: Request,
    deps: Deps,
    language: str,
    kind: str,
    *,
    status: int = 200,
    said: Mapping[str, str] | None = None,
    more: str = "",
    plain: bool = False,
    proving: Mapping[str, Any] | None = None,
    **links: Any,
) -> Response:
    """A page of a few words: `kind` names its texts (`<kind>_headline`, `<kind>` of a section), `said` fills them.

    `more` is one more sentence. `plain`: no way is put before another. `proving`: what a browser needs
    to prove itself here. Of `links` (href, label), `forms` (id, action,
    label) and `back` (href, label) any may be left out.
    """
    t = deps.languages.get(language)
    section, _, name = kind.partition(".")
    prefix = f"{section}.{name}_" if name else f"{section}."
    text_key = f"{section}.{name}" if name else f"{section}.text"
    common = words(deps, language)
    values = {"organisation": deps.settings.organisation, "asker": deps.settings.asker, "contact": common["contact"]}
    values |= said or {}
    return templating.page(
        request,
        "buyer/message.html",
        status=status,
        headline=t(f"{prefix}headline", **values),
        text=t(text_key, **values),
        title=t(f"{section}.title", **values),
        forget=kind == "delete.done",
        more=more,
        plain=plain,
        proving=proving is not None,
        **(proving or {}),
        **{"links": (), "forms": (), "back": None, **links},
        **common,
    )

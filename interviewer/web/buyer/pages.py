"""What the buyer's pages share: the language, the browser that asks, and which interviews it may open."""

from __future__ import annotations

import secrets
from typing import Any

from fastapi import Request, Response

from interviewer import interviews, notice
from interviewer.deps import Deps
from interviewer.errors import LinkNeeded
from interviewer.web import cookies, templating
from interviewer.web.cookies import Browser


def browser_of(request: Request, deps: Deps) -> Browser:
    """The browser that asks; a new one until its cookie is written."""
    return cookies.read(request, deps) or Browser(secrets.token_urlsafe(16))


def opener(request: Request, deps: Deps, interview_id: str) -> Browser:
    """The browser, if it opened this interview by its link. Raises LinkNeeded."""
    browser = cookies.read(request, deps)
    if browser is None or interview_id not in browser.interviews:
        raise LinkNeeded
    return browser


def words(deps: Deps, language: str) -> dict[str, Any]:
    """What every buyer's template is given."""
    t = deps.languages.get(language)
    return {"t": t, "promise": notice.promise(t), "longest": interviews.LONGEST_ANSWER}


def message(request: Request, deps: Deps, language: str, kind: str, *, status: int = 200, **links: Any) -> Response:
    """A page of a few words: `kind` names its texts (`<kind>_headline` and `<kind>` of a section)."""
    t = deps.languages.get(language)
    section, _, name = kind.partition(".")
    prefix = f"{section}.{name}_" if name else f"{section}."
    text_key = f"{section}.{name}" if name else f"{section}.text"
    values = {"organisation": deps.settings.organisation, "asker": deps.settings.asker}
    return templating.page(
        request,
        "buyer/message.html",
        status=status,
        headline=t(f"{prefix}headline", **values),
        text=t(text_key, **values),
        title=t(f"{section}.title", **values),
        **{"links": (), "forms": (), **links},
        **words(deps, language),
    )

"""Who asks for a call, and from which page: the link's landing, or the interview of a browser that opened it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from interviewer import bookings, store
from interviewer.deps import Deps
from interviewer.errors import LinkNeeded, NotFound
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.invitations import CallRequestRow, InvitationRow
from interviewer.web import cookies
from interviewer.web.buyer import pages
from interviewer.web.cookies import Browser
from interviewer.web.deps import DepsDep

PREFIXES = ("/i/{token}/call", "/interview/{interview_id}/call")
"""Where the pages of a call stand: behind the link, and within the interview."""
TAKES_OUT = "/calendar.ics"
"""All that is left of them for who no longer agrees: a call that was called off, out of their calendar."""


@dataclass(frozen=True)
class Caller:
    """Somebody with the link, and where in the pages they came from."""

    invitation_id: str
    language: str
    """Theirs, with the region of their browser: `pages.spoken`."""
    here: str
    """The address of their call's page; the others are below it."""
    back: str
    chat: str
    """Where they go on in writing: the interview, if this browser has it open, else the page before it."""
    answering: bool
    """Whether they come from the interview rather than the landing page."""
    open: bool
    """Whether there is something left to answer in writing: the answers were not sent."""
    stopped: bool
    """Whether the buyer no longer agrees, so that no call is offered either."""
    preview: bool
    proved: bool
    """Whether this browser is the invitee's: what was left is shown, and name and address go along to a scheduler."""
    holds: frozenset[str]
    """What its cookie holds: interviews that it opened, and marks of what it left for a call."""

    def left(self, kept: CallRequestRow) -> bool:
        """Whether this browser may see what was left: it is the invitee's, or left it itself."""
        return self.proved or bookings.mark(kept) in self.holds


async def _caller(request: Request, deps: DepsDep) -> Caller:
    token = request.path_params.get("token")
    if token:
        caller = await by_link(request, deps, token)
    else:
        caller = await _by_cookie(request, deps, request.path_params["interview_id"])
    if caller.stopped and not request.url.path.endswith(TAKES_OUT):
        raise HTTPException(303, headers={"Location": caller.back})
    return caller


Asking = Annotated[Caller, Depends(_caller)]
"""Who asks, by the token or the interview in the path. Raises what opening those raises; who no longer agrees is led to
the page that says so."""


async def by_link(request: Request, deps: Deps, token: str) -> Caller:
    """Who opens a link. Raises LinkInvalid, and NotFound where everything was erased."""
    invitation = await pages.opened(request, deps, token)
    if invitation.erased_at:
        raise NotFound
    browser = cookies.read(request, deps, preview=invitation.preview)
    async with deps.db.read() as tx:
        row = await store.interviews.of_invitation(tx, invitation.id)
        proved = bool(row and browser and await store.interviews.is_proved(tx, row, browser.id))
    language = pages.spoken(request, invitation.language)
    return _of(invitation, row, language, f"/i/{token}", browser, answering=False, proved=proved)


async def _by_cookie(request: Request, deps: Deps, interview_id: str) -> Caller:
    browser = pages.opener(request, deps, interview_id)
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        if row is None or row.deleted_at:
            raise LinkNeeded
        invitation = await store.invitations.get(tx, row.invitation_id)
        if invitation is None:
            raise LinkNeeded
        proved = await store.interviews.is_proved(tx, row, browser.id)
    language = pages.spoken(request, row.language)
    return _of(invitation, row, language, f"/interview/{interview_id}", browser, answering=True, proved=proved)


def _of(
    invitation: InvitationRow,
    row: InterviewRow | None,
    language: str,
    back: str,
    browser: Browser | None,
    *,
    answering: bool,
    proved: bool,
) -> Caller:
    holds = frozenset(browser.interviews) if browser is not None else frozenset()
    unsent = row is None or row.completed_by != "buyer"
    return Caller(
        invitation_id=invitation.id,
        language=language,
        here=f"{back}/call",
        back=back,
        chat=f"/interview/{row.id}" if row is not None and unsent and row.id in holds else back,
        answering=answering,
        open=unsent,
        stopped=row is not None and row.withdrawn_at is not None,
        preview=invitation.preview,
        proved=proved,
        holds=holds,
    )

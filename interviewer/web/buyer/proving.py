"""A second browser proves that it is the invitee's: a mailed code, and the way back to what it was needed for.

Until then no page offers it what would be refused, and each says what is possible (trust.md 7, 30).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from interviewer import proof
from interviewer.deps import Deps
from interviewer.errors import CodeWrong, NotSent, TooMany
from interviewer.languages import Texts
from interviewer.threads import Thread
from interviewer.web import pace
from interviewer.web.buyer import pages
from interviewer.web.deps import DepsDep, RawForm, TurnNumber

router = APIRouter(prefix="/interview/{interview_id}")

PLACES = frozenset({"check", "delete", "withdraw"})
"""Pages of the interview that a code is asked for on, besides the one that it opens with."""
_NOTES = {"sent": "chat.code_sent", "wait": "chat.code_wait", "unsent": "chat.code_unsent"}


@dataclass(frozen=True)
class Outcome:
    """What became of asking for a code, or of giving one; empty where neither was just done."""

    code: str = ""
    left: int = 0

    def note(self, t: Texts) -> str:
        if self.code == "wrong":
            return t("chat.code_wrong", tries=self.left) if self.left else t("chat.code_again")
        return t(_NOTES[self.code]) if self.code in _NOTES else ""


NOTHING = Outcome()


async def _outcome(code: str = "", left: TurnNumber = 0) -> Outcome:
    return Outcome(code, left)


Told = Annotated[Outcome, Depends(_outcome)]


def ways(deps: Deps, seen: Thread, told: Outcome = NOTHING, *, place: str = "") -> dict[str, Any]:
    """What `_prove.html` is given; `place`, one of `PLACES`, is where the code leads back to."""
    return {
        "seen": seen,
        "can_mail": deps.mail is not None,
        "code_asked": bool(told.code),
        "code_note": told.note(deps.languages.get(seen.language)),
        "place": place,
    }


def needed(request: Request, deps: Deps, seen: Thread, told: Outcome, *, place: str) -> Response:
    """Instead of what an unproved browser may not do: how it can be done all the same."""
    t = deps.languages.get(seen.language)
    back = (f"/interview/{seen.interview_id}", t("common.back"))
    proving = ways(deps, seen, told, place=place)
    return pages.message(request, deps, seen.language, "prove", status=403, proving=proving, back=back)


@router.post("/code", response_model=None, dependencies=[pace.PACED])
async def send_code(request: Request, deps: DepsDep, interview_id: str, form: RawForm) -> Response:
    """Mail a code to the invitee, so that this browser can prove itself."""
    browser = pages.opener(request, deps, interview_id)
    try:
        await proof.send_code(deps, interview_id, browser=browser.id)
        outcome = "sent"
    except TooMany:
        outcome = "wait"
    except NotSent:
        outcome = "unsent"
    return RedirectResponse(f"{_asked_on(interview_id, form)}?code={outcome}", 303)


@router.post("/prove", response_model=None, dependencies=[pace.PACED])
async def prove(request: Request, deps: DepsDep, interview_id: str, form: RawForm) -> Response:
    """Take the code from the mail."""
    browser = pages.opener(request, deps, interview_id)
    where = _asked_on(interview_id, form)
    try:
        await proof.prove(deps, interview_id, browser=browser.id, code=form.get("code", ""))
    except CodeWrong as error:
        where += f"?code=wrong&left={error.tries_left}"
    except TooMany:
        where += "?code=wait"
    return RedirectResponse(where, 303)


def _asked_on(interview_id: str, form: dict[str, str]) -> str:
    place = form.get("place", "")
    return f"/interview/{interview_id}" + (f"/{place}" if place in PLACES else "")

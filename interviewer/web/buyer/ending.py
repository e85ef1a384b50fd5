"""What stands where an interview was deleted or stopped, or its invitation withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from interviewer.deps import Deps
from interviewer.threads import Stage, Thread
from interviewer.web.buyer import pages, proving, standing
from interviewer.web.buyer.proving import Outcome
from interviewer.web.buyer.standing import Standing


async def ended(request: Request, deps: Deps, seen: Thread, told: Outcome = proving.NOTHING) -> Response:
    """For a browser in the interview."""
    if seen.stage is Stage.DELETED:
        return pages.message(request, deps, seen.language, "delete.done")
    if seen.stage is Stage.STOPPED:
        here, t = f"/interview/{seen.interview_id}", deps.languages.get(seen.language)
        call = await standing.of_interview(deps, seen.interview_id, pages.spoken(request, seen.language))
        if not seen.proved:
            return stopped(request, deps, seen.language, call, here, proof=proving.ways(deps, seen, told))
        links = ((f"{here}/answers.txt", t("done.save")), (f"{here}/delete", t("done.delete")))
        return stopped(request, deps, seen.language, call, here, links=links)
    return pages.message(request, deps, seen.language, "error.closed", status=410)


def stopped(
    request: Request,
    deps: Deps,
    language: str,
    call: Standing | None,
    here: str,
    *,
    links: tuple[tuple[str, str], ...] = (),
    forms: tuple[tuple[str, str, str], ...] = (),
    proof: Mapping[str, Any] | None = None,
) -> Response:
    """The buyer no longer agreed, and let what was said be kept. `here`: the link or the interview, for the entry that
    takes a call out of a calendar. `proof`: what a browser needs that has not proved itself."""
    t = deps.languages.get(language)
    if call is not None and call.off and call.ahead(deps.now()):
        links = ((f"{here}/call/calendar.ics", t("call.take_out_do")), *links)
    more = call.after_no(t, deps.now()) if call is not None else ""
    return pages.message(
        request, deps, language, "withdraw.done", more=more, links=links, forms=forms, plain=True, proving=proof
    )

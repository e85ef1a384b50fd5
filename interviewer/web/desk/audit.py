"""The audit log: who did what to what, and whether it is whole. For admins."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from interviewer import trail
from interviewer.agenda import clock
from interviewer.confidentiality import Seen
from interviewer.errors import BadInput
from interviewer.records.trail import Verdict
from interviewer.trail import Wanted
from interviewer.web.deps import RawForm
from interviewer.web.desk.pages import Desk, DeskDep, day_of

router = APIRouter(prefix="/desk/audit")


@router.get("")
async def index(desk: DeskDep, request: Request) -> Response:
    return await _page(desk, request)


@router.post("/verify")
async def verify(desk: DeskDep, request: Request, raw: RawForm) -> Response:
    """The answer to this form says what was found."""
    head = raw.get("head", "")[:80]
    try:
        found = await trail.verify(desk.deps, desk.viewer, head=head)
    except BadInput as error:
        wrong = " ".join(f"{problem.what.capitalize()}." for problem in error.problems)
        return await _page(desk, request, head=head, wrong=wrong, status=422)
    return await _page(desk, request, found, head=head)


async def _page(
    desk: Desk,
    request: Request,
    verdict: Seen[Verdict] | None = None,
    *,
    head: str = "",
    wrong: str = "",
    status: int = 200,
) -> Response:
    query = request.query_params
    page = query.get("page", "1")
    asked = {name: query.get(name, "").strip()[:120] for name in ("by", "act", "kind", "of")}
    days = {name: query.get(name, "") for name in ("from", "to")}
    wanted = Wanted(
        **asked,
        first=day_of(days["from"]),
        last=day_of(days["to"]),
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
        zone=await clock.zone_for(desk.deps, desk.viewer) or "UTC",
        folded=True,
    )
    backwards = wanted.first is not None and wanted.last is not None and wanted.first > wanted.last
    return await desk.page(
        "desk/audit.html",
        trail=await trail.listing(desk.deps, desk.viewer, wanted),
        verdict=verdict,
        head=head,
        wrong=wrong,
        backwards=backwards,
        status=status,
        nobody=trail.NOBODY,
        first=wanted.first.isoformat() if wanted.first else "",
        last=wanted.last.isoformat() if wanted.last else "",
        query=urlencode({name: value for name, value in (asked | days).items() if value}),
        by=wanted.by,
        act=wanted.act,
        kind=wanted.kind,
        of=wanted.of,
    )

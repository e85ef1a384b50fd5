"""Take evidence along: whole exports, one interview, and a page of one interview made for print."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from interviewer import exporting
from interviewer.confidentiality import Act
from interviewer.errors import NotFound
from interviewer.exporting import Wanted
from interviewer.exports import EXPORTS, What
from interviewer.web.desk.pages import Desk, DeskDep, day_of

router = APIRouter(prefix="/desk")


@router.get("/exports")
async def index(desk: DeskDep, request: Request) -> Response:
    """What there is, and how much of it the filters leave."""
    wanted = _wanted(request)
    exports = await exporting.offers(desk.deps, desk.viewer, wanted)
    return await desk.block(
        "desk/exports.html",
        "exports",
        exports=exports,
        flow=wanted.flow,
        outcome=wanted.outcome,
        first=wanted.first.isoformat() if wanted.first else "",
        last=wanted.last.isoformat() if wanted.last else "",
        reviewed=request.query_params.get("reviewed", "") if wanted.reviewed is not None else "",
        audience=wanted.audience,
        query=request.url.query,
    )


@router.get("/exports/{name}")
async def download(desk: DeskDep, request: Request, name: str) -> Response:
    """`quotes.csv`: what, and in which format."""
    what, _, ending = name.partition(".")
    if what not in set(What):
        raise NotFound
    return await _file(desk, _wanted(request, what=What(what)), ending)


@router.get("/interviews/{some_id}/export.{ending}")
async def interview(desk: DeskDep, request: Request, some_id: str, ending: str) -> Response:
    """One interview; in rows the quotes of it (`?what=interviews` for the row of facts)."""
    rows = What.QUOTES if ending in ("csv", "xlsx") else What.INTERVIEWS
    asked = request.query_params.get("what", rows)
    what = What(asked) if asked in (What.INTERVIEWS, What.QUOTES, What.DEALS) else rows
    return await _file(desk, Wanted(what=what, only=some_id), ending)


@router.get("/interviews/{some_id}/print")
async def on_paper(desk: DeskDep, some_id: str) -> Response:
    """Black on white, without the desk around it; quotes as notes at the end."""
    desk.viewer.require(Act.EXPORT)
    found = await exporting.one(desk.deps, desk.viewer, some_id)
    await exporting.walked(desk.deps, desk.viewer, "viewed for print", f"interview:{found.interview_id}")
    return await desk.page("desk/print.html", interview=found)


async def _file(desk: Desk, wanted: Wanted, ending: str) -> Response:
    pieces = await exporting.stream(desk.deps, desk.viewer, wanted, ending)
    name = exporting.file_name(wanted, ending, desk.deps.now())
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Encoding": "identity",  # packed, the first rows would wait for thousands of others
    }
    return StreamingResponse(pieces, media_type=EXPORTS[ending].media_type, headers=headers)


def _wanted(request: Request, **given: Any) -> Wanted:
    """What the address bar asks for; nonsense in it is left out."""
    query = request.query_params
    return Wanted(
        flow=query.get("flow", "")[:60],
        outcome=query.get("outcome", "")[:200],
        first=day_of(query.get("from", "")),
        last=day_of(query.get("to", "")),
        reviewed={"yes": True, "no": False}.get(query.get("reviewed", "")),
        audience=query.get("audience", "")[:20],
        **given,
    )

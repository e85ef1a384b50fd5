"""How good the model's words are: what passed, what was turned down and by which rule."""

from fastapi import APIRouter, Request, Response

from interviewer import quality
from interviewer.web.desk.pages import DeskDep, day_of

router = APIRouter(prefix="/desk/quality")


@router.get("")
async def index(desk: DeskDep, request: Request) -> Response:
    """The counts of a period; a count that was pressed has the turns behind it above them."""
    wanted = _wanted(request)
    report = await quality.report(desk.deps, desk.viewer, wanted)
    return await desk.page(
        "desk/quality.html",
        report=report,
        narrowed=wanted.narrowed,
        flow=wanted.flow,
        topic=wanted.topic,
        rule=wanted.rule,
        outcome=wanted.outcome,
    )


def _wanted(request: Request) -> quality.Wanted:
    """What the address bar asks for; nonsense in it is left out."""
    query = request.query_params
    outcome = query.get("outcome", "")
    return quality.Wanted(
        first=day_of(query.get("from", "")),
        last=day_of(query.get("to", "")),
        flow=query.get("flow", "")[:60],
        topic=query.get("topic", "")[:60],
        rule=query.get("rule", "")[:60],
        outcome=outcome if outcome in set(quality.Outcome) else "",
    )

"""What those who run the service ask: does the process live, is it ready for requests, and what does it count.

None of it says anything about buyers, and no answer holds a secret, an address or an error's words.
"""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from interviewer import metrics, status
from interviewer.web.deps import DepsDep

router = APIRouter()


@router.get("/healthz", response_model=None)
async def healthz() -> Response:
    """The process lives. The database is not asked: starting anew would not bring it back."""
    return PlainTextResponse("ok")


@router.get("/readyz", response_model=None)
async def readyz(request: Request, deps: DepsDep) -> Response:
    """200, or 503 with a line for each reason: `draining`, `starting`, `database`, `migrations`."""
    state = request.app.state
    reasons = ["draining"] if state.draining or state.leaving() else [] if state.started else ["starting"]
    reasons += await status.missing(deps)
    return PlainTextResponse("\n".join(reasons) or "ready", 503 if reasons else 200)


@router.get("/metrics", response_model=None)
async def read_metrics(request: Request, deps: DepsDep) -> Response:
    """Counts for Prometheus, for who has the token. Without one set there is no such page."""
    token = deps.settings.metrics_token
    if token is None:
        return PlainTextResponse("There is nothing here.", 404)
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token.get_secret_value()}".encode()):
        return PlainTextResponse("Not allowed.", 401, headers={"WWW-Authenticate": "Bearer"})
    return Response(metrics.page(await status.figures(deps)), media_type=metrics.CONTENT_TYPE)

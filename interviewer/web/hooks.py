"""Where schedulers tell us of bookings, and the company's sign-in of who has left.

No page, no cookie, no session: a signature is all there is. Whoever has none learns nothing: which schedulers are
listened to, or whose calls there are, is not said.
"""

from fastapi import APIRouter, Request, Response

from interviewer.bookings import external
from interviewer.deps import Deps
from interviewer.errors import BadInput, TooMany, Unsigned
from interviewer.schedulers import SCHEDULERS
from interviewer.web import company, pace
from interviewer.web.deps import DepsDep

PLACE = "/hooks/"
"""Exempt from the same-origin rule (trust.md 22): these are not posted by a browser."""
LARGEST = 256 * 1024
"""Bytes; the vendors' messages take some 5,000."""

router = APIRouter()
router.include_router(company.outside)  # before schedulers, whose address takes any word


@router.post("/hooks/{name}", response_model=None)
async def receive(request: Request, deps: DepsDep, name: str) -> Response:
    """200 for what was taken and for what is none of ours, so that nobody sends it again."""
    scheduler = SCHEDULERS.get(name)
    secret = scheduler.secret() if scheduler else ""
    if scheduler is None or not secret:
        return Response(status_code=404)
    body = await _raw(request)
    if body is None:
        return Response(status_code=413)
    try:
        told = scheduler.told(request.headers, body, secret, deps.now())
    except Unsigned:
        return await _refused(deps, pace.network_of(request))
    except BadInput:  # signed, and not as documented: a template of one's own, set up there
        return Response(status_code=422)
    if told is not None:
        await external.receive(deps, scheduler, told, body)
    return Response(status_code=200)


async def _refused(deps: Deps, network: str) -> Response:
    """What has no good signature. One that has is never kept out by what others of its network sent."""
    try:
        await external.count_wrong(deps, network)
    except TooMany:
        return Response(status_code=429)
    return Response(status_code=401)


async def _raw(request: Request) -> bytes | None:
    """The body as it came; None where it is longer than any message, without reading it to its end."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)

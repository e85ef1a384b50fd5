"""In by the company's own sign-in. An attempt's secrets wait in a signed cookie of the browser that began it.

It begins with a link, not with a form: browsers hold the whole chain of redirects after a form to our content policy,
and where a provider sends people on to is its own affair.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from interviewer import people
from interviewer.deps import Deps
from interviewer.errors import LinkInvalid, NotFound, NotLetIn, ProviderAway
from interviewer.identity import Attempt
from interviewer.links import Purpose
from interviewer.web import pace, sessions
from interviewer.web.cookies import is_https
from interviewer.web.deps import DepsDep, RawForm
from interviewer.web.entrance import Trouble, local

router = APIRouter(prefix="/desk")
outside = APIRouter()
"""What the provider posts itself, with no browser in between."""
_LONGEST_ONWARD = 500
_ANSWER = ("state", "code", "iss", "error")


@router.get("/sign-in/company")
async def begin(deps: DepsDep, next: str = "") -> Response:
    onward = local(next[:_LONGEST_ONWARD])
    try:
        address, attempt = await people.begin(deps)
    except ProviderAway:
        return _trouble(Trouble.AWAY, onward)
    response = RedirectResponse(address, 303)
    response.set_cookie(
        _name(deps),
        _sealed(deps, attempt, onward),
        max_age=int(people.ATTEMPT_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",  # it has to come along when the provider sends the browser back
        secure=is_https(deps),
        path="/",
    )
    return response


@router.get("/sign-in/company/back")
async def back(request: Request, deps: DepsDep) -> Response:
    """Whatever comes of it, the address with the code in it is left."""
    attempt, onward = _opened(deps, request.cookies.get(_name(deps), ""))
    answer = {name: request.query_params[name] for name in _ANSWER if name in request.query_params}
    browser, network = sessions.browser_of(request), pace.network_of(request)
    try:
        secret = await people.finish(deps, attempt, answer, network=network, browser=browser)
    except ProviderAway:
        response = _trouble(Trouble.AWAY, onward)
    except NotLetIn as error:  # one who is disabled is told what one is told who never was here
        response = _trouble(Trouble(error.why) if error.why in set(Trouble) else Trouble.NO_ROLE, onward)
    else:
        response = await sessions.begin(request, deps, secret, onward)
    response.delete_cookie(_name(deps), path="/", httponly=True, samesite="lax", secure=is_https(deps))
    return response


@outside.post("/hooks/company-sign-out", response_model=None)
async def told_out(deps: DepsDep, raw: RawForm) -> Response:
    """OpenID Connect Back-Channel Logout: the token's signature is all that counts."""
    try:
        await people.leave(deps, raw.get("logout_token", ""))
    except NotLetIn:
        return Response(status_code=400)
    except ProviderAway:
        return Response(status_code=503)
    except NotFound:
        return Response(status_code=404)
    return Response(status_code=200)


def _trouble(why: Trouble, onward: str) -> Response:
    return RedirectResponse(f"/desk/sign-in?{urlencode({'trouble': why, 'next': onward})}", 303)


def _sealed(deps: Deps, attempt: Attempt, onward: str) -> str:
    kept = json.dumps([int(deps.now().timestamp()), onward, *astuple(attempt)])
    return deps.links.sign(Purpose.COMPANY, urlsafe_b64encode(kept.encode()).decode().rstrip("="))


def _opened(deps: Deps, sealed: str) -> tuple[Attempt | None, str]:
    """The attempt that this browser began, unless it is too old; and where it wanted to go."""
    try:
        kept = deps.links.read(Purpose.COMPANY, sealed)
    except LinkInvalid:
        return None, "/desk"
    begun, onward, *secrets = json.loads(urlsafe_b64decode(kept + "=" * (-len(kept) % 4)))
    age = deps.now() - datetime.fromtimestamp(begun, deps.now().tzinfo)
    return (Attempt(*secrets) if age < people.ATTEMPT_LASTS else None), local(onward)


def _name(deps: Deps) -> str:
    return "__Host-interviewer-company" if is_https(deps) else "interviewer-company"

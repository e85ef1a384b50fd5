"""In and out of the desk. A link's GET shows a button, its POST signs in: scanners follow links (trust.md 47)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from interviewer import people
from interviewer.errors import LinkInvalid
from interviewer.web import pace, sessions
from interviewer.web.deps import DepsDep, RawForm
from interviewer.web.entrance import local, sign_in_page
from interviewer.web.templating import page

router = APIRouter(prefix="/desk")


@router.get("/sign-in")
async def ask(request: Request, deps: DepsDep, next: str = "", trouble: str = "") -> Response:
    secret = sessions.read(request, deps)
    if secret and await people.viewer(deps, secret):
        return RedirectResponse(local(next), 303)
    return sign_in_page(request, deps, next, trouble=trouble, ended=bool(secret))


@router.post("/sign-in")
async def mail(request: Request, deps: DepsDep, raw: RawForm) -> Response:
    """The same answer whether or not the address has an account; the mail goes out when it has gone."""
    address, onward = raw.get("email", "").strip()[:254], local(raw.get("next", ""))
    if not people.mails_links(deps):
        return sign_in_page(request, deps, onward)
    if address:
        await people.count_request(deps, address, pace.network_of(request))
    response = sign_in_page(request, deps, onward, sent=bool(address))
    if address:
        response.background = BackgroundTask(people.mail_link, deps, address, onward)
    return response


@router.get("/sign-in/{token}")
async def show(request: Request, deps: DepsDep, token: str, next: str = "") -> Response:
    try:
        good = await people.link_is_good(deps, token)
    except LinkInvalid:
        good = False
    if good:
        return page(request, "desk/sign_in_link.html", next=local(next))
    return sign_in_page(request, deps, next, status=404, stale=True)


@router.post("/sign-in/{token}")
async def enter(request: Request, deps: DepsDep, token: str, raw: RawForm) -> Response:
    try:
        secret = await people.sign_in(deps, token, browser=sessions.browser_of(request))
    except LinkInvalid:
        return sign_in_page(request, deps, raw.get("next", ""), status=404, stale=True)
    return await sessions.begin(request, deps, secret, local(raw.get("next", "")))


@router.post("/sign-out")
async def leave(request: Request, deps: DepsDep) -> Response:
    """Out of the desk. Who came by the company is offered to sign out there, too; nobody is made to."""
    secret = sessions.read(request, deps)
    way = await people.sign_out(deps, secret) if secret else ""
    elsewhere = await deps.identity.sign_out_address() if deps.identity and way == people.COMPANY else ""
    response: Response = RedirectResponse("/desk/sign-in", 303)
    if elsewhere:
        response = page(request, "desk/signed_out.html", elsewhere=elsewhere)
    sessions.clear(response, deps)
    return response

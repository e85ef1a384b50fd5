"""In and out of the desk. A link's GET shows a button, its POST signs in: scanners follow links (trust.md 47)."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from interviewer import people
from interviewer.errors import LinkInvalid
from interviewer.web import sessions
from interviewer.web.deps import DepsDep, RawForm
from interviewer.web.templating import page

router = APIRouter(prefix="/desk")


@router.get("/sign-in")
async def ask(request: Request, deps: DepsDep, next: str = "") -> Response:
    secret = sessions.read(request, deps)
    if secret and await people.viewer(deps, secret):
        return RedirectResponse(local(next), 303)
    return page(request, "desk/sign_in.html", can_mail=deps.mail is not None, sent=False, stale=False, next=local(next))


@router.post("/sign-in")
async def mail(request: Request, deps: DepsDep, raw: RawForm) -> Response:
    """The same answer whether or not the address has an account; the mail goes out when it has gone."""
    address, onward = raw.get("email", "").strip()[:254], local(raw.get("next", ""))
    if address and deps.mail is not None:
        await people.count_request(deps, address, request.client.host if request.client else "")
    response = page(
        request, "desk/sign_in.html", can_mail=deps.mail is not None, sent=bool(address), stale=False, next=onward
    )
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
    return _stale(request, deps, next)


@router.post("/sign-in/{token}")
async def enter(request: Request, deps: DepsDep, token: str, raw: RawForm) -> Response:
    try:
        secret = await people.sign_in(deps, token)
    except LinkInvalid:
        return _stale(request, deps, raw.get("next", ""))
    if old := sessions.read(request, deps):
        await people.sign_out(deps, old)
    response = RedirectResponse(local(raw.get("next", "")), 303)
    sessions.write(response, deps, secret)
    return response


@router.post("/sign-out")
async def leave(request: Request, deps: DepsDep) -> Response:
    if secret := sessions.read(request, deps):
        await people.sign_out(deps, secret)
    response = RedirectResponse("/desk/sign-in", 303)
    sessions.clear(response, deps)
    return response


def local(where: str) -> str:
    """`where`, if it is a page of the desk; else the desk's first one. Nobody is sent elsewhere."""
    plain = where.isascii() and where.isprintable() and "\\" not in where
    inside = where == "/desk" or where.startswith(("/desk/", "/desk?"))
    return quote(where, safe="/?=&%+~") if plain and inside and not where.startswith("/desk/sign-") else "/desk"


def _stale(request: Request, deps: DepsDep, onward: str) -> Response:
    return page(
        request,
        "desk/sign_in.html",
        status=404,
        can_mail=deps.mail is not None,
        sent=False,
        stale=True,
        next=local(onward),
    )

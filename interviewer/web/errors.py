"""Errors in a person's words. The only place that knows statuses; no stack trace passes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from interviewer import errors
from interviewer.errors import Problem
from interviewer.languages import Texts
from interviewer.web import problems, refusals
from interviewer.web.buyer import pages
from interviewer.web.requests import HEADER, reference, route_of
from interviewer.web.security import SAFE
from interviewer.web.templating import fragment, is_htmx, page

log = structlog.get_logger()


@dataclass(frozen=True)
class _Answer:
    status: int
    text: str
    headline: str = "error.title"


ANSWERS: dict[type[Exception], _Answer] = {
    errors.NotFound: _Answer(404, "error.not_found", "error.not_found_headline"),
    errors.LinkNeeded: _Answer(404, "gone.no_cookie", "gone.no_cookie_headline"),
    errors.NotAllowed: _Answer(403, "error.not_found", "error.not_found_headline"),
    errors.InterviewClosed: _Answer(410, "error.closed_unsent", "error.closed_headline"),
    errors.KeyReused: _Answer(409, "error.key_reused"),
    errors.OutOfTurn: _Answer(409, "error.out_of_turn"),
    errors.Overtaken: _Answer(409, "error.out_of_turn"),
    errors.NoLongerAgrees: _Answer(409, "error.out_of_turn"),
    errors.TooLong: _Answer(413, "error.too_long"),
    errors.EmptyAnswer: _Answer(422, "error.empty"),
    errors.NotSaved: _Answer(503, "error.not_saved"),
    errors.TooMany: _Answer(429, "error.too_many"),
    errors.TooFast: _Answer(429, "error.too_fast"),
    errors.FormTooLarge: _Answer(413, "error.form_too_large"),
    errors.Unavailable: _Answer(503, "error.away", "error.server_headline"),
    errors.NotSent: _Answer(503, "error.not_sent"),
    errors.KeyNeeded: _Answer(401, "error.not_found"),
    errors.BadInput: _Answer(422, "error.not_found"),
}
_LATER = 503
"""Of what passes by itself, and is then worth another try."""
_LEFT = 499
"""As nginx has it in its log: whoever asked closed the connection before there was an answer."""
_NOT_FOUND = ANSWERS[errors.NotFound]
_BROKEN = _Answer(500, "error.server", "error.server_headline")
FOREIGN_ORIGIN = _Answer(403, "error.origin", "error.origin_headline")


def install(app: FastAPI) -> None:
    for kind in ANSWERS:
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(errors.LinkInvalid, _dead_link)
    app.add_exception_handler(errors.InterviewClosed, _closed)
    app.add_exception_handler(errors.SignInRequired, _sign_in)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _no_such_page)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unknown)


def status_of(error: Exception) -> int:
    return ANSWERS[type(error)].status


def words_of(error: Exception, t: Texts) -> str:
    """What a person is told about `error`."""
    values = {"length": error.length, "limit": error.limit} if isinstance(error, errors.TooLong) else {}
    return t(ANSWERS[type(error)].text, **values)


async def _known(request: Request, error: Exception) -> Response:
    if problems.wanted(request):
        wrong = error.problems if isinstance(error, errors.BadInput) else ()
        now = request.app.state.deps.now()
        return problems.answer(ANSWERS[type(error)].status, wrong, _told_to_programs(error, now))
    response = await _show(request, ANSWERS[type(error)], words_of(error, _texts(request)), error)
    if isinstance(error, errors.TooMany):
        response.headers["Retry-After"] = _retry_after(error, request.app.state.deps.now())
    return response


def _told_to_programs(error: Exception, now: datetime) -> Mapping[str, str]:
    if isinstance(error, errors.KeyNeeded):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, errors.TooMany):
        return {"Retry-After": _retry_after(error, now)}
    return {}


def _retry_after(error: errors.TooMany, now: datetime) -> str:
    return str(max(1, ceil((error.until - now).total_seconds())) if error.until else 60)


async def _dead_link(request: Request, _error: Exception) -> Response:
    return pages.gone(request, request.app.state.deps)


async def _closed(request: Request, error: Exception) -> Response:
    """The interview ended meanwhile: go where the page stands that it has now."""
    where = f"/interview/{request.path_params.get('interview_id', '')}"
    if request.method in SAFE:
        return await _known(request, error)
    if is_htmx(request):
        return Response(headers={"HX-Redirect": where})
    return RedirectResponse(where, 303)


async def _sign_in(request: Request, error: Exception) -> Response:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    where = f"/desk/sign-in?next={quote(here if request.method == 'GET' else '/desk')}"
    if is_htmx(request):
        return Response(status_code=401, headers={"HX-Redirect": where})
    return RedirectResponse(where, 303)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if problems.wanted(request):
        return problems.answer(error.status_code, headers=error.headers)
    answer = _NOT_FOUND if error.status_code in (404, 405) else _BROKEN
    t = _texts(request)
    response = await _show(request, _Answer(error.status_code, answer.text, answer.headline), t(answer.text))
    response.headers.update(error.headers or {})
    return response


async def _no_such_page(request: Request, error: Exception) -> Response:
    """A part of the address is not what it can be: no page of ours links there. Programs are told which."""
    if problems.wanted(request):
        assert isinstance(error, RequestValidationError)
        return problems.answer(422, _wrong(error))
    return await _show(request, _NOT_FOUND, _texts(request)(_NOT_FOUND.text))


def _wrong(error: RequestValidationError) -> Sequence[Problem]:
    return [Problem(".".join(str(part) for part in one["loc"]), one["msg"]) for one in error.errors()]


async def _gone(_request: Request, _error: Exception) -> Response:
    """Who asked has left in the middle of it, so nobody reads this. It is no fault of ours, and worth no trace."""
    return Response(status_code=_LEFT)


async def _unknown(request: Request, error: Exception) -> Response:
    """The last resort. It answers outside every middleware, so it brings their headers along.

    The log and the answer name the request by the same id, so that who meets a fault can say which one.
    """
    request_id = reference(request)
    log.error("request failed", request=request_id, route=route_of(request.scope), error=type(error).__name__)
    if problems.wanted(request):
        response = problems.answer(_BROKEN.status)
    elif refusals.wanted(request):
        response = await refusals.answer(request, _BROKEN.status)
    else:
        response = await _show(request, _BROKEN, _texts(request)(_BROKEN.text))
    response.headers.update(request.app.state.security_headers)
    response.headers[HEADER] = request_id
    return response


async def refusal(request: Request) -> Response:
    """For a form that came from elsewhere."""
    return await _show(request, FOREIGN_ORIGIN, _texts(request)(FOREIGN_ORIGIN.text))


async def _show(request: Request, answer: _Answer, words: str, error: Exception | None = None) -> Response:
    """In the buyer's words, or the desk's own."""
    if refusals.wanted(request):
        return await refusals.answer(request, answer.status, error)
    t = _texts(request)
    context = {"t": t, "headline": t(answer.headline), "words": words, "reference": "", "again": None}
    if answer.status >= 500 or not is_htmx(request):  # beside a box that is filled in, nobody needs it
        context["reference"] = reference(request)
    if answer.status == _LATER:
        context["again"] = _again(request)
    if not is_htmx(request):
        return page(request, "error.html", status=answer.status, **context)
    response = fragment(request, "error.html", "notice", otherwise="", status=answer.status, **context)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#notice", "outerHTML"
    return response


def _again(request: Request) -> dict[str, Any]:
    """The same request, to be sent again with one press: a page without script has no other way on."""
    fields = request.state.form if hasattr(request.state, "form") else dict(request.query_params)
    return {"action": request.url.path, "method": request.method.lower(), "fields": fields}


def _texts(request: Request) -> Texts:
    """In the language that the browser prefers: an error page may not know whose link it was."""
    languages = request.app.state.deps.languages
    chosen: Texts = languages.get(pages.preferred(request))
    return chosen

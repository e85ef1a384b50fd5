"""The web application: routers, static files, and what every request passes through."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from interviewer import metrics, resources, tracing, trail
from interviewer.bookings import busy
from interviewer.deps import Deps
from interviewer.errors import Unavailable
from interviewer.store import pools
from interviewer.web import api, buyer, desk, errors, health, hooks
from interviewer.web.buyer.replies import Replies
from interviewer.web.cookies import is_https
from interviewer.web.pace import Pace
from interviewer.web.requests import Accounted
from interviewer.web.security import Frame, SameOrigin, SecurityHeaders, content_policy, security_headers
from interviewer.web.static import Static
from interviewer.web.templating import Templates

_EXEMPT = ("/o/", "/api/", hooks.PLACE)
"""What is not posted by a browser: mail services, programs and schedulers do, and no cookie counts there."""


def create_app(deps: Deps) -> FastAPI:
    """The application on `deps`. Background work runs while the server does."""
    tracing.configure(deps.settings.tracing, os.environ)
    static = Static(resources.folder("static"))
    templates = Templates(deps.settings, static)
    replies = Replies(deps)
    headers = {frame: _headers(deps, templates, frame) for frame in Frame}

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await deps.jobs.start(deps)
        with suppress(Unavailable):  # noted by the next start then
            await trail.note_settings(deps)
        app.state.started = True
        warming = asyncio.create_task(deps.llm.warm())
        try:
            yield
        finally:
            app.state.draining = True
            warming.cancel()
            await replies.drain()
            await busy.drain(deps)
            await deps.jobs.stop()
            await deps.llm.close()
            await deps.db.close()

    app = FastAPI(
        title="Interviewer",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(SecurityHeaders, headers=headers),
            Middleware(Accounted),
            Middleware(GZipMiddleware, minimum_size=500),
            Middleware(SameOrigin, refused=_Refusal(), exempt=_EXEMPT, base_url=deps.settings.base_url),
        ],
    )
    app.state.pace = Pace()
    app.state.deps, app.state.templates, app.state.replies = deps, templates, replies
    app.state.security_headers = headers[Frame.NONE]
    app.state.started = app.state.draining = False
    app.state.leaving = lambda: False  # whoever serves it knows before it does
    pools.watch(deps.db, lambda pool, more: metrics.CONNECTIONS.labels(pool).inc(more))
    errors.install(app)
    app.include_router(buyer.router)
    app.include_router(desk.router)
    app.include_router(api.router)
    app.include_router(hooks.router)
    app.include_router(health.router)
    app.add_api_route("/static/{hashed}", static.serve, methods=["GET"], response_model=None)
    app.add_api_route("/robots.txt", _robots, methods=["GET"], response_model=None)
    app.add_api_route("/", _front, methods=["GET"], response_model=None)
    return app


def _headers(deps: Deps, templates: Templates, frame: Frame) -> dict[str, str]:
    policy = content_policy([templates.buyer_style], deps.settings.scheduling_url, frame)
    return security_headers(policy=policy, https=is_https(deps), frame=frame)


class _Refusal:
    """Answers a form from elsewhere with our own page, which needs the request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (await errors.refusal(Request(scope, receive)))(scope, receive, send)


async def _robots() -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


async def _front() -> Response:
    return RedirectResponse("/desk", 303)

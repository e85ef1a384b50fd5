"""Web tests: the real application over ASGI, each with and without htmx where that makes a difference."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from fastapi import FastAPI
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from interviewer import invitations
from interviewer.deps import Deps
from interviewer.invitees import Invitee
from interviewer.web.app import create_app
from tests.fakes.phone import Phone
from tests.web.desk_scene import Browser

Invite = Callable[..., Awaitable[str]]


class Compiled(BytecodeCache):
    """Templates, compiled once for all applications of a run; Jinja compiles anew what was changed since."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    return Compiled()


@pytest.fixture
def app(sqlite_deps: Deps, compiled: Compiled) -> FastAPI:
    made = create_app(sqlite_deps)
    made.state.templates.environment.bytecode_cache = compiled
    return made


@pytest.fixture
def invite(sqlite_deps: Deps) -> Invite:
    """Invite somebody and give the link: `await invite(flow="win")`."""

    async def one(email: str = "kim@buyer.example", **given: str) -> str:
        invitee = Invitee(email=email, name="Kim Osei", role="champion", company="Northgate Pools", **given)
        return (await invitations.invite(sqlite_deps, [invitee]))[0].link

    return one


@pytest.fixture
async def link(invite: Invite) -> str:
    return await invite()


@pytest.fixture(params=["plain", "htmx"])
async def phone(app: FastAPI, request: pytest.FixtureRequest) -> AsyncIterator[Phone]:
    async with Phone(app, script=request.param == "htmx") as one:
        yield one


@pytest.fixture
async def other_phone(app: FastAPI) -> AsyncIterator[Phone]:
    """A second browser with the same link."""
    async with Phone(app) as one:
        yield one


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    """A browser at the desk, of nobody yet."""
    async with Browser(app) as one:
        yield one


@pytest.fixture
async def pmm(browser: Browser, sqlite_deps: Deps) -> Browser:
    """Product marketing, signed in."""
    await browser.sign_in(sqlite_deps)
    return browser


@pytest.fixture(params=["plain", "htmx"])
async def desk(app: FastAPI, sqlite_deps: Deps, request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    """Product marketing, signed in, with and without htmx."""
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps)
        if request.param == "htmx":
            one.http.headers["HX-Request"] = "true"
        yield one


@pytest.fixture
async def handset(app: FastAPI, pmm: Browser) -> AsyncIterator[Phone]:
    """The phone of a preview, in the browser of `pmm`: same cookies."""
    async with Phone(app) as one:
        one.http.cookies.jar = pmm.http.cookies.jar
        yield one

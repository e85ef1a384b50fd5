"""A company's sign-in beside the desk, and a browser that goes there and comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlmodel import select

from interviewer import identity
from interviewer.deps import Deps
from interviewer.identity.oidc import Oidc
from interviewer.store.tables.people import UserRow
from interviewer.web.app import create_app
from tests.fakes.clock import FakeClock
from tests.fakes.provider import Provider
from tests.web.desk_scene import Browser, path_of

ANN = "ann@tidewater.example"
COOKIE, ATTEMPT = "interviewer-desk", "interviewer-company"
ROLES = "pmm-team=pmm,cs-leads=leadership,desk-admins=admin"


@pytest.fixture
def provider(clock: FakeClock) -> Iterator[Provider]:
    with Provider(now=clock) as one:
        one.person = {"sub": "ann-1", "email": ANN, "email_verified": True, "name": "Ann Ito", "groups": ["pmm-team"]}
        yield one


def sign_in_of(provider: Provider, **more: str) -> Oidc:
    given = {f"INTERVIEWER_OIDC_{name}": value for name, value in more.items()}
    chosen = identity.choose("http://testserver", provider.env | given)
    assert isinstance(chosen, Oidc)
    return chosen


@pytest.fixture
def there(sqlite_deps: Deps, provider: Provider) -> Deps:
    """`Deps` with the company's sign-in, and roles by groups."""
    return replace(sqlite_deps, identity=sign_in_of(provider, ROLES=ROLES))


@pytest.fixture
async def browser(there: Deps) -> AsyncIterator[Browser]:
    async with Browser(create_app(there)) as one:
        yield one


async def go(browser: Browser, provider: Provider, onward: str = "") -> httpx2.Response:
    """Leave for the provider and come back, as a browser does; gives the answer to coming back."""
    left = await browser.get(f"/desk/sign-in/company{onward and f'?next={onward}'}")
    assert left.headers["location"].startswith(f"{provider.issuer}/authorize?"), left.headers["location"]
    return await browser.get(path_of(provider.authorise(left.headers["location"])))


def trouble(answer: httpx2.Response) -> str:
    """What the sign-in page is to tell; empty where somebody got in."""
    parts = urlsplit(answer.headers["location"])
    return parse_qs(parts.query)["trouble"][0] if parts.path == "/desk/sign-in" else ""


async def rows(deps: Deps, table: type) -> list[Any]:
    async with deps.db.read() as tx:
        return list((await tx.exec(select(table))).all())


async def ann(deps: Deps) -> UserRow:
    (row,) = [row for row in await rows(deps, UserRow) if row.email.startswith("ann")]
    return row

"""People at the desk, and a company that vouches for one of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import select

from interviewer import people
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.identity.base import Account, Attempt, Leaving
from interviewer.store.tables.people import AuditRow

MARA, ANN = "mara@tidewater.example", "ann@tidewater.example"


@dataclass
class Vouching:
    """A provider that vouches for whoever it is told to, at once."""

    account: Account
    only: bool = False
    back: str = ""
    roles: list[tuple[str, Role]] = field(default_factory=lambda: [("pmm-team", Role.PMM)])
    says: Leaving | None = None
    """What a logout token says; else it is of the account's session."""

    async def begin(self, attempt: Attempt) -> str:
        return "https://sso.example/authorize"

    async def finish(self, attempt: Attempt, answer: Mapping[str, str], now: datetime) -> Account:
        return self.account

    async def leaving(self, token: str, now: datetime) -> Leaving:
        return self.says or Leaving(token, self.account.issuer, "", self.account.session, now)

    async def sign_out_address(self) -> str:
        return ""

    async def check(self) -> str:
        return ""


ACCOUNT = Account("https://sso.example", "ann-1", ANN, "Ann Ito", Role.PMM, session="laptop")


@pytest.fixture
def company(deps: Deps) -> Deps:
    return replace(deps, identity=Vouching(ACCOUNT))


async def rows(deps: Deps, table: type) -> list[Any]:
    async with deps.db.read() as tx:
        return list((await tx.exec(select(table))).all())


async def verbs(deps: Deps) -> list[tuple[str, str]]:
    return [(row.user_id, row.verb) for row in await rows(deps, AuditRow)]


async def admin(deps: Deps, email: str = MARA) -> Viewer:
    return Viewer(await people.add_user(deps, email, "admin", "Mara"), Role.ADMIN, "Mara")


async def signed_in(deps: Deps, email: str) -> str:
    return await people.sign_in(deps, (await people.make_link(deps, email)).rpartition("/")[2])


async def come(deps: Deps) -> str:
    _, attempt = await people.begin(deps)
    return await people.finish(deps, attempt, {"state": attempt.state}, network="2.17.4.9")

"""A program that reads by the API."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import httpx2
from fastapi import FastAPI

from interviewer import keys
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps

CONSOLE = Viewer("", Role.ADMIN, "console")
SCOPES = {
    Role.ADMIN: tuple(keys.Scope),
    Role.PMM: tuple(keys.Scope),
    Role.PRODUCT: (keys.Scope.RELEASED,),
    Role.LEADERSHIP: (keys.Scope.RELEASED,),
    Role.REVOPS: (keys.Scope.RELEASED, keys.Scope.DEALS),
    Role.SALES: (keys.Scope.RELEASED,),
}
"""Every scope that is of use to a role."""


class Program:
    """One program with one key; without a key, a stranger."""

    def __init__(self, app: FastAPI, secret: str = "") -> None:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://testserver", headers=headers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    async def get(self, path: str, **query: object) -> httpx2.Response:
        given = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in query.items()}
        return await self.http.get(f"/api/v1/{path}", params=given)

    async def walk(self, path: str, **query: object) -> list[dict[str, Any]]:
        """The items of every page."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = await self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
            cursor = answer.json()["next"]
            if not cursor:
                return found


async def key(deps: Deps, role: Role = Role.PMM, scopes: Sequence[str] = (), days: int = 30) -> str:
    """A key with these scopes, or all that are of use to the role."""
    chosen = scopes or SCOPES[role]
    return (await keys.make(deps, CONSOLE, f"{role} reader", role=role, scopes=chosen, days=days)).secret

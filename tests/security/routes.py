"""Every route of the application, and a digest of every table: what the generated tests go by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import inspect, select
from sqlmodel import SQLModel

from interviewer.deps import Deps

SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, order=True)
class Route:
    path: str
    method: str

    @property
    def safe(self) -> bool:
        return self.method in SAFE

    def fill(self, **names: object) -> str:
        return self.path.format(**names)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def every(app: FastAPI) -> list[Route]:
    return sorted(Route(path, method) for path, route in _walk(app.routes) for method in route.methods or ())


def _walk(routes: list[Any], prefix: str = "") -> Iterator[tuple[str, APIRoute]]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield prefix + route.path, route
        elif router := getattr(route, "original_router", None):
            yield from _walk(router.routes, prefix + route.include_context.prefix)


_MOVES_BY_ITSELF = {"hits": None, "heartbeats": None, "sessions": {"last_seen_at"}, "users": {"last_seen_at"}}
"""Tables, or columns, that say who came by and not what was done."""


async def digest(deps: Deps) -> dict[str, str]:
    """A digest of each table's rows: equal before and after a call that was refused."""
    found = {}
    async with deps.db.read() as tx:
        connection = await tx.connection()
        for table in SQLModel.metadata.sorted_tables:
            left_out = _MOVES_BY_ITSELF.get(table.name, set())
            if left_out is None:
                continue
            columns = [column for column in table.columns if column.name not in left_out]
            rows = (await connection.execute(select(*columns).order_by(*inspect(table).primary_key))).all()
            found[table.name] = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Tables that differ."""
    return [name for name in before if before[name] != after[name]]

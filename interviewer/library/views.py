"""Searches that somebody keeps under a name, alone or for everybody at the desk."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.confidentiality import Field, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotAllowed, NotFound, Problem
from interviewer.library.wanted import Wanted
from interviewer.records import library as shown
from interviewer.store import audit
from interviewer.store import views as kept

LONGEST_NAME = 60
MOST = 100
"""Views of one person."""


@dataclass(frozen=True)
class Dropped:
    """A view that was deleted: what it takes to have it back."""

    name: str
    query: str
    shared: bool


async def listed(deps: Deps, viewer: Viewer) -> Seen[shown.SavedViews]:
    """Own views and shared ones, by name."""
    viewer.require(Field.TRANSCRIPT)
    async with deps.db.read() as tx:
        rows = await kept.of(tx, viewer.user_id)
    views = (shown.SavedView(row.id, row.name, row.query, row.shared, row.user_id == viewer.user_id) for row in rows)
    return see(viewer, shown.SavedViews(tuple(views)))


async def save(deps: Deps, viewer: Viewer, name: str, query: str, *, shared: bool) -> str:
    """Keep a search; gives its id. Raises BadInput for no name, a long one, or too many."""
    viewer.require(Field.TRANSCRIPT)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput([Problem("name", f"A view needs a name of at most {LONGEST_NAME} characters.")])
    view_id = deps.new_id()
    async with deps.db.write() as tx:
        if await kept.count(tx, viewer.user_id) >= MOST:
            raise BadInput([Problem("name", f"You keep {MOST} views already: delete one first.")])
        wanted = Wanted.from_query(query).but().query
        await kept.keep(tx, view_id, viewer.user_id, name, wanted, deps.now(), shared=shared)
        audit.add(tx, viewer.user_id, "shared view" if shared else "saved view", f"view:{view_id}", deps.now())
    return view_id


async def delete(deps: Deps, viewer: Viewer, view_id: str) -> Dropped:
    """Delete an own view. Raises NotFound, and NotAllowed for one of somebody else's."""
    viewer.require(Field.TRANSCRIPT)
    async with deps.db.write() as tx:
        row = await kept.get(tx, view_id)
        if row is None:
            raise NotFound
        if row.user_id != viewer.user_id:
            raise NotAllowed
        await kept.drop(tx, row)
        audit.add(tx, viewer.user_id, "deleted view", f"view:{view_id}", deps.now())
    return Dropped(row.name, row.query, row.shared)

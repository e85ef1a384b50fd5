"""Keys to the API: made once and shown once, each with a role, scopes and an end (trust.md 9).

A key reads what its role may, and of that only what its scopes name. It dies with its day, when it is revoked, and
when the person who made it may make keys no more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from interviewer.confidentiality import Act, Field, Role, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import BadInput, KeyNeeded, NotAllowed, NotFound, Problem, TooMany
from interviewer.links import digest
from interviewer.records.outward import Choice, Key, Keys, ScopeChoice
from interviewer.store import audit, hits
from interviewer.store import keys as store
from interviewer.store.tables.people import UserRow
from interviewer.store.tables.review import TokenRow

PREFIX = "ivk_"
"""Begins every key, so that one in the wrong place is recognised."""
DAYS = 365
"""How long a key lives unless told otherwise."""
LONGEST_DAYS = 3650
WINDOW = timedelta(minutes=1)
PER_WINDOW = 120
"""Requests of one key in a window."""
_TOUCH_AFTER = timedelta(minutes=5)
_LONGEST = 200


class Scope(StrEnum):
    INTERVIEWS = "interviews:read"
    QUOTES = "quotes:read"
    DEALS = "deals:read"
    RELEASED = "released:read"


NEEDS: Mapping[Scope, tuple[Field, ...]] = MappingProxyType(
    {
        Scope.INTERVIEWS: (Field.TRANSCRIPT,),
        Scope.QUOTES: (Field.TRANSCRIPT,),
        Scope.DEALS: (Field.DEAL, Field.CORRECTION),
        Scope.RELEASED: (Field.RELEASED,),
    }
)
"""A role has to see one of these for a scope to be of any use."""


@dataclass(frozen=True)
class Caller:
    """A program that reads by the API."""

    viewer: Viewer
    scopes: frozenset[Scope]

    def require(self, scope: Scope) -> Viewer:
        """The viewer that it reads as. Raises NotAllowed where the key has not got the scope."""
        if scope not in self.scopes:
            raise NotAllowed
        return self.viewer


@dataclass(frozen=True)
class Made:
    """A fresh key. Nothing gives its secret again."""

    id: str
    secret: str
    expires_at: datetime


async def make(deps: Deps, viewer: Viewer, name: str, *, role: str, scopes: Collection[str], days: int = DAYS) -> Made:
    """A key that reads as `role`. Raises BadInput with every problem, NotAllowed."""
    viewer.require(Act.KEYS)
    name = " ".join(name.split())
    if problems := [*_problems(name, role, scopes, days)]:
        raise BadInput(problems)
    now = deps.now()
    made = Made(deps.new_id(), f"{PREFIX}{deps.new_id()}{deps.new_id()}", now + timedelta(days=days))
    row = TokenRow(
        id=made.id,
        name=name,
        digest=digest(made.secret),
        role=role,
        scopes=sorted(set(scopes)),
        user_id=viewer.user_id,
        created_at=now,
        expires_at=made.expires_at,
    )
    async with deps.db.write() as tx:
        store.add(tx, row)
        audit.add(tx, viewer.user_id, f"made a key for {role}", f"key:{row.id}", now)
    return made


async def revoke(deps: Deps, viewer: Viewer, key_id: str) -> None:
    """The key stops working at once. Raises NotFound."""
    viewer.require(Act.KEYS)
    async with deps.db.write() as tx:
        row = await store.get(tx, key_id)
        if row is None:
            raise NotFound
        if row.revoked_at is None:
            row.revoked_at = deps.now()
            store.add(tx, row)
            audit.add(tx, viewer.user_id, "revoked a key", f"key:{key_id}", deps.now())


async def listing(deps: Deps, viewer: Viewer) -> Seen[Keys]:
    """Every key that was made, the latest first."""
    viewer.require(Act.KEYS)
    async with deps.db.read() as tx:
        rows = await store.all_of_them(tx)
    now = deps.now()
    keys = Keys(
        keys=tuple(_record(row, maker, now) for row, maker in rows),
        scopes=tuple(
            ScopeChoice(scope, scope.partition(":")[0].capitalize(), " ".join(r for r in Role if useful(r, scope)))
            for scope in Scope
        ),
        roles=tuple(Choice(role, role) for role in Role),
    )
    return see(viewer, keys)


async def caller(deps: Deps, secret: str) -> Caller:
    """Who reads with this key; each call counts. Raises KeyNeeded for one that does not work, TooMany."""
    if not secret.startswith(PREFIX) or len(secret) > _LONGEST:
        raise KeyNeeded
    now = deps.now()
    async with deps.db.read() as tx:
        found = await store.by_digest(tx, digest(secret))
    if found is None or not _works(*found, now):
        raise KeyNeeded
    row, _ = found
    async with deps.db.write() as tx:
        bucket = f"key:{row.id}"
        if until := await hits.full_until(tx, bucket, limit=PER_WINDOW, window=WINDOW, now=now):
            raise TooMany(until=until)
        hits.add(tx, bucket, now)
        if row.last_used_at is None or row.last_used_at + _TOUCH_AFTER <= now:
            await store.touch(tx, row.id, now)
    scopes = frozenset(Scope(scope) for scope in row.scopes if scope in set(Scope))
    return Caller(Viewer(user_id=f"key:{row.id}", role=Role(row.role), name=row.name), scopes)


def useful(role: Role, scope: Scope) -> bool:
    """Whether there is something of it that the role may read."""
    return any(Viewer("", role).sees(field) for field in NEEDS[scope])


def _works(row: TokenRow, maker: UserRow | None, now: datetime) -> bool:
    if row.revoked_at or (row.expires_at and row.expires_at <= now) or row.role not in set(Role):
        return False
    if not row.user_id:  # made on the server
        return True
    return (
        maker is not None
        and maker.disabled_at is None
        and maker.role in set(Role)
        and Viewer(maker.id, Role(maker.role)).may(Act.KEYS)
    )


def _problems(name: str, role: str, scopes: Collection[str], days: int) -> list[Problem]:
    found = []
    if not 0 < len(name) <= 120:
        found.append(Problem("name", "should say who reads with it, in at most 120 characters"))
    if role not in set(Role):
        found.append(Problem("role", f"{role!r} is not one of {', '.join(Role)}"))
    if not 0 < days <= LONGEST_DAYS:
        found.append(Problem("days", f"should be from 1 to {LONGEST_DAYS}"))
    if not scopes:
        found.append(Problem("scope", f"should be one or more of {', '.join(Scope)}"))
    for scope in sorted(set(scopes)):
        if scope not in set(Scope):
            found.append(Problem("scope", f"{scope!r} is not one of {', '.join(Scope)}"))
        elif role in set(Role) and not useful(Role(role), Scope(scope)):
            found.append(Problem("scope", f"{role} reads nothing of {scope}"))
    return found


def _record(row: TokenRow, maker: UserRow | None, now: datetime) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        role=row.role,
        scopes=tuple(row.scopes),
        made_by=(maker.name or maker.email) if maker else "" if row.user_id else "the server",
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        works=_works(row, maker, now),
    )

"""Who there is at the desk, and as what. The last admin stays one: somebody has to be able to let others in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

from interviewer import deliveries
from interviewer.confidentiality import Act, Role, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotFound, Problem
from interviewer.people.sessions import COMPANY, KEPT
from interviewer.records.outward import Choice
from interviewer.records.people import People, Person
from interviewer.store import audit, users
from interviewer.store.db import Tx
from interviewer.store.tables.people import UserRow

CONSOLE = Viewer("", Role.ADMIN, "the server")
"""Whoever runs commands on the server."""
_LAST = Problem("role", "this is the last admin: make somebody else an admin first")


async def add_user(deps: Deps, email: str, role: str, name: str = "") -> str:
    """Add a user, or bring one to this role and name, enabled. Gives the user's id. Raises BadInput."""
    email, name = address(email), _name(name)
    if problems := _problems(email, role):
        raise BadInput(problems)
    async with deps.db.write() as tx:
        admins = await users.of_role(tx, Role.ADMIN, lock=True)
        row = await users.by_email(tx, email, lock=True)
        if row is None:
            return _add(deps, tx, CONSOLE, email, role, name)
        await _change_role(deps, tx, CONSOLE, row, role, admins)
        row.name, row.disabled_at, row.disabled_by = name or row.name, None, ""
        users.add(tx, row)
        return row.id


async def invite(deps: Deps, viewer: Viewer, email: str, role: str, name: str = "") -> str:
    """Add somebody new and, where mail is set, tell them where the desk is. Gives the user's id. Raises BadInput with
    every problem."""
    viewer.require(Act.PEOPLE)
    email, name = address(email), _name(name)
    problems = _problems(email, role)
    async with deps.db.write() as tx:
        if (row := await users.by_email(tx, email)) is not None:
            there = "was here and is disabled: enable them below" if row.disabled_at else "is at the desk already"
            problems.append(Problem("email", f"{email} {there}"))
        if problems:
            raise BadInput(problems)
        user_id = _add(deps, tx, viewer, email, role, name)
        await tx.flush()
        await deliveries.queue_desk_invitation(deps, tx, user_id, viewer.user_id)
    return user_id


async def rename(deps: Deps, viewer: Viewer, user_id: str, name: str) -> None:
    """Correct somebody's name; without one the desk shows their address. Raises NotFound."""
    async with _colleague(deps, viewer, user_id) as (tx, row):
        if row.name != _name(name):
            row.name = _name(name)
            users.add(tx, row)
            audit.add(tx, viewer.user_id, "corrected the name", f"user:{row.id}", deps.now())


async def end_sessions_of(deps: Deps, viewer: Viewer, user_id: str) -> None:
    """Sign somebody out of every browser; they may come in again. Raises NotFound."""
    async with _colleague(deps, viewer, user_id) as (tx, row):
        if await users.end_sessions(tx, row.id):
            audit.add(tx, viewer.user_id, "ended all sessions", f"user:{row.id}", deps.now())


async def set_role(deps: Deps, viewer: Viewer, user_id: str, role: str) -> None:
    """Give another role, which ends the person's sessions. Raises NotFound, BadInput for the last admin."""
    viewer.require(Act.PEOPLE)
    if role not in set(Role):
        raise BadInput([_no_role(role)])
    async with deps.db.write() as tx:
        admins = await users.of_role(tx, Role.ADMIN, lock=True)
        row = await users.get(tx, user_id, lock=True)
        if row is None:
            raise NotFound
        await _change_role(deps, tx, viewer, row, role, admins)
        users.add(tx, row)


async def disable(deps: Deps, viewer: Viewer, user_id: str) -> None:
    """End every session and link of a user, and allow no new ones. Raises NotFound, BadInput for the last admin."""
    viewer.require(Act.PEOPLE)
    async with deps.db.write() as tx:
        admins = await users.of_role(tx, Role.ADMIN, lock=True)
        row = await users.get(tx, user_id, lock=True)
        if row is None:
            raise NotFound
        if [admin.id for admin in admins] == [row.id]:
            raise BadInput([_LAST])
        row.disabled_at, row.disabled_by = row.disabled_at or deps.now(), ""
        users.add(tx, row)
        await users.end_everything(tx, row.id)
        audit.add(tx, viewer.user_id, "disabled", f"user:{row.id}", deps.now())


async def enable(deps: Deps, viewer: Viewer, user_id: str) -> None:
    """Let somebody in again, as what they were. Raises NotFound."""
    async with _colleague(deps, viewer, user_id) as (tx, row):
        if row.disabled_at is not None:
            row.disabled_at, row.disabled_by = None, ""
            users.add(tx, row)
            audit.add(tx, viewer.user_id, "enabled", f"user:{row.id}", deps.now())


async def unlink(deps: Deps, viewer: Viewer, user_id: str) -> None:
    """Forget whom the provider knew a user as: the next account there with this address is taken for them. Raises
    NotFound."""
    async with _colleague(deps, viewer, user_id) as (tx, row):
        if await users.forget_identities(tx, row.id):
            await users.end_sessions(tx, row.id, way=COMPANY)
            audit.add(tx, viewer.user_id, "forgot the company account", f"user:{row.id}", deps.now())


async def disable_user(deps: Deps, email: str) -> None:
    """`disable` by address, on the server. Raises NotFound, BadInput for the last admin."""
    await disable(deps, CONSOLE, await find(deps, email))


async def find(deps: Deps, email: str) -> str:
    """A user's id by address. Raises NotFound."""
    async with deps.db.read() as tx:
        row = await users.by_email(tx, address(email))
    if row is None:
        raise NotFound
    return row.id


async def listing(deps: Deps, viewer: Viewer) -> Seen[People]:
    """Everybody, those who may not come in at the end."""
    viewer.require(Act.PEOPLE)
    async with deps.db.read() as tx:
        rows = await users.all_of_them(tx)
        sessions, linked = await users.count_sessions(tx), await users.linked(tx)
        new = await _new(tx, rows) if hands_links(deps) else ()
    admins = [row.id for row in rows if row.role == Role.ADMIN and row.disabled_at is None]
    people = (
        Person(
            id=row.id,
            name=row.name,
            email=row.email,
            role=row.role,
            by_groups=row.role_from in (COMPANY, KEPT),
            by_company=row.id in linked,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            disabled_at=row.disabled_at,
            sessions=sessions.get(row.id, 0),
            me=row.id == viewer.user_id,
            last_admin=admins == [row.id],
            needs_link=row.id in new,
        )
        for row in rows
    )
    return see(viewer, People(tuple(people), tuple(Choice(role, role) for role in Role)))


async def person(deps: Deps, viewer: Viewer, user_id: str) -> Seen[Person]:
    """One of them. Raises NotFound."""
    found = await listing(deps, viewer)
    for one in found.people:
        if one.id == user_id:
            chosen: Seen[Person] = one
            return chosen
    raise NotFound


def hands_links(deps: Deps) -> bool:
    """Whether an admin hands a new colleague their first link: nothing else here would bring it to them."""
    return deps.mail is None and deps.identity is None


async def newcomer(tx: Tx, user_id: str) -> UserRow:
    """Somebody who may come in and never has: nobody can be taken for them who has done anything. Raises NotFound."""
    row = await users.get(tx, user_id, lock=True)
    if row is None or not await _new(tx, [row]):
        raise NotFound
    return row


def address(email: str) -> str:
    """An address as it is kept and compared."""
    return email.strip().lower()


@asynccontextmanager
async def _colleague(deps: Deps, viewer: Viewer, user_id: str) -> AsyncIterator[tuple[Tx, UserRow]]:
    """A user, held, for an admin to change. Raises NotFound."""
    viewer.require(Act.PEOPLE)
    async with deps.db.write() as tx:
        row = await users.get(tx, user_id, lock=True)
        if row is None:
            raise NotFound
        yield tx, row


async def _new(tx: Tx, rows: Collection[UserRow]) -> set[str]:
    """Ids of those who may come in and never have. When somebody was last seen is not known of all who came in before
    it was kept."""
    unseen = {row.id for row in rows if row.disabled_at is None and row.last_seen_at is None}
    return unseen - await users.came_in(tx, unseen)


def _add(deps: Deps, tx: Tx, viewer: Viewer, email: str, role: str, name: str) -> str:
    row = UserRow(id=deps.new_id(), email=email, name=name, role=role, created_at=deps.now())
    users.add(tx, row)
    audit.add(tx, viewer.user_id, f"added as {role}", f"user:{row.id}", deps.now())
    return row.id


async def _change_role(deps: Deps, tx: Tx, viewer: Viewer, row: UserRow, role: str, admins: Sequence[UserRow]) -> None:
    """`admins` are all that may come in, locked: of two who demote each other, one is told that it cannot be."""
    if role != Role.ADMIN and [admin.id for admin in admins] == [row.id]:
        raise BadInput([_LAST])
    if (row.role, row.disabled_at) != (role, None):
        audit.add(tx, viewer.user_id, f"set to {role}", f"user:{row.id}", deps.now())
    if row.role != role:
        await users.end_sessions(tx, row.id)
    row.role, row.role_from = role, ""


def _problems(email: str, role: str) -> list[Problem]:
    problems = []
    local, _, domain = email.rpartition("@")
    named = "." in domain.strip(".") and domain == domain.strip(".")
    if not local or "@" in local or not named or any(c.isspace() for c in email) or len(email) > 254:
        problems.append(Problem("email", f"{email!r} is not an e-mail address"))
    return problems if role in set(Role) else [*problems, _no_role(role)]


def _no_role(role: str) -> Problem:
    return Problem("role", f"{role!r} is not one of {', '.join(Role)}")


def _name(name: str) -> str:
    return " ".join(name.split())[:120]

"""The account of everything that is held about one person, as the one who answers may see it."""

from __future__ import annotations

from interviewer import suppression
from interviewer.confidentiality import Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import BadInput, Problem
from interviewer.records.rights import Account, Cell, Row, Section
from interviewer.store import audit, held, invitations
from interviewer.store.held import Held, Part

MOST = 254
"""Characters of an address."""


async def of(deps: Deps, viewer: Viewer, address: str) -> Seen[Account]:
    """All that is held about whoever has this address, to be given to them. It is in the audit log, by invitation.

    Raises BadInput for what is no address, NotAllowed.
    """
    return await _made(deps, viewer, address, "exported for the person")


async def look(deps: Deps, viewer: Viewer, address: str) -> Seen[Account]:
    """The same, to see what there is. Raises as `of` does."""
    return await _made(deps, viewer, address, "looked up for the person")


def read(address: str) -> str:
    """An address as invitations have it. Raises BadInput."""
    address = address.strip().lower()
    local, _, domain = address.partition("@")
    if not local or not domain or len(address) > MOST or any(sign.isspace() for sign in address):
        raise BadInput([Problem("address", "is not an e-mail address")])
    return address


async def _made(deps: Deps, viewer: Viewer, address: str, verb: str) -> Seen[Account]:
    viewer.require(Act.ANSWER)
    address = read(address)
    async with deps.db.read() as tx:
        asked = [row.id for row in await invitations.by_addresses(tx, [address])]
        found = await held.about(tx, address, suppression.marks(deps.links.keys, address))
    async with deps.db.write() as tx:
        for of_what in [f"invitation:{one}" for one in asked] or ["person:unknown"]:
            audit.add(tx, viewer.user_id, verb, of_what, deps.now())
    parts = {part.value: tuple(_section(one) for one in found if one.rule.part is part) for part in Part}
    works_here = bool(parts[Part.DESK])
    account = Account(address=address, made_at=deps.now(), invitations=len(asked), works_here=works_here, **parts)
    return see(viewer, account)


def _section(one: Held) -> Section:
    return Section(one.rule.title, tuple(Row(tuple(Cell(*cell) for cell in row)) for row in one.rows))

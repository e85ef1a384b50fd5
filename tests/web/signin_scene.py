"""A link of somebody who works at the desk, and what is kept of who comes in."""

from datetime import timedelta

from sqlmodel import select

from interviewer import people
from interviewer.deps import Deps

MARA = "mara@tidewater.example"


async def token(deps: Deps, **valid: timedelta) -> str:
    await people.add_user(deps, MARA, "pmm", name="Mara")
    return key_of(await people.make_link(deps, MARA, **valid))


def key_of(link: str) -> str:
    return link.rpartition("/")[2]


async def rows(deps: Deps, table: type) -> list:  # type: ignore[type-arg]
    async with deps.db.read() as tx:
        return list((await tx.exec(select(table))).all())


async def user(deps: Deps, role: str = "pmm") -> str:
    await people.add_user(deps, MARA, role, name="Mara")
    return MARA

"""Nobody but who never came in is handed a first link: any trace of an earlier sign-in tells (both databases)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from interviewer import people
from interviewer.confidentiality import Viewer
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.store import audit, users
from interviewer.store.tables.people import IdentityRow, SessionRow, SignInLinkRow
from tests.store.people_scene import ANN, admin
from tests.web.test_reading import statements

Trace = Callable[[Deps, str], Awaitable[None]]


async def _session(deps: Deps, ann: str) -> None:
    now = deps.now()
    async with deps.db.write() as tx:
        users.add(
            tx, SessionRow(digest="s", user_id=ann, created_at=now, last_seen_at=now, expires_at=now + timedelta(1))
        )


async def _used_link(deps: Deps, ann: str) -> None:
    now = deps.now()
    async with deps.db.write() as tx:
        users.add(tx, SignInLinkRow(digest="l", user_id=ann, created_at=now, expires_at=now, used_at=now))


async def _account(deps: Deps, ann: str) -> None:
    async with deps.db.write() as tx:
        await users.add_new_one(
            tx, IdentityRow(issuer="https://sso.example", subject="a", user_id=ann, created_at=deps.now())
        )


async def _signed_in(deps: Deps, ann: str) -> None:
    async with deps.db.write() as tx:
        audit.add(tx, ann, "signed in", f"user:{ann}", deps.now())


async def _looked(deps: Deps, ann: str) -> None:
    """Their sign-in is past its time in the log, what they did later is not."""
    async with deps.db.write() as tx:
        audit.add(tx, ann, "viewed transcript", "interview:1", deps.now())


async def _new(deps: Deps, mara: Viewer) -> list[str]:
    """Addresses beside which the desk offers a first link."""
    return [one.email for one in (await people.listing(deps, mara)).people if one.needs_link]


@pytest.mark.parametrize("trace", [_session, _used_link, _account, _signed_in, _looked])
async def test_who_came_in_before_it_was_kept_is_not_new(deps: Deps, trace: Trace) -> None:
    deps = replace(deps, mail=None)
    mara = await admin(deps)
    await _signed_in(deps, mara.user_id)
    ann = await people.invite(deps, mara, ANN, "pmm")
    assert await _new(deps, mara) == [ANN]
    await trace(deps, ann)
    assert await _new(deps, mara) == [] and not (await people.person(deps, mara, ann)).needs_link
    with pytest.raises(NotFound):
        await people.hand_link(deps, mara, ann)


async def test_what_others_did_to_them_says_nothing(deps: Deps) -> None:
    """A link that was made and not used, a name that was corrected: they are as new as before."""
    deps = replace(deps, mail=None)
    mara = await admin(deps)
    await _signed_in(deps, mara.user_id)
    ann = await people.invite(deps, mara, ANN, "pmm")
    await people.hand_link(deps, mara, ann)
    await people.rename(deps, mara, ann, "Ann")
    assert await _new(deps, mara) == [ANN]
    assert await people.hand_link(deps, mara, ann)


async def test_hundreds_of_colleagues_are_listed_by_as_many_questions(deps: Deps) -> None:
    deps = replace(deps, mail=None)
    mara = await admin(deps)
    await _signed_in(deps, mara.user_id)
    for number in range(300):
        await people.add_user(deps, f"c{number}@tidewater.example", "sales")
    asked = await _statements(deps, mara)
    await people.add_user(deps, ANN, "sales")
    assert await _statements(deps, mara) == asked < 10
    assert len(await _new(deps, mara)) == 301


async def _statements(deps: Deps, mara: Viewer) -> int:
    """How many the list of everybody takes."""
    with statements(deps) as asked:
        await people.listing(deps, mara)
    return len(asked)

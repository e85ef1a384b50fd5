"""In by the company, on both databases, under races: one session, one person, and always an admin."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from interviewer import people
from interviewer.confidentiality import Role
from interviewer.deps import Deps
from interviewer.errors import BadInput, InterviewerError, NotLetIn
from interviewer.identity.base import Leaving
from interviewer.status import facts
from interviewer.status.troubles import troubles
from interviewer.store import users
from interviewer.store.tables.people import IdentityRow, SessionRow, UsedOnceRow, UserRow
from tests.fakes.clock import FakeClock
from tests.store.people_scene import ACCOUNT, ANN, Vouching, admin, come, company, rows, signed_in, verbs

__all__ = ["company"]


async def test_fifty_answers_to_one_attempt_open_one_session(company: Deps) -> None:
    _, attempt = await people.begin(company)
    answer = {"state": attempt.state}
    results = await asyncio.gather(
        *(people.finish(company, attempt, answer, network=str(n)) for n in range(50)), return_exceptions=True
    )
    assert len([result for result in results if isinstance(result, str)]) == 1
    assert all(isinstance(result, str | NotLetIn) for result in results)
    assert len(await rows(company, SessionRow)) == 1


async def test_refused_answers_that_come_at_once_are_all_counted(
    company: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people.company, "FAILURES_PER_NETWORK", 5)
    nobody = replace(company, identity=Vouching(replace(ACCOUNT, role=None)))
    results = await asyncio.gather(*(come(nobody) for _ in range(30)), return_exceptions=True)
    told = [type(result).__name__ for result in results]
    assert (told.count("NotLetIn"), told.count("TooMany")) == (5, 25)


async def test_somebody_new_who_comes_twice_at_once_is_one_person(company: Deps) -> None:
    results = await asyncio.gather(*(come(company) for _ in range(8)), return_exceptions=True)
    assert all(isinstance(result, str) for result in results), results
    assert len(await rows(company, UserRow)) == len(await rows(company, IdentityRow)) == 1


async def test_two_subjects_with_one_address_are_not_one_person(company: Deps) -> None:
    other = replace(company, identity=Vouching(replace(ACCOUNT, subject="ann-2")))
    results = await asyncio.gather(come(company), come(other), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NotLetIn", "str"]


async def test_groups_that_go_beat_a_link_under_way(company: Deps) -> None:
    await come(company)
    token = (await people.make_link(company, ANN)).rpartition("/")[2]
    lost = replace(company, identity=Vouching(replace(ACCOUNT, role=None)))
    with pytest.raises(NotLetIn, match="no_role"):
        await come(lost)
    with pytest.raises(InterviewerError):
        await people.sign_in(company, token)
    assert await rows(company, SessionRow) == []


async def test_groups_that_nobody_set_take_nothing_away(company: Deps) -> None:
    await come(company)
    unset = replace(company, identity=Vouching(replace(ACCOUNT, role=None), roles=[]))
    assert await come(unset)


async def test_groups_neither_demote_nor_disable_the_last_admin(company: Deps) -> None:
    def by(role: Role | None, **changed: str) -> Deps:
        return replace(company, identity=Vouching(replace(ACCOUNT, role=role, **changed)))

    async def ann() -> UserRow:
        return next(row for row in await rows(company, UserRow) if row.email == ANN)

    first = await come(by(Role.ADMIN))
    for role in (Role.PMM, None, None):
        viewer = await people.viewer(company, await come(by(role)))
        assert viewer is not None and viewer.role is Role.ADMIN
    assert await people.viewer(company, first), "nothing was taken from them"
    assert ((await ann()).role_from, (await ann()).disabled_at) == ("kept", None)
    told = [verb for _, verb in await verbs(company) if "last admin" in verb]
    assert told == ["kept as the last admin against the company's groups"]
    (trouble,) = troubles(replace(await facts.read(company.db, company.settings, company.now()), free=10**12))
    assert trouble.area == "people" and "no longer make Ann Ito an admin" in trouble.what
    mara = await admin(company)
    assert [one.by_groups for one in (await people.listing(company, mara)).people if one.email == ANN] == [True]
    await come(by(Role.PMM))
    assert ((await ann()).role, (await ann()).role_from) == ("pmm", "company"), "now there is another"
    async with company.db.read() as tx:
        assert await users.kept_admins(tx) == []


async def test_of_two_admins_whose_groups_go_at_once_one_stays(company: Deps) -> None:
    accounts = [replace(ACCOUNT, subject=f"s{n}", email=f"n{n}@tidewater.example", role=Role.ADMIN) for n in range(2)]
    for account in accounts:
        await come(replace(company, identity=Vouching(account)))
    gone = [replace(company, identity=Vouching(replace(account, role=None))) for account in accounts]
    results = await asyncio.gather(*(come(deps) for deps in gone), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NotLetIn", "str"], results
    left = [row for row in await rows(company, UserRow) if row.role == "admin" and row.disabled_at is None]
    assert len(left) == 1


async def test_groups_and_an_admin_who_act_at_once_leave_one(company: Deps) -> None:
    """Both hold the admins first, in one order: neither waits for the other without end."""
    mara = await admin(company)
    await come(replace(company, identity=Vouching(replace(ACCOUNT, role=Role.ADMIN))))
    lost = replace(company, identity=Vouching(replace(ACCOUNT, role=None)))
    results = await asyncio.gather(
        people.set_role(company, mara, mara.user_id, "pmm"), *(come(lost) for _ in range(4)), return_exceptions=True
    )
    assert all(isinstance(result, None | str | BadInput | NotLetIn) for result in results), results
    left = [row for row in await rows(company, UserRow) if row.role == "admin" and row.disabled_at is None]
    assert len(left) == 1


async def test_who_is_refused_leaves_no_name_on_somebody_elses_row(company: Deps) -> None:
    await people.add_user(company, ANN, "pmm")
    await come(replace(company, identity=Vouching(replace(ACCOUNT, name=""))))
    other = replace(company, identity=Vouching(replace(ACCOUNT, subject="bob-2", name="Bob Else")))
    with pytest.raises(NotLetIn, match="other_person"):
        await come(other)
    (row,) = await rows(company, UserRow)
    assert row.name == ""
    await come(company)
    (row,) = await rows(company, UserRow)
    assert row.name == "Ann Ito"


async def test_a_logout_that_names_a_session_ends_those_that_nobody_named_as_well(company: Deps) -> None:
    """The provider may put no `sid` into id tokens and one into logout tokens."""
    nameless = replace(company, identity=Vouching(replace(ACCOUNT, session="")))
    told = Leaving("message-1", ACCOUNT.issuer, ACCOUNT.subject, "laptop", company.now() + timedelta(minutes=5))
    here, elsewhere = await come(nameless), replace(company, identity=Vouching(replace(ACCOUNT, session="phone")))
    phone, by_link = await come(elsewhere), await signed_in(company, ANN)
    await people.leave(replace(company, identity=Vouching(ACCOUNT, says=told)), "t")
    assert await people.viewer(company, here) is None
    assert await people.viewer(company, phone) and await people.viewer(company, by_link)


async def test_a_session_of_the_provider_ends_ours_without_naming_whom(company: Deps) -> None:
    secret, by_link = await come(company), await signed_in(company, ANN)
    for _ in range(2):
        await people.leave(company, "message-1")
    assert await people.viewer(company, secret) is None and await people.viewer(company, by_link)


async def test_what_was_used_once_is_forgotten_in_time(company: Deps, clock: FakeClock) -> None:
    await come(company)
    clock.advance(hours=1)
    await come(company)
    assert len(await rows(company, UsedOnceRow)) == 1

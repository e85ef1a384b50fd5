"""Who works at the desk, on both databases: the last admin, what ends sessions, and who is told of links."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from interviewer import people
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, InterviewerError, NotAllowed, NotFound, NotLetIn
from interviewer.identity.base import Account, Attempt, Leaving
from interviewer.status import facts
from interviewer.status.troubles import troubles
from interviewer.store import db, users
from interviewer.store.db import Database
from interviewer.store.tables.people import AuditRow, IdentityRow, SessionRow, UsedOnceRow, UserRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store.test_database import hold_lock

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


# the last admin


async def test_the_last_admin_stays_one(deps: Deps) -> None:
    mara = await admin(deps)
    for work in (
        people.disable(deps, mara, mara.user_id),
        people.set_role(deps, mara, mara.user_id, "pmm"),
        people.add_user(deps, MARA, "pmm"),
        people.disable_user(deps, MARA),
    ):
        with pytest.raises(BadInput, match="the last admin"):
            await work
    ann = await admin(deps, ANN)
    await people.disable(deps, ann, mara.user_id)
    with pytest.raises(BadInput):  # who is disabled does not count
        await people.set_role(deps, ann, ann.user_id, "pmm")


async def test_two_admins_who_demote_each_other_leave_one(deps: Deps) -> None:
    mara, ann = await admin(deps), await admin(deps, ANN)
    results = await asyncio.gather(
        people.set_role(deps, mara, ann.user_id, "pmm"),
        people.disable(deps, ann, mara.user_id),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["BadInput", "NoneType"]
    left = [row for row in await rows(deps, UserRow) if row.role == "admin" and row.disabled_at is None]
    assert len(left) == 1


# what admins do


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_only_admins_say_who_works_here(sqlite_deps: Deps, role: Role) -> None:
    mara = await admin(sqlite_deps)
    viewer = Viewer("u", role)
    for work in (
        people.listing(sqlite_deps, viewer),
        people.invite(sqlite_deps, viewer, ANN, "admin"),
        people.set_role(sqlite_deps, viewer, mara.user_id, "pmm"),
        people.disable(sqlite_deps, viewer, mara.user_id),
        people.enable(sqlite_deps, viewer, mara.user_id),
        people.unlink(sqlite_deps, viewer, mara.user_id),
    ):
        with pytest.raises(NotAllowed):
            await work


async def test_an_invitation_is_mailed_and_noted(deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel) -> None:
    mara = await admin(deps)
    await people.invite(deps, mara, f" {ANN.upper()} ", "leadership", "Ann")
    await jobs.run(deps)
    mail = mailbox.last(ANN)
    assert "Mara has given you access" in mail.text and "as leadership" in mail.text
    assert "http://testserver/desk/sign-in\n" in mail.text
    assert (mara.user_id, "added as leadership") in await verbs(deps)
    with pytest.raises(BadInput, match="already"):
        await people.invite(deps, mara, ANN, "pmm")
    await people.disable_user(deps, ANN)
    with pytest.raises(BadInput, match="disabled"):
        await people.invite(deps, mara, ANN, "pmm")
    with pytest.raises(BadInput) as refused:
        await people.invite(deps, mara, "ann", "boss")
    assert [problem.where for problem in refused.value.problems] == ["email", "role"]


async def test_a_role_ends_sessions_only_where_it_changes(deps: Deps) -> None:
    mara = await admin(deps)
    ann = await people.add_user(deps, ANN, "pmm")
    secret = await signed_in(deps, ANN)
    await people.set_role(deps, mara, ann, "pmm")
    assert await people.viewer(deps, secret)
    await people.set_role(deps, mara, ann, "product")
    assert await people.viewer(deps, secret) is None
    assert [verb for user, verb in await verbs(deps) if user == mara.user_id] == ["set to product"]


async def test_a_person_is_let_in_again_as_what_they_were(deps: Deps) -> None:
    mara, ann = await admin(deps), await people.add_user(deps, ANN, "revops")
    await people.disable(deps, mara, ann)
    await people.enable(deps, mara, ann)
    viewer = await people.viewer(deps, await signed_in(deps, ANN))
    assert viewer is not None and viewer.role == "revops"
    assert [verb for user, verb in await verbs(deps) if user == mara.user_id] == ["disabled", "enabled"]


async def test_there_is_nothing_to_do_to_nobody(sqlite_deps: Deps) -> None:
    mara = await admin(sqlite_deps)
    for work in (
        people.set_role(sqlite_deps, mara, "none", "pmm"),
        people.disable(sqlite_deps, mara, "none"),
        people.enable(sqlite_deps, mara, "none"),
        people.unlink(sqlite_deps, mara, "none"),
    ):
        with pytest.raises(NotFound):
            await work


async def test_the_list_says_who_was_seen_when(company: Deps, clock: FakeClock) -> None:
    mara = await admin(company)
    await people.add_user(company, "zoe@tidewater.example", "sales")
    secret = await come(company)
    seen = clock.advance(hours=3)
    await people.viewer(company, secret)
    listing = await people.listing(company, mara)
    ann, me, zoe = listing.people
    assert (ann.email, ann.role, ann.by_groups, ann.by_company, ann.last_seen_at) == (ANN, "pmm", True, True, seen)
    assert (me.me, me.last_admin, me.by_company, me.sessions) == (True, True, False, 0)
    assert (zoe.last_seen_at, zoe.last_admin, zoe.disabled_at) == (None, False, None)


# links made on the server


async def test_every_admin_is_told_of_a_link_made_on_the_server(
    deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel
) -> None:
    await admin(deps)
    await admin(deps, ANN)
    await people.add_user(deps, "zoe@tidewater.example", "pmm", "Zoe Park")
    link = await people.break_glass(deps, "zoe@tidewater.example")
    await jobs.run(deps)
    assert sorted(mail.to for mail in mailbox.sent) == [ANN, MARA]
    assert all("Zoe Park (pmm)" in mail.text and link not in mail.text + mail.html for mail in mailbox.sent)
    assert ("", "made a sign-in link on the server") in await verbs(deps)
    assert await people.sign_in(deps, link.rpartition("/")[2])


async def test_a_link_is_made_without_mail(make_deps: MakeDeps, sqlite_deps: Deps) -> None:
    deps = make_deps(sqlite_deps.db, mail=None)
    await admin(deps)
    assert await people.break_glass(deps, MARA)
    with pytest.raises(NotFound):
        await people.break_glass(deps, ANN)


async def test_who_is_no_admin_any_more_is_not_told(deps: Deps, jobs: RecordingJobs, mailbox: RecordingChannel) -> None:
    mara = await admin(deps)
    await admin(deps, ANN)
    await people.break_glass(deps, ANN)
    await people.set_role(deps, mara, mara.user_id, "sales")
    await jobs.run(deps)
    assert [mail.to for mail in mailbox.sent] == [ANN]


# one's own sessions


async def test_people_see_and_end_their_own_sessions(deps: Deps) -> None:
    mara, ann = await admin(deps), Viewer(await people.add_user(deps, ANN, "sales"), Role.SALES)
    here, there, third = [await signed_in(deps, ANN) for _ in range(3)]
    others = await signed_in(deps, MARA)
    listing = await people.own_sessions(deps, ann, here)
    assert [one.here for one in listing.sessions].count(True) == len(listing.sessions) - 2 == 1
    (hers,) = (await people.own_sessions(deps, mara, others)).sessions
    with pytest.raises(NotFound):
        await people.end_one(deps, ann, hers.id)
    away = next(one for one in (await people.own_sessions(deps, ann, there)).sessions if one.here)
    await people.end_one(deps, ann, away.id)
    assert await people.viewer(deps, there) is None and await people.viewer(deps, third)
    await people.end_others(deps, ann, here)
    assert await people.viewer(deps, third) is None
    assert await people.viewer(deps, here) and await people.viewer(deps, others)


async def test_sessions_that_ended_are_not_shown(deps: Deps, clock: FakeClock) -> None:
    mara = await admin(deps)
    secret = await signed_in(deps, MARA)
    clock.advance(seconds=people.IDLE.total_seconds())
    assert (await people.own_sessions(deps, mara, secret)).sessions == ()


# the company, under races


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


async def test_a_page_is_shown_while_nothing_can_be_written(
    sqlite_deps: Deps, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await admin(sqlite_deps)
    secret = await signed_in(sqlite_deps, MARA)
    clock.advance(minutes=6)
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 50)
    impatient = Database(sqlite_deps.db.url)
    release = hold_lock(sqlite_deps.db.url)
    try:
        assert await people.viewer(replace(sqlite_deps, db=impatient), secret)
    finally:
        release()
        await impatient.close()


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

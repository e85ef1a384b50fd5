"""Who works at the desk, on both databases: the last admin, what ends sessions, and who is told of links."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from interviewer import people
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, NotAllowed, NotFound
from interviewer.store import db
from interviewer.store.db import Database
from interviewer.store.tables.people import UserRow
from tests.conftest import MakeDeps
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.store.people_scene import ANN, MARA, admin, come, company, rows, signed_in, verbs
from tests.store.test_database import hold_lock

__all__ = ["company"]


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
